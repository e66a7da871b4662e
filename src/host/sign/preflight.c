/* SPDX-License-Identifier: BSD-2-Clause */
/* What boards will say of a new container, which core has found good, before it gets its name. */
#include <inttypes.h>
#include <stdio.h>

#include "../boards/board.h"
#include "../device/device.h"

/* One container on its way to boards. */
struct preflight {
    const struct rprocfw_preflight_job *job;
    struct rprocfw_foretelling *foretelling;
    struct rprocfw_device answers[RPROCFW_KNOWN_TAS]; /* with a board, the first is the board's */
    struct rprocfw_error *error;
};

const char *rprocfw_preflight_file(const struct rprocfw_preflight_job *job, uint32_t image)
{
    const char *path = image != RPROCFW_NOWHERE ? job->name(job->ctx, image) : NULL;

    return path != NULL ? path : job->output;
}

/* Beside the log. */
static void note(const struct preflight *p, enum rprocfw_finding_level level,
                 const struct rprocfw_device *answer, const char *who)
{
    const struct rprocfw_watch *watch = p->job->watch;
    char text[1024];

    if (watch->found == NULL)
        return;
    (void)snprintf(text, sizeof(text), "%s: %s 0x%08" PRIx32 ": %s; %s", who, answer->name,
                   answer->result, answer->reason, answer->remedy);
    watch->found(watch->ctx, rprocfw_preflight_file(p->job, answer->image), level, answer->check,
                 text);
}

/* Refused, or only said. */
static enum rprocfw_status refuse(const struct preflight *p, const struct rprocfw_device *answer,
                                  const char *who)
{
    const char *file = rprocfw_preflight_file(p->job, answer->image);

    note(p, RPROCFW_FINDING_ERROR, answer, who);
    if (!rprocfw_preflight_signs(p->job->preflight))
        return rprocfw_error_set(
            p->error, RPROCFW_ERR_INPUT,
            "%s: not signed: %s: %s 0x%08" PRIx32 ": %s; %s, or sign with --preflight=warn", file,
            who, answer->name, answer->result, answer->reason, answer->remedy);
    rprocfw_log(p->job->log, RPROCFW_LOG_WARNING, "%s: signed, but %s: %s 0x%08" PRIx32 ": %s; %s",
                file, who, answer->name, answer->result, answer->reason, answer->remedy);
    return RPROCFW_OK;
}

static bool is_refused(const struct rprocfw_device *answer)
{
    return answer->is_predicted && answer->result != 0;
}

static enum rprocfw_status ask_board(struct preflight *p)
{
    const struct rprocfw_board *board = p->job->board;
    struct rprocfw_device *answer = &p->answers[0];
    enum rprocfw_status status =
        rprocfw_foretell(p->foretelling, board, &board->ta, answer, p->error);
    char ta[RPROCFW_TA_NAME];
    char who[256];

    if (status == RPROCFW_OK && !answer->is_predicted)
        rprocfw_log(p->job->log, RPROCFW_LOG_WARNING,
                    "%s: what the board %s will answer cannot be foretold: %s", p->job->output,
                    board->name, answer->reason);
    if (status != RPROCFW_OK || !is_refused(answer))
        return status;
    rprocfw_print(who, sizeof(who), "the board %s (%s) would not load it", board->name,
                  rprocfw_ta_name(&board->ta, ta));
    return refuse(p, answer, who);
}

/* ---- Without a board ---- */

/* Those of the TAs from first on that refuse for the same reason: their names. */
static void name_tas(const struct preflight *p, unsigned first, char *who, size_t size)
{
    const struct rprocfw_device *same = &p->answers[first];
    size_t end = 0;

    who[0] = '\0';
    for (unsigned i = first; i < RPROCFW_KNOWN_TAS && end < size; i++) {
        const struct rprocfw_device *answer = &p->answers[i];
        char ta[RPROCFW_TA_NAME];

        if (!is_refused(answer) || answer->check != same->check)
            continue;
        end += (size_t)snprintf(who + end, size - end, "%s%s", end != 0 ? " and " : "",
                                rprocfw_ta_name(&answer->ta, ta));
    }
}

/* What some of them refuse others load: that is worth a word, but not more. */
static void warn_of_some(const struct preflight *p)
{
    for (unsigned i = 0; i < RPROCFW_KNOWN_TAS; i++) {
        const struct rprocfw_device *answer = &p->answers[i];
        char names[3 * RPROCFW_TA_NAME];
        char who[sizeof(names) + 40];
        unsigned before = 0;

        while (before < i && p->answers[before].check != answer->check)
            before++;
        if (!is_refused(answer) || before < i)
            continue;
        name_tas(p, i, names, sizeof(names));
        (void)snprintf(who, sizeof(who), "boards with %s would not load it", names);
        note(p, RPROCFW_FINDING_WARNING, answer, who);
        rprocfw_log(p->job->log, RPROCFW_LOG_WARNING, "%s: %s: %s 0x%08" PRIx32 ": %s; %s",
                    rprocfw_preflight_file(p->job, answer->image), who, answer->name,
                    answer->result, answer->reason, answer->remedy);
    }
}

static void warn_of_heap(const struct preflight *p)
{
    const uint64_t needed = rprocfw_foretell_heap(p->foretelling);
    const bool is_32 = needed <= rprocfw_heap_room(RPROCFW_BOARD_HEAP, 32);

    if (needed <= rprocfw_heap_room(RPROCFW_BOARD_HEAP, 64))
        return;
    rprocfw_log(p->job->log, RPROCFW_LOG_WARNING,
                "%s: header, TLVs, signature and a copy of the hash table take %" PRIu64
                " bytes, and the usual heap of %u bytes of a %s-bit TA has room for %u: boards "
                "answer TEE_ERROR_OUT_OF_MEMORY 0xffff000c unless their TA has more (TA_DATA_SIZE)",
                p->job->output, needed, RPROCFW_BOARD_HEAP, is_32 ? "64" : "32",
                rprocfw_heap_room(RPROCFW_BOARD_HEAP, is_32 ? 64 : 32));
}

/* All that are known, or ST's alone, for what no other loads. */
static enum rprocfw_status ask_all(struct preflight *p)
{
    const unsigned first = rprocfw_foretell_usual(p->foretelling);
    unsigned refused = first;
    bool more = true; /* to ask: the answer of the first does not tell */
    enum rprocfw_status status = RPROCFW_OK;

    for (unsigned i = first; i < RPROCFW_KNOWN_TAS && more && status == RPROCFW_OK; i++) {
        status =
            rprocfw_foretell(p->foretelling, NULL, &rprocfw_known_ta[i], &p->answers[i], p->error);
        refused += is_refused(&p->answers[i]) ? 1 : 0;
        more = i != first || refused != first || rprocfw_foretell_is_close(p->foretelling);
    }
    if (status != RPROCFW_OK)
        return status;
    if (refused == RPROCFW_KNOWN_TAS)
        return refuse(p, &p->answers[first], "no board that is known would load it");
    warn_of_some(p);
    warn_of_heap(p);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_preflight(const struct rprocfw_preflight_job *job,
                                      struct rprocfw_error *error)
{
    struct preflight p = {.job = job, .error = error};
    enum rprocfw_status status;

    if (job->preflight == RPROCFW_PREFLIGHT_OFF)
        return RPROCFW_OK;
    status = rprocfw_foretell_begin(&p.foretelling, &job->foretell, error);
    if (status == RPROCFW_OK)
        status = job->board != NULL ? ask_board(&p) : ask_all(&p);
    rprocfw_foretell_end(p.foretelling);
    return status;
}
