/* SPDX-License-Identifier: BSD-2-Clause */
/* Segments of an image that passes by in pieces are encrypted each by itself, and nothing else is.
 */
#include <string.h>

#include <check.h>
#include <openssl/evp.h>

#include "../../src/host/host.h"
#include "suite.h"

#define BLOCK      RPROCFW_AES_BLOCK
#define IMAGE_SIZE 400u

/* ---- What it is compared with ---- */

/* NIST SP 800-38A, F.2.5: CBC-AES256. */
static const struct rprocfw_enc_key key = {
    {0x60, 0x3d, 0xeb, 0x10, 0x15, 0xca, 0x71, 0xbe, 0x2b, 0x73, 0xae,
     0xf0, 0x85, 0x7d, 0x77, 0x81, 0x1f, 0x35, 0x2c, 0x07, 0x3b, 0x61,
     0x08, 0xd7, 0x2d, 0x98, 0x10, 0xa3, 0x09, 0x14, 0xdf, 0xf4},
};
static const uint8_t iv[BLOCK] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
static const uint8_t plain[2 * BLOCK] = {
    0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96, 0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
    0xae, 0x2d, 0x8a, 0x57, 0x1e, 0x03, 0xac, 0x9c, 0x9e, 0xb7, 0x6f, 0xac, 0x45, 0xaf, 0x8e, 0x51,
};
static const uint8_t cipher[2 * BLOCK] = {
    0xf5, 0x8c, 0x4c, 0x04, 0xd6, 0xe5, 0xf1, 0xba, 0x77, 0x9e, 0xab, 0xfb, 0x5f, 0x7b, 0xfb, 0xd6,
    0x9c, 0xfc, 0x4e, 0x96, 0x7e, 0xdb, 0x80, 0x8d, 0x67, 0x9f, 0x77, 0x7b, 0xc6, 0x70, 0x2c, 0x7d,
};

/* By libcrypto at once, where it stands. */
static void encrypt(uint8_t *bytes, uint32_t size, const uint8_t *from)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int done = 0;

    ck_assert_int_eq(EVP_EncryptInit_ex(ctx, EVP_aes_256_cbc(), NULL, key.bytes, from), 1);
    ck_assert_int_eq(EVP_CIPHER_CTX_set_padding(ctx, 0), 1);
    ck_assert_int_eq(EVP_EncryptUpdate(ctx, bytes, &done, bytes, (int)size), 1);
    ck_assert_int_eq(done, (int)size);
    EVP_CIPHER_CTX_free(ctx);
}

/* ---- What is compared ---- */

static struct rprocfw_error error;

static struct rprocfw_cbc *new_cbc(bool encrypts)
{
    struct rprocfw_cbc *cbc;

    ck_assert_int_eq(rprocfw_cbc_new(&cbc, &key, encrypts, &error), RPROCFW_OK);
    return cbc;
}

/* An image begins with these; true: it can pass by. */
static bool begin(struct rprocfw_cbc *cbc, const struct rprocfw_cbc_segment *segments, size_t count)
{
    ck_assert_int_eq(rprocfw_cbc_begin(cbc, count, &error), RPROCFW_OK);
    for (size_t i = 0; i < count; i++)
        rprocfw_cbc_add(cbc, segments[i].offset, segments[i].size, segments[i].iv);
    return rprocfw_cbc_sort(cbc);
}

/* All of an image, with room for so much at a time. */
static void pass(struct rprocfw_cbc *cbc, uint8_t *image, uint32_t size, uint32_t room)
{
    uint32_t offset = 0;

    while (offset < size) {
        const uint32_t wanted = size - offset < room ? size - offset : room;
        const uint32_t piece = rprocfw_cbc_piece(cbc, offset, wanted);

        require(piece > 0 && piece <= wanted && wanted - piece < BLOCK,
                "a piece of %u bytes of %u at %u", piece, wanted, offset);
        ck_assert_int_eq(rprocfw_cbc_pass(cbc, offset, image + offset, piece, &error), RPROCFW_OK);
        offset += piece;
    }
}

static void make_image(uint8_t image[IMAGE_SIZE])
{
    for (uint32_t i = 0; i < IMAGE_SIZE; i++)
        image[i] = (uint8_t)(i * 7 + i / 256);
}

/* Not in order, at odd places, two side by side, one of a block, one to the end, one of nothing. */
static const struct rprocfw_cbc_segment segments[] = {
    {.offset = 200, .size = 96, .iv = cipher}, {.offset = 3, .size = 48, .iv = iv},
    {.offset = 51, .size = 16, .iv = plain},   {.offset = 60, .size = 0, .iv = iv},
    {.offset = 336, .size = 64, .iv = iv},
};

/* ---- Tests ---- */

START_TEST(the_vectors_of_sp_800_38a)
{
    const struct rprocfw_cbc_segment segment = {.offset = 0, .size = sizeof(plain), .iv = iv};

    for (unsigned encrypts = 0; encrypts <= 1; encrypts++) {
        struct rprocfw_cbc *cbc = new_cbc(encrypts == 1);
        uint8_t bytes[sizeof(plain)];

        memcpy(bytes, encrypts == 1 ? plain : cipher, sizeof(bytes));
        ck_assert(begin(cbc, &segment, 1));
        pass(cbc, bytes, sizeof(bytes), sizeof(bytes));
        ck_assert_mem_eq(bytes, encrypts == 1 ? cipher : plain, sizeof(bytes));
        rprocfw_cbc_free(cbc);
    }
}
END_TEST

START_TEST(pieces_of_any_size_give_the_same)
{
    struct rprocfw_cbc *encrypts = new_cbc(true);
    struct rprocfw_cbc *decrypts = new_cbc(false);
    uint8_t original[IMAGE_SIZE];
    uint8_t expected[IMAGE_SIZE];

    make_image(original);
    make_image(expected);
    for (size_t i = 0; i < COUNT(segments); i++)
        encrypt(expected + segments[i].offset, segments[i].size, segments[i].iv);
    for (uint32_t room = BLOCK; room <= IMAGE_SIZE; room++) {
        uint8_t image[IMAGE_SIZE];

        make_image(image);
        ck_assert(begin(encrypts, segments, COUNT(segments)));
        pass(encrypts, image, IMAGE_SIZE, room);
        require(memcmp(image, expected, IMAGE_SIZE) == 0, "encrypted, %u at a time", room);
        ck_assert(begin(decrypts, segments, COUNT(segments)));
        pass(decrypts, image, IMAGE_SIZE, room);
        require(memcmp(image, original, IMAGE_SIZE) == 0, "decrypted, %u at a time", room);
    }
    rprocfw_cbc_free(encrypts);
    rprocfw_cbc_free(decrypts);
}
END_TEST

/* The last image ended within a segment. */
START_TEST(each_image_starts_anew)
{
    struct rprocfw_cbc *cbc = new_cbc(true);
    uint8_t image[IMAGE_SIZE];
    uint8_t expected[IMAGE_SIZE];

    make_image(image);
    make_image(expected);
    encrypt(expected + 32, 64, plain);
    ck_assert(begin(cbc, segments, COUNT(segments)));
    pass(cbc, image, 232, IMAGE_SIZE);
    make_image(image);
    ck_assert(begin(cbc, &(struct rprocfw_cbc_segment){.offset = 32, .size = 64, .iv = plain}, 1));
    pass(cbc, image, IMAGE_SIZE, 40);
    ck_assert_mem_eq(image, expected, IMAGE_SIZE);
    make_image(image);
    make_image(expected);
    ck_assert(begin(cbc, NULL, 0));
    pass(cbc, image, IMAGE_SIZE, 40);
    ck_assert_mem_eq(image, expected, IMAGE_SIZE);
    rprocfw_cbc_free(cbc);
}
END_TEST

/* Where an offset and a size of 32 bits add up to more. */
START_TEST(the_last_bytes_of_the_largest_image)
{
    static const struct rprocfw_cbc_segment last[] = {
        {.offset = UINT32_MAX - 32, .size = 32, .iv = iv},
        {.offset = 0, .size = 16, .iv = iv},
    };
    struct rprocfw_cbc *cbc = new_cbc(true);
    uint8_t bytes[33] = {0};
    uint8_t first[BLOCK] = {0};

    memcpy(bytes + 1, plain, sizeof(plain));
    ck_assert(begin(cbc, last, COUNT(last)));
    ck_assert_int_eq(rprocfw_cbc_pass(cbc, 0, first, sizeof(first), &error), RPROCFW_OK);
    ck_assert_uint_eq(rprocfw_cbc_piece(cbc, UINT32_MAX - 33, 32), 17);
    ck_assert_int_eq(rprocfw_cbc_pass(cbc, UINT32_MAX - 33, bytes, 17, &error), RPROCFW_OK);
    ck_assert_uint_eq(rprocfw_cbc_piece(cbc, UINT32_MAX - 16, 16), 16);
    ck_assert_int_eq(rprocfw_cbc_pass(cbc, UINT32_MAX - 16, bytes + 17, 16, &error), RPROCFW_OK);
    ck_assert_uint_eq(bytes[0], 0);
    ck_assert_mem_eq(bytes + 1, cipher, sizeof(cipher));
    rprocfw_cbc_free(cbc);
}
END_TEST

START_TEST(segments_over_each_other_are_told)
{
    static const struct {
        uint32_t offset[2];
        uint32_t size[2];
        bool apart;
    } pairs[] = {
        {{0, 16}, {16, 16}, true},
        {{16, 0}, {16, 16}, true},
        {{0, 15}, {16, 16}, false},
        {{15, 0}, {16, 16}, false},
        {{32, 32}, {16, 16}, false},
        {{0, 16}, {64, 16}, false},
        {{0, 16}, {64, 0}, true}, /* nothing is over nothing */
        {{0, UINT32_MAX}, {UINT32_MAX, 16}, true},
        {{0, 0x80000000}, {0x80000010, 16}, false},
        {{UINT32_MAX - 15, UINT32_MAX - 31}, {16, 16}, true},
    };
    struct rprocfw_cbc *cbc = new_cbc(true);

    for (size_t i = 0; i < COUNT(pairs); i++) {
        const struct rprocfw_cbc_segment both[] = {
            {.offset = pairs[i].offset[0], .size = pairs[i].size[0], .iv = iv},
            {.offset = pairs[i].offset[1], .size = pairs[i].size[1], .iv = iv},
        };

        require(begin(cbc, both, COUNT(both)) == pairs[i].apart, "pair %zu", i);
    }
    rprocfw_cbc_free(cbc);
}
END_TEST

int main(void)
{
    RUN_TESTS("cbc", the_vectors_of_sp_800_38a, pieces_of_any_size_give_the_same,
              each_image_starts_anew, the_last_bytes_of_the_largest_image,
              segments_over_each_other_are_told);
}
