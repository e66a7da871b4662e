/* SPDX-License-Identifier: BSD-2-Clause */
/* The header: its fields, and its lengths against the container's size. */
#include <string.h>

#include "board.h"
#include "container.h"
#include "suite.h"

static const struct rprocfw_header good = {0x3543A468, 1, 24, 64, 2048};
#define GOOD_SIZE (20u + 24u + 64u + 2048u)

static struct rprocfw_layout layout;
static struct rprocfw_diag diag;

static enum rprocfw_status check(struct rprocfw_header header, uint32_t size)
{
    struct rprocfw_verifier v = {.header = header, .container_size = size};
    enum rprocfw_status status;

    memset(&layout, 0, sizeof(layout));
    status = rprocfw_header_check(&header, size, &layout);
    v.layout = layout;
    rprocfw_explain(&v, status, &diag);
    return status;
}

static void assert_diag(uint32_t offset, uint32_t found, uint32_t expected)
{
    ck_assert_uint_eq(diag.offset, offset);
    ck_assert_uint_eq(diag.found, found);
    ck_assert_uint_eq(diag.expected, expected);
}

START_TEST(layout_follows_from_the_lengths)
{
    ck_assert_int_eq(check(good, GOOD_SIZE), RPROCFW_OK);
    ck_assert_uint_eq(layout.tlv_size, 24);
    ck_assert_uint_eq(layout.signature, 44);
    ck_assert_uint_eq(layout.payload, 108);
    ck_assert_uint_eq(layout.size, GOOD_SIZE);
}
END_TEST

START_TEST(each_length_is_padded_to_8)
{
    uint32_t i;

    for (i = 1; i <= 8; i++) {
        struct rprocfw_header header = {0x3543A468, 1, 16 + i, 56 + i, 2040 + i};

        ck_assert_int_eq(check(header, GOOD_SIZE), RPROCFW_OK);
        ck_assert_uint_eq(layout.tlv_size, 24);
        ck_assert_uint_eq(layout.payload, 108);
    }
}
END_TEST

START_TEST(magic_is_0x3543a468)
{
    struct rprocfw_header header = good;
    unsigned bit;

    for (bit = 0; bit < 32; bit++) {
        header.magic = good.magic ^ 1u << bit;
        ck_assert_int_eq(check(header, GOOD_SIZE), RPROCFW_ERR_MAGIC);
        assert_diag(0, header.magic, 0x3543A468);
    }
}
END_TEST

START_TEST(version_is_1)
{
    static const uint32_t wrong[] = {0, 2, 3, 0x100, 0x01000000, 0xFFFFFFFF};
    struct rprocfw_header header = good;
    size_t i;

    for (i = 0; i < COUNT(wrong); i++) {
        header.version = wrong[i];
        ck_assert_int_eq(check(header, GOOD_SIZE), RPROCFW_ERR_VERSION);
        assert_diag(4, wrong[i], 1);
    }
}
END_TEST

START_TEST(tlv_len_is_not_0)
{
    struct rprocfw_header header = good;

    header.tlv_len = 0;
    ck_assert_int_eq(check(header, GOOD_SIZE - 24), RPROCFW_ERR_TLV_LEN_ZERO);
    assert_diag(8, 0, 1);
    header.tlv_len = 1;
    ck_assert_int_eq(check(header, GOOD_SIZE - 16), RPROCFW_OK);
}
END_TEST

START_TEST(sign_len_is_not_0)
{
    struct rprocfw_header header = good;

    header.sign_len = 0;
    ck_assert_int_eq(check(header, GOOD_SIZE - 64), RPROCFW_ERR_SIGN_LEN_ZERO);
    assert_diag(12, 0, 1);
    header.sign_len = 1;
    ck_assert_int_eq(check(header, GOOD_SIZE - 56), RPROCFW_OK);
}
END_TEST

START_TEST(the_parts_add_up_to_the_size_exactly)
{
    static const uint32_t wrong[] = {0,
                                     19,
                                     20,
                                     44,
                                     108,
                                     GOOD_SIZE - 8,
                                     GOOD_SIZE - 1,
                                     GOOD_SIZE + 1,
                                     GOOD_SIZE + 8,
                                     0x7FFFFFFF,
                                     0xFFFFFFFF};
    size_t i;

    for (i = 0; i < COUNT(wrong); i++) {
        ck_assert_int_eq(check(good, wrong[i]), RPROCFW_ERR_SIZE);
        assert_diag(8, GOOD_SIZE, wrong[i]);
    }
}
END_TEST

/* Each step of the sum, with the container's size that a wrapped sum would give. */
START_TEST(lengths_whose_sum_would_wrap_are_refused)
{
    static const struct {
        uint32_t tlv_len, sign_len, img_len, wrapped;
    } cases[] = {
        {0xFFFFFFFF, 64, 2048, 20 + 64 + 2048},     /* r8(tlv_len) */
        {0xFFFFFFF9, 64, 2048, 20 + 64 + 2048},     /* r8(tlv_len), the least */
        {0xFFFFFFF8, 64, 2048, 12 + 64 + 2048},     /* 20 + */
        {0xFFFFFFF0, 64, 2048, 4 + 64 + 2048},      /* 20 +, the least */
        {24, 0xFFFFFFFF, 2048, 44 + 2048},          /* r8(sign_len) */
        {24, 0xFFFFFFF9, 2048, 44 + 2048},          /* r8(sign_len), the least */
        {24, 0xFFFFFFF8, 2048, 36 + 2048},          /* + r8(sign_len) */
        {24, 0xFFFFFFD8, 2048, 4 + 2048},           /* + r8(sign_len), the least */
        {24, 64, 0xFFFFFFFF, 108},                  /* r8(img_len) */
        {24, 64, 0xFFFFFFF9, 108},                  /* r8(img_len), the least */
        {24, 64, 0xFFFFFFF8, 100},                  /* + r8(img_len) */
        {24, 64, 0xFFFFFF98, 4},                    /* + r8(img_len), the least */
        {0x80000000, 0x80000000, 2048, 20 + 2048},  /* two halves */
        {0x55555558, 0x55555558, 0x55555558, 0x1C}, /* three thirds */
    };
    size_t i;

    for (i = 0; i < COUNT(cases); i++) {
        struct rprocfw_header header = {0x3543A468, 1, cases[i].tlv_len, cases[i].sign_len,
                                        cases[i].img_len};

        ck_assert_msg(check(header, cases[i].wrapped) == RPROCFW_ERR_SIZE, "case %u", (unsigned)i);
        assert_diag(8, UINT32_MAX, cases[i].wrapped);
    }
}
END_TEST

START_TEST(the_largest_sizes_that_fit_are_taken)
{
    struct rprocfw_header tlv = {0x3543A468, 1, 0xFFFFFFD8, 8, 8};
    struct rprocfw_header sign = {0x3543A468, 1, 8, 0xFFFFFFD8, 8};
    struct rprocfw_header img = {0x3543A468, 1, 8, 8, 0xFFFFFFD8};

    ck_assert_int_eq(check(tlv, 0xFFFFFFFC), RPROCFW_OK);
    ck_assert_int_eq(check(sign, 0xFFFFFFFC), RPROCFW_OK);
    ck_assert_int_eq(check(img, 0xFFFFFFFC), RPROCFW_OK);
    img.img_len++; /* its padding would end at 2^32 + 4 */
    ck_assert_int_eq(check(img, 4), RPROCFW_ERR_SIZE);
}
END_TEST

START_TEST(fewer_bytes_than_a_header_are_not_read)
{
    uint8_t bytes[20] = {0x68, 0xA4, 0x43, 0x35, 1};
    struct board b = {0};
    uint32_t size;

    for (size = 0; size < 20; size++) {
        board_verify(&b, arena_copy(bytes, size, 0), 0);
        assert_refused(&b, RPROCFW_ERR_HEADER_SIZE, 0, NOWHERE, NOWHERE, NOWHERE);
        ck_assert_uint_eq(b.calls.of[READ], 0);
        ck_assert_uint_eq(b.diag.found, size);
        ck_assert_uint_eq(b.diag.expected, 20);
    }
    board_verify(&b, arena_copy(bytes, 20, 0), 0);
    assert_refused(&b, RPROCFW_ERR_TLV_LEN_ZERO, 8, NOWHERE, NOWHERE, NOWHERE);
    ck_assert_uint_eq(b.calls.of[READ], 1);
}
END_TEST

/* verify_begin tells the same as header_check, and reads nothing but the header. */
START_TEST(begin_refuses_what_the_header_check_refuses)
{
    struct bytes bytes = arena_copy(NULL, 0, GOOD_SIZE);
    struct board b = {0};

    board_verify(&b, bytes, 0);
    assert_refused(&b, RPROCFW_ERR_MAGIC, 0, NOWHERE, NOWHERE, NOWHERE);
    put32(bytes, 0, 0x3543A468);
    board_verify(&b, bytes, 0);
    assert_refused(&b, RPROCFW_ERR_VERSION, 4, NOWHERE, NOWHERE, NOWHERE);
    put32(bytes, 4, 1);
    board_verify(&b, bytes, 0);
    assert_refused(&b, RPROCFW_ERR_TLV_LEN_ZERO, 8, NOWHERE, NOWHERE, NOWHERE);
    put32(bytes, 8, 24);
    board_verify(&b, bytes, 0);
    assert_refused(&b, RPROCFW_ERR_SIGN_LEN_ZERO, 12, NOWHERE, NOWHERE, NOWHERE);
    put32(bytes, 12, 64);
    board_verify(&b, bytes, 0);
    assert_refused(&b, RPROCFW_ERR_SIZE, 8, NOWHERE, NOWHERE, NOWHERE);
    ck_assert_uint_eq(b.calls.of[READ], 1);
}
END_TEST

int main(void)
{
    RUN_TESTS("header", layout_follows_from_the_lengths, each_length_is_padded_to_8,
              magic_is_0x3543a468, version_is_1, tlv_len_is_not_0, sign_len_is_not_0,
              the_parts_add_up_to_the_size_exactly, lengths_whose_sum_would_wrap_are_refused,
              the_largest_sizes_that_fit_are_taken, fewer_bytes_than_a_header_are_not_read,
              begin_refuses_what_the_header_check_refuses);
}
