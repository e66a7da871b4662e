/* SPDX-License-Identifier: BSD-2-Clause */
/* The TLV iterator: every shape of record, the end of the area, the padding. */
#include <string.h>

#include <rprocfw/image.h>

#include "container.h"
#include "suite.h"

/* An area of exactly r8(length) bytes, filled with zeros. */
static struct bytes area_of(uint32_t length)
{
    return arena_copy(NULL, 0, round8(length));
}

static struct rprocfw_tlv_iter walk(struct bytes area, uint32_t length)
{
    struct rprocfw_tlv_iter iter;

    rprocfw_tlv_begin(&iter, area.data, length);
    return iter;
}

static void assert_ended(struct rprocfw_tlv_iter *iter, enum rprocfw_status status)
{
    struct rprocfw_tlv tlv;

    ck_assert(!rprocfw_tlv_next(iter, &tlv));
    ck_assert_int_eq(iter->status, status);
    ck_assert(!rprocfw_tlv_next(iter, &tlv)); /* and stays so */
    ck_assert_int_eq(iter->status, status);
}

static void assert_record(struct rprocfw_tlv_iter *iter, const struct bytes *area, uint32_t offset,
                          uint32_t type, uint32_t length)
{
    struct rprocfw_tlv tlv;

    ck_assert(rprocfw_tlv_next(iter, &tlv));
    ck_assert_uint_eq(tlv.offset, offset);
    ck_assert_uint_eq(tlv.type, type);
    ck_assert_uint_eq(tlv.length, length);
    ck_assert_ptr_eq(tlv.value, area->data + offset + 8);
}

START_TEST(an_empty_area_has_no_record)
{
    struct bytes area = area_of(0);
    struct rprocfw_tlv_iter iter = walk(area, 0);

    assert_ended(&iter, RPROCFW_OK);
}
END_TEST

START_TEST(a_value_of_any_length_is_one_record)
{
    uint32_t length;

    for (length = 0; length <= 40; length++) {
        struct bytes area = area_of(8 + length);
        struct rprocfw_tlv_iter whole = walk(area, 8 + round8(length));
        struct rprocfw_tlv_iter bare = walk(area, 8 + length);

        put32(area, 0, 0x10003);
        put32(area, 4, length);
        memset(area.data + 8, 0xEE, length);
        assert_record(&whole, &area, 0, 0x10003, length);
        assert_ended(&whole, RPROCFW_OK);
        /* tlv_len need not count the padding of the last record */
        assert_record(&bare, &area, 0, 0x10003, length);
        assert_ended(&bare, RPROCFW_OK);
    }
}
END_TEST

START_TEST(records_follow_each_other_at_multiples_of_8)
{
    struct bytes area = area_of(8 + 8 + 8 + 16 + 8);
    struct rprocfw_tlv_iter iter = walk(area, area.size);

    put32(area, 0, 1);
    put32(area, 4, 1);
    put32(area, 16, 2);
    put32(area, 20, 9);
    put32(area, 40, 3);
    put32(area, 44, 0);
    assert_record(&iter, &area, 0, 1, 1);
    assert_record(&iter, &area, 16, 2, 9);
    assert_record(&iter, &area, 40, 3, 0);
    assert_ended(&iter, RPROCFW_OK);
}
END_TEST

START_TEST(an_area_that_ends_inside_type_and_length_is_refused)
{
    uint32_t rest;

    for (rest = 1; rest < 8; rest++) {
        struct bytes area = area_of(16 + rest);
        struct rprocfw_tlv_iter iter = walk(area, 16 + rest);
        struct rprocfw_tlv tlv;

        put32(area, 4, 8);
        assert_record(&iter, &area, 0, 0, 8);
        ck_assert(!rprocfw_tlv_next(&iter, &tlv));
        ck_assert_uint_eq(tlv.offset, 16);
        assert_ended(&iter, RPROCFW_ERR_TLV_HEADER);
    }
}
END_TEST

START_TEST(a_value_may_end_at_the_end_and_not_one_byte_later)
{
    uint32_t length;

    for (length = 24; length < 40; length++) {
        uint32_t most = length - 16 - 8;
        struct bytes area = area_of(length);
        struct rprocfw_tlv_iter iter = walk(area, length);
        struct rprocfw_tlv tlv;

        put32(area, 4, 8);
        put32(area, 16, 0x11);
        put32(area, 20, most);
        assert_record(&iter, &area, 0, 0, 8);
        assert_record(&iter, &area, 16, 0x11, most);
        assert_ended(&iter, RPROCFW_OK);

        put32(area, 20, most + 1);
        iter = walk(area, length);
        assert_record(&iter, &area, 0, 0, 8);
        ck_assert(!rprocfw_tlv_next(&iter, &tlv));
        ck_assert_uint_eq(tlv.offset, 16);
        ck_assert_uint_eq(tlv.type, 0x11);
        ck_assert_uint_eq(tlv.length, most + 1);
        assert_ended(&iter, RPROCFW_ERR_TLV_LENGTH);
    }
}
END_TEST

START_TEST(a_length_that_would_wrap_is_refused)
{
    static const uint32_t lengths[] = {0x7FFFFFFF, 0x80000000, 0xFFFFFFE0, 0xFFFFFFE8,
                                       0xFFFFFFEF, 0xFFFFFFF0, 0xFFFFFFF7, 0xFFFFFFF8,
                                       0xFFFFFFF9, 0xFFFFFFFE, 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < COUNT(lengths); i++) {
        struct bytes area = area_of(32);
        struct rprocfw_tlv_iter iter = walk(area, 32);

        put32(area, 4, 8);
        put32(area, 20, lengths[i]);
        assert_record(&iter, &area, 0, 0, 8);
        assert_ended(&iter, RPROCFW_ERR_TLV_LENGTH);
    }
}
END_TEST

/* Only of an area that takes nearly all of 32 bits, of which the iterator looks at the first
 * record. */
START_TEST(padding_that_would_wrap_is_refused)
{
    struct bytes area = area_of(8);
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;

    put32(area, 0, 0x10003);
    put32(area, 4, UINT32_MAX - 8);
    rprocfw_tlv_begin(&iter, area.data, UINT32_MAX);
    ck_assert(!rprocfw_tlv_next(&iter, &tlv));
    ck_assert_int_eq(iter.status, RPROCFW_ERR_TLV_LENGTH);
}
END_TEST

START_TEST(padding_must_be_zero_within_and_beyond_tlv_len)
{
    uint32_t length;
    uint32_t at;

    for (length = 1; length < 8; length++) {
        for (at = length; at < 8; at++) {
            struct bytes area = area_of(8 + length);
            struct rprocfw_tlv_iter whole = walk(area, 16);
            struct rprocfw_tlv_iter bare = walk(area, 8 + length);
            struct rprocfw_tlv tlv;

            put32(area, 0, 5);
            put32(area, 4, length);
            area.data[8 + at] = 0x80;
            ck_assert(!rprocfw_tlv_next(&whole, &tlv));
            ck_assert_uint_eq(tlv.offset, 0);
            ck_assert_uint_eq(tlv.type, 5);
            ck_assert_uint_eq(tlv.length, length);
            assert_ended(&whole, RPROCFW_ERR_TLV_PADDING);
            assert_ended(&bare, RPROCFW_ERR_TLV_PADDING);
        }
    }
}
END_TEST

/* Not even the good record behind the bad one is given. */
START_TEST(a_walk_that_ended_at_padding_does_not_go_on)
{
    struct bytes area = area_of(32);
    struct rprocfw_tlv_iter iter = walk(area, 32);

    rprocfw_u32_encode(area.data, 1);
    rprocfw_u32_encode(area.data + 4, 1);
    area.data[8 + 7] = 1;
    rprocfw_u32_encode(area.data + 16, 2);
    rprocfw_u32_encode(area.data + 20, 8);
    assert_ended(&iter, RPROCFW_ERR_TLV_PADDING);
}
END_TEST

START_TEST(known_and_platform_types_are_unique_and_no_others)
{
    static const uint32_t unique[] = {1,    2,    3,       4,       5,       6,      0x10,
                                      0x11, 0x12, 0x10000, 0x10001, 0x18000, 0x1FFFF};
    static const uint32_t others[] = {0,      7,       0xF,        0x13,       0x100,
                                      0xFFFF, 0x20000, 0x80000001, 0x7FFFFFFF, 0xFFFFFFFF};
    size_t i;

    for (i = 0; i < COUNT(unique); i++)
        ck_assert_msg(rprocfw_tlv_is_unique(unique[i]), "%#x", unique[i]);
    for (i = 0; i < COUNT(others); i++)
        ck_assert_msg(!rprocfw_tlv_is_unique(others[i]), "%#x", others[i]);
}
END_TEST

int main(void)
{
    RUN_TESTS("tlv", an_empty_area_has_no_record, a_value_of_any_length_is_one_record,
              records_follow_each_other_at_multiples_of_8,
              an_area_that_ends_inside_type_and_length_is_refused,
              a_value_may_end_at_the_end_and_not_one_byte_later,
              a_length_that_would_wrap_is_refused, padding_that_would_wrap_is_refused,
              padding_must_be_zero_within_and_beyond_tlv_len,
              a_walk_that_ended_at_padding_does_not_go_on,
              known_and_platform_types_are_unique_and_no_others);
}
