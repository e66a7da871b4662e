/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a board's TA puts what is for a device address. */
#include "board.h"

/* Is [start, start + size) within [from, from + room)? Not if it is empty: a TA says so, too. */
static bool is_within(uint64_t start, uint64_t size, uint64_t from, uint64_t room)
{
    return size > 0 && start >= from && start - from <= room && size <= room - (start - from);
}

/* The first over all bytes at a device address. */
static const struct rprocfw_board_range *range_of_bytes(const struct rprocfw_board *board,
                                                        uint32_t da, uint32_t size)
{
    for (size_t i = 0; i < board->range_count; i++)
        if (is_within(da, size, board->range[i].da, board->range[i].size))
            return &board->range[i];
    return NULL;
}

/* The first over all of a region. */
static const struct rprocfw_board_range *range_of_region(const struct rprocfw_board *board,
                                                         const struct rprocfw_board_region *region)
{
    for (size_t i = 0; i < board->range_count; i++)
        if (is_within(region->pa, region->size, board->range[i].pa, board->range[i].size))
            return &board->range[i];
    return NULL;
}

bool rprocfw_board_region_in_range(const struct rprocfw_board *board,
                                   const struct rprocfw_board_region *region)
{
    return board->ta.family != RPROCFW_TA_OPTEE || range_of_region(board, region) != NULL;
}

/* The physical address of bytes that would be in this region. False: they would not. */
static bool place_in(const struct rprocfw_board *board, const struct rprocfw_board_region *region,
                     uint32_t da, uint32_t size, uint64_t *pa)
{
    const struct rprocfw_board_range *range = board->ta.family == RPROCFW_TA_OPTEE
                                                  ? range_of_region(board, region)
                                                  : range_of_bytes(board, da, size);
    uint64_t at;

    if (range == NULL || !is_within(da, size, range->da, range->size))
        return false;
    at = range->pa + (da - range->da);
    if (!is_within(at, size, region->pa, region->size))
        return false;
    *pa = at;
    return true;
}

enum rprocfw_board_place rprocfw_board_find(const struct rprocfw_board *board, uint32_t da,
                                            uint32_t size, size_t *region, uint64_t *pa)
{
    for (size_t i = 0; i < board->region_count; i++) {
        uint64_t at;

        if (!place_in(board, &board->region[i], da, size, &at))
            continue;
        if (region != NULL)
            *region = i;
        if (pa != NULL)
            *pa = at;
        return RPROCFW_PLACE_INSIDE;
    }
    return range_of_bytes(board, da, size) != NULL ? RPROCFW_PLACE_NO_REGION
                                                   : RPROCFW_PLACE_NO_RANGE;
}
