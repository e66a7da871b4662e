/* SPDX-License-Identifier: BSD-2-Clause */
/* The SubjectPublicKeyInfo of a key, and so its fingerprint, is libcrypto's to the byte. */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "../../src/host/host.h"
#include "pkey.h"
#include "suite.h"

/* pkey stays the caller's. */
static void require_same(const struct rprocfw_key *key, EVP_PKEY *pkey, const char *what)
{
    struct rprocfw_key_numbers numbers;
    struct rprocfw_error error;
    uint8_t room[RPROCFW_SPKI_ROOM];
    uint8_t digest[RPROCFW_SHA256_SIZE];
    uint8_t *expected = NULL;
    const int expected_size = i2d_PUBKEY(pkey, &expected);
    const uint8_t *der;
    size_t size;

    ck_assert_int_gt(expected_size, 0);
    ck_assert_int_eq(rprocfw_key_numbers(key, &numbers, &error), RPROCFW_OK);
    der = rprocfw_spki(&numbers.key, room, &size);
    require(size == (size_t)expected_size && memcmp(der, expected, size) == 0, "%s", what);
    ck_assert_int_eq(EVP_Digest(expected, size, digest, NULL, EVP_sha256(), NULL), 1);
    require(memcmp(rprocfw_key_spki_sha256(key), digest, sizeof(digest)) == 0, "%s", what);
    OPENSSL_free(expected);
}

/* Takes over pkey. */
static void require_same_alone(EVP_PKEY *pkey, const char *what)
{
    struct rprocfw_key *key;
    struct rprocfw_error error;

    ck_assert_int_eq(EVP_PKEY_up_ref(pkey), 1);
    ck_assert_msg(rprocfw_key_wrap(&key, pkey, what, false, &error) == RPROCFW_OK, "%s",
                  error.text);
    require_same(key, pkey, what);
    rprocfw_key_free(key);
    EVP_PKEY_free(pkey);
}

/* Numbers of these bits, odd. */
static EVP_PKEY *make_rsa(int modulus_bits, int exponent_bits)
{
    OSSL_PARAM_BLD *params = OSSL_PARAM_BLD_new();
    BIGNUM *modulus = BN_new();
    BIGNUM *exponent = BN_new();
    EVP_PKEY *pkey;

    ck_assert_int_eq(BN_rand(modulus, modulus_bits, BN_RAND_TOP_TWO, BN_RAND_BOTTOM_ODD), 1);
    ck_assert_int_eq(BN_rand(exponent, exponent_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
    ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(params, OSSL_PKEY_PARAM_RSA_N, modulus), 1);
    ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(params, OSSL_PKEY_PARAM_RSA_E, exponent), 1);
    pkey = pkey_from("RSA", EVP_PKEY_PUBLIC_KEY, params);
    ck_assert_ptr_nonnull(pkey);
    BN_free(modulus);
    BN_free(exponent);
    return pkey;
}

START_TEST(rsa_of_every_length)
{
    static const int exponent_bits[] = {2, 7, 8, 17, 32, 33, 64};
    char what[64];

    for (int bits = 2048; bits <= 4096; bits += 3) {
        const int exponent = exponent_bits[(unsigned)bits % COUNT(exponent_bits)];

        (void)snprintf(what, sizeof(what), "modulus of %d bits, exponent of %d", bits, exponent);
        require_same_alone(make_rsa(bits, exponent), what);
    }
    for (int bits = 1000; bits <= 1048; bits++) {
        (void)snprintf(what, sizeof(what), "exponent of %d bits", bits);
        require_same_alone(make_rsa(2048, bits), what);
    }
    require_same_alone(make_rsa(3072, 3071), "the longest exponent");
    require_same_alone(make_rsa(4096, 64), "the longest modulus");
}
END_TEST

START_TEST(p256_with_all_leading_zeros)
{
    BIGNUM *private_half = BN_new();
    unsigned zeros[2] = {0};

    for (unsigned i = 1; i <= 1000; i++) {
        uint8_t point[POINT];

        ck_assert_int_eq(BN_set_word(private_half, i), 1);
        require_same_alone(pkey_p256(private_half, EVP_PKEY_PUBLIC_KEY, point), "EC P-256");
        zeros[0] += point[1] == 0;
        zeros[1] += point[33] == 0;
    }
    ck_assert_uint_gt(zeros[0], 0);
    ck_assert_uint_gt(zeros[1], 0);
    BN_free(private_half);
}
END_TEST

int main(void)
{
    RUN_TESTS("spki", rsa_of_every_length, p256_with_all_leading_zeros);
}
