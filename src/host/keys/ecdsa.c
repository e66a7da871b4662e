/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ECDSA on P-256 with SHA-256 whose nonce follows from key and digest (RFC 6979, section 3.2): the
 * same container each time, and no random number to go wrong. OpenSSL 3.2 and later do so
 * themselves (key.c); for earlier ones libcrypto calculates here, with the functions whose time
 * does not depend on what they are given.
 */
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include "../host.h"

#define BYTES 32 /* of the order, the private key and the digest; none has bits to be cut off */

/* ---- Nonces: HMAC_DRBG with the names of RFC 6979 ---- */

struct nonces {
    uint8_t K[BYTES];
    uint8_t V[BYTES];
};

static bool hmac(const uint8_t key[BYTES], const uint8_t *data, size_t size, uint8_t out[BYTES])
{
    size_t written = 0;

    return EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, BYTES, data, size, out, BYTES,
                     &written) != NULL &&
           written == BYTES;
}

/* K = HMAC_K(V || octet || more), V = HMAC_K(V). */
static bool update(struct nonces *nonces, uint8_t octet, const uint8_t *more, size_t more_size)
{
    uint8_t data[BYTES + 1 + 2 * BYTES];
    bool done;

    memcpy(data, nonces->V, BYTES);
    data[BYTES] = octet;
    if (more_size > 0)
        memcpy(data + BYTES + 1, more, more_size);
    done = hmac(nonces->K, data, BYTES + 1 + more_size, nonces->K) &&
           hmac(nonces->K, nonces->V, BYTES, nonces->V);
    OPENSSL_cleanse(data, sizeof(data));
    return done;
}

/* Steps b to g. seed: the private key, and the digest modulo the order. */
static bool begin(struct nonces *nonces, const uint8_t seed[2 * BYTES])
{
    memset(nonces->K, 0, BYTES);
    memset(nonces->V, 1, BYTES);
    return update(nonces, 0, seed, 2 * BYTES) && update(nonces, 1, seed, 2 * BYTES);
}

/* ---- Signatures ---- */

/* Numbers of one signature. k, kinv and d are secret. */
struct signing {
    BN_CTX *ctx;
    EC_GROUP *group;
    EC_POINT *point;
    BN_MONT_CTX *mont; /* of the order */
    const BIGNUM *order;
    BIGNUM *d; /* the private key */
    BIGNUM *h; /* the digest, modulo the order */
    BIGNUM *k;
    BIGNUM *kinv;
    BIGNUM *exponent; /* order - 2 */
    BIGNUM *r;
    BIGNUM *s;
};

static void end(struct signing *x)
{
    BN_clear_free(x->s);
    BN_free(x->r);
    BN_free(x->exponent);
    BN_clear_free(x->kinv);
    BN_clear_free(x->k);
    BN_free(x->h);
    BN_clear_free(x->d);
    BN_MONT_CTX_free(x->mont);
    EC_POINT_clear_free(x->point);
    EC_GROUP_free(x->group);
    BN_CTX_free(x->ctx); /* wipes: it is a secure one */
}

static bool start(struct signing *x, const EVP_PKEY *pkey, const uint8_t digest[BYTES])
{
    *x = (struct signing){
        .ctx = BN_CTX_secure_new(),
        .group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1),
        .mont = BN_MONT_CTX_new(),
        .h = BN_bin2bn(digest, BYTES, NULL),
        .k = BN_secure_new(),
        .kinv = BN_secure_new(),
        .exponent = BN_new(),
        .r = BN_new(),
        .s = BN_secure_new(),
    };
    if (x->ctx == NULL || x->group == NULL || x->mont == NULL || x->h == NULL || x->k == NULL ||
        x->kinv == NULL || x->exponent == NULL || x->r == NULL || x->s == NULL)
        return false;
    x->point = EC_POINT_new(x->group);
    x->order = EC_GROUP_get0_order(x->group);
    return x->point != NULL && x->order != NULL &&
           EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &x->d) == 1 &&
           BN_MONT_CTX_set(x->mont, x->order, x->ctx) == 1 &&
           BN_nnmod(x->h, x->h, x->order, x->ctx) == 1 && BN_copy(x->exponent, x->order) != NULL &&
           BN_sub_word(x->exponent, 2) == 1;
}

/* r = x of kG; s = (h + r d) / k, with 1/k by Fermat; both modulo the order. */
static bool calculate(struct signing *x)
{
    BN_set_flags(x->k, BN_FLG_CONSTTIME);
    BN_set_flags(x->d, BN_FLG_CONSTTIME);
    return EC_POINT_mul(x->group, x->point, x->k, NULL, NULL, x->ctx) == 1 &&
           EC_POINT_get_affine_coordinates(x->group, x->point, x->r, NULL, x->ctx) == 1 &&
           BN_nnmod(x->r, x->r, x->order, x->ctx) == 1 &&
           BN_mod_exp_mont_consttime(x->kinv, x->k, x->exponent, x->order, x->ctx, x->mont) == 1 &&
           BN_to_montgomery(x->s, x->r, x->mont, x->ctx) == 1 &&
           BN_mod_mul_montgomery(x->s, x->s, x->d, x->mont, x->ctx) == 1 &&
           BN_mod_add_quick(x->s, x->s, x->h, x->order) == 1 &&
           BN_to_montgomery(x->s, x->s, x->mont, x->ctx) == 1 &&
           BN_mod_mul_montgomery(x->s, x->s, x->kinv, x->mont, x->ctx) == 1;
}

/* Step h, until there is a nonce that gives a signature. The first does, but for one in 2^32. */
static bool find(struct signing *x, struct nonces *nonces)
{
    if (!hmac(nonces->K, nonces->V, BYTES, nonces->V))
        return false;
    for (;;) {
        if (BN_bin2bn(nonces->V, BYTES, x->k) == NULL)
            return false;
        if (!BN_is_zero(x->k) && BN_cmp(x->k, x->order) < 0) {
            if (!calculate(x))
                return false;
            if (!BN_is_zero(x->r) && !BN_is_zero(x->s))
                return true;
        }
        if (!update(nonces, 0, NULL, 0) || !hmac(nonces->K, nonces->V, BYTES, nonces->V))
            return false;
    }
}

bool rprocfw_ecdsa_sign(const EVP_PKEY *pkey, const uint8_t digest[BYTES],
                        uint8_t signature[2 * BYTES])
{
    struct nonces nonces;
    struct signing x;
    uint8_t seed[2 * BYTES];
    const bool done = start(&x, pkey, digest) && BN_bn2binpad(x.d, seed, BYTES) == BYTES &&
                      BN_bn2binpad(x.h, seed + BYTES, BYTES) == BYTES && begin(&nonces, seed) &&
                      find(&x, &nonces) && BN_bn2binpad(x.r, signature, BYTES) == BYTES &&
                      BN_bn2binpad(x.s, signature + BYTES, BYTES) == BYTES;

    OPENSSL_cleanse(seed, sizeof(seed));
    OPENSSL_cleanse(&nonces, sizeof(nonces));
    end(&x);
    return done;
}
