/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a container is authenticated, and by what. */
#include <inttypes.h>
#include <stdio.h>

#include "print.h"
#include "report_coverage.h"

const char *auth_name(enum rprocfw_auth auth)
{
    switch (auth) {
    case RPROCFW_AUTH_SIGNATURE:
        return "signature";
    case RPROCFW_AUTH_HASH:
        return "hash";
    case RPROCFW_AUTH_NONE:
        break;
    }
    return "nothing";
}

struct auth_sums sum_coverage(const struct rprocfw_report *report)
{
    struct auth_sums sums = {0};

    for (size_t i = 0; i < report->range_count; i++)
        sums.bytes[report->ranges[i].auth] += report->ranges[i].size;
    return sums;
}

bool coverage_holds(const struct rprocfw_report *report)
{
    return report->verdict == RPROCFW_VERDICT_ACCEPT;
}

const char *coverage_caveat(const struct rprocfw_report *report)
{
    switch (report->verdict) {
    case RPROCFW_VERDICT_ACCEPT:
        break;
    case RPROCFW_VERDICT_REJECT:
        return "refused: nothing of it is authenticated; this is what would be in a good one";
    case RPROCFW_VERDICT_UNAUTHENTICATED:
        return "NOT AUTHENTICATED: no signature was checked, and without it hashes are worth "
               "nothing";
    case RPROCFW_VERDICT_NOT_JUDGED:
        return "not checked: this is what the format authenticates; rproc-verify checks it";
    }
    return NULL;
}

/* ---- The bar ---- */

#define BAR_WIDTH 64u

static const char marks[] = {
    [RPROCFW_AUTH_SIGNATURE] = '#',
    [RPROCFW_AUTH_HASH] = '=',
    [RPROCFW_AUTH_NONE] = '.',
};
#define SEVERAL '+'

/* Where a cell of the bar starts, in the file. */
static uint64_t cell_start(uint64_t size, unsigned width, unsigned cell)
{
    return size / width * cell + size % width * cell / width;
}

/* A cell shows the kind of all its bytes; *at is the range in which it starts. */
static char cell_mark(const struct rprocfw_report *report, size_t *at, uint64_t end)
{
    char mark = '\0';

    for (;;) {
        const struct rprocfw_report_range *range = &report->ranges[*at];

        if (mark == '\0' || mark == marks[range->auth])
            mark = marks[range->auth];
        else
            mark = SEVERAL;
        if (range->offset + range->size > end)
            return mark;
        (*at)++;
        if (range->offset + range->size == end)
            return mark;
    }
}

static void print_bar(const struct rprocfw_report *report)
{
    const uint64_t size = report->file_size;
    const unsigned width = size < BAR_WIDTH ? (unsigned)size : BAR_WIDTH;
    size_t at = 0;

    (void)fputs("    [", stdout);
    for (unsigned i = 0; i < width; i++)
        (void)putchar(cell_mark(report, &at, cell_start(size, width, i + 1)));
    (void)printf("]\n    %c signature, %c hash, %c nothing, %c more than one of them\n",
                 marks[RPROCFW_AUTH_SIGNATURE], marks[RPROCFW_AUTH_HASH], marks[RPROCFW_AUTH_NONE],
                 SEVERAL);
}

/* ---- All of it ---- */

static double percent(uint64_t part, uint64_t whole)
{
    return whole == 0 ? 0.0 : 100.0 * (double)part / (double)whole;
}

static void print_sums(const struct rprocfw_report *report)
{
    const struct auth_sums sums = sum_coverage(report);
    const char *caveat = coverage_caveat(report);

    (void)printf("  coverage: %" PRIu64 " bytes%s", report->file_size,
                 caveat == NULL ? ", authenticated" : ",");
    for (unsigned i = 0; i <= RPROCFW_AUTH_NONE; i++)
        (void)printf("%s by %s %" PRIu64 " (%.1f %%)", i == 0 ? "" : ",",
                     auth_name((enum rprocfw_auth)i), sums.bytes[i],
                     percent(sums.bytes[i], report->file_size));
    (void)putchar('\n');
    if (caveat != NULL)
        (void)printf("    %s\n", caveat);
    if (report->entry_count != 0 && report->entries[0].iv != NULL)
        (void)puts("    encrypted: the hashes are of the encrypted bytes");
}

void print_coverage(const struct rprocfw_report *report)
{
    print_sums(report);
    if (report->file_size == 0)
        return;
    print_bar(report);
    (void)printf("    %10s %10s  %-9s  %s\n", "offset", "size", "by", "what");
    for (size_t i = 0; i < report->range_count; i++) {
        const struct rprocfw_report_range *range = &report->ranges[i];

        (void)printf("    %10" PRIu64 " %10" PRIu64 "  %-9s  ", range->offset, range->size,
                     auth_name(range->auth));
        print_text(stdout, range->what);
        (void)putchar('\n');
    }
}
