/* SPDX-License-Identifier: BSD-2-Clause */
/* What a key is and does: kind, fingerprint, sign, verify. libcrypto works. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>

#include "../host.h"

#define RSA_MIN_BITS 2048
#define RSA_MAX_BITS 4096
#define P256_BYTES   32

struct rprocfw_key {
    EVP_PKEY *pkey;   /* of libcrypto's own; has both halves, or with a signer the public one */
    EVP_PKEY *signer; /* in a token, for example; NULL: pkey signs */
    OSSL_LIB_CTX *library; /* of signer, the modules' */
    char *propquery;       /* for signer */
    enum rprocfw_signtype signtype;
    bool has_private;
    char kind[16];
    char *path;
    uint8_t spki_sha256[RPROCFW_SHA256_SIZE];
};

/* SHA-256 of the SPKI DER of keys whose private half is published. */
static const struct {
    uint8_t spki_sha256[RPROCFW_SHA256_SIZE];
    const char *where;
} published[] = {
    {{0xca, 0xc7, 0xbc, 0xfa, 0xf8, 0x67, 0x4a, 0x57, 0xe5, 0xea, 0xa8,
      0xef, 0x1a, 0x7c, 0x9b, 0x67, 0xaf, 0x1f, 0xd5, 0x56, 0x2a, 0x06,
      0x44, 0x0d, 0x88, 0xd5, 0xe3, 0xc6, 0x32, 0xe8, 0x8c, 0x48},
     "keys/default.pem of OP-TEE since 4.7"},
    {{0x3a, 0x21, 0x98, 0x3a, 0xee, 0xda, 0x3a, 0x50, 0x3f, 0x4d, 0x3d,
      0xe2, 0xff, 0x6f, 0xed, 0xba, 0xa8, 0xb4, 0x38, 0x9a, 0xb6, 0xef,
      0x72, 0x61, 0xcb, 0xdb, 0x1d, 0xe8, 0x54, 0x34, 0xfc, 0xc3},
     "keys/default.pem of ST, and of OP-TEE before 4.7"},
    {{0x32, 0x71, 0x4b, 0xd6, 0x01, 0x07, 0xc0, 0xbe, 0x6b, 0x0a, 0x53,
      0x34, 0x6b, 0xdb, 0x96, 0x84, 0x4b, 0x9f, 0x03, 0x6f, 0x10, 0x81,
      0x84, 0xa8, 0x87, 0xdb, 0x93, 0xcc, 0x41, 0x15, 0x18, 0xb6},
     "default_rproc.pem of early OP-TEE"},
};

/* With more bits of modulus than the first libcrypto verifies with no more of exponent than the
 * second. */
#define SMALL_MODULUS_BITS 3072
#define MAX_EXPONENT_BITS  64

/*
 * What is wrong with the numbers of an RSA key, or NULL. Everybody can sign for an exponent of 1;
 * an even one has no private half; a modulus is a product of odd primes.
 */
static const char *fault_of(const BIGNUM *modulus, const BIGNUM *exponent)
{
    if (!BN_is_odd(modulus))
        return "modulus is even";
    if (!BN_is_odd(exponent) || BN_cmp(exponent, BN_value_one()) <= 0)
        return "public exponent is 1 or even";
    if (BN_cmp(exponent, modulus) >= 0)
        return "public exponent is not smaller than the modulus";
    return NULL;
}

static enum rprocfw_status judge_numbers(const struct rprocfw_key *key, const BIGNUM *modulus,
                                         const BIGNUM *exponent, struct rprocfw_error *error)
{
    const char *fault = fault_of(modulus, exponent);

    if (fault != NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: an RSA key whose %s; make one with the usual exponent, 65537",
                                 key->path, fault);
    if (BN_num_bits(modulus) > SMALL_MODULUS_BITS && BN_num_bits(exponent) > MAX_EXPONENT_BITS)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: an %s key whose public exponent has %d bits, expected at "
                                 "most %d; make one with the usual exponent, 65537",
                                 key->path, key->kind, BN_num_bits(exponent), MAX_EXPONENT_BITS);
    return RPROCFW_OK;
}

static enum rprocfw_status judge_rsa(const struct rprocfw_key *key, struct rprocfw_error *error)
{
    BIGNUM *modulus = NULL;
    BIGNUM *exponent = NULL;
    enum rprocfw_status status;

    if (EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 &&
        EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_RSA_E, &exponent) == 1)
        status = judge_numbers(key, modulus, exponent, error);
    else
        status = rprocfw_crypto_error(error, "taking the key's numbers");
    BN_free(modulus);
    BN_free(exponent);
    return status;
}

/* Everybody can sign for the point at infinity, which libcrypto loads. */
static enum rprocfw_status judge_point(const struct rprocfw_key *key, struct rprocfw_error *error)
{
    static const char looking[] = "checking the key's point";
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
    int good;

    if (ctx == NULL)
        return rprocfw_crypto_error(error, looking);
    ERR_clear_error();
    good = EVP_PKEY_public_check_quick(ctx);
    EVP_PKEY_CTX_free(ctx);
    if (good == 1)
        return RPROCFW_OK;
    if (ERR_peek_error() == 0) /* of a point that is none it says why */
        return rprocfw_crypto_error(error, looking);
    if (rprocfw_crypto_broke(error, looking))
        return RPROCFW_ERR_CRYPTO;
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: an EC key whose public half is no point that a private key has; "
                             "expected a point on P-256 other than the one at infinity",
                             key->path);
}

/* Not EVP_PKEY_is_a: without memory for the name that it asks for, it says no. */
static bool is_type(const char *type, const char *name)
{
    return type != NULL && strcmp(type, name) == 0;
}

/* A curve that has no name because its numbers are written out, and are no usual ones. */
static bool is_own_curve(const EVP_PKEY *pkey)
{
    char encoding[16];

    return EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_EC_ENCODING, encoding,
                                          sizeof(encoding), NULL) == 1 &&
           strcmp(encoding, OSSL_PKEY_EC_ENCODING_EXPLICIT) == 0;
}

/* RSA in range, or EC P-256. */
static enum rprocfw_status set_kind(struct rprocfw_key *key, struct rprocfw_error *error)
{
    const int bits = EVP_PKEY_get_bits(key->pkey);
    const char *type = EVP_PKEY_get0_type_name(key->pkey);
    char group[32] = "";

    if (bits <= 0) /* so it answers, too, after memory failed while it decoded */
        return rprocfw_error_set(error, RPROCFW_ERR_CRYPTO,
                                 "%s: libcrypto gives a key without its numbers", key->path);
    if (is_type(type, "RSA")) {
        if (bits < RSA_MIN_BITS || bits > RSA_MAX_BITS)
            return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                     "%s: an RSA key of %d bits; use one of %d to %d bits",
                                     key->path, bits, RSA_MIN_BITS, RSA_MAX_BITS);
        key->signtype = RPROCFW_SIGNTYPE_RSA;
        (void)snprintf(key->kind, sizeof(key->kind), "RSA-%d", bits);
        return judge_rsa(key, error);
    }
    if (is_type(type, "EC")) {
        if (EVP_PKEY_get_group_name(key->pkey, group, sizeof(group), NULL) != 1 &&
            !is_own_curve(key->pkey))
            return rprocfw_crypto_error(error, "taking the key's curve");
        if (strcmp(group, SN_X9_62_prime256v1) != 0)
            return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                     "%s: an EC key on the curve %s; use P-256 (prime256v1)",
                                     key->path, group[0] != '\0' ? group : "of its own");
        key->signtype = RPROCFW_SIGNTYPE_ECDSA;
        (void)snprintf(key->kind, sizeof(key->kind), "EC P-256");
        return judge_point(key, error);
    }
    return rprocfw_error_set(
        error, RPROCFW_ERR_KEY, "%s: a key of type %s; use RSA of %d to %d bits or EC P-256",
        key->path, type != NULL ? type : "unknown", RSA_MIN_BITS, RSA_MAX_BITS);
}

/* Of the usual encoding, whatever the file's: named curve, uncompressed point. */
static enum rprocfw_status set_fingerprint(struct rprocfw_key *key, struct rprocfw_error *error)
{
    uint8_t room[RPROCFW_SPKI_ROOM];
    const uint8_t *der;
    size_t size;
    enum rprocfw_status status = rprocfw_key_spki(key, room, &der, &size, error);

    if (status != RPROCFW_OK)
        return status;
    if (EVP_Digest(der, size, key->spki_sha256, NULL, EVP_sha256(), NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_key_wrap(struct rprocfw_key **out, EVP_PKEY *pkey, const char *path,
                                     bool has_private, struct rprocfw_error *error)
{
    struct rprocfw_key *key = calloc(1, sizeof(*key));
    enum rprocfw_status status;

    *out = NULL;
    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return rprocfw_no_memory(error);
    }
    key->pkey = pkey;
    key->has_private = has_private;
    key->path = strdup(path);
    status = key->path != NULL ? set_kind(key, error) : rprocfw_no_memory(error);
    if (status == RPROCFW_OK)
        status = set_fingerprint(key, error);
    if (status == RPROCFW_OK)
        *out = key;
    else
        rprocfw_key_free(key);
    return status;
}

void rprocfw_key_free(struct rprocfw_key *key)
{
    if (key == NULL)
        return;
    EVP_PKEY_free(key->pkey); /* wipes the private half */
    EVP_PKEY_free(key->signer);
    free(key->propquery);
    free(key->path);
    free(key);
}

/* Of the algorithms of all providers libcrypto would take those of its own, which lack the key. */
static char *query_of(const EVP_PKEY *signer, const char *propquery)
{
    const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(signer);
    char *query;

    if (propquery != NULL)
        return strdup(propquery);
    if (provider == NULL) /* of an engine */
        return strdup("");
    return asprintf(&query, "?provider=%s", OSSL_PROVIDER_get0_name(provider)) >= 0 ? query : NULL;
}

enum rprocfw_status rprocfw_key_set_signer(struct rprocfw_key *key, EVP_PKEY *signer,
                                           OSSL_LIB_CTX *ctx, const char *propquery,
                                           struct rprocfw_error *error)
{
    key->propquery = query_of(signer, propquery);
    if (key->propquery == NULL)
        return rprocfw_no_memory(error);
    if (EVP_PKEY_up_ref(signer) != 1)
        return rprocfw_crypto_error(error, "taking the key");
    key->signer = signer;
    key->library = ctx;
    return RPROCFW_OK;
}

enum rprocfw_signtype rprocfw_key_signtype(const struct rprocfw_key *key)
{
    return key->signtype;
}

unsigned rprocfw_key_bits(const struct rprocfw_key *key)
{
    return (unsigned)EVP_PKEY_get_bits(key->pkey);
}

const char *rprocfw_key_kind(const struct rprocfw_key *key)
{
    return key->kind;
}

bool rprocfw_key_has_private(const struct rprocfw_key *key)
{
    return key->has_private;
}

bool rprocfw_key_is_elsewhere(const struct rprocfw_key *key)
{
    return key->signer != NULL;
}

const char *rprocfw_key_path(const struct rprocfw_key *key)
{
    return key->path;
}

EVP_PKEY *rprocfw_key_pkey(const struct rprocfw_key *key)
{
    return key->pkey;
}

const uint8_t *rprocfw_key_spki_sha256(const struct rprocfw_key *key)
{
    return key->spki_sha256;
}

const char *rprocfw_published(const uint8_t spki_sha256[RPROCFW_SHA256_SIZE])
{
    for (size_t i = 0; i < sizeof(published) / sizeof(published[0]); i++)
        if (memcmp(spki_sha256, published[i].spki_sha256, RPROCFW_SHA256_SIZE) == 0)
            return published[i].where;
    return NULL;
}

const char *rprocfw_key_published(const struct rprocfw_key *key)
{
    return rprocfw_published(key->spki_sha256);
}

void rprocfw_key_warn(const struct rprocfw_key *key, const struct rprocfw_log *log)
{
    const char *where = rprocfw_key_published(key);

    if (where != NULL)
        rprocfw_log(log, RPROCFW_LOG_WARNING,
                    "%s: a published test key (%s): everybody can sign with it; use a key of your "
                    "own for products",
                    key->path, where);
}

/* ---- The numbers of the public half ---- */

/* Write one of them, big-endian, in size bytes or, with size 0, in as many as it needs. */
static bool take_number(const struct rprocfw_key *key, const char *name, size_t size,
                        uint8_t bytes[RPROCFW_NUMBER_ROOM], uint32_t *written)
{
    BIGNUM *number = NULL;
    int needed;
    bool done;

    if (EVP_PKEY_get_bn_param(key->pkey, name, &number) != 1)
        return false;
    needed = size != 0 ? (int)size : BN_num_bytes(number);
    done = needed > 0 && needed <= (int)RPROCFW_NUMBER_ROOM &&
           BN_bn2binpad(number, bytes, needed) == needed;
    *written = (uint32_t)needed;
    BN_free(number);
    return done;
}

enum rprocfw_status rprocfw_key_numbers(const struct rprocfw_key *key,
                                        struct rprocfw_key_numbers *numbers,
                                        struct rprocfw_error *error)
{
    struct rprocfw_public_key *public = &numbers->key;
    const bool rsa = key->signtype == RPROCFW_SIGNTYPE_RSA;
    uint8_t(*bytes)[RPROCFW_NUMBER_ROOM] = numbers->bytes;
    const size_t size = rsa ? 0 : P256_BYTES;
    uint32_t first_size;
    uint32_t second_size;

    if (!take_number(key, rsa ? OSSL_PKEY_PARAM_RSA_N : OSSL_PKEY_PARAM_EC_PUB_X, size, bytes[0],
                     &first_size) ||
        !take_number(key, rsa ? OSSL_PKEY_PARAM_RSA_E : OSSL_PKEY_PARAM_EC_PUB_Y, size, bytes[1],
                     &second_size))
        return rprocfw_crypto_error(error, "taking the numbers of the public key");
    if (rsa)
        *public = (struct rprocfw_public_key){.signtype = key->signtype,
                                              .modulus = bytes[0],
                                              .modulus_size = first_size,
                                              .exponent = bytes[1],
                                              .exponent_size = second_size};
    else
        *public =
            (struct rprocfw_public_key){.signtype = key->signtype, .x = bytes[0], .y = bytes[1]};
    return RPROCFW_OK;
}

/* ---- Signatures ---- */

uint32_t rprocfw_key_signature_size(const struct rprocfw_key *key)
{
    if (key->signtype == RPROCFW_SIGNTYPE_ECDSA)
        return RPROCFW_P256_SIGNATURE;
    return (rprocfw_key_bits(key) + 7) / 8;
}

/* ECDSA signatures are DER in libcrypto and r, s of fixed size in the container. */
static bool ecdsa_from_der(const uint8_t *der, size_t size, uint8_t *signature)
{
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &der, (long)size);
    bool done;

    if (parsed == NULL)
        return false;
    done = BN_bn2binpad(ECDSA_SIG_get0_r(parsed), signature, P256_BYTES) == P256_BYTES &&
           BN_bn2binpad(ECDSA_SIG_get0_s(parsed), signature + P256_BYTES, P256_BYTES) == P256_BYTES;
    ECDSA_SIG_free(parsed);
    return done;
}

size_t rprocfw_ecdsa_to_der(const uint8_t signature[RPROCFW_P256_SIGNATURE], uint8_t **der)
{
    ECDSA_SIG *parsed = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, P256_BYTES, NULL);
    BIGNUM *s = BN_bin2bn(signature + P256_BYTES, P256_BYTES, NULL);
    int size = 0;

    *der = NULL;
    if (parsed == NULL || r == NULL || s == NULL || ECDSA_SIG_set0(parsed, r, s) != 1) {
        BN_free(r);
        BN_free(s);
    } else {
        size = i2d_ECDSA_SIG(parsed, der);
    }
    ECDSA_SIG_free(parsed);
    return size > 0 ? (size_t)size : 0;
}

static const char checking[] = "checking the signature";

/* Padding is the format's choice, not libcrypto's default. */
static bool set_padding(const struct rprocfw_key *key, EVP_PKEY_CTX *ctx)
{
    return key->signtype != RPROCFW_SIGNTYPE_RSA ||
           EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1;
}

/* 80 bytes are enough for the DER of a P-256 signature (72), 512 for RSA-4096. */
#define RAW_SIGNATURE 512

/* The provider of a TPM asks for a key's password only if its URI says that there is one. */
static bool may_lack_password(const char *uri)
{
    return strncmp(uri, "handle:", strlen("handle:")) == 0 && strchr(uri, '?') == NULL;
}

static enum rprocfw_status signing_failed(const struct rprocfw_key *key,
                                          struct rprocfw_error *error)
{
    struct rprocfw_error reason;

    if (key->signer != NULL) {
        (void)rprocfw_module_error(&reason, key->path, "signing");
        return rprocfw_error_set(error, reason.status, "%s%s", reason.text,
                                 may_lack_password(key->path)
                                     ? "; for a key with a password put ?pass behind the handle"
                                     : "");
    }
    (void)rprocfw_crypto_error(&reason, "signing");
    return rprocfw_error_set(error, reason.status, "%s: %s", key->path, reason.text);
}

/* Of OpenSSL 3.2 and later; whether it is known is asked of the one that signs. */
#ifndef OSSL_SIGNATURE_PARAM_NONCE_TYPE
#define OSSL_SIGNATURE_PARAM_NONCE_TYPE "nonce-type"
#endif
#define NONCE_TYPE_DERIVED 1u

/* Nonces are random to what signs where it passes over the name. */
static bool derives_nonces(EVP_PKEY_CTX *ctx)
{
    const OSSL_PARAM *known = EVP_PKEY_CTX_settable_params(ctx);

    return known != NULL && OSSL_PARAM_locate_const(known, OSSL_SIGNATURE_PARAM_NONCE_TYPE) != NULL;
}

static bool sign_derived(const struct rprocfw_key *key, const uint8_t *data, size_t size,
                         uint8_t *signature)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];

    return EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) == 1 &&
           rprocfw_ecdsa_sign(key->pkey, digest, signature);
}

/*
 * As libcrypto, or what has the key, signs by itself. derive: libcrypto is to derive the nonce, and
 * where it does not, this library does.
 */
static bool sign_raw(const struct rprocfw_key *key, bool derive, const uint8_t *data, size_t size,
                     uint8_t *signature)
{
    unsigned type = NONCE_TYPE_DERIVED;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_uint(OSSL_SIGNATURE_PARAM_NONCE_TYPE, &type),
        OSSL_PARAM_construct_end(),
    };
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL;
    uint8_t raw[RAW_SIGNATURE];
    size_t raw_size = sizeof(raw);
    bool done;

    done = md != NULL && EVP_DigestSignInit_ex(md, &ctx, SN_sha256, key->library, key->propquery,
                                               key->signer != NULL ? key->signer : key->pkey,
                                               derive ? params : NULL) == 1;
    if (done && derive && !derives_nonces(ctx)) {
        EVP_MD_CTX_free(md);
        return sign_derived(key, data, size, signature);
    }
    done = done && set_padding(key, ctx) && EVP_DigestSign(md, raw, &raw_size, data, size) == 1;
    EVP_MD_CTX_free(md);
    if (!done)
        return false;
    if (key->signtype == RPROCFW_SIGNTYPE_ECDSA)
        return ecdsa_from_der(raw, raw_size, signature);
    if (raw_size != rprocfw_key_signature_size(key))
        return false;
    memcpy(signature, raw, raw_size);
    return true;
}

enum rprocfw_status rprocfw_key_sign(const struct rprocfw_key *key, enum rprocfw_nonce nonce,
                                     const uint8_t *data, size_t size, uint8_t *signature,
                                     struct rprocfw_error *error)
{
    /* what has a key of its own decides alone */
    const bool derive = key->signtype == RPROCFW_SIGNTYPE_ECDSA && nonce == RPROCFW_NONCE_DERIVED &&
                        key->signer == NULL;

    if (!key->has_private)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a public key; signing needs the private key", key->path);
    ERR_clear_error();
    return sign_raw(key, derive, data, size, signature) ? RPROCFW_OK : signing_failed(key, error);
}

static enum rprocfw_status verify_raw(const struct rprocfw_key *key,
                                      const struct rprocfw_signed *what, const uint8_t *signature,
                                      size_t signature_size, struct rprocfw_error *error)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *ctx = NULL;
    int answer = -1; /* of libcrypto: 1 good; 0 wrong, or a failure; others a failure */

    if (md != NULL && EVP_DigestVerifyInit(md, &ctx, EVP_sha256(), NULL, key->pkey) == 1 &&
        set_padding(key, ctx)) {
        /* without a copy of md: no memory for it would be a wrong signature */
        EVP_MD_CTX_set_flags(md, EVP_MD_CTX_FLAG_FINALISE);
        answer = EVP_DigestVerify(md, signature, signature_size, what->data, what->size);
    }
    EVP_MD_CTX_free(md);
    if (answer == 1)
        return RPROCFW_OK;
    if (answer != 0)
        return rprocfw_crypto_error(error, checking);
    return rprocfw_crypto_broke(error, checking) ? RPROCFW_ERR_CRYPTO : RPROCFW_ERR_SIGNATURE;
}

enum rprocfw_status rprocfw_key_verify(const struct rprocfw_key *key,
                                       const struct rprocfw_signed *what,
                                       struct rprocfw_error *error)
{
    uint8_t *der = NULL;
    enum rprocfw_status status;
    size_t size;

    if (what->signtype != key->signtype || what->signature_size != rprocfw_key_signature_size(key))
        return RPROCFW_ERR_SIGNATURE;
    ERR_clear_error();
    if (key->signtype == RPROCFW_SIGNTYPE_RSA)
        return verify_raw(key, what, what->signature, what->signature_size, error);
    size = rprocfw_ecdsa_to_der(what->signature, &der);
    status =
        size != 0 ? verify_raw(key, what, der, size, error) : rprocfw_crypto_error(error, checking);
    OPENSSL_free(der);
    return status;
}
