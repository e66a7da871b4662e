/* SPDX-License-Identifier: BSD-2-Clause */
/* What is looked for in a file is found wherever it stands, each time once. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../src/host/host.h"
#include "suite.h"

#define CHUNK   (256u * 1024) /* what the search reads at once */
#define LONGEST RPROCFW_NUMBER_ROOM

static char name[64];
static int fd;
static struct rprocfw_error error;
static uint8_t needle_bytes[LONGEST];

/* An empty file, and a needle of which no part is another's. */
static void make_file(void)
{
    for (size_t i = 0; i < LONGEST; i++)
        needle_bytes[i] = (uint8_t)(1 + (i * i + i / 255) % 255);
    (void)strcpy(name, "/tmp/rprocfw-search-XXXXXX");
    fd = mkstemp(name);
    ck_assert_int_ge(fd, 0);
}

static void remove_file(void)
{
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(unlink(name), 0);
}

static void put(uint64_t offset, const uint8_t *bytes, size_t size)
{
    ck_assert_int_eq(rprocfw_write_at(fd, name, offset, bytes, size, &error), RPROCFW_OK);
}

static void search(struct rprocfw_needle *needles, size_t count)
{
    struct rprocfw_input file;

    ck_assert_int_eq(rprocfw_input_open(&file, name, &error), RPROCFW_OK);
    ck_assert_int_eq(rprocfw_search(&file, needles, count, &error), RPROCFW_OK);
    rprocfw_input_close(&file);
}

static void require_at(uint64_t offset, size_t size)
{
    static const uint8_t zeros[LONGEST];
    struct rprocfw_needle needle = {.bytes = needle_bytes, .size = size};

    put(offset, needle_bytes, size);
    search(&needle, 1);
    require(needle.count == 1 && needle.offset == offset,
            "%zu bytes at %llu: found %llu times, first at %llu", size, (unsigned long long)offset,
            (unsigned long long)needle.count, (unsigned long long)needle.offset);
    put(offset, zeros, size);
}

/* At the ends of the file, and around the border of two chunks: of long ones not at each place. */
START_TEST(across_borders)
{
    static const size_t sizes[] = {1, 2, 32, 256, LONGEST - 1, LONGEST};
    const uint64_t end = 2 * CHUNK + 10;

    make_file();
    ck_assert_int_eq(ftruncate(fd, (off_t)end), 0);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        const size_t size = sizes[i];

        for (uint64_t at = CHUNK - size - 1; at <= CHUNK + 1; at += size < 64 ? 1 : 37)
            require_at(at, size);
        require_at(CHUNK - size, size);
        require_at(CHUNK - size + 1, size);
        require_at(CHUNK - 1, size);
        require_at(CHUNK, size);
        require_at(0, size);
        require_at(end - size, size);
    }
    remove_file();
}
END_TEST

/* Short ones, in what is kept of a chunk for long ones, are not found again. */
START_TEST(each_counts_once)
{
    struct rprocfw_needle needles[] = {{.bytes = needle_bytes, .size = 32},
                                       {.bytes = needle_bytes, .size = LONGEST},
                                       {.bytes = needle_bytes + 32, .size = 32}};

    make_file();
    ck_assert_int_eq(ftruncate(fd, 3 * CHUNK), 0);
    put(0, needle_bytes, 32);
    put(CHUNK - 100, needle_bytes, 32);
    put(CHUNK - 32, needle_bytes, 32);
    put(2 * CHUNK - 16, needle_bytes, LONGEST);
    put(3 * CHUNK - 32, needle_bytes, 32);
    search(needles, COUNT(needles));
    ck_assert_uint_eq(needles[0].count, 5);
    ck_assert_uint_eq(needles[0].offset, 0);
    ck_assert_uint_eq(needles[1].count, 1);
    ck_assert_uint_eq(needles[1].offset, 2 * CHUNK - 16);
    ck_assert_uint_eq(needles[2].count, 1);
    ck_assert_uint_eq(needles[2].offset, 2 * CHUNK + 16);
    remove_file();
}
END_TEST

START_TEST(almost_is_not_there)
{
    struct rprocfw_needle needle = {.bytes = needle_bytes, .size = 256};
    uint8_t other[256];

    make_file();
    search(&needle, 1);
    ck_assert_uint_eq(needle.count, 0); /* an empty file */
    put(0, needle_bytes, 255);
    search(&needle, 1);
    ck_assert_uint_eq(needle.count, 0); /* one that ends before */
    memcpy(other, needle_bytes, sizeof(other));
    for (size_t i = 0; i < sizeof(other); i++) {
        other[i] ^= 0x80;
        put(CHUNK - 128, other, sizeof(other));
        search(&needle, 1);
        require(needle.count == 0, "byte %zu is another", i);
        other[i] ^= 0x80;
    }
    put(CHUNK - 128, other, sizeof(other));
    search(&needle, 1);
    ck_assert_uint_eq(needle.count, 1);
    remove_file();
}
END_TEST

/* It is found again behind itself only: one byte is not looked at for each place of the needle. */
START_TEST(what_repeats_itself_counts_side_by_side)
{
    static uint8_t same[4 * LONGEST];
    struct rprocfw_needle needle = {.bytes = same, .size = LONGEST};

    memset(same, 0xFF, sizeof(same));
    make_file();
    put(100, same, sizeof(same) - 1);
    search(&needle, 1);
    ck_assert_uint_eq(needle.count, 3);
    ck_assert_uint_eq(needle.offset, 100);
    remove_file();
}
END_TEST

int main(void)
{
    RUN_TESTS("search", across_borders, each_counts_once, almost_is_not_there,
              what_repeats_itself_counts_side_by_side);
}
