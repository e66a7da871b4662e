/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands above the columns of a map: verdict, sums, legend, headlines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "map_paper.h"
#include "print.h"
#include "report_coverage.h"

/* Bytes of text, printable UTF-8, for a line: whole words, if they are not too long. */
static size_t line_length(const char *text)
{
    size_t length = strlen(text);

    if (length <= LINE_CHARACTERS)
        return length;
    length = LINE_CHARACTERS;
    while (length > LINE_CHARACTERS / 2 && text[length] != ' ')
        length--;
    while (((unsigned char)text[length] & 0xC0) == 0x80) /* not in the middle of a character */
        length--;
    return length;
}

/* Returns where the next line stands. */
static int put_lines(struct svg *out, int y, const char *classes, const char *text)
{
    char shown[2048];
    char line[LINE_CHARACTERS + 1];

    escape(text, shown, sizeof(shown));
    for (const char *at = shown; *at != '\0'; at += strspn(at, " ")) {
        const size_t length = line_length(at);

        memcpy(line, at, length);
        line[length] = '\0';
        svg_printable(out, SCALE_X, y, classes, line);
        y += LINE;
        at += length;
    }
    return y;
}

static int put_verdict(struct svg *out, int y, const struct rprocfw_report *report)
{
    const char *caveat = coverage_caveat(report);
    char text[512];

    if (report->status != RPROCFW_OK)
        y = put_lines(out, y, "al", report->message);
    if (report->signed_by != NULL && caveat == NULL) {
        (void)snprintf(text, sizeof(text), "accepted: signed by %s",
                       rprocfw_key_path(report->signed_by));
        y = put_lines(out, y, "tx", text);
    }
    if (caveat != NULL)
        y = put_lines(out, y, report->verdict == RPROCFW_VERDICT_NOT_JUDGED ? "dm" : "al", caveat);
    return y;
}

static int put_sums(struct svg *out, int y, const struct rprocfw_report *report)
{
    const struct auth_sums sums = sum_coverage(report);
    char text[512];

    (void)snprintf(text, sizeof(text),
                   "%" PRIu64 " bytes: %" PRIu64 " by the signature, %" PRIu64
                   " by a hash in the signed table, %" PRIu64 " by nothing%s",
                   report->file_size, sums.bytes[RPROCFW_AUTH_SIGNATURE],
                   sums.bytes[RPROCFW_AUTH_HASH], sums.bytes[RPROCFW_AUTH_NONE],
                   report->entry_count != 0 && report->entries[0].iv != NULL
                       ? "; encrypted: the hashes are of the encrypted bytes"
                       : "");
    return put_lines(out, y, "tx", text);
}

static int put_legend(struct svg *out, int y)
{
    static const struct {
        int x;
        const char *classes;
        const char *text;
    } items[] = {
        {SCALE_X, "p0", "authenticated by the signature"},
        {SCALE_X + 260, "p1", "by a hash in the signed table"},
        {SCALE_X + 512, "p2", "by nothing"},
        {SCALE_X + 634, "p3", "memory that is zeroed"},
        {SCALE_X + 836, "p4", "not loaded to"},
        {SCALE_X + 982, "ab", "outside of memory, or overlapping"},
    };

    for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
        svg_rect(out, items[i].x, y - 11, SWATCH, 14, items[i].classes);
        svg_text(out, items[i].x + SWATCH + 6, y, "tx", items[i].text);
    }
    return y + 2 * LINE;
}

int map_put_head(struct svg *out, const struct map *map)
{
    const struct rprocfw_report *report = map->report;
    char text[160];
    int y = 36;

    svg_text_cut(out, SCALE_X, y, "hd", report->path, 120);
    y = put_verdict(out, y + 24, report);
    y = put_sums(out, y, report);
    y = put_legend(out, y + 8);
    svg_text(out, FILE_X, y, "hd", "The file");
    (void)snprintf(text, sizeof(text), "Memory%s%.40s", map->board != NULL ? " of " : "",
                   map->board != NULL ? map->board->name : "");
    svg_text_cut(out, MEMORY_X, y, "hd", text, 46);
    svg_text(out, FILE_X, y + LINE, "dm",
             "heights are not to scale; the bar at the left is. Offsets and sizes in bytes");
    svg_text(out, MEMORY_X, y + LINE, "dm",
             map->memory.part_count == 0 ? "nothing is loaded, as far as it can be read"
             : map->board != NULL        ? "regions, by their physical addresses"
                                         : "device addresses of the segments");
    return y + 2 * LINE;
}
