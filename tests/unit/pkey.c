/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of libcrypto, made of their numbers. */
#include <check.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "pkey.h"

EVP_PKEY *pkey_from(const char *kind, int selection, OSSL_PARAM_BLD *build)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    EVP_PKEY *pkey = NULL;

    ck_assert_int_eq(EVP_PKEY_fromdata_init(ctx), 1);
    if (EVP_PKEY_fromdata(ctx, &pkey, selection, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}

static void point_of(const BIGNUM *private_half, uint8_t point[POINT])
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *public = EC_POINT_new(group);

    ck_assert_int_eq(EC_POINT_mul(group, public, private_half, NULL, NULL, NULL), 1);
    ck_assert_uint_eq(
        EC_POINT_point2oct(group, public, POINT_CONVERSION_UNCOMPRESSED, point, POINT, NULL),
        POINT);
    EC_POINT_free(public);
    EC_GROUP_free(group);
}

EVP_PKEY *pkey_p256(const BIGNUM *private_half, int selection, uint8_t point[POINT])
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    EVP_PKEY *pkey;

    point_of(private_half, point);
    ck_assert_int_eq(
        OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, SN_X9_62_prime256v1, 0),
        1);
    ck_assert_int_eq(OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, POINT),
                     1);
    if (selection == EVP_PKEY_KEYPAIR)
        ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, private_half), 1);
    pkey = pkey_from("EC", selection, build);
    ck_assert_ptr_nonnull(pkey);
    return pkey;
}
