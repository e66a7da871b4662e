/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds of every board, wherever its facts come from. */
#include <string.h>

#include "board.h"

#define LIMIT (UINT64_C(1) << 63)

static void check_regions(const struct rprocfw_board_region *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        FUZZ_HOLDS(list[i].name != NULL);
        FUZZ_HOLDS(list[i].size > 0 && list[i].pa < LIMIT && list[i].size < LIMIT - list[i].pa);
        FUZZ_HOLDS(list[i].world <= RPROCFW_WORLD_NONSECURE);
    }
}

static void check_ranges(const struct rprocfw_board *board)
{
    FUZZ_HOLDS(board->range_count > 0);
    for (size_t i = 0; i < board->range_count; i++) {
        const struct rprocfw_board_range *range = &board->range[i];

        FUZZ_HOLDS(range->size > 0 && range->size <= (UINT64_C(1) << 32) - range->da);
        FUZZ_HOLDS(range->pa < LIMIT && range->size < LIMIT - range->pa);
    }
}

static void check_tlvs(const struct rprocfw_board *board)
{
    for (size_t i = 0; i < board->tlv_count; i++) {
        FUZZ_HOLDS(board->tlv[i].type >= RPROCFW_TLV_PLATFORM_FIRST &&
                   board->tlv[i].type <= RPROCFW_TLV_PLATFORM_LAST);
        for (size_t k = 0; k < i; k++)
            FUZZ_HOLDS(board->tlv[k].type != board->tlv[i].type);
    }
}

/* Bytes at the start and the end of each range, and just outside. */
static void check_places(const struct rprocfw_board *board)
{
    for (size_t i = 0; i < board->range_count; i++) {
        const struct rprocfw_board_range *range = &board->range[i];
        const uint64_t places[] = {range->da, range->da + range->size - 1, range->da + range->size};

        for (size_t k = 0; k < sizeof(places) / sizeof(places[0]); k++) {
            const uint32_t da = (uint32_t)places[k];
            const uint32_t size = k == 2 ? 2 : 1;
            const struct rprocfw_board_region *region;
            size_t number;
            uint64_t pa;

            if (rprocfw_board_find(board, da, size, &number, &pa) != RPROCFW_PLACE_INSIDE)
                continue;
            FUZZ_HOLDS(number < board->region_count);
            region = &board->region[number];
            FUZZ_HOLDS(pa >= region->pa && pa - region->pa <= region->size - size);
        }
    }
}

void fuzz_board_check(const struct rprocfw_board *board)
{
    const unsigned signtypes = 1u << RPROCFW_SIGNTYPE_RSA | 1u << RPROCFW_SIGNTYPE_ECDSA;

    FUZZ_HOLDS(board->title != NULL && board->title[0] != '\0');
    FUZZ_HOLDS(board->source_count > 0);
    for (size_t i = 0; i < board->source_count; i++)
        FUZZ_HOLDS(board->source[i] != NULL && board->source[i][0] != '\0');
    FUZZ_HOLDS(board->ta.bits == 32 || board->ta.bits == 64);
    FUZZ_HOLDS(board->ta.family <= RPROCFW_TA_ST);
    FUZZ_HOLDS(board->signtypes != 0 && (board->signtypes & ~signtypes) == 0);
    FUZZ_HOLDS(board->pkeyinfo <= RPROCFW_BOARD_PKEYINFO_UNKNOWN);
    check_ranges(board);
    FUZZ_HOLDS(board->region_count > 0);
    check_regions(board->region, board->region_count);
    FUZZ_HOLDS(board->has_seen || board->seen_count == 0);
    check_regions(board->seen, board->seen_count);
    check_tlvs(board);
    check_places(board);
}
