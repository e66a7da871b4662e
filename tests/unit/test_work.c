/* SPDX-License-Identifier: BSD-2-Clause */
/* The work buffer: how large it must be, what for, and that nothing else is written. */
#include <string.h>

#include "container.h"
#include "device.h"
#include "elf_image.h"
#include "firmware.h"
#include "suite.h"

#define ID     1u
#define CANARY 0xC7

static struct device d;
static struct memory memory;

/* Loads with size bytes of work buffer, whose neighbours must not change. */
static void load_with(struct bytes container, uint32_t size)
{
    const uint32_t around = 64;
    struct bytes all = arena_copy(NULL, 0, size + 2 * around);
    uint32_t i;

    memset(all.data, CANARY, all.size);
    d.work = (struct bytes){all.data + around, size};
    device_load(&d, ID, container);
    for (i = 0; i < around; i++) {
        require(all.data[i] == CANARY, "a byte before the work buffer was written");
        require(all.data[around + size + i] == CANARY, "byte %u behind the work buffer was written",
                i);
    }
}

/* A block of exactly that size, which a sanitizer watches. */
static void load_with_exactly(struct bytes container, uint32_t size)
{
    d.work = arena_copy(NULL, 0, size);
    device_load(&d, ID, container);
}

/* That size is enough, and not a byte less is. */
static void assert_needs(struct bytes container, uint32_t size)
{
    load_with(container, size);
    assert_status(&d, RPROCFW_OK);
    device_release(&d, ID);
    load_with_exactly(container, size);
    assert_status(&d, RPROCFW_OK);
    device_release(&d, ID);
    load_with_exactly(container, size - 1);
    assert_status(&d, RPROCFW_ERR_WORK_SIZE);
    ck_assert_uint_eq(d.write_count, 0);
}

START_TEST(the_size_that_verify_h_asks_for_is_enough_and_one_byte_less_is_not)
{
    struct bytes file;
    struct container c;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    file = container_join(&c);
    ck_assert_uint_eq(device_work_size(file), /* metadata, 4, entries and one more */
                      payload_offset(&c) + 4 + (5 + 1) * sizeof(struct rprocfw_range));
    assert_needs(file, device_work_size(file));
}
END_TEST

START_TEST(any_smaller_work_buffer_is_refused_and_nothing_loaded)
{
    struct bytes file;
    struct container c;
    uint32_t size;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    file = container_join(&c);
    for (size = 0; size < device_work_size(file); size++) {
        const size_t mark = arena_mark();

        load_with_exactly(file, size);
        assert_status(&d, RPROCFW_ERR_WORK_SIZE);
        ck_assert_uint_eq(d.diag.found, size);
        ck_assert_uint_eq(d.diag.expected,
                          size < payload_offset(&c) ? payload_offset(&c) : device_work_size(file));
        ck_assert_uint_eq(d.write_count, 0);
        ck_assert_uint_eq(d.calls.of[RELEASE], 1);
        ck_assert(memory_is_clear(&memory));
        arena_release(mark);
    }
}
END_TEST

START_TEST(a_larger_work_buffer_is_left_alone_behind_what_is_needed)
{
    struct bytes file;
    struct container c;
    uint32_t i;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    file = container_join(&c);
    load_with(file, device_work_size(file) + 100);
    assert_status(&d, RPROCFW_OK);
    for (i = device_work_size(file); i < d.work.size; i++)
        ck_assert_uint_eq(d.work.data[i], 0x5A); /* device_load()'s */
}
END_TEST

START_TEST(a_misaligned_work_buffer_is_refused)
{
    struct bytes aligned;
    struct bytes file;
    struct container c;
    uint32_t offset;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    file = container_join(&c);
    aligned = arena_copy(NULL, 0, device_work_size(file) + 64);
    for (offset = 0; offset <= 16; offset++) {
        const bool good = offset % _Alignof(struct rprocfw_range) == 0;

        d.work = (struct bytes){aligned.data + offset, aligned.size - offset};
        device_load(&d, ID, file);
        assert_status(&d, good ? RPROCFW_OK : RPROCFW_ERR_WORK_ALIGN);
        ck_assert_uint_eq(d.write_count == 0, !good);
        device_release(&d, ID);
    }
}
END_TEST

START_TEST(looking_whether_a_container_is_loaded_needs_the_metadata_only)
{
    struct bytes file;
    struct container c;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    file = container_join(&c);
    load_with(file, device_work_size(file));
    load_with(file, payload_offset(&c));
    assert_status(&d, RPROCFW_OK);
    load_with(file, payload_offset(&c) - 1);
    assert_status(&d, RPROCFW_ERR_WORK_SIZE);
    ck_assert_int_eq(device_state(&d, ID), RPROCFW_RPROC_LOADED);
}
END_TEST

static struct bytes container;

/* Of more bytes than a test has: header, TLV area and signature. */
static enum rprocfw_status read_metadata(void *ctx, uint32_t offset, void *data, uint32_t size)
{
    (void)ctx;
    memcpy(data, container.data + offset, size);
    return RPROCFW_OK;
}

static uint32_t verify_same_bytes(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    ck_assert_mem_eq(what->data, container.data, what->size);
    return RPROCFW_ERR_SIGNATURE;
}

/* The most significant byte of the payload's size is the header's last one. */
START_TEST(all_bytes_of_the_header_are_what_is_signed)
{
    struct rprocfw_platform platform;
    struct rprocfw_verifier v;
    struct container c;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    container = container_join(&c);
    container.data[RPROCFW_HEADER_SIZE - 1] = 0x10;
    d.work = arena_copy(NULL, 0, device_work_size(container));
    platform = d.platform;
    platform.read = read_metadata;
    platform.verify_signature = verify_same_bytes;
    ck_assert_int_eq(rprocfw_verify_begin(&v, &platform, &d, container.size + 0x10000000, 0),
                     RPROCFW_OK);
    ck_assert_int_eq(rprocfw_verify_finish(&v, d.work.data, d.work.size), RPROCFW_ERR_SIGNATURE);
}
END_TEST

/* Reads what comes behind the header not at all, and says that it did. */
static enum rprocfw_status read_header_alone(void *ctx, uint32_t offset, void *data, uint32_t size)
{
    (void)ctx;
    if (offset == 0)
        memcpy(data, container.data, size);
    return RPROCFW_OK;
}

START_TEST(what_is_in_the_work_buffer_before_is_not_taken_for_what_was_read)
{
    struct rprocfw_platform platform;
    struct rprocfw_verifier v;
    struct bytes work;
    struct container c;

    memory = firmware_memory();
    device_start_up(&d, &memory, 1);
    firmware_build(&c);
    container = container_join(&c);
    work = arena_copy(container.data, container.size, device_work_size(container));
    device_load(&d, ID, container);
    platform = d.platform;
    platform.read = read_header_alone;
    ck_assert_int_eq(rprocfw_verify_begin(&v, &platform, &d, container.size, 0), RPROCFW_OK);
    ck_assert_int_eq(rprocfw_verify_finish(&v, work.data, work.size), RPROCFW_ERR_SIGNTYPE_MISSING);
}
END_TEST

/* ---- RPROCFW_WORK_SIZE ---- */

/* An image of count PT_LOADs from number first on, each with an AES block and zero-fill. */
static struct bytes image_of(uint32_t first, uint32_t count)
{
    struct rprocfw_phdr *phdrs = arena_alloc(count * sizeof(*phdrs));
    uint32_t i;

    for (i = 0; i < count; i++) {
        const uint32_t da = 32 * (first + i);

        phdrs[i] = (struct rprocfw_phdr){PT_LOAD, 16 * i, da, da, 16, 32, 7, 4};
    }
    return elf_of_phdrs(phdrs, count, 16 * count);
}

/* The container that rproc.h describes, for so many program headers over all images. */
static struct bytes worst_container(uint32_t phdrs, bool encrypted)
{
    static struct container c;
    static const uint8_t filler[552];
    const uint32_t count = phdrs < 255 ? phdrs : 255;
    struct bytes images[255];
    uint32_t first = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        const uint32_t left = (phdrs - first) / (count - i);

        images[i] = image_of(first, left);
        first += left;
    }
    ck_assert_uint_eq(first, phdrs);
    container_build(&c, images, count, encrypted);
    tlv_append(&c, RPROCFW_TLV_PKEYINFO, filler, 552);
    for (i = 0; i < 16; i++) /* 256 bytes */
        tlv_append(&c, RPROCFW_TLV_PLATFORM_FIRST + i, filler, 1 + i % 8);
    c.signature = arena_copy(filler, 512, 0); /* RSA-4096 */
    container_measure(&c);
    return container_join(&c);
}

START_TEST(the_macro_is_exactly_enough_for_the_worst_container_of_so_many_program_headers)
{
    static const uint32_t numbers[] = {1, 2, 26, 255, 256, 300};
    size_t i;

    memory = (struct memory){.windows = {{0, 0x80000000, 0x4000}},
                             .regions = {{0x80000000, 0x4000, NULL}}};
    device_start_up(&d, &memory, 1);
    for (i = 0; i < COUNT(numbers); i++) {
        assert_needs(worst_container(numbers[i], false), RPROCFW_WORK_SIZE(numbers[i]));
        assert_needs(worst_container(numbers[i], true), RPROCFW_WORK_SIZE_ENCRYPTED(numbers[i]));
    }
}
END_TEST

START_TEST(the_macro_is_a_constant_that_takes_any_expression)
{
    static uint8_t as_array[RPROCFW_WORK_SIZE(26)];
    uint32_t n;

    memset(as_array, 0, sizeof(as_array));
    ck_assert_uint_eq(sizeof(as_array), RPROCFW_WORK_SIZE(26));
    for (n = 1; n < 1000; n++) {
        ck_assert_uint_lt(RPROCFW_WORK_SIZE(n), RPROCFW_WORK_SIZE(n + 1));
        ck_assert_uint_eq(RPROCFW_WORK_SIZE(n + 1 - 1), RPROCFW_WORK_SIZE(n)); /* parentheses */
    }
}
END_TEST

int main(void)
{
    RUN_TESTS("work", the_size_that_verify_h_asks_for_is_enough_and_one_byte_less_is_not,
              any_smaller_work_buffer_is_refused_and_nothing_loaded,
              a_larger_work_buffer_is_left_alone_behind_what_is_needed,
              a_misaligned_work_buffer_is_refused,
              looking_whether_a_container_is_loaded_needs_the_metadata_only,
              all_bytes_of_the_header_are_what_is_signed,
              what_is_in_the_work_buffer_before_is_not_taken_for_what_was_read,
              the_macro_is_exactly_enough_for_the_worst_container_of_so_many_program_headers,
              the_macro_is_a_constant_that_takes_any_expression);
}
