/* SPDX-License-Identifier: BSD-2-Clause */
/* Resource tables: where they are, and whether Linux can do what they ask for. */
#include <inttypes.h>
#include <stdlib.h>

#include "findings.h"
#include "../host.h"

#define TABLE_MAX 65536u /* bytes of a table that are looked at: far more than any has */

struct looking {
    struct rprocfw_finder *finder;
    const struct rprocfw_segment *segment; /* the table is in it */
};

static void tell_wrong(void *ctx, uint32_t number, enum rprocfw_rsc_wrong wrong, const char *text)
{
    static const enum rprocfw_finding_kind kinds[] = {
        [RPROCFW_RSC_MALFORMED] = RPROCFW_FOUND_RSC_MALFORMED,
        [RPROCFW_RSC_DEVMEM] = RPROCFW_FOUND_RSC_DEVMEM,
        [RPROCFW_RSC_UNALIGNED] = RPROCFW_FOUND_RSC_UNALIGNED,
        [RPROCFW_RSC_UNKNOWN] = RPROCFW_FOUND_RSC_UNKNOWN,
    };
    const struct looking *l = ctx;

    rprocfw_say_found(l->finder, kinds[wrong], l->segment->image, l->segment->index,
                      "resource table, entry %" PRIu32 ": %s", number, text);
}

/* What Linux has of the board's memory, or what there is at all. */
static bool is_seen(const struct rprocfw_board *board, uint32_t da, uint64_t size)
{
    return board->has_seen ? rprocfw_reaches(board, board->seen, board->seen_count, da, size)
                           : rprocfw_reaches(board, board->region, board->region_count, da, size);
}

static const char *seen_where(const struct rprocfw_board *board)
{
    return board->has_seen ? "what Linux sees of the memory" : "the board's memory regions";
}

static void tell_area(void *ctx, uint32_t number, const struct rprocfw_rsc_area *area)
{
    const struct looking *l = ctx;
    const struct rprocfw_board *board = l->finder->board;

    if (board == NULL || is_seen(board, area->da, area->size))
        return;
    rprocfw_say_found(l->finder, RPROCFW_FOUND_RSC_OUTSIDE, l->segment->image, l->segment->index,
                      "resource table, entry %" PRIu32 ": %s, %" PRIu64 " bytes at 0x%08" PRIx32
                      ", is not within %s; place it in one region of that, or let Linux choose "
                      "(0xffffffff)",
                      number, area->what, area->size, area->da, seen_where(board));
}

static void find_entries(struct rprocfw_finder *finder, const struct rprocfw_segment *segment,
                         uint32_t offset, uint32_t size)
{
    struct looking l = {.finder = finder, .segment = segment};
    const struct rprocfw_rsc_visitor visitor = {.wrong = tell_wrong, .area = tell_area, .ctx = &l};
    uint8_t *table = malloc(size);

    if (table == NULL)
        finder->status = rprocfw_no_memory(finder->error);
    else if (rprocfw_loaded_read(finder, segment, offset, table, size))
        rprocfw_rsc_walk(table, size, &visitor);
    free(table);
}

static void find_in_image(struct rprocfw_finder *finder, uint32_t image)
{
    const struct rprocfw_report_image *of = &finder->report->images[image];
    const struct rprocfw_board *board = finder->board;
    const struct rprocfw_named *named = &finder->named[image];
    const struct rprocfw_segment *segment = NULL;
    uint32_t offset = 0;

    if (named->has_rsc_table)
        segment =
            rprocfw_segment_of(finder, image, named->rsc_offset, of->rsc_da, of->rsc_size, &offset);
    if (board != NULL && board->has_seen && !is_seen(board, of->rsc_da, of->rsc_size))
        rprocfw_say_found(finder, RPROCFW_FOUND_RSC_TABLE_UNSEEN, image, RPROCFW_NOWHERE,
                          "its resource table, %" PRIu32 " bytes at 0x%08" PRIx32
                          ", is not within %s; place .resource_table in one region of that",
                          of->rsc_size, of->rsc_da, seen_where(board));
    if (of->rsc_size > TABLE_MAX)
        rprocfw_say_found(finder, RPROCFW_FOUND_RSC_TABLE_LARGE, image, RPROCFW_NOWHERE,
                          "its resource table has %" PRIu32
                          " bytes, and its entries were not looked at; tables have some hundred: "
                          "check what .resource_table holds",
                          of->rsc_size);
    else if (segment != NULL)
        find_entries(finder, segment, offset, of->rsc_size);
}

void rprocfw_find_resources(struct rprocfw_finder *finder)
{
    for (uint32_t i = 0; i < finder->report->image_count && finder->status == RPROCFW_OK; i++)
        if (finder->report->images[i].has_rsc_table)
            find_in_image(finder, i);
}
