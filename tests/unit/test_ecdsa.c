/* SPDX-License-Identifier: BSD-2-Clause */
/* Signatures whose nonce is derived: the vectors of RFC 6979, A.2.5, and numbers at the edges. */
#include <string.h>

#include <check.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include <rprocfw/key.h>

#include "../../src/host/host.h"
#include "pkey.h"
#include "suite.h"

/* A key of P-256 with that private half, in hexadecimal. */
static EVP_PKEY *make_key(const char *private_half)
{
    uint8_t point[POINT];
    BIGNUM *d = NULL;
    EVP_PKEY *pkey;

    ck_assert_int_gt(BN_hex2bn(&d, private_half), 0);
    pkey = pkey_p256(d, EVP_PKEY_KEYPAIR, point);
    BN_free(d);
    return pkey;
}

static void require_hex(const uint8_t *bytes, size_t size, const char *expected)
{
    char text[2 * RPROCFW_P256_SIGNATURE + 1];

    for (size_t i = 0; i < size; i++)
        (void)snprintf(text + 2 * i, 3, "%02X", bytes[i]);
    ck_assert_str_eq(text, expected);
}

/* As libcrypto judges it, by other code than that which made it. */
static void require_good(EVP_PKEY *pkey, const uint8_t digest[RPROCFW_SHA256_SIZE],
                         const uint8_t signature[RPROCFW_P256_SIGNATURE])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    ECDSA_SIG *parsed = ECDSA_SIG_new();
    uint8_t *der = NULL;
    int size;

    ck_assert_int_eq(
        ECDSA_SIG_set0(parsed, BN_bin2bn(signature, 32, NULL), BN_bin2bn(signature + 32, 32, NULL)),
        1);
    size = i2d_ECDSA_SIG(parsed, &der);
    ck_assert_int_gt(size, 0);
    ck_assert_int_eq(EVP_PKEY_verify_init(ctx), 1);
    ck_assert_int_eq(EVP_PKEY_verify(ctx, der, (size_t)size, digest, RPROCFW_SHA256_SIZE), 1);
    OPENSSL_free(der);
    ECDSA_SIG_free(parsed);
    EVP_PKEY_CTX_free(ctx);
}

static const struct {
    const char *message;
    const char *signature; /* r, s */
} vectors[] = {
    {"sample", "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
               "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"},
    {"test", "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
             "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"},
};

START_TEST(the_vectors_of_rfc_6979)
{
    EVP_PKEY *pkey = make_key("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");

    for (size_t i = 0; i < COUNT(vectors); i++) {
        const char *message = vectors[i].message;
        uint8_t digest[RPROCFW_SHA256_SIZE];
        uint8_t signature[RPROCFW_P256_SIGNATURE];

        ck_assert_int_eq(EVP_Digest(message, strlen(message), digest, NULL, EVP_sha256(), NULL), 1);
        ck_assert(rprocfw_ecdsa_sign(pkey, digest, signature));
        require_hex(signature, sizeof(signature), vectors[i].signature);
    }
    EVP_PKEY_free(pkey);
}
END_TEST

/* Whether libcrypto knows them, as it does since OpenSSL 3.2, or not: the same as from here. */
START_TEST(a_key_signs_with_derived_nonces_whoever_derives_them)
{
    struct rprocfw_error error;
    struct rprocfw_key *key;

    ck_assert_int_eq(
        rprocfw_key_load(&key, VECTORS "/keys/p256.pem", RPROCFW_KEY_SIGN, NULL, &error),
        RPROCFW_OK);
    for (uint8_t i = 0; i < 100; i++) {
        uint8_t digest[RPROCFW_SHA256_SIZE];
        uint8_t signature[RPROCFW_P256_SIGNATURE];
        uint8_t expected[RPROCFW_P256_SIGNATURE];

        ck_assert_int_eq(EVP_Digest(&i, 1, digest, NULL, EVP_sha256(), NULL), 1);
        ck_assert(rprocfw_ecdsa_sign(rprocfw_key_pkey(key), digest, expected));
        ck_assert_int_eq(rprocfw_key_sign(key, RPROCFW_NONCE_DERIVED, &i, 1, signature, &error),
                         RPROCFW_OK);
        ck_assert_mem_eq(signature, expected, sizeof(signature));
        ck_assert_int_eq(rprocfw_key_sign(key, RPROCFW_NONCE_RANDOM, &i, 1, signature, &error),
                         RPROCFW_OK);
        ck_assert_mem_ne(signature, expected, sizeof(signature));
    }
    rprocfw_key_free(key);
}
END_TEST

/* 1, the order of the curve less 1, the order, one more, all ones: as private halves, as far as
 * they are some, and as digests. */
static const char *const edges[] = {
    "0000000000000000000000000000000000000000000000000000000000000001",
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550",
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
    "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632552",
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    "0000000000000000000000000000000000000000000000000000000000000000",
};
#define PRIVATE_HALVES 2

static void sign_at_the_edges(EVP_PKEY *pkey)
{
    uint8_t signature[RPROCFW_P256_SIGNATURE];
    uint8_t again[RPROCFW_P256_SIGNATURE];

    for (size_t i = 0; i < COUNT(edges); i++) {
        uint8_t digest[RPROCFW_SHA256_SIZE];
        BIGNUM *number = NULL;

        ck_assert_int_gt(BN_hex2bn(&number, edges[i]), 0);
        ck_assert_int_eq(BN_bn2binpad(number, digest, sizeof(digest)), sizeof(digest));
        BN_free(number);
        ck_assert(rprocfw_ecdsa_sign(pkey, digest, signature));
        require_good(pkey, digest, signature);
        ck_assert(rprocfw_ecdsa_sign(pkey, digest, again));
        ck_assert_mem_eq(signature, again, sizeof(signature));
    }
}

START_TEST(numbers_at_the_edges)
{
    for (size_t i = 0; i < PRIVATE_HALVES; i++) {
        EVP_PKEY *pkey = make_key(edges[i]);

        sign_at_the_edges(pkey);
        EVP_PKEY_free(pkey);
    }
}
END_TEST

int main(void)
{
    RUN_TESTS("ecdsa", the_vectors_of_rfc_6979,
              a_key_signs_with_derived_nonces_whoever_derives_them, numbers_at_the_edges);
}
