/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The boards that are shipped: each as it was read off the devices' sources, told here once more;
 * and in the library to the byte as in the folder that is installed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/host/boards/board.h"
#include "suite.h"

#define KIB         1024u
#define MIB         (1024u * KIB)
#define RSA_ONLY    (1u << RPROCFW_SIGNTYPE_RSA)
#define RSA_ECDSA   (RSA_ONLY | 1u << RPROCFW_SIGNTYPE_ECDSA)
#define ANY         RPROCFW_WORLD_ANY
#define SECURE      RPROCFW_WORLD_SECURE
#define NONSECURE   RPROCFW_WORLD_NONSECURE
#define LIST_LENGTH 10

struct expected_region {
    const char *name; /* NULL: the end */
    uint64_t pa;
    uint64_t size;
    enum rprocfw_world world;
};

struct expected_board {
    const char *name;
    struct rprocfw_ta ta;
    struct rprocfw_board_range range[LIST_LENGTH]; /* up to size 0 */
    struct expected_region region[LIST_LENGTH];
    bool has_seen;
    struct expected_region seen[LIST_LENGTH];
    unsigned signtypes;
    bool encrypted;
    enum rprocfw_board_pkeyinfo pkeyinfo;
    struct rprocfw_board_tlv tlv[3]; /* up to type 0 */
    bool any_tlv;
    uint32_t bootaddr_alignment;
    bool old_layout;
};

#define OPTEE(bits)                                      \
    {                                                    \
        RPROCFW_TA_OPTEE, 4, 10, bits, 4 * KIB, 10 * MIB \
    }
#define ST(bits)                                     \
    {                                                \
        RPROCFW_TA_ST, 4, 0, bits, 4 * KIB, 10 * MIB \
    }

#define MP15_OPTEE_RANGES                                            \
    {                                                                \
        {0, 0x38000000, 0x10000}, {0x10000000, 0x10000000, 0x60000}, \
        {                                                            \
            0x30000000, 0x30000000, 0x60000                          \
        }                                                            \
    }

#define MP25                                                                                \
    .ta = ST(64), .signtypes = RSA_ECDSA, .encrypted = true,                                \
    .pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN, .tlv = {{0x10001, true}, {0x10002, false}}, \
    .bootaddr_alignment = 128, .has_seen = true,                                            \
    .range = {{0, 0x80000000, 0x8000000},                                                   \
              {0x08000000, 0x08000000, 0x8000000},                                          \
              {0x10000000, 0x80000000, 0x10000000},                                         \
              {0x20000000, 0x20000000, 0xD0000000}}

static const struct expected_board expected_boards[] = {
    {
        .name = "stm32mp15-optee",
        .ta = OPTEE(32),
        .range = MP15_OPTEE_RANGES,
        .region = {{"retram", 0x38000000, 0x10000, ANY},
                   {"mcuram2", 0x10000000, 0x40000, ANY},
                   {"vring0", 0x10040000, 0x1000, ANY},
                   {"vring1", 0x10041000, 0x1000, ANY},
                   {"vdev0buffer", 0x10042000, 0x4000, ANY},
                   {"ipc_shmem", 0x10048000, 0x8000, ANY},
                   {"mcuram", 0x30000000, 0x40000, ANY}},
        .signtypes = RSA_ONLY,
        .any_tlv = true,
    },
    {
        .name = "stm32mp15-dhcom",
        .ta = OPTEE(32),
        .range = MP15_OPTEE_RANGES,
        .region = {{"retram", 0x38000000, 0x10000, ANY},
                   {"mcuram2", 0x10000000, 0x40000, ANY},
                   {"vring0", 0x10040000, 0x1000, ANY},
                   {"vring1", 0x10041000, 0x1000, ANY},
                   {"vdev0buffer", 0x10042000, 0x4000, ANY},
                   {"mcuram", 0x30000000, 0x40000, ANY}},
        .signtypes = RSA_ONLY,
        .any_tlv = true,
    },
    {
        .name = "stm32mp15-st",
        .ta = ST(32),
        .range = {{0, 0x38000000, 0x10000},
                  {0x10000000, 0x10000000, 0x60000},
                  {0x30000000, 0x10000000, 0x60000}},
        .region = {{"retram", 0x38000000, 0x10000, ANY},
                   {"sram1", 0x10000000, 0x20000, ANY},
                   {"sram2", 0x10020000, 0x20000, ANY},
                   {"sram3", 0x10040000, 0x10000, ANY}},
        .signtypes = RSA_ECDSA,
        .encrypted = true,
        .pkeyinfo = RPROCFW_BOARD_PKEYINFO_UNKNOWN,
        .tlv = {{0x10001, false}, {0x10002, false}},
    },
    {
        .name = "stm32mp257f-ev1",
        MP25,
        .region = {{"tfm_code", 0x80000000, 0x100000, SECURE},
                   {"cm33_cube_fw", 0x80100000, 0x800000, NONSECURE},
                   {"tfm_data", 0x80900000, 0x100000, SECURE},
                   {"cm33_cube_data", 0x80A00000, 0x800000, NONSECURE},
                   {"ipc_shmem", 0x81200000, 0x100000, NONSECURE},
                   {"sram1", 0x0A041000, 0x1F000, ANY},
                   {"sram2", 0x0A060000, 0x20000, ANY},
                   {"retram", 0x0A080000, 0x1F000, ANY}},
        .seen = {{"ipc_shmem", 0x81200000, 0xF8000, ANY},
                 {"vring0", 0x812F8000, 0x1000, ANY},
                 {"vring1", 0x812F9000, 0x1000, ANY},
                 {"vdev0buffer", 0x812FA000, 0x6000, ANY},
                 {"sram2", 0x0A060000, 0x20000, ANY}},
    },
    {
        .name = "stm32mp257f-dk",
        MP25,
        .region = {{"tfm_code", 0x80000000, 0x100000, SECURE},
                   {"cm33_cube_fw", 0x80100000, 0x800000, NONSECURE},
                   {"tfm_data", 0x80900000, 0x100000, SECURE},
                   {"cm33_cube_data", 0x80A00000, 0x800000, NONSECURE},
                   {"ipc_shmem", 0x81200000, 0x100000, NONSECURE},
                   {"sram2", 0x0A060000, 0x20000, ANY}},
        .seen = {{"ipc_shmem", 0x81200000, 0xF8000, ANY},
                 {"vring0", 0x812F8000, 0x1000, ANY},
                 {"vring1", 0x812F9000, 0x1000, ANY},
                 {"vdev0buffer", 0x812FA000, 0x6000, ANY},
                 {"sram2", 0x0A060000, 0x20000, ANY}},
    },
    {
        .name = "stm32mp257f-ev1-sram",
        MP25,
        .region = {{"cm33_cube_fw", 0x0A041000, 0x1F000, NONSECURE},
                   {"cm33_cube_data", 0x0A060000, 0x10000, NONSECURE},
                   {"ipc_shmem", 0x0A070000, 0x10000, NONSECURE},
                   {"retram", 0x0A080000, 0x1F000, ANY},
                   {"tfm_code", 0x80000000, 0x100000, SECURE},
                   {"tfm_data", 0x80100000, 0x100000, SECURE}},
        .seen = {{"ipc_shmem", 0x0A070000, 0x8000, ANY},
                 {"vring0", 0x0A078000, 0x1000, ANY},
                 {"vring1", 0x0A079000, 0x1000, ANY},
                 {"vdev0buffer", 0x0A07A000, 0x6000, ANY}},
    },
    {
        .name = "rcar-gen3-cr7",
        .ta = {RPROCFW_TA_ST, 3, 9, 64, 4 * KIB, 0},
        .range = {{0, 0, UINT64_C(0x100000000)}},
        .region = {{"cr7", 0x40040000, 0x1FC0000, ANY}},
        .signtypes = RSA_ONLY,
        .any_tlv = true,
        .old_layout = true,
    },
    {
        .name = "imx8mp-m7",
        .ta = OPTEE(64),
        .range = {{0, 0x7E0000, 0x20000}, {0x20000000, 0x800000, 0x20000}},
        .region = {{"itcm", 0x7E0000, 0x20000, ANY}, {"dtcm", 0x800000, 0x20000, ANY}},
        .signtypes = RSA_ONLY,
        .any_tlv = true,
    },
};

static struct rprocfw_board *load_board(const char *name)
{
    const struct rprocfw_board_source source = {.name = name};
    struct rprocfw_board *board;
    struct rprocfw_error error;

    require(rprocfw_board_load(&board, &source, &error) == RPROCFW_OK, "%s", error.text);
    return board;
}

static void require_ranges(const struct rprocfw_board *board,
                           const struct rprocfw_board_range *expected)
{
    size_t count = 0;

    for (; expected[count].size > 0; count++) {
        const struct rprocfw_board_range *range = &board->range[count];

        require(count < board->range_count && range->da == expected[count].da &&
                    range->pa == expected[count].pa && range->size == expected[count].size,
                "%s: range %zu", board->name, count);
    }
    require(count == board->range_count, "%s: %zu ranges", board->name, board->range_count);
}

static void require_regions(const char *name, const struct rprocfw_board_region *list,
                            size_t list_count, const struct expected_region *expected)
{
    size_t count = 0;

    for (; expected[count].name != NULL; count++)
        require(count < list_count && strcmp(list[count].name, expected[count].name) == 0 &&
                    list[count].pa == expected[count].pa &&
                    list[count].size == expected[count].size &&
                    list[count].world == expected[count].world,
                "%s: %s", name, expected[count].name);
    require(count == list_count, "%s: %zu regions", name, list_count);
}

static void require_tlvs(const struct rprocfw_board *board,
                         const struct rprocfw_board_tlv *expected)
{
    size_t count = 0;

    for (; expected[count].type != 0; count++)
        require(count < board->tlv_count && board->tlv[count].type == expected[count].type &&
                    board->tlv[count].required == expected[count].required,
                "%s: platform TLV %zu", board->name, count);
    require(count == board->tlv_count, "%s: %zu platform TLVs", board->name, board->tlv_count);
}

START_TEST(each_board_is_as_its_sources_say)
{
    const struct expected_board *expected = &expected_boards[_i];
    struct rprocfw_board *board = load_board(expected->name);

    ck_assert_str_eq(board->name, expected->name);
    ck_assert_int_eq(board->ta.family, expected->ta.family);
    ck_assert_uint_eq(board->ta.major, expected->ta.major);
    ck_assert_uint_eq(board->ta.minor, expected->ta.minor);
    ck_assert_uint_eq(board->ta.bits, expected->ta.bits);
    ck_assert_uint_eq(board->ta.heap, expected->ta.heap);
    ck_assert_uint_eq(board->ta.map_limit, expected->ta.map_limit);
    require_ranges(board, expected->range);
    require_regions(board->name, board->region, board->region_count, expected->region);
    ck_assert_int_eq(board->has_seen, expected->has_seen);
    require_regions(board->name, board->seen, board->seen_count, expected->seen);
    ck_assert_uint_eq(board->signtypes, expected->signtypes);
    ck_assert_int_eq(board->encrypted, expected->encrypted);
    ck_assert_int_eq(board->pkeyinfo, expected->pkeyinfo);
    require_tlvs(board, expected->tlv);
    ck_assert_int_eq(board->any_tlv, expected->any_tlv);
    ck_assert_uint_eq(board->bootaddr_alignment, expected->bootaddr_alignment);
    ck_assert_int_eq(board->old_layout, expected->old_layout);
    rprocfw_board_free(board);
}
END_TEST

/* All of a file; *size is at most that of room. */
static void read_file(const char *path, uint8_t *room, size_t *size)
{
    FILE *file = fopen(path, "rb");
    const size_t limit = *size;

    require(file != NULL, "%s", path);
    *size = fread(room, 1, limit, file);
    require(ferror(file) == 0 && *size < limit, "%s", path);
    ck_assert_int_eq(fclose(file), 0);
}

/* By its name it is what it is by the path of its file. */
START_TEST(the_library_has_the_bytes_of_the_files)
{
    static uint8_t room[65536];
    const struct rprocfw_board_shipped *shipped = &rprocfw_boards_shipped[_i];
    size_t size = sizeof(room);
    char path[4096];

    (void)snprintf(path, sizeof(path), BOARDS "/%s.yaml", shipped->name);
    read_file(path, room, &size);
    require(size == shipped->size && memcmp(room, shipped->bytes, size) == 0, "%s", path);
    rprocfw_board_free(load_board(path));
}
END_TEST

START_TEST(all_boards_are_expected_and_named)
{
    size_t count = 0;

    for (; rprocfw_board_name(count) != NULL; count++)
        ck_assert_str_eq(rprocfw_board_name(count), rprocfw_boards_shipped[count].name);
    ck_assert_uint_eq(count, COUNT(expected_boards));
    ck_assert_ptr_null(rprocfw_board_name(SIZE_MAX));
}
END_TEST

START_TEST(a_board_names_its_sources)
{
    struct rprocfw_board *board = load_board(expected_boards[_i].name);

    ck_assert_uint_ge(board->source_count, 1);
    for (size_t i = 0; i < board->source_count; i++)
        ck_assert_uint_gt(strlen(board->source[i]), 10);
    ck_assert_uint_gt(strlen(board->title), 10);
    rprocfw_board_free(board);
}
END_TEST

/* What they are for: firmware at the usual addresses has a place. */
START_TEST(each_region_has_a_device_address)
{
    struct rprocfw_board *board = load_board(expected_boards[_i].name);

    for (size_t i = 0; i < board->region_count; i++) {
        bool found = false;

        for (size_t k = 0; k < board->range_count && !found; k++) {
            const struct rprocfw_board_range *range = &board->range[k];
            const uint64_t da = range->da + (board->region[i].pa - range->pa);
            size_t region;
            uint64_t pa;

            found = da <= UINT32_MAX &&
                    rprocfw_board_find(board, (uint32_t)da, (uint32_t)board->region[i].size,
                                       &region, &pa) == RPROCFW_PLACE_INSIDE &&
                    region == i && pa == board->region[i].pa;
        }
        require(found, "%s: %s", board->name, board->region[i].name);
    }
    rprocfw_board_free(board);
}
END_TEST

START_TEST(an_unknown_name_is_refused_with_those_that_are_known)
{
    const struct rprocfw_board_source source = {.name = "stm32mp15"};
    struct rprocfw_board *board;
    struct rprocfw_error error;

    ck_assert_int_eq(rprocfw_board_load(&board, &source, &error), RPROCFW_ERR_USAGE);
    ck_assert_ptr_null(board);
    for (size_t i = 0; i < COUNT(expected_boards); i++)
        ck_assert_ptr_nonnull(strstr(error.text, expected_boards[i].name));
}
END_TEST

int main(void)
{
    const TTest *const each[] = {each_board_is_as_its_sources_say,
                                 the_library_has_the_bytes_of_the_files, a_board_names_its_sources,
                                 each_region_has_a_device_address};
    const TTest *const once[] = {all_boards_are_expected_and_named,
                                 an_unknown_name_is_refused_with_those_that_are_known};
    const int failed = run_loop_tests("boards", each, COUNT(each), COUNT(expected_boards));

    return run_tests("boards", once, COUNT(once)) != 0 || failed != 0 ? 1 : 0;
}
