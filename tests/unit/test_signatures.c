/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A signature that is not the key's is refused, whatever its bytes: it is never a failure of
 * libcrypto, which is told apart by libcrypto's errors.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <rprocfw/key.h>

#include "suite.h"

static const uint8_t data[] = "header and TLV area";

struct subject {
    struct rprocfw_key *key;
    struct rprocfw_signed what;
    uint8_t signature[512];
};

static void open_subject(struct subject *s, const char *path)
{
    struct rprocfw_error error;

    ck_assert_int_eq(rprocfw_key_load(&s->key, path, RPROCFW_KEY_SIGN, NULL, &error), RPROCFW_OK);
    ck_assert_int_eq(
        rprocfw_key_sign(s->key, RPROCFW_NONCE_DERIVED, data, sizeof(data), s->signature, &error),
        RPROCFW_OK);
    s->what = (struct rprocfw_signed){
        .data = data,
        .size = sizeof(data),
        .signature = s->signature,
        .signature_size = rprocfw_key_signature_size(s->key),
        .signtype = rprocfw_key_signtype(s->key),
    };
    ck_assert_int_eq(rprocfw_key_verify(s->key, &s->what, &error), RPROCFW_OK);
}

static void require_wrong(const struct subject *s, const char *what)
{
    struct rprocfw_error error = {.status = RPROCFW_OK};

    require(rprocfw_key_verify(s->key, &s->what, &error) == RPROCFW_ERR_SIGNATURE, "%s", what);
    require(error.status == RPROCFW_OK, "%s: an error is set", what);
}

static const char *const paths[] = {
    VECTORS "/keys/rsa2048.pem",
    VECTORS "/keys/rsa3072.pem",
    VECTORS "/keys/rsa4096.pem",
    VECTORS "/keys/p256.pem",
};

START_TEST(a_signature_of_which_one_bit_differs_is_wrong)
{
    struct subject s;

    open_subject(&s, paths[_i]);
    for (size_t bit = 0; bit < 8 * (size_t)s.what.signature_size; bit++) {
        s.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        require_wrong(&s, "one bit");
        s.signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    rprocfw_key_free(s.key);
}
END_TEST

START_TEST(a_signature_of_another_size_or_algorithm_is_wrong)
{
    struct subject s;
    const uint32_t size = rprocfw_key_signature_size((open_subject(&s, paths[_i]), s.key));

    for (uint32_t other = 0; other < size; other++) {
        s.what.signature_size = other;
        require_wrong(&s, "size");
    }
    s.what.signature_size = size;
    s.what.signtype =
        s.what.signtype == RPROCFW_SIGNTYPE_RSA ? RPROCFW_SIGNTYPE_ECDSA : RPROCFW_SIGNTYPE_RSA;
    require_wrong(&s, "algorithm");
    rprocfw_key_free(s.key);
}
END_TEST

/* The same in every run: xorshift. */
static uint8_t random_byte(void)
{
    static uint32_t state = 1;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return (uint8_t)(state >> 24);
}

START_TEST(a_signature_of_random_bytes_is_wrong)
{
    struct subject s;

    open_subject(&s, paths[_i]);
    for (unsigned run = 0; run < 300; run++) {
        for (uint32_t i = 0; i < s.what.signature_size; i++)
            s.signature[i] = random_byte();
        require_wrong(&s, "random");
    }
    rprocfw_key_free(s.key);
}
END_TEST

/* The numbers at which libcrypto's own bounds are: 0, 1, limit - 1, limit, limit + 1, all ones. */
#define EDGES 6

static void edge(unsigned number, const BIGNUM *limit, uint8_t *bytes, int size)
{
    BIGNUM *value = BN_dup(limit);

    switch (number) {
    case 0:
    case 1:
        BN_set_word(value, number);
        break;
    case 2:
        BN_sub_word(value, 1);
        break;
    case 4:
        BN_add_word(value, 1);
        break;
    default:
        break;
    }
    ck_assert_int_eq(BN_bn2binpad(value, bytes, size), size);
    if (number == EDGES - 1)
        memset(bytes, 0xFF, (size_t)size);
    BN_free(value);
}

static EVP_PKEY *read_key(const char *path)
{
    BIO *file = BIO_new_file(path, "r");
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(file, NULL, NULL, NULL);

    BIO_free(file);
    ck_assert_ptr_nonnull(pkey);
    return pkey;
}

START_TEST(r_or_s_at_the_bounds_of_the_order_is_wrong)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    struct subject s;
    uint8_t good[64];

    open_subject(&s, VECTORS "/keys/p256.pem");
    memcpy(good, s.signature, sizeof(good));
    for (unsigned r = 0; r <= EDGES; r++) {
        for (unsigned t = 0; t <= EDGES; t++) {
            memcpy(s.signature, good, sizeof(good)); /* stays where the number is EDGES */
            if (r < EDGES)
                edge(r, EC_GROUP_get0_order(group), s.signature, 32);
            if (t < EDGES)
                edge(t, EC_GROUP_get0_order(group), s.signature + 32, 32);
            if (r < EDGES || t < EDGES)
                require_wrong(&s, "r, s");
        }
    }
    EC_GROUP_free(group);
    rprocfw_key_free(s.key);
}
END_TEST

START_TEST(an_rsa_signature_at_the_bounds_of_the_modulus_is_wrong)
{
    EVP_PKEY *pkey = read_key(paths[0]);
    BIGNUM *modulus = NULL;
    struct subject s;

    open_subject(&s, paths[0]);
    ck_assert_int_eq(EVP_PKEY_get_bn_param(pkey, "n", &modulus), 1);
    for (unsigned number = 0; number < EDGES; number++) {
        edge(number, modulus, s.signature, (int)s.what.signature_size);
        require_wrong(&s, "bound of the modulus");
    }
    BN_free(modulus);
    EVP_PKEY_free(pkey);
    rprocfw_key_free(s.key);
}
END_TEST

/* The block that the key's signature of data is an encryption of. */
static void open_block(EVP_PKEY *pkey, const struct subject *s, uint8_t block[256])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    size_t size = 256;

    ck_assert_int_eq(EVP_PKEY_encrypt_init(ctx), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
    ck_assert_int_eq(EVP_PKEY_encrypt(ctx, block, &size, s->signature, 256), 1);
    EVP_PKEY_CTX_free(ctx);
}

static void sign_block(EVP_PKEY *pkey, const uint8_t block[256], uint8_t signature[256])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    size_t size = 256;

    ck_assert_int_eq(EVP_PKEY_decrypt_init(ctx), 1);
    ck_assert_int_eq(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING), 1);
    ck_assert_int_eq(EVP_PKEY_decrypt(ctx, signature, &size, block, 256), 1);
    EVP_PKEY_CTX_free(ctx);
}

/* What libcrypto finds inside: padding, DigestInfo, digest; each byte changed in two ways. */
START_TEST(an_rsa_signature_of_a_malformed_block_is_wrong)
{
    static const uint8_t changes[] = {0x01, 0xFF};
    EVP_PKEY *pkey = read_key(paths[0]);
    uint8_t block[256];
    struct subject s;

    open_subject(&s, paths[0]);
    open_block(pkey, &s, block);
    ck_assert_uint_eq(block[1], 1); /* 00 01 FF .. FF 00 DigestInfo */
    for (size_t i = 1; i < sizeof(block); i++) {
        block[i] ^= changes[_i];
        sign_block(pkey, block, s.signature);
        require_wrong(&s, "block");
        block[i] ^= changes[_i];
    }
    sign_block(pkey, block, s.signature);
    ck_assert_int_eq(rprocfw_key_verify(s.key, &s.what, NULL), RPROCFW_OK);
    EVP_PKEY_free(pkey);
    rprocfw_key_free(s.key);
}
END_TEST

int main(void)
{
    const TTest *const of_each_key[] = {
        a_signature_of_which_one_bit_differs_is_wrong,
        a_signature_of_another_size_or_algorithm_is_wrong,
        a_signature_of_random_bytes_is_wrong,
    };
    const TTest *const of_each_change[] = {an_rsa_signature_of_a_malformed_block_is_wrong};
    const TTest *const others[] = {
        r_or_s_at_the_bounds_of_the_order_is_wrong,
        an_rsa_signature_at_the_bounds_of_the_modulus_is_wrong,
    };

    if (run_loop_tests("signatures", of_each_key, COUNT(of_each_key), COUNT(paths)) != 0 ||
        run_loop_tests("signed blocks", of_each_change, COUNT(of_each_change), 2) != 0)
        return 1;
    return run_tests("bounds of signatures", others, COUNT(others));
}
