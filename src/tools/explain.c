/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of answers, for people and for machines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rprocfw/answer.h>

#include "explain.h"
#include "json.h"
#include "options.h"

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

static void print_answer(const struct rprocfw_answer *answer)
{
    char number[16];

    number_text(answer, number);
    (void)printf("%s %s:\n  ", number, answer->name);
    print_wrapped(answer->meaning, 2);
    if (answer->reason_count > 1)
        (void)puts(
            "Reasons that there may be, the likeliest first, and what tells whether it is so:");
    for (size_t i = 0; i < answer->reason_count; i++) {
        const struct rprocfw_reason *reason = &answer->reason[i];

        (void)printf(" %2zu. ", i + 1);
        print_wrapped(reason->text, 5);
        if (reason->command != NULL)
            (void)printf("     $ %s\n", reason->command);
    }
}

static json_t *json_answer(const struct rprocfw_answer *answer)
{
    json_t *reasons = json_array();
    char number[16];

    number_text(answer, number);
    for (size_t i = 0; i < answer->reason_count && reasons != NULL; i++) {
        const struct rprocfw_reason *reason = &answer->reason[i];

        if (json_array_append_new(reasons, json_pack("{s:s, s:o}", "text", reason->text, "command",
                                                     json_text(reason->command))) != 0) {
            json_decref(reasons);
            reasons = NULL;
        }
    }
    return json_pack("{s:s, s:s, s:s, s:o}", "number", number, "name", answer->name, "meaning",
                     answer->meaning, "reasons", reasons);
}

int explain(const char *tool, const char *text, bool json)
{
    const struct rprocfw_answer *answer = rprocfw_answer_find(text);
    json_t *document;
    bool done;

    if (answer == NULL)
        return usage_error(tool,
                           "--explain: no answer that is known in '%s'; give the number that the "
                           "board's log has, such as 0xffff0006 or -22",
                           text);
    if (!json) {
        print_answer(answer);
        return finish_stdout(tool, EXIT_DONE);
    }
    document = json_pack("{s:i, s:o}", "schema", 1, "answer", json_answer(answer));
    done = document != NULL && print_json(document);
    json_decref(document);
    return finish_stdout(tool, done ? EXIT_DONE : no_memory(tool));
}
