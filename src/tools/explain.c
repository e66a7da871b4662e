/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of answers, for people and for machines, and what a container has to do with it. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "json.h"
#include "print.h"

/* Bytes of a line; the texts are ASCII. */
#define WIDTH 96u

/* Words from where a line has indent bytes already; further lines are indented so. */
static void print_wrapped(const char *text, size_t indent)
{
    size_t column = indent;

    while (*text != '\0') {
        const size_t size = strcspn(text, " ");

        if (column > indent && column + 1 + size > WIDTH) {
            (void)printf("\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            (void)putchar(' ');
            column++;
        }
        (void)printf("%.*s", (int)size, text);
        column += size;
        text += size;
        text += *text == ' ' ? 1 : 0;
    }
    (void)putchar('\n');
}

static void number_text(const struct rprocfw_answer *answer, char text[16])
{
    if (answer->is_linux)
        (void)snprintf(text, 16, "-%" PRIu32, answer->number);
    else
        (void)snprintf(text, 16, "0x%08" PRIx32, answer->number);
}

static void print_reasons(const struct rprocfw_answer *answer)
{
    bool names_board = false;

    if (answer->reason_count > 1)
        (void)puts(
            "Reasons that there may be, the likeliest first, and what tells whether it is so:");
    for (size_t i = 0; i < answer->reason_count; i++) {
        const struct rprocfw_reason *reason = &answer->reason[i];

        (void)printf(" %2zu. ", i + 1);
        print_wrapped(reason->text, 5);
        if (reason->command != NULL)
            (void)printf("     $ %s\n", reason->command);
        names_board = names_board || (reason->command != NULL && strstr(reason->command, "BOARD"));
    }
    if (names_board)
        (void)puts(
            "BOARD is one of rproc-verify --list-boards, or a file of yours: rprocfw-board(5).");
}

void print_answer(const struct rprocfw_answer *answer, bool reasons)
{
    char number[16];

    number_text(answer, number);
    (void)printf("%s %s:\n  ", number, answer->name);
    print_wrapped(answer->meaning, 2);
    if (reasons)
        print_reasons(answer);
}

static json_t *json_checks(const char *const *check)
{
    json_t *list = json_array();

    for (; check != NULL && *check != NULL && list != NULL; check++) {
        if (json_array_append_new(list, json_string(*check)) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *json_answer(const struct rprocfw_answer *answer)
{
    json_t *reasons = json_array();
    char number[16];

    number_text(answer, number);
    for (size_t i = 0; i < answer->reason_count && reasons != NULL; i++) {
        const struct rprocfw_reason *reason = &answer->reason[i];

        if (json_array_append_new(reasons, json_pack("{s:s, s:o, s:o}", "text", reason->text,
                                                     "command", json_text(reason->command),
                                                     "checks", json_checks(reason->check))) != 0) {
            json_decref(reasons);
            reasons = NULL;
        }
    }
    return json_pack("{s:s, s:s, s:s, s:o}", "number", number, "name", answer->name, "meaning",
                     answer->meaning, "reasons", reasons);
}

bool document_add_answer(json_t *document, const struct rprocfw_answer *answer)
{
    return json_object_set_new(document, "answer", json_answer(answer)) == 0;
}

/* ---- A container ---- */

/* What may be wrong all the same where all that was looked at is as the TA wants it. */
static void print_open_questions(const struct rprocfw_report *report)
{
    if (report->device.signature_assumed) {
        (void)fputs("; --key has the signature looked at", stdout);
    } else if (report->signed_by != NULL) {
        (void)fputs("; does the board have the key ", stdout);
        print_text(stdout, rprocfw_key_path(report->signed_by));
        (void)fputs(", which signed?", stdout);
    }
    if (report->device.board == NULL)
        (void)fputs("; --board has the board's memory looked at", stdout);
}

/* Linux loads ELF files, and leaves containers to the TEE. */
static bool is_linux_own(const struct rprocfw_answer *answer, const struct rprocfw_report *report)
{
    return answer->is_linux && answer->number == EINVAL &&
           (report->kind == RPROCFW_KIND_CONTAINER || report->kind == RPROCFW_KIND_CONTAINER_2023 ||
            report->kind == RPROCFW_KIND_CONTAINER_2020 || report->kind == RPROCFW_KIND_ELF);
}

/* Of a container that is loaded: the first finding that leads to the answer; NULL: none does. */
static const struct rprocfw_finding *find_cause(const struct rprocfw_answer *answer,
                                                const struct rprocfw_findings *findings,
                                                size_t *reason)
{
    for (size_t i = 0; i < findings->count; i++) {
        *reason = rprocfw_answer_reason(answer, findings->finding[i].id);
        if (*reason < answer->reason_count)
            return &findings->finding[i];
    }
    return NULL;
}

/* The file that Linux did not take, and what it may have against it. */
static void print_not_taken(const struct rprocfw_answer *answer,
                            const struct rprocfw_report *report)
{
    const struct rprocfw_finding *cause;
    size_t number;

    if (report->kind == RPROCFW_KIND_ELF) {
        (void)fputs("it is an ELF file, as Linux takes it, where it loads the remote processor "
                    "itself; \"bad phdr\" in its log names a segment for which there is no memory: "
                    "correct the linker script, or the device tree",
                    stdout);
        return;
    }
    (void)fputs("it starts as signed containers do, and Linux, where it loads the remote "
                "processor itself, takes ELF files only; give it the ELF file, or let the TEE "
                "load this one",
                stdout);
    cause = find_cause(answer, &report->findings, &number);
    if (cause != NULL) {
        (void)fputs("; or, where the TEE loaded it, ", stdout);
        print_text(stdout, cause->text);
    }
}

/* The number of a reason in the list above. */
static void print_number(size_t number, bool numbered)
{
    if (numbered)
        (void)printf("reason %zu: ", number + 1);
}

static void print_loaded(const struct rprocfw_answer *answer, const struct rprocfw_report *report,
                         bool numbered)
{
    size_t number;
    const struct rprocfw_finding *cause = find_cause(answer, &report->findings, &number);
    char ta[RPROCFW_TA_NAME];

    if (cause != NULL) {
        print_number(number, numbered);
        print_text(stdout, cause->text);
        return;
    }
    (void)printf("the TA of %s loads it", rprocfw_ta_name(&report->device.ta, ta));
    print_open_questions(report);
}

/* Is it in today's layout, or in the one that the board reads? */
static bool is_read(const struct rprocfw_report *report, const struct rprocfw_board *board)
{
    return report->kind == RPROCFW_KIND_CONTAINER ||
           (report->kind == RPROCFW_KIND_CONTAINER_2020 && board != NULL && board->old_layout);
}

/* What is refused here is the reason; of a layout that is not verified here, what is not known. */
static const char *why_not_foretold(const struct rprocfw_report *report,
                                    const struct rprocfw_board *board)
{
    const bool verified = report->kind != RPROCFW_KIND_CONTAINER_2020 || !is_read(report, board);

    return verified && report->message[0] != '\0' ? report->message : report->device.reason;
}

void print_answer_to(const struct rprocfw_answer *answer, const struct rprocfw_report *report,
                     const struct rprocfw_board *board, bool numbered)
{
    const struct rprocfw_device *device = &report->device;
    char ta[RPROCFW_TA_NAME];

    print_text(stdout, report->path);
    (void)fputs(": ", stdout);
    if (is_linux_own(answer, report)) {
        print_not_taken(answer, report);
    } else if (!is_read(report, board) || !device->is_predicted) {
        print_text(stdout, why_not_foretold(report, board));
    } else if (device->result == 0) {
        print_loaded(answer, report, numbered);
    } else {
        const size_t number = rprocfw_answer_reason(answer, device->check);

        if (!answer->is_linux && device->result == answer->number && number < answer->reason_count)
            print_number(number, numbered);
        else
            (void)printf("the TA of %s answers 0x%08" PRIx32 " %s: ",
                         rprocfw_ta_name(&device->ta, ta), device->result, device->name);
        print_text(stdout, device->reason);
        (void)printf("; %s", device->remedy);
    }
    (void)putchar('\n');
}
