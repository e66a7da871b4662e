/* SPDX-License-Identifier: BSD-2-Clause */
/* What core asks of its surroundings: how often each byte, what it does with their failures. */
#include <string.h>

#include "board.h"
#include "container.h"
#include "elf_image.h"
#include "suite.h"

static struct container c;
static struct board b;

/* Two images, the first with a resource table. */
static void start(void)
{
    struct bytes images[2];
    struct elf elf;

    elf_default(&elf);
    images[0] = elf_build(&elf);
    elf_least(&elf);
    images[1] = elf_build(&elf);
    container_build(&c, images, 2, false);
    memset(&b, 0, sizeof(b));
}

static void verify(void)
{
    board_verify(&b, container_join(&c), 0);
}

static void assert_read(uint32_t offset, uint32_t size, unsigned times)
{
    uint32_t i;

    for (i = offset; i < offset + size; i++)
        ck_assert_msg(b.reads[i] == times, "byte %u was read %u times, not %u", i, b.reads[i],
                      times);
}

START_TEST(metadata_and_headers_are_read_exactly_once_each)
{
    uint32_t payload;
    uint32_t image;

    start();
    verify();
    assert_accepted(&b);
    payload = payload_offset(&c);
    assert_read(0, payload, 1);
    for (image = 0; image < 2; image++) {
        const uint32_t at = payload + image * ELF_SIZE;
        const uint32_t phnum = image == 0 ? 4 : 1;

        assert_read(at, 52, 1);
        assert_read(at + PHDR(0), 32 * phnum, 1);
        assert_read(at + PHDR(phnum), ELF_SHOFF - PHDR(phnum), 0);
    }
}
END_TEST

START_TEST(no_segment_byte_is_read_through_read)
{
    uint32_t image;

    start();
    verify();
    assert_accepted(&b);
    for (image = 0; image < 2; image++)
        assert_read(payload_offset(&c) + image * ELF_SIZE + ELF_BODY, ELF_SIZE - ELF_BODY, 0);
}
END_TEST

/* Section headers up to the resource table, and that of the name table, once each. */
START_TEST(section_headers_are_read_once)
{
    uint32_t at;

    start();
    verify();
    at = payload_offset(&c);
    assert_read(at + SHDR(0), 40 * (RSC_SECTION + 1), 1);
    assert_read(at + SHDR(RSC_SECTION + 1), 40, 0); /* not needed any more */
    assert_read(at + SHDR(4), 40, 1);               /* the name table's */
    assert_read(at + ELF_SIZE + SHDR(0), 80, 1);
}
END_TEST

START_TEST(the_signature_is_judged_once_and_before_any_segment)
{
    start();
    verify();
    ck_assert_uint_eq(b.calls.of[VERIFY_SIGNATURE], 1);
    b.calls.fail = VERIFY_SIGNATURE;
    b.calls.how = RPROCFW_ERR_SIGNATURE;
    b.calls.fail_call = 1;
    verify();
    assert_refused(&b, RPROCFW_ERR_SIGNATURE, signature_offset(&c), NOWHERE, NOWHERE, NOWHERE);
    ck_assert_uint_eq(b.calls.of[READ], 2);
    ck_assert_uint_eq(b.calls.of[LOAD], 0);
    assert_read(payload_offset(&c), 2 * ELF_SIZE, 0);
}
END_TEST

/* As a call gives that was not made, or a platform that does not know better. */
START_TEST(the_answer_ok_is_no_good_signature)
{
    start();
    b.says_ok = true;
    verify();
    assert_refused(&b, RPROCFW_ERR_SIGNATURE, signature_offset(&c), NOWHERE, NOWHERE, NOWHERE);
    ck_assert_uint_eq(b.calls.of[LOAD], 0);
}
END_TEST

START_TEST(what_is_not_known_to_be_authentic_at_the_end_is_refused)
{
    start();
    b.fault = true;
    verify();
    ck_assert_int_eq(b.status, RPROCFW_ERR_SIGNATURE);
    ck_assert_uint_eq(b.load_count, 4);
}
END_TEST

/* A fault does not hide what else is wrong. */
START_TEST(what_is_refused_for_two_reasons_is_refused_for_the_first)
{
    start();
    b.fault = true;
    put32(c.payload, ELF_SIZE + PHDR(0), PT_NOTE);
    verify();
    ck_assert_int_eq(b.status, RPROCFW_ERR_ENTRY_UNUSED);
}
END_TEST

/* ---- the work buffer ---- */

START_TEST(a_work_buffer_one_byte_too_small_is_not_used)
{
    uint32_t missing;

    start();
    for (missing = 1; missing < 40; missing++) {
        b.work_missing = missing;
        verify();
        assert_refused(&b, RPROCFW_ERR_WORK_SIZE, 0, NOWHERE, NOWHERE, NOWHERE);
        ck_assert_uint_eq(b.diag.found, payload_offset(&c) - missing);
        ck_assert_uint_eq(b.diag.expected, payload_offset(&c));
        ck_assert_uint_eq(b.calls.of[READ], 1);
    }
    b.work_missing = payload_offset(&c); /* no buffer at all */
    verify();
    assert_refused(&b, RPROCFW_ERR_WORK_SIZE, 0, NOWHERE, NOWHERE, NOWHERE);
    b.work_missing = 0;
    verify();
    assert_accepted(&b);
}
END_TEST

START_TEST(a_larger_work_buffer_is_left_alone_behind_the_metadata)
{
    start();
    b.work_missing = 0u - 16u;
    verify();
    assert_accepted(&b);
}
END_TEST

/* ---- failures ---- */

static const enum rprocfw_status hows[] = {RPROCFW_ERR_READ, RPROCFW_ERR_LOAD, RPROCFW_ERR_MEMORY,
                                           RPROCFW_ERR_SEGMENT_HASH, RPROCFW_ERR_CRYPTO};

/* Every call of a callback fails once; the board asserts that nothing more is asked then. */
static void each_call_fails(enum callback which)
{
    unsigned calls;
    unsigned call;
    size_t i;

    start();
    verify();
    assert_accepted(&b);
    calls = b.calls.of[which];
    ck_assert_uint_gt(calls, 0);
    for (i = 0; i < COUNT(hows); i++) {
        for (call = 1; call <= calls; call++) {
            start();
            b.calls.fail = which;
            b.calls.fail_call = call;
            b.calls.how = hows[i];
            verify();
            ck_assert_msg(b.status == hows[i], "call %u of %u: %d instead of %d", call, calls,
                          (int)b.status, (int)hows[i]);
            ck_assert(b.calls.failed);
        }
    }
}

START_TEST(each_failed_read_is_passed_through)
{
    each_call_fails(READ);
}
END_TEST

START_TEST(a_failed_verify_signature_is_passed_through)
{
    each_call_fails(VERIFY_SIGNATURE);
}
END_TEST

START_TEST(each_failed_load_is_passed_through)
{
    each_call_fails(LOAD);
}
END_TEST

START_TEST(a_failed_read_loaded_is_passed_through)
{
    each_call_fails(READ_LOADED);
}
END_TEST

START_TEST(a_failed_load_end_is_passed_through)
{
    each_call_fails(LOAD_END);
}
END_TEST

/* Fails at one call; where says what core was about. */
static void fail_at(enum callback which, unsigned call, enum rprocfw_status how)
{
    start();
    b.calls.fail = which;
    b.calls.fail_call = call;
    b.calls.how = how;
    verify();
}

START_TEST(a_failed_read_says_where)
{
    uint32_t at;

    fail_at(READ, 1, RPROCFW_ERR_READ); /* the header */
    assert_refused(&b, RPROCFW_ERR_READ, 0, NOWHERE, NOWHERE, NOWHERE);
    fail_at(READ, 2, RPROCFW_ERR_READ); /* TLVs and signature */
    assert_refused(&b, RPROCFW_ERR_READ, 20, NOWHERE, NOWHERE, NOWHERE);
    at = payload_offset(&c);
    fail_at(READ, 3, RPROCFW_ERR_READ); /* the ELF header */
    assert_refused(&b, RPROCFW_ERR_READ, at, NOWHERE, 0, NOWHERE);
    fail_at(READ, 4, RPROCFW_ERR_READ); /* the name table's section header */
    assert_refused(&b, RPROCFW_ERR_READ, at + SHDR(4), NOWHERE, 0, NOWHERE);
    fail_at(READ, 5, RPROCFW_ERR_READ); /* the first section header */
    assert_refused(&b, RPROCFW_ERR_READ, at + SHDR(0), NOWHERE, 0, NOWHERE);
    fail_at(READ, 6, RPROCFW_ERR_READ); /* its name */
    assert_refused(&b, RPROCFW_ERR_READ, at + ELF_NAMES, NOWHERE, 0, NOWHERE);
    fail_at(READ, 12, RPROCFW_ERR_READ); /* the second program header */
    assert_refused(&b, RPROCFW_ERR_READ, at + PHDR(1), NOWHERE, 0, 1);
}
END_TEST

START_TEST(a_failed_load_says_where)
{
    fail_at(LOAD, 2, RPROCFW_ERR_LOAD);
    assert_refused(&b, RPROCFW_ERR_LOAD, payload_offset(&c) + 0x500, NOWHERE, 0, 2);
    fail_at(LOAD, 4, RPROCFW_ERR_LOAD);
    assert_refused(&b, RPROCFW_ERR_LOAD, payload_offset(&c) + ELF_SIZE + 0x400, NOWHERE, 1, 0);
    fail_at(READ_LOADED, 1, RPROCFW_ERR_LOAD);
    assert_refused(&b, RPROCFW_ERR_LOAD, payload_offset(&c) + 0x400, NOWHERE, 0, 1);
}
END_TEST

START_TEST(a_failed_load_says_of_which_device_address)
{
    fail_at(LOAD, 2, RPROCFW_ERR_DEVICE_ADDRESS);
    assert_refused(&b, RPROCFW_ERR_DEVICE_ADDRESS, payload_offset(&c) + 0x500, NOWHERE, 0, 2);
    ck_assert_uint_eq(b.diag.found, 0x20001000);
    ck_assert_uint_eq(b.diag.expected, 0x80);
}
END_TEST

START_TEST(after_a_failed_load_nothing_is_authentic)
{
    fail_at(LOAD, 2, RPROCFW_ERR_LOAD);
    ck_assert_uint_ne(b.v.authentic, RPROCFW_AUTHENTIC);
}
END_TEST

START_TEST(a_failed_load_end_is_about_the_payload)
{
    fail_at(LOAD_END, 1, RPROCFW_ERR_LOAD);
    assert_refused(&b, RPROCFW_ERR_LOAD, payload_offset(&c), NOWHERE, NOWHERE, NOWHERE);
}
END_TEST

/* ---- answers put off, optional callbacks ---- */

START_TEST(load_end_comes_once_after_every_segment)
{
    start();
    verify();
    ck_assert_uint_eq(b.calls.of[LOAD_END], 1);
    ck_assert_uint_eq(b.load_count, 4);
}
END_TEST

START_TEST(a_hash_answer_put_off_is_collected_at_the_end)
{
    start();
    c.payload.data[0x500] ^= 1; /* segment 2 of image 0 */
    b.defer = true;
    verify();
    ck_assert_int_eq(b.status, RPROCFW_ERR_SEGMENT_HASH);
    ck_assert_uint_eq(b.calls.of[LOAD_END], 1);
    ck_assert_uint_eq(b.load_count, 4);
}
END_TEST

START_TEST(a_hash_answer_put_off_comes_at_the_latest_with_read_loaded)
{
    start();
    c.payload.data[0x400] ^= 1; /* segment 1: the one with the resource table */
    b.defer = true;
    verify();
    assert_refused(&b, RPROCFW_ERR_SEGMENT_HASH, payload_offset(&c) + 0x400, NOWHERE, 0, 1);
    ck_assert_uint_eq(b.calls.of[READ_LOADED], 1);
    ck_assert_uint_eq(b.calls.of[LOAD_END], 0);
}
END_TEST

/* Only a container whose table is used up is worth the last answers. */
START_TEST(load_end_is_not_asked_when_an_entry_is_unused)
{
    start();
    put32(c.payload, ELF_SIZE + PHDR(0), PT_NOTE);
    verify();
    ck_assert_int_eq(b.status, RPROCFW_ERR_ENTRY_UNUSED);
    ck_assert_uint_eq(b.calls.of[LOAD_END], 0);
}
END_TEST

START_TEST(optional_callbacks_may_be_null)
{
    start();
    b.no_optional = true;
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.load_count, 4);
    ck_assert_uint_eq(b.image_count, 0);
    ck_assert_uint_eq(b.calls.of[LOAD_END], 0);
    ck_assert_uint_eq(b.v.rsc_tables, 1);
}
END_TEST

START_TEST(image_done_comes_for_each_image_that_is_good)
{
    start();
    verify();
    ck_assert_uint_eq(b.image_count, 2);
    ck_assert_uint_eq(b.images[0].index, 0);
    ck_assert_uint_eq(b.images[0].offset, payload_offset(&c));
    ck_assert_uint_eq(b.images[0].size, ELF_SIZE);
    ck_assert_uint_eq(b.images[1].index, 1);
    ck_assert_uint_eq(b.images[1].offset, payload_offset(&c) + ELF_SIZE);
    start();
    put32(c.payload, ELF_SIZE + E_SHOFF, 1);
    verify();
    ck_assert_int_eq(b.status, RPROCFW_ERR_SHDR_ALIGN);
    ck_assert_uint_eq(b.image_count, 1);
}
END_TEST

/* The public members are what verify.h says, after begin and after finish. */
START_TEST(header_and_layout_are_there_after_begin)
{
    start();
    verify();
    ck_assert_int_eq(memcmp(&b.v.header, &c.header, sizeof(c.header)), 0);
    ck_assert_uint_eq(b.v.layout.tlv_size, signature_offset(&c) - 20);
    ck_assert_uint_eq(b.v.layout.signature, signature_offset(&c));
    ck_assert_uint_eq(b.v.layout.payload, payload_offset(&c));
    ck_assert_uint_eq(b.v.layout.size, b.container.size);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "platform", metadata_and_headers_are_read_exactly_once_each,
        no_segment_byte_is_read_through_read, section_headers_are_read_once,
        the_signature_is_judged_once_and_before_any_segment, the_answer_ok_is_no_good_signature,
        what_is_not_known_to_be_authentic_at_the_end_is_refused,
        what_is_refused_for_two_reasons_is_refused_for_the_first,
        a_work_buffer_one_byte_too_small_is_not_used,
        a_larger_work_buffer_is_left_alone_behind_the_metadata, each_failed_read_is_passed_through,
        a_failed_verify_signature_is_passed_through, each_failed_load_is_passed_through,
        a_failed_read_loaded_is_passed_through, a_failed_load_end_is_passed_through,
        a_failed_read_says_where, a_failed_load_says_where,
        a_failed_load_says_of_which_device_address, after_a_failed_load_nothing_is_authentic,
        a_failed_load_end_is_about_the_payload, load_end_comes_once_after_every_segment,
        a_hash_answer_put_off_is_collected_at_the_end,
        a_hash_answer_put_off_comes_at_the_latest_with_read_loaded,
        load_end_is_not_asked_when_an_entry_is_unused, optional_callbacks_may_be_null,
        image_done_comes_for_each_image_that_is_good, header_and_layout_are_there_after_begin);
}
