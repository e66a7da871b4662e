/* SPDX-License-Identifier: BSD-2-Clause */
/* The entries of a resource table, one wrong at a time. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/host/findings/findings.h"
#include "arena.h"
#include "suite.h"

#define ENTRY 24u /* offset of the only entry; its body is behind the type */
#define BODY  (ENTRY + 4)

static uint8_t table[256];
static uint32_t size;

static void put(uint32_t offset, uint32_t value)
{
    rprocfw_u32_encode(table + offset, value);
}

static void begin(uint32_t type, uint32_t body)
{
    memset(table, 0, sizeof(table));
    put(0, 1);
    put(4, 1);
    put(16, ENTRY);
    put(ENTRY, type);
    size = BODY + body;
}

/* ---- What is told, one a line ---- */

static char *told;
static size_t told_size;
static FILE *to;

static void tell_wrong(void *ctx, uint32_t number, enum rprocfw_rsc_wrong wrong, const char *text)
{
    static const char *const names[] = {"malformed", "devmem", "unaligned", "unknown"};

    ck_assert_ptr_eq(ctx, table);
    ck_assert_str_ne(text, "");
    (void)fprintf(to, "%u %s %s\n", number, names[wrong], text);
}

static void tell_area(void *ctx, uint32_t number, const struct rprocfw_rsc_area *area)
{
    ck_assert_ptr_eq(ctx, table);
    ck_assert_uint_ne(area->size, 0);
    (void)fprintf(to, "%u %s at 0x%08x, %llu bytes\n", number, area->what, area->da,
                  (unsigned long long)area->size);
}

/* Over a copy of exactly that size, so that a sanitizer sees every byte too far. */
static const char *walk(void)
{
    const struct rprocfw_rsc_visitor visitor = {tell_wrong, tell_area, table};
    const struct bytes copy = arena_copy(table, size, 0);

    free(told);
    to = open_memstream(&told, &told_size);
    ck_assert_ptr_nonnull(to);
    rprocfw_rsc_walk(copy.data, size, &visitor);
    ck_assert_int_eq(fclose(to), 0);
    return told;
}

/* ---- Entries ---- */

START_TEST(a_carveout)
{
    begin(0, 52);
    put(BODY, 0x10000000);
    put(BODY + 4, 0xFFFFFFFF);
    put(BODY + 8, 0x1000);
    put(BODY + 12, 7);
    memcpy(table + BODY + 20, "12345678901234567890123456789\t12", 32); /* not terminated */
    ck_assert_str_eq(walk(), "0 carveout 12345678901234567890123456789?12 at 0x10000000, 4096 "
                             "bytes\n");
    size--;
    ck_assert_str_eq(walk(), "0 malformed the carveout is cut off: it takes 52 bytes, and the "
                             "table ends after 51; let the section hold all of it\n");
    size++;
    put(BODY + 16, 0x80000000);
    ck_assert_str_eq(walk(), "0 malformed the carveout has 0x80000000 in its reserved word; write "
                             "0\n");
}
END_TEST

START_TEST(a_devmem)
{
    begin(1, 52);
    put(BODY, 0x40000000);
    ck_assert_str_eq(walk(), "0 devmem a devmem (device address 0x40000000): Linux refuses it for "
                             "a remote processor without IOMMU; leave it out\n");
    size--;
    ck_assert_str_eq(walk(), "0 malformed the devmem is cut off: it takes 52 bytes, and the table "
                             "ends after 51; let the section hold all of it\n");
}
END_TEST

START_TEST(a_trace_buffer)
{
    begin(2, 44);
    put(BODY, 0x10000000);
    put(BODY + 4, 1);
    ck_assert_str_eq(walk(), "0 trace buffer at 0x10000000, 1 bytes\n");
    put(BODY + 4, 0); /* of no bytes: nothing to look at */
    ck_assert_str_eq(walk(), "");
    put(BODY + 4, 1);
    put(BODY, UINT32_MAX); /* Linux chooses */
    ck_assert_str_eq(walk(), "");
    put(BODY + 8, 1);
    ck_assert_str_eq(walk(), "0 malformed the trace buffer has 0x00000001 in its reserved word; "
                             "write 0\n");
    size--;
    ck_assert_str_eq(walk(), "0 malformed the trace buffer is cut off: it takes 44 bytes, and the "
                             "table ends after 43; let the section hold all of it\n");
}
END_TEST

static void begin_vdev(uint8_t vrings)
{
    begin(3, 24 + 20u * vrings);
    table[BODY + 21] = vrings;
    for (uint32_t i = 0; i < vrings; i++) {
        put(BODY + 24 + 20 * i, 0x10040000 + 0x1000 * i);
        put(BODY + 28 + 20 * i, 16);
        put(BODY + 32 + 20 * i, 16);
    }
}

START_TEST(a_vdev)
{
    begin_vdev(2);
    ck_assert_str_eq(walk(), "0 vring 0 at 0x10040000, 4096 bytes\n"
                             "0 vring 1 at 0x10041000, 4096 bytes\n");
    put(BODY + 16, 1); /* configuration */
    ck_assert_str_eq(walk(), "0 malformed the vdev is cut off: with its 2 vrings and configuration "
                             "it takes 65 bytes, and the table ends after 64; let the section hold "
                             "all of it\n");
    put(BODY + 16, UINT32_MAX);
    ck_assert_str_eq(walk(), "0 malformed the vdev is cut off: with its 2 vrings and configuration "
                             "it takes 4294967359 bytes, and the table ends after 64; let the "
                             "section hold all of it\n");
    begin_vdev(0);
    ck_assert_str_eq(walk(), "");
    size--;
    ck_assert_str_eq(walk(), "0 malformed the vdev is cut off: with its 0 vrings and configuration "
                             "it takes 24 bytes, and the table ends after 23; let the section hold "
                             "all of it\n");
    begin_vdev(3);
    ck_assert_str_eq(walk(), "0 malformed the vdev has 3 vrings; Linux takes at most 2\n");
    begin_vdev(1);
    table[BODY + 23] = 9;
    ck_assert_str_eq(walk(), "0 malformed the vdev has 0x00 0x09 in its reserved bytes; write 0\n");
}
END_TEST

static const char *vring(uint32_t num, uint32_t align)
{
    begin_vdev(1);
    put(BODY + 28, align);
    put(BODY + 32, num);
    return walk();
}

START_TEST(a_vring)
{
    ck_assert_str_eq(vring(1, 1), "0 vring 0 at 0x10040000, 4096 bytes\n");
    ck_assert_str_eq(vring(16, 4096), "0 vring 0 at 0x10040000, 8192 bytes\n");
    ck_assert_str_eq(vring(256, 4), "0 vring 0 at 0x10040000, 8192 bytes\n");
    ck_assert_str_eq(vring(32768, 0x80000000), "0 vring 0 at 0x10040000, 2147749888 bytes\n");
    ck_assert_str_eq(vring(32768, 1), "0 vring 0 at 0x10040000, 856064 bytes\n");
    ck_assert_str_eq(vring(0, 16),
                     "0 malformed vring 0 has 0 buffers; give a power of two, at most "
                     "32768\n");
    ck_assert_str_eq(vring(12, 16), "0 malformed vring 0 has 12 buffers; give a power of two, at "
                                    "most 32768\n");
    ck_assert_str_eq(vring(65536, 16), "0 malformed vring 0 has 65536 buffers; give a power of "
                                       "two, at most 32768\n");
    ck_assert_str_eq(vring(16, 0), "0 malformed vring 0 has an alignment of 0; give a power of "
                                   "two\n");
    ck_assert_str_eq(vring(16, 24), "0 malformed vring 0 has an alignment of 24; give a power of "
                                    "two\n");
}
END_TEST

START_TEST(types)
{
    static const uint32_t vendors[] = {128, 129, 512};
    static const uint32_t unknown[] = {4, 127, 513, UINT32_MAX};

    for (unsigned i = 0; i < COUNT(vendors); i++) {
        begin(vendors[i], 0);
        ck_assert_str_eq(walk(), "");
    }
    for (unsigned i = 0; i < COUNT(unknown); i++) {
        begin(unknown[i], 0);
        ck_assert_ptr_nonnull(strstr(walk(), "is none that Linux knows"));
    }
}
END_TEST

START_TEST(offsets)
{
    begin(128, 0);
    put(16, size - 3);
    ck_assert_str_eq(walk(), "0 malformed it is at 0x19, behind the 28 bytes of the table; correct "
                             "the offset\n");
    put(16, UINT32_MAX);
    ck_assert_str_eq(walk(), "0 malformed it is at 0xffffffff, behind the 28 bytes of the table; "
                             "correct the offset\n");
    begin(128 << 8, 1);
    put(16, ENTRY + 1);
    ck_assert_str_eq(walk(),
                     "0 unaligned it is at 0x19, which is no multiple of 4; align it to 4 bytes\n");
}
END_TEST

/* A table that says anything, of any size: a sanitizer looks. */
START_TEST(tables_that_are_cut_off_anywhere)
{
    begin_vdev(2);
    put(4, 2);
    put(20, BODY + 64);
    put(BODY + 64, 0);
    for (size = BODY + 64 + 4 + 52; size >= RPROCFW_RSC_HEADER_SIZE; size--)
        (void)walk();
    put(4, UINT32_MAX);
    size = RPROCFW_RSC_HEADER_SIZE + 3;
    ck_assert_str_eq(walk(), "");
}
END_TEST

int main(void)
{
    RUN_TESTS("rsc_table", a_carveout, a_devmem, a_trace_buffer, a_vdev, a_vring, types, offsets,
              tables_that_are_cut_off_anywhere);
}
