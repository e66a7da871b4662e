/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings: their kinds, and the list of them. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "findings.h"
#include "../device/device.h"
#include "../host.h"

/* ---- Kinds ---- */

#define E RPROCFW_FINDING_ERROR
#define W RPROCFW_FINDING_WARNING
#define N RPROCFW_FINDING_NOTE

/*
 * Without a board nobody knows what reads a platform TLV, where memory is and by which addresses,
 * or that Linux is there to read the resource table.
 */
static const struct {
    const char *id;
    enum rprocfw_finding_level level; /* with a board */
    enum rprocfw_finding_level lower; /* without one, or where it need not be so */
    const char *check;                /* of rprocfw-checks(7) that says the same; NULL: none does */
} kinds[RPROCFW_FOUND_KINDS] = {
    [RPROCFW_FOUND_SEGMENT_OVERLAP] = {"segment-overlap", E, W, NULL},
    [RPROCFW_FOUND_ZERO_FILL_OVERLAP] = {"zero-fill-overlap", E, W, NULL},
    [RPROCFW_FOUND_NONSECURE_IN_SECURE] = {"nonsecure-in-secure", E, W, NULL},
    [RPROCFW_FOUND_SECURE_IN_NONSECURE] = {"secure-in-nonsecure", W, W, NULL},
    [RPROCFW_FOUND_IMAGE_ORDER] = {"image-order", W, W, NULL},
    [RPROCFW_FOUND_VECTORS_NOT_LOADED] = {"vectors-not-loaded", E, W, NULL},
    [RPROCFW_FOUND_VECTORS_NOT_AT_START] = {"vectors-not-at-start", E, W, NULL},
    [RPROCFW_FOUND_BOOTADDR_ZERO] = {"bootaddr-zero", E, W, NULL},
    [RPROCFW_FOUND_BOOTADDR_UNALIGNED] = {"bootaddr-unaligned", E, W, NULL},
    [RPROCFW_FOUND_BOOTADDR_OUTSIDE] = {"bootaddr-outside", E, W, NULL},
    [RPROCFW_FOUND_BOOTADDR_NOT_EXECUTABLE] = {"bootaddr-not-executable", N, N, NULL},
    [RPROCFW_FOUND_BOOTADDR_NOT_VECTORS] = {"bootaddr-not-vectors", E, W, NULL},
    [RPROCFW_FOUND_STACK_OUTSIDE] = {"stack-outside", W, W, NULL},
    [RPROCFW_FOUND_RESET_OUTSIDE] = {"reset-outside", E, N, NULL},
    [RPROCFW_FOUND_RESET_NOT_THUMB] = {"reset-not-thumb", E, W, NULL},
    [RPROCFW_FOUND_RSC_TABLE_UNSEEN] = {"rsc-table-unseen", W, W, NULL},
    [RPROCFW_FOUND_RSC_TABLE_LARGE] = {"rsc-table-large", W, N, NULL},
    [RPROCFW_FOUND_RSC_MALFORMED] = {"rsc-malformed", W, N, NULL},
    [RPROCFW_FOUND_RSC_DEVMEM] = {"rsc-devmem", W, N, NULL},
    [RPROCFW_FOUND_RSC_UNALIGNED] = {"rsc-unaligned", W, N, NULL},
    [RPROCFW_FOUND_RSC_UNKNOWN] = {"rsc-unknown", W, N, NULL},
    [RPROCFW_FOUND_RSC_OUTSIDE] = {"rsc-outside", W, W, NULL},
    [RPROCFW_FOUND_PLATFORM_TLV_MISSING] = {"platform-tlv-missing", E, W, NULL},
    [RPROCFW_FOUND_PLATFORM_TLV_UNKNOWN] = {"platform-tlv-unknown", E, W, "plat-tlv-unknown"},
    [RPROCFW_FOUND_PLATFORM_TLV_LENGTH] = {"platform-tlv-length", E, W, "plat-tlv-length"},
    [RPROCFW_FOUND_PLATFORM_TLV_TEXT] = {"platform-tlv-text", W, W, NULL},
    [RPROCFW_FOUND_BOOTSEC_ZERO] = {"bootsec-zero", W, W, NULL},
    [RPROCFW_FOUND_PKEYINFO_MISSING] = {"pkeyinfo-missing", E, W, "pkeyinfo"},
    [RPROCFW_FOUND_PKEYINFO_SIZE] = {"pkeyinfo-size", E, W, "pkeyinfo"},
    [RPROCFW_FOUND_PKEYINFO_OTHER_KEY] = {"pkeyinfo-other-key", E, W, "pkeyinfo-key"},
    [RPROCFW_FOUND_SIGNTYPE_UNSUPPORTED] = {"signtype-unsupported", E, W, "signature-algorithm"},
    [RPROCFW_FOUND_PUBLISHED_KEY] = {"published-key", W, W, NULL},
    [RPROCFW_FOUND_TABLE_TOO_LARGE] = {"table-too-large", E, W, "heap"},
    [RPROCFW_FOUND_DEBUG_INFORMATION] = {"debug-information", N, N, NULL},
};

#undef E
#undef W
#undef N

/* ---- The list ---- */

#define TOLD_MAX 16u /* of one kind */

/* The next of the list, empty; NULL: there is no memory. */
static struct rprocfw_finding *next_finding(struct rprocfw_finder *finder)
{
    struct rprocfw_findings *findings = finder->findings;

    if (findings->count == finder->room) {
        const size_t room = 2 * finder->room + 8;
        struct rprocfw_finding *grown = realloc(findings->finding, room * sizeof(*grown));

        if (grown == NULL) {
            if (finder->status == RPROCFW_OK)
                finder->status = rprocfw_no_memory(finder->error);
            return NULL;
        }
        findings->finding = grown;
        finder->room = room;
    }
    return &findings->finding[findings->count++];
}

static void add(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                enum rprocfw_finding_level level, uint32_t image, uint32_t segment,
                const char *text)
{
    struct rprocfw_finding *finding;
    char place[RPROCFW_PLACE_ROOM];

    if (finder->status != RPROCFW_OK || finder->count[kind]++ >= TOLD_MAX)
        return;
    finding = next_finding(finder);
    if (finding == NULL)
        return;
    rprocfw_place_print(place, image, segment);
    *finding = (struct rprocfw_finding){.level = level,
                                        .id = kinds[kind].id,
                                        .check = kinds[kind].check,
                                        .image = image,
                                        .segment = segment};
    rprocfw_print(finding->text, sizeof(finding->text), "%s%s", place, text);
}

static void add_formatted(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                          enum rprocfw_finding_level level, uint32_t image, uint32_t segment,
                          const char *format, va_list arguments) RPROCFW_PRINTF(6, 0);

static void add_formatted(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                          enum rprocfw_finding_level level, uint32_t image, uint32_t segment,
                          const char *format, va_list arguments)
{
    char text[sizeof(finder->findings->finding->text)];

    (void)vsnprintf(text, sizeof(text), format, arguments);
    add(finder, kind, level, image, segment, text);
}

void rprocfw_say_found(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                       uint32_t image, uint32_t segment, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_formatted(finder, kind, finder->board != NULL ? kinds[kind].level : kinds[kind].lower,
                  image, segment, format, arguments);
    va_end(arguments);
}

void rprocfw_say_suspected(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                           uint32_t image, uint32_t segment, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    add_formatted(finder, kind, kinds[kind].lower, image, segment, format, arguments);
    va_end(arguments);
}

/* How many were not told. */
static void add_rest(struct rprocfw_finder *finder)
{
    for (enum rprocfw_finding_kind kind = 0; kind < RPROCFW_FOUND_KINDS; kind++) {
        const size_t count = finder->count[kind];
        struct rprocfw_finding *finding;

        if (count <= TOLD_MAX)
            continue;
        finding = next_finding(finder);
        if (finding == NULL)
            return;
        *finding = (struct rprocfw_finding){
            .level = finder->board != NULL ? kinds[kind].level : kinds[kind].lower,
            .id = kinds[kind].id,
            .check = kinds[kind].check,
            .image = RPROCFW_NOWHERE,
            .segment = RPROCFW_NOWHERE,
        };
        (void)snprintf(finding->text, sizeof(finding->text), "and %zu more", count - TOLD_MAX);
    }
}

static size_t kind_of(const struct rprocfw_finding *finding)
{
    size_t kind = 0;

    while (kinds[kind].id != finding->id)
        kind++;
    return kind;
}

/* By image, then by kind, then as they were found: an insertion sort, of a list that is short. */
static bool is_before(const struct rprocfw_finding *a, const struct rprocfw_finding *b)
{
    return a->image != b->image ? a->image < b->image : kind_of(a) < kind_of(b);
}

static void sort(struct rprocfw_findings *findings)
{
    for (size_t i = 1; i < findings->count; i++) {
        const struct rprocfw_finding finding = findings->finding[i];
        size_t at = i;

        for (; at > 0 && is_before(&finding, &findings->finding[at - 1]); at--)
            findings->finding[at] = findings->finding[at - 1];
        findings->finding[at] = finding;
    }
}

void rprocfw_findings_free(struct rprocfw_findings *findings)
{
    free(findings->finding);
    *findings = (struct rprocfw_findings){0};
}

/* ---- All of it ---- */

static void (*const finders[])(struct rprocfw_finder *finder) = {
    rprocfw_find_overlaps,  rprocfw_find_worlds,   rprocfw_find_boot,
    rprocfw_find_resources, rprocfw_find_metadata,
};

static enum rprocfw_status finish(struct rprocfw_finder *finder)
{
    if (finder->status == RPROCFW_OK)
        add_rest(finder);
    free(finder->segment);
    free(finder->named);
    if (finder->status != RPROCFW_OK) {
        rprocfw_findings_free(finder->findings);
        return finder->status;
    }
    sort(finder->findings);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_findings_build(struct rprocfw_findings *findings,
                                           const struct rprocfw_finding_job *job,
                                           struct rprocfw_error *error)
{
    struct rprocfw_finder finder = {
        .report = job->report,
        .view = job->view,
        .loaded = job->loaded,
        .board = job->board,
        .findings = findings,
        .error = error,
    };

    *findings = (struct rprocfw_findings){0};
    finder.status = rprocfw_finder_list(&finder);
    for (size_t i = 0; i < sizeof(finders) / sizeof(finders[0]); i++)
        if (finder.status == RPROCFW_OK)
            finders[i](&finder);
    return finish(&finder);
}

enum rprocfw_status rprocfw_findings_of_2020(struct rprocfw_findings *findings,
                                             const struct rprocfw_view *view,
                                             const struct rprocfw_board *board,
                                             struct rprocfw_error *error)
{
    struct rprocfw_finder finder = {
        .view = view, .board = board, .findings = findings, .error = error};

    *findings = (struct rprocfw_findings){0};
    finder.status = rprocfw_finder_list_2020(&finder);
    if (finder.status == RPROCFW_OK)
        rprocfw_find_overlaps(&finder);
    return finish(&finder);
}
