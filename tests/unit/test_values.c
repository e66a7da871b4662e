/* SPDX-License-Identifier: BSD-2-Clause */
/* The records of the TLV area and what their values say. */
#include <string.h>

#include "board.h"
#include "container.h"
#include "elf_image.h"
#include "suite.h"

static struct container c;
static struct board b;

/* A good container of count small images; nothing of it is signed in earnest. */
static void build(unsigned count, bool encrypted)
{
    struct bytes *images = arena_alloc(count * sizeof(*images));
    struct elf elf;
    unsigned i;

    for (i = 0; i < count; i++) {
        elf_least(&elf);
        elf.seed = (uint8_t)i;
        images[i] = elf_build(&elf);
    }
    container_build(&c, images, count, encrypted);
    memset(&b, 0, sizeof(b));
}

static void verify(void)
{
    container_measure(&c);
    board_verify(&b, container_join(&c), 0);
}

static void plain(void)
{
    build(1, false);
}

static void encrypted(void)
{
    build(1, true);
}

static void set_byte(uint32_t type, uint32_t at, uint8_t value)
{
    struct tlv *tlv = tlv_find(&c, type);

    ck_assert_uint_lt(at, tlv->size);
    tlv->value[at] = value;
}

static void set_word(uint32_t type, uint32_t at, uint32_t value)
{
    struct tlv *tlv = tlv_find(&c, type);
    struct bytes bytes = {tlv->value, tlv->size};

    put32(bytes, at, value);
}

#define SIGNTYPE  RPROCFW_TLV_SIGNTYPE
#define HASHTYPE  RPROCFW_TLV_HASHTYPE
#define NUM_IMG   RPROCFW_TLV_NUM_IMG
#define IMGTYPE   RPROCFW_TLV_IMGTYPE
#define IMGSIZE   RPROCFW_TLV_IMGSIZE
#define ENCTYPE   RPROCFW_TLV_ENCTYPE
#define HASHTABLE RPROCFW_TLV_HASHTABLE
#define PKEYINFO  RPROCFW_TLV_PKEYINFO
#define ENCTABLE  RPROCFW_TLV_ENCTABLE

/* A refusal on a TLV whose value is there, and on one that is not. */
#define assert_refused_tlv(status, type) \
    assert_refused(&b, status, value_offset(&c, type), type, NOWHERE, NOWHERE)
#define assert_missing(status, type) assert_refused(&b, status, 20, type, NOWHERE, NOWHERE)

START_TEST(the_toolkit_builds_good_containers)
{
    unsigned count;

    for (count = 1; count <= 3; count++) {
        build(count, false);
        verify();
        assert_accepted(&b);
        ck_assert_uint_eq(b.load_count, count);
        build(count, true);
        verify();
        assert_accepted(&b);
        ck_assert_uint_eq(b.load_count, count);
    }
}
END_TEST

START_TEST(tlvs_may_come_in_any_order)
{
    unsigned from;
    unsigned to;

    build(2, true);
    for (from = 0; from < c.tlv_count; from++) {
        for (to = 0; to < c.tlv_count; to++) {
            tlv_move(&c, from, to);
            verify();
            assert_accepted(&b);
        }
    }
}
END_TEST

/* ---- records ---- */

START_TEST(an_area_that_ends_inside_a_record_is_refused)
{
    uint32_t rest;

    for (rest = 1; rest < 8; rest++) {
        uint32_t at;

        plain();
        container_measure(&c);
        at = signature_offset(&c);
        tlv_append(&c, 0, NULL, 0);
        c.header.tlv_len += rest;
        board_verify(&b, container_join(&c), 0);
        assert_refused(&b, RPROCFW_ERR_TLV_HEADER, at, NOWHERE, NOWHERE, NOWHERE);
        ck_assert_uint_eq(b.diag.found, rest);
        ck_assert_uint_eq(b.diag.expected, 8);
    }
}
END_TEST

START_TEST(a_value_that_runs_past_the_area_is_refused)
{
    static const uint32_t lengths[] = {1, 8, 0x7FFFFFFF, 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < COUNT(lengths); i++) {
        unsigned last;

        plain();
        tlv_append(&c, PKEYINFO, "12345678", 8);
        last = c.tlv_count - 1;
        c.tlvs[last].length = lengths[i] < 16 ? 8 + lengths[i] : lengths[i];
        verify();
        assert_refused(&b, RPROCFW_ERR_TLV_LENGTH, record_offset(&c, last), PKEYINFO, NOWHERE,
                       NOWHERE);
        ck_assert_uint_eq(b.diag.found, c.tlvs[last].length);
        ck_assert_uint_eq(b.diag.expected, 8);
        ck_assert_uint_eq(b.calls.of[VERIFY_SIGNATURE], 0);
    }
}
END_TEST

START_TEST(the_padding_of_each_record_is_zero)
{
    unsigned i;

    plain();
    for (i = 0; i < c.tlv_count; i++) {
        c.tlvs[i].padding = 1;
        verify();
        if (c.tlvs[i].size % 8 == 0)
            assert_accepted(&b);
        else
            assert_refused(&b, RPROCFW_ERR_TLV_PADDING, record_offset(&c, i), c.tlvs[i].type,
                           NOWHERE, NOWHERE);
        c.tlvs[i].padding = 0;
    }
}
END_TEST

/* tlv_len without the padding of the last record: those bytes are signed, and zero all the same. */
START_TEST(the_bytes_between_tlv_len_and_the_signature_are_zero)
{
    struct bytes all;
    uint32_t rest;

    for (rest = 1; rest < 8; rest++) {
        plain();
        tlv_append(&c, PKEYINFO, "12345678", 8 - rest);
        container_measure(&c);
        c.header.tlv_len -= rest;
        all = container_join(&c);
        board_verify(&b, all, 0);
        assert_accepted(&b);
        ck_assert_uint_eq(b.asked.size, signature_offset(&c));
        all.data[signature_offset(&c) - 1] = 1;
        board_verify(&b, all, 0);
        assert_refused(&b, RPROCFW_ERR_TLV_PADDING, record_offset(&c, c.tlv_count - 1), PKEYINFO,
                       NOWHERE, NOWHERE);
    }
}
END_TEST

/* ---- each TLV at most once ---- */

static void assert_duplicate_refused(unsigned index, unsigned to)
{
    struct container one = c;
    const struct tlv tlv = c.tlvs[index];

    tlv_insert(&c, to, tlv.type, tlv.value, tlv.size);
    verify();
    assert_refused(&b, RPROCFW_ERR_TLV_DUPLICATE, record_offset(&c, to), tlv.type, NOWHERE,
                   NOWHERE);
    c = one;
}

START_TEST(each_known_and_platform_tlv_stands_at_most_once)
{
    unsigned i;
    int enc;

    for (enc = 0; enc < 2; enc++) {
        build(1, enc != 0);
        tlv_append(&c, PKEYINFO, NULL, 0);
        tlv_append(&c, RPROCFW_TLV_PLATFORM_FIRST, NULL, 0);
        tlv_append(&c, RPROCFW_TLV_BOOTADDR, "1234", 4);
        tlv_append(&c, RPROCFW_TLV_PLATFORM_LAST, "x", 1);
        verify();
        assert_accepted(&b);
        for (i = 0; i < c.tlv_count; i++) {
            assert_duplicate_refused(i, i + 1);
            assert_duplicate_refused(i, c.tlv_count);
        }
    }
}
END_TEST

/* All platform TLVs there can be, without values, behind each other: the last is of type last. */
static void with_all_platform_tlvs(uint32_t last)
{
    const uint32_t count = RPROCFW_TLV_PLATFORM_LAST - RPROCFW_TLV_PLATFORM_FIRST;
    struct bytes records = {arena_alloc(8u * (size_t)count), 8u * count};
    uint32_t i;

    for (i = 0; i < count; i++)
        put32(records, 8 * i, RPROCFW_TLV_PLATFORM_FIRST + 1 + i);
    put32(records, 8 * (count - 1), last);
    plain();
    tlv_append(&c, RPROCFW_TLV_PLATFORM_FIRST, records.data, records.size);
    c.tlvs[c.tlv_count - 1].length = 0; /* so its "value" are records, too */
    verify();
}

START_TEST(every_platform_tlv_may_be_there_once)
{
    with_all_platform_tlvs(RPROCFW_TLV_PLATFORM_LAST);
    assert_accepted(&b);
    with_all_platform_tlvs(RPROCFW_TLV_PLATFORM_LAST - 1);
    assert_refused(&b, RPROCFW_ERR_TLV_DUPLICATE, signature_offset(&c) - 8,
                   RPROCFW_TLV_PLATFORM_LAST - 1, NOWHERE, NOWHERE);
}
END_TEST

START_TEST(two_of_a_type_are_refused_whatever_their_values)
{
    plain();
    tlv_append(&c, RPROCFW_TLV_BOOTADDR, "1234", 4);
    tlv_append(&c, RPROCFW_TLV_BOOTADDR, "other", 5);
    verify();
    assert_refused(&b, RPROCFW_ERR_TLV_DUPLICATE, record_offset(&c, c.tlv_count - 1),
                   RPROCFW_TLV_BOOTADDR, NOWHERE, NOWHERE);
}
END_TEST

START_TEST(tlvs_of_other_types_are_skipped_even_twice)
{
    static const uint32_t types[] = {0, 7, 0xF, 0x13, 0xFFFF, 0x20000, 0x80000001, 0xFFFFFFFF};
    size_t i;

    plain();
    for (i = 0; i < COUNT(types); i++) {
        tlv_insert(&c, 0, types[i], "abc", 3);
        tlv_append(&c, types[i], "abcdefghi", 9);
    }
    verify();
    assert_accepted(&b);
}
END_TEST

/* ---- TLVs of one byte ---- */

/*
 * Rules of a TLV of one byte that must be there: absent, of other lengths (4: a u32 with the right
 * value), 0, every value above the largest.
 */
static void one_byte_rules(uint32_t type, enum rprocfw_status missing, enum rprocfw_status length,
                           enum rprocfw_status value, unsigned max)
{
    static const uint32_t lengths[] = {0, 2, 4, 8, 9};
    const struct container good = c;
    size_t i;

    tlv_remove(&c, tlv_index(&c, type));
    verify();
    assert_missing(missing, type);
    for (i = 0; i < COUNT(lengths); i++) {
        c = good;
        tlv_resize(tlv_find(&c, type), lengths[i]);
        verify();
        assert_refused_tlv(length, type);
        ck_assert_uint_eq(b.diag.found, lengths[i]);
        ck_assert_uint_eq(b.diag.expected, 1);
    }
    c = good;
    tlv_resize(tlv_find(&c, type), 1); /* a private copy of the value */
    set_byte(type, 0, 0);
    verify();
    assert_refused_tlv(value, type);
    ck_assert_uint_eq(b.diag.found, 0);
    for (i = max + 1; i <= 255; i++) {
        set_byte(type, 0, (uint8_t)i);
        verify();
        assert_refused_tlv(value, type);
        ck_assert_uint_eq(b.diag.found, i);
        ck_assert_uint_eq(b.diag.expected, max);
    }
    c = good;
}

START_TEST(signtype_is_one_byte_1_or_2)
{
    plain();
    one_byte_rules(SIGNTYPE, RPROCFW_ERR_SIGNTYPE_MISSING, RPROCFW_ERR_SIGNTYPE_LENGTH,
                   RPROCFW_ERR_SIGNTYPE_UNKNOWN, 2);
    set_byte(SIGNTYPE, 0, 2);
    verify();
    assert_accepted(&b);
    ck_assert_int_eq(b.asked.signtype, RPROCFW_SIGNTYPE_ECDSA);
}
END_TEST

START_TEST(hashtype_is_one_byte_1)
{
    plain();
    one_byte_rules(HASHTYPE, RPROCFW_ERR_HASHTYPE_MISSING, RPROCFW_ERR_HASHTYPE_LENGTH,
                   RPROCFW_ERR_HASHTYPE_UNKNOWN, 1);
}
END_TEST

START_TEST(num_img_is_one_byte_and_not_0)
{
    plain();
    one_byte_rules(NUM_IMG, RPROCFW_ERR_NUM_IMG_MISSING, RPROCFW_ERR_NUM_IMG_LENGTH,
                   RPROCFW_ERR_NUM_IMG_ZERO, 255);
}
END_TEST

START_TEST(enctype_is_one_byte_1_with_encrypted_images)
{
    encrypted();
    one_byte_rules(ENCTYPE, RPROCFW_ERR_ENCTYPE_MISSING, RPROCFW_ERR_ENCTYPE_LENGTH,
                   RPROCFW_ERR_ENCTYPE_UNKNOWN, 1);
}
END_TEST

START_TEST(as_many_as_255_images_are_taken)
{
    build(255, false);
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.image_count, 255);
    ck_assert_uint_eq(b.load_count, 255);
    ck_assert_uint_eq(b.images[254].index, 254);
    ck_assert_uint_eq(b.images[254].offset + b.images[254].size, b.container.size);
}
END_TEST

/* ---- IMGTYPE and IMGSIZE ---- */

START_TEST(imgtype_is_there)
{
    plain();
    tlv_remove(&c, tlv_index(&c, IMGTYPE));
    verify();
    assert_missing(RPROCFW_ERR_IMGTYPE_MISSING, IMGTYPE);
}
END_TEST

START_TEST(imgtype_is_one_byte_an_image)
{
    unsigned count;
    uint32_t size;

    for (count = 1; count <= 9; count++) {
        build(count, false);
        for (size = 0; size <= 2 * count; size++) {
            if (size == count)
                continue;
            tlv_resize(tlv_find(&c, IMGTYPE), size);
            verify();
            assert_refused_tlv(RPROCFW_ERR_IMGTYPE_LENGTH, IMGTYPE);
            ck_assert_uint_eq(b.diag.found, size);
            ck_assert_uint_eq(b.diag.expected, count);
        }
    }
}
END_TEST

START_TEST(each_imgtype_is_1_or_2)
{
    static const uint8_t wrong[] = {0, 3, 255};
    unsigned image;
    size_t i;

    for (image = 0; image < 3; image++) {
        for (i = 0; i < COUNT(wrong); i++) {
            build(3, false);
            set_byte(IMGTYPE, image, wrong[i]);
            verify();
            assert_refused(&b, RPROCFW_ERR_IMGTYPE_UNKNOWN, value_offset(&c, IMGTYPE), IMGTYPE,
                           image, NOWHERE);
            ck_assert_uint_eq(b.diag.found, wrong[i]);
        }
    }
}
END_TEST

START_TEST(plain_and_encrypted_images_do_not_mix)
{
    unsigned image;

    for (image = 1; image < 3; image++) {
        build(3, false);
        set_byte(IMGTYPE, image, 2);
        verify();
        assert_refused(&b, RPROCFW_ERR_IMGTYPE_MIXED, value_offset(&c, IMGTYPE), IMGTYPE, image,
                       NOWHERE);
        build(3, true);
        set_byte(IMGTYPE, image, 1);
        verify();
        assert_refused(&b, RPROCFW_ERR_IMGTYPE_MIXED, value_offset(&c, IMGTYPE), IMGTYPE, image,
                       NOWHERE);
    }
}
END_TEST

START_TEST(imgsize_is_there)
{
    plain();
    tlv_remove(&c, tlv_index(&c, IMGSIZE));
    verify();
    assert_missing(RPROCFW_ERR_IMGSIZE_MISSING, IMGSIZE);
}
END_TEST

START_TEST(imgsize_is_four_bytes_an_image)
{
    static const uint32_t counts[] = {1, 2, 3, 255};
    size_t i;

    for (i = 0; i < COUNT(counts); i++) {
        const uint32_t right = 4 * counts[i];
        const uint32_t wrong[] = {0, counts[i], right - 4, right - 1, right + 1, right + 4};
        size_t j;

        build(counts[i], false);
        for (j = 0; j < COUNT(wrong); j++) {
            tlv_resize(tlv_find(&c, IMGSIZE), wrong[j]);
            verify();
            assert_refused_tlv(RPROCFW_ERR_IMGSIZE_LENGTH, IMGSIZE);
            ck_assert_uint_eq(b.diag.found, wrong[j]);
            ck_assert_uint_eq(b.diag.expected, right);
        }
    }
}
END_TEST

/* The sizes of three images, which together are img_len unless sum says otherwise. */
static void with_sizes(uint32_t first, uint32_t second, uint32_t third)
{
    build(3, false);
    set_word(IMGSIZE, 0, first);
    set_word(IMGSIZE, 4, second);
    set_word(IMGSIZE, 8, third);
    verify();
}

#define assert_size_refused(status, image) \
    assert_refused(&b, status, value_offset(&c, IMGSIZE), IMGSIZE, image, NOWHERE)

START_TEST(no_imgsize_is_0)
{
    with_sizes(0, 2 * ELF_SIZE, ELF_SIZE);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_ZERO, 0);
    with_sizes(ELF_SIZE, 0, 2 * ELF_SIZE);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_ZERO, 1);
    with_sizes(2 * ELF_SIZE, ELF_SIZE, 0);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_ZERO, 2);
}
END_TEST

START_TEST(each_imgsize_is_a_multiple_of_8)
{
    uint32_t i;

    for (i = 1; i < 8; i++) {
        with_sizes(ELF_SIZE + i, ELF_SIZE - i, ELF_SIZE);
        assert_size_refused(RPROCFW_ERR_IMGSIZE_UNALIGNED, 0);
        with_sizes(ELF_SIZE, ELF_SIZE + i, ELF_SIZE - i);
        assert_size_refused(RPROCFW_ERR_IMGSIZE_UNALIGNED, 1);
        with_sizes(ELF_SIZE, ELF_SIZE, ELF_SIZE + i);
        assert_size_refused(RPROCFW_ERR_IMGSIZE_UNALIGNED, 2);
    }
}
END_TEST

START_TEST(imgsizes_add_up_to_img_len_exactly)
{
    with_sizes(ELF_SIZE, ELF_SIZE, ELF_SIZE);
    assert_accepted(&b);
    with_sizes(ELF_SIZE, ELF_SIZE, ELF_SIZE - 8);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, NOWHERE);
    ck_assert_uint_eq(b.diag.found, (uint32_t)(3 * ELF_SIZE - 8));
    ck_assert_uint_eq(b.diag.expected, 3 * ELF_SIZE);
    with_sizes(ELF_SIZE + 8, ELF_SIZE, ELF_SIZE);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, NOWHERE);
    ck_assert_uint_eq(b.diag.found, 3 * ELF_SIZE + 8);
}
END_TEST

/* img_len with less than its padding: the payload's last bytes would belong to no image. */
START_TEST(img_len_that_is_no_multiple_of_8_is_refused)
{
    uint32_t i;

    for (i = 1; i < 8; i++) {
        plain();
        container_measure(&c);
        c.header.img_len -= i;
        board_verify(&b, container_join(&c), 0);
        assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, NOWHERE);
    }
}
END_TEST

START_TEST(an_empty_payload_is_refused)
{
    plain();
    c.payload.size = 0;
    verify();
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, NOWHERE);
    set_word(IMGSIZE, 0, 0);
    verify();
    assert_size_refused(RPROCFW_ERR_IMGSIZE_ZERO, 0);
}
END_TEST

START_TEST(a_sum_of_imgsizes_that_would_wrap_is_refused)
{
    with_sizes(0xFFFFFFF8, ELF_SIZE + 8, 2 * ELF_SIZE); /* wraps to img_len */
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, 1);
    with_sizes(ELF_SIZE, 2 * ELF_SIZE + 0x80000000, 0x80000000);
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, 2);
    with_sizes(0x80000000, 0x7FFFFFF0, 8); /* the largest sum that does not wrap */
    assert_size_refused(RPROCFW_ERR_IMGSIZE_SUM, NOWHERE);
    ck_assert_uint_eq(b.diag.found, 0xFFFFFFF8);
}
END_TEST

/* ---- the signed table ---- */

static void table_rules(uint32_t type, uint32_t entry, enum rprocfw_status missing,
                        enum rprocfw_status length)
{
    const uint32_t wrong[] = {1, entry - 8, entry - 1, entry + 1, entry + 8, 144};
    const struct container good = c;
    size_t i;

    tlv_remove(&c, tlv_index(&c, type));
    verify();
    assert_missing(missing, type);
    c = good;
    tlv_resize(tlv_find(&c, type), 0);
    verify();
    assert_refused_tlv(missing, type);
    for (i = 0; i < COUNT(wrong); i++) {
        c = good;
        tlv_resize(tlv_find(&c, type), wrong[i]);
        verify();
        assert_refused_tlv(length, type);
        ck_assert_uint_eq(b.diag.found, wrong[i]);
        ck_assert_uint_eq(b.diag.expected, entry);
    }
}

START_TEST(hashtable_is_there_and_whole_entries_of_64_bytes)
{
    plain();
    table_rules(HASHTABLE, 64, RPROCFW_ERR_HASHTABLE_MISSING, RPROCFW_ERR_HASHTABLE_LENGTH);
}
END_TEST

START_TEST(enctable_is_there_and_whole_entries_of_80_bytes)
{
    encrypted();
    table_rules(ENCTABLE, 80, RPROCFW_ERR_ENCTABLE_MISSING, RPROCFW_ERR_ENCTABLE_LENGTH);
}
END_TEST

START_TEST(enctype_or_enctable_with_plain_images_is_refused)
{
    const uint8_t one = 1;

    plain();
    tlv_append(&c, ENCTYPE, &one, 1);
    verify();
    assert_refused_tlv(RPROCFW_ERR_ENC_WITH_PLAIN, ENCTYPE);
    tlv_resize(tlv_find(&c, ENCTYPE), 0);
    verify();
    assert_refused_tlv(RPROCFW_ERR_ENC_WITH_PLAIN, ENCTYPE);
    plain();
    tlv_append(&c, ENCTABLE, NULL, 0);
    verify();
    assert_refused_tlv(RPROCFW_ERR_ENC_WITH_PLAIN, ENCTABLE);
    tlv_resize(tlv_find(&c, ENCTABLE), 80);
    verify();
    assert_refused_tlv(RPROCFW_ERR_ENC_WITH_PLAIN, ENCTABLE);
}
END_TEST

START_TEST(hashtable_with_encrypted_images_is_refused)
{
    encrypted();
    tlv_append(&c, HASHTABLE, NULL, 0);
    verify();
    assert_refused_tlv(RPROCFW_ERR_HASHTABLE_WITH_ENC, HASHTABLE);
    tlv_resize(tlv_find(&c, HASHTABLE), 64);
    verify();
    assert_refused_tlv(RPROCFW_ERR_HASHTABLE_WITH_ENC, HASHTABLE);
}
END_TEST

/* An IMGTYPE changed in all images leaves a table of the wrong kind behind. */
START_TEST(the_table_is_of_the_kind_that_imgtype_says)
{
    plain();
    set_byte(IMGTYPE, 0, 2);
    verify();
    assert_refused_tlv(RPROCFW_ERR_HASHTABLE_WITH_ENC, HASHTABLE);
    encrypted();
    set_byte(IMGTYPE, 0, 1);
    verify();
    assert_refused_tlv(RPROCFW_ERR_ENC_WITH_PLAIN, ENCTYPE);
}
END_TEST

/* ---- PKEYINFO and signature ---- */

START_TEST(pkeyinfo_may_have_any_length_and_reaches_the_signature_callback)
{
    static const uint32_t sizes[] = {0, 1, 7, 8, 9, 91, 294, 4096};
    size_t i;

    plain();
    verify();
    ck_assert_ptr_null(b.asked.pkeyinfo);
    for (i = 0; i < COUNT(sizes); i++) {
        plain();
        tlv_append(&c, PKEYINFO, NULL, 0);
        tlv_resize(tlv_find(&c, PKEYINFO), sizes[i]);
        verify();
        assert_accepted(&b);
        ck_assert_ptr_nonnull(b.asked.pkeyinfo);
        ck_assert_uint_eq(b.asked.pkeyinfo_size, sizes[i]);
        ck_assert_uint_eq(b.asked_pkeyinfo, value_offset(&c, PKEYINFO));
    }
}
END_TEST

START_TEST(header_and_padded_tlv_area_are_what_is_signed)
{
    plain();
    c.signature.size = 61;
    verify();
    assert_accepted(&b);
    ck_assert_uint_eq(b.asked.size, signature_offset(&c));
    ck_assert_int_eq(memcmp(b.asked.data, b.container.data, b.asked.size), 0);
    ck_assert_ptr_eq(b.asked.signature, b.asked.data + signature_offset(&c));
    ck_assert_uint_eq(b.asked.signature_size, 61);
    ck_assert_int_eq(b.asked.signtype, RPROCFW_SIGNTYPE_RSA);
}
END_TEST

START_TEST(the_padding_of_the_signature_is_zero)
{
    uint32_t size;
    uint32_t at;

    for (size = 57; size <= 64; size++) {
        struct bytes all;

        plain();
        c.signature.size = size;
        container_measure(&c);
        all = container_join(&c);
        board_verify(&b, all, 0);
        assert_accepted(&b);
        for (at = signature_offset(&c) + size; at < payload_offset(&c); at++) {
            all.data[at] = 1;
            board_verify(&b, all, 0);
            assert_refused(&b, RPROCFW_ERR_SIGN_PADDING, at, NOWHERE, NOWHERE, NOWHERE);
            all.data[at] = 0;
        }
    }
}
END_TEST

/* What is not authenticated is not interpreted: the values come after the signature. */
START_TEST(a_wrong_signature_hides_wrong_values)
{
    static const uint32_t types[] = {HASHTYPE, NUM_IMG, IMGTYPE, IMGSIZE, HASHTABLE};
    size_t i;

    for (i = 0; i < COUNT(types); i++) {
        plain();
        tlv_remove(&c, tlv_index(&c, types[i]));
        b.calls.fail = VERIFY_SIGNATURE;
        b.calls.fail_call = 1;
        b.calls.how = RPROCFW_ERR_SIGNATURE;
        verify();
        assert_refused(&b, RPROCFW_ERR_SIGNATURE, signature_offset(&c), NOWHERE, NOWHERE, NOWHERE);
    }
}
END_TEST

START_TEST(an_algorithm_that_the_platform_does_not_know_is_refused)
{
    plain();
    set_byte(SIGNTYPE, 0, 2);
    b.calls.fail = VERIFY_SIGNATURE;
    b.calls.fail_call = 1;
    b.calls.how = RPROCFW_ERR_SIGN_UNSUPPORTED;
    verify();
    assert_refused(&b, RPROCFW_ERR_SIGN_UNSUPPORTED, signature_offset(&c), NOWHERE, NOWHERE,
                   NOWHERE);
}
END_TEST

int main(void)
{
    RUN_TESTS(
        "values", the_toolkit_builds_good_containers, tlvs_may_come_in_any_order,
        an_area_that_ends_inside_a_record_is_refused, a_value_that_runs_past_the_area_is_refused,
        the_padding_of_each_record_is_zero, the_bytes_between_tlv_len_and_the_signature_are_zero,
        each_known_and_platform_tlv_stands_at_most_once, every_platform_tlv_may_be_there_once,
        two_of_a_type_are_refused_whatever_their_values, tlvs_of_other_types_are_skipped_even_twice,
        signtype_is_one_byte_1_or_2, hashtype_is_one_byte_1, num_img_is_one_byte_and_not_0,
        enctype_is_one_byte_1_with_encrypted_images, as_many_as_255_images_are_taken,
        imgtype_is_there, imgtype_is_one_byte_an_image, each_imgtype_is_1_or_2,
        plain_and_encrypted_images_do_not_mix, imgsize_is_there, imgsize_is_four_bytes_an_image,
        no_imgsize_is_0, each_imgsize_is_a_multiple_of_8, imgsizes_add_up_to_img_len_exactly,
        img_len_that_is_no_multiple_of_8_is_refused, an_empty_payload_is_refused,
        a_sum_of_imgsizes_that_would_wrap_is_refused,
        hashtable_is_there_and_whole_entries_of_64_bytes,
        enctable_is_there_and_whole_entries_of_80_bytes,
        enctype_or_enctable_with_plain_images_is_refused,
        hashtable_with_encrypted_images_is_refused, the_table_is_of_the_kind_that_imgtype_says,
        pkeyinfo_may_have_any_length_and_reaches_the_signature_callback,
        header_and_padded_tlv_area_are_what_is_signed, the_padding_of_the_signature_is_zero,
        a_wrong_signature_hides_wrong_values,
        an_algorithm_that_the_platform_does_not_know_is_refused);
}
