/* SPDX-License-Identifier: BSD-2-Clause */
/* Where bytes for a device address lie on a board. */
#include <string.h>

#include <rprocfw/board.h>

#include "suite.h"

static char name[] = "memory";

/* As on STM32MP15: three parts of the bus, two regions beside each other. */
static struct rprocfw_board_range mp15_ranges[] = {
    {0x00000000, 0x38000000, 0x10000},
    {0x10000000, 0x10000000, 0x60000},
    {0x30000000, 0x10000000, 0x60000},
};
static struct rprocfw_board_region mp15_regions[] = {
    {name, 0x38000000, 0x10000, RPROCFW_WORLD_ANY},
    {name, 0x10000000, 0x20000, RPROCFW_WORLD_ANY},
    {name, 0x10020000, 0x20000, RPROCFW_WORLD_ANY},
};

static struct rprocfw_board make_board(enum rprocfw_ta_family family)
{
    return (struct rprocfw_board){
        .ta.family = family,
        .range = mp15_ranges,
        .range_count = COUNT(mp15_ranges),
        .region = mp15_regions,
        .region_count = COUNT(mp15_regions),
    };
}

static void require_place(const struct rprocfw_board *board, uint32_t da, uint32_t size,
                          size_t expected_region, uint64_t expected_pa)
{
    size_t region = SIZE_MAX;
    uint64_t pa = UINT64_MAX;

    require(rprocfw_board_find(board, da, size, &region, &pa) == RPROCFW_PLACE_INSIDE, "0x%x/%u",
            (unsigned)da, (unsigned)size);
    require(region == expected_region && pa == expected_pa, "0x%x/%u: %zu, 0x%llx", (unsigned)da,
            (unsigned)size, region, (unsigned long long)pa);
    ck_assert_int_eq(rprocfw_board_find(board, da, size, NULL, NULL), RPROCFW_PLACE_INSIDE);
}

/* What there is nothing to say of is left alone. */
static void require_no_place(const struct rprocfw_board *board, uint32_t da, uint32_t size,
                             enum rprocfw_board_place expected)
{
    size_t region = 77;
    uint64_t pa = 78;

    require(rprocfw_board_find(board, da, size, &region, &pa) == expected, "0x%x/%u", (unsigned)da,
            (unsigned)size);
    ck_assert_uint_eq(region, 77);
    ck_assert_uint_eq(pa, 78);
}

START_TEST(bytes_lie_in_one_region_at_their_distance_from_the_range)
{
    const struct rprocfw_board board = make_board(RPROCFW_TA_ST);

    require_place(&board, 0, 1, 0, 0x38000000);
    require_place(&board, 0, 0x10000, 0, 0x38000000);
    require_place(&board, 0xFFFF, 1, 0, 0x3800FFFF);
    require_place(&board, 0x10000000, 0x20000, 1, 0x10000000);
    require_place(&board, 0x10020000, 0x20000, 2, 0x10020000);
    require_place(&board, 0x1001FFFC, 4, 1, 0x1001FFFC);
    require_place(&board, 0x30020010, 16, 2, 0x10020010);
}
END_TEST

START_TEST(neighbours_are_not_merged)
{
    struct rprocfw_board_range halves[] = {
        {0x10000000, 0x10000000, 0x10000},
        {0x10010000, 0x10010000, 0x10000},
    };
    struct rprocfw_board board = make_board(RPROCFW_TA_ST);

    require_no_place(&board, 0x1001FFFC, 5, RPROCFW_PLACE_NO_REGION);
    require_no_place(&board, 0x10000000, 0x40000, RPROCFW_PLACE_NO_REGION);
    board.range = halves;
    board.range_count = COUNT(halves);
    require_place(&board, 0x1000FFFC, 4, 1, 0x1000FFFC);
    require_no_place(&board, 0x1000FFFC, 5, RPROCFW_PLACE_NO_RANGE);
}
END_TEST

START_TEST(outside_of_the_ranges_and_of_the_regions_are_two_things)
{
    const enum rprocfw_ta_family families[] = {RPROCFW_TA_OPTEE, RPROCFW_TA_ST};

    for (size_t i = 0; i < COUNT(families); i++) {
        const struct rprocfw_board board = make_board(families[i]);

        require_no_place(&board, 0xFFFF, 2, RPROCFW_PLACE_NO_RANGE);
        require_no_place(&board, 0x10000, 1, RPROCFW_PLACE_NO_RANGE);
        require_no_place(&board, 0x0FFFFFFF, 2, RPROCFW_PLACE_NO_RANGE);
        require_no_place(&board, 0x10040000, 1, RPROCFW_PLACE_NO_REGION);
        require_no_place(&board, 0x1005FFFF, 1, RPROCFW_PLACE_NO_REGION);
        require_no_place(&board, 0x10060000, 1, RPROCFW_PLACE_NO_RANGE);
    }
}
END_TEST

START_TEST(what_is_empty_or_wraps_is_nowhere)
{
    struct rprocfw_board_range all[] = {{0, 0, 0x100000000}};
    struct rprocfw_board_region memory[] = {{name, 0, 0x100000000, RPROCFW_WORLD_ANY}};
    struct rprocfw_board board = make_board(RPROCFW_TA_ST);

    require_no_place(&board, 0x10000000, 0, RPROCFW_PLACE_NO_RANGE);
    require_no_place(&board, 0x10000010, 0xFFFFFFF0, RPROCFW_PLACE_NO_RANGE);
    board.range = all;
    board.range_count = COUNT(all);
    board.region = memory;
    board.region_count = COUNT(memory);
    require_place(&board, 0, 0xFFFFFFFF, 0, 0);
    require_place(&board, 0xFFFFFFFF, 1, 0, 0xFFFFFFFF);
    require_no_place(&board, 0xFFFFFFFF, 2, RPROCFW_PLACE_NO_RANGE);
    require_no_place(&board, 2, 0xFFFFFFFF, RPROCFW_PLACE_NO_RANGE);
    board.range_count = 0;
    require_no_place(&board, 0, 1, RPROCFW_PLACE_NO_RANGE);
}
END_TEST

START_TEST(physical_addresses_have_64_bits)
{
    struct rprocfw_board_range high[] = {{0xC0000000, UINT64_MAX - 0x40000000, 0x40000000}};
    struct rprocfw_board_region memory[] = {{name, UINT64_MAX - 0x1000, 0x1000, RPROCFW_WORLD_ANY}};
    struct rprocfw_board board = make_board(RPROCFW_TA_ST);

    board.range = high;
    board.range_count = COUNT(high);
    board.region = memory;
    board.region_count = COUNT(memory);
    require_place(&board, 0xFFFFF000, 0x1000, 0, UINT64_MAX - 0x1000);
    require_no_place(&board, 0xFFFFEFFF, 2, RPROCFW_PLACE_NO_REGION);
}
END_TEST

/* Two device addresses of one memory: 0x10000000 and 0x30000000. */
START_TEST(regions_of_optee_have_the_device_address_of_the_first_range_only)
{
    const struct rprocfw_board optee = make_board(RPROCFW_TA_OPTEE);
    const struct rprocfw_board st = make_board(RPROCFW_TA_ST);

    require_place(&optee, 0x10000000, 4, 1, 0x10000000);
    require_place(&st, 0x30000000, 4, 1, 0x10000000);
    require_no_place(&optee, 0x30000000, 4, RPROCFW_PLACE_NO_REGION);
}
END_TEST

/* The first range over the bytes decides for ST, the first over the region for OP-TEE. */
START_TEST(of_ranges_over_each_other_the_first_counts)
{
    struct rprocfw_board_range ranges[] = {
        {0x10000000, 0x50000000, 0x1000},
        {0x10000000, 0x10000000, 0x60000},
    };
    struct rprocfw_board st = make_board(RPROCFW_TA_ST);
    struct rprocfw_board optee = make_board(RPROCFW_TA_OPTEE);

    st.range = optee.range = ranges;
    st.range_count = optee.range_count = COUNT(ranges);
    require_no_place(&st, 0x10000000, 0x1000, RPROCFW_PLACE_NO_REGION);
    require_place(&st, 0x10000000, 0x1001, 1, 0x10000000);
    require_place(&optee, 0x10000000, 0x1000, 1, 0x10000000);
}
END_TEST

START_TEST(a_region_that_no_range_is_over_is_none_of_optees)
{
    struct rprocfw_board_range ranges[] = {{0x10000000, 0x10000000, 0x30000}};
    struct rprocfw_board st = make_board(RPROCFW_TA_ST);
    struct rprocfw_board optee = make_board(RPROCFW_TA_OPTEE);

    st.range = optee.range = ranges;
    st.range_count = optee.range_count = COUNT(ranges);
    require_place(&st, 0x10020000, 4, 2, 0x10020000);
    require_no_place(&optee, 0x10020000, 4, RPROCFW_PLACE_NO_REGION);
}
END_TEST

START_TEST(of_regions_over_each_other_the_first_counts)
{
    struct rprocfw_board_region regions[] = {
        {name, 0x10000000, 0x1000, RPROCFW_WORLD_SECURE},
        {name, 0x10000000, 0x60000, RPROCFW_WORLD_ANY},
    };
    struct rprocfw_board board = make_board(RPROCFW_TA_ST);

    board.region = regions;
    board.region_count = COUNT(regions);
    require_place(&board, 0x10000000, 0x1000, 0, 0x10000000);
    require_place(&board, 0x10000000, 0x1001, 1, 0x10000000);
}
END_TEST

int main(void)
{
    RUN_TESTS("board_find", bytes_lie_in_one_region_at_their_distance_from_the_range,
              neighbours_are_not_merged, outside_of_the_ranges_and_of_the_regions_are_two_things,
              what_is_empty_or_wraps_is_nowhere, physical_addresses_have_64_bits,
              regions_of_optee_have_the_device_address_of_the_first_range_only,
              of_ranges_over_each_other_the_first_counts,
              a_region_that_no_range_is_over_is_none_of_optees,
              of_regions_over_each_other_the_first_counts);
}
