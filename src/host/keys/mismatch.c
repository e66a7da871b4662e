/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Why a signature is not the one that was asked for, as far as it can be told. With RSA the block
 * that was signed comes back; with ECDSA only trying tells.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "../host.h"

#define RSA_ROOM 512u /* of a signature, RSA-4096 */

struct mismatch {
    const struct rprocfw_key *key;
    EVP_PKEY *pkey;
    const uint8_t *data; /* what was to be signed */
    size_t size;
    const uint8_t *signature;
    size_t signature_size;
    const char *name; /* of what the signature came from */
    struct rprocfw_error *error;
};

static const char telling[] = "looking for what is wrong with the signature";

static enum rprocfw_status refuse(const struct mismatch *m, const char *why)
{
    return rprocfw_error_set(m->error, RPROCFW_ERR_SIGNATURE, "%s: %s", m->name, why);
}

/* Hash functions that people sign with by mistake, and their DigestInfo in DER up to the digest. */
static const struct hash {
    const char *name;
    const EVP_MD *(*md)(void);
    size_t size;
    size_t info_size;
    uint8_t info[19];
} hashes[] = {
    {"SHA-256",
     EVP_sha256,
     32,
     19,
     {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
      0x05, 0x00, 0x04, 0x20}},
    {"SHA-1",
     EVP_sha1,
     20,
     15,
     {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14}},
    {"SHA-224",
     EVP_sha224,
     28,
     19,
     {0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x04,
      0x05, 0x00, 0x04, 0x1c}},
    {"SHA-384",
     EVP_sha384,
     48,
     19,
     {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02,
      0x05, 0x00, 0x04, 0x30}},
    {"SHA-512",
     EVP_sha512,
     64,
     19,
     {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03,
      0x05, 0x00, 0x04, 0x40}},
};

#define HASHES    (sizeof(hashes) / sizeof(hashes[0]))
#define HASH_ROOM 64u

/* Of what is to be signed; with twice, of its SHA-256. */
static bool digest_of(const struct mismatch *m, const struct hash *hash, bool twice,
                      uint8_t digest[HASH_ROOM])
{
    uint8_t first[RPROCFW_SHA256_SIZE];

    if (!twice)
        return EVP_Digest(m->data, m->size, digest, NULL, hash->md(), NULL) == 1;
    return EVP_Digest(m->data, m->size, first, NULL, EVP_sha256(), NULL) == 1 &&
           EVP_Digest(first, sizeof(first), digest, NULL, hash->md(), NULL) == 1;
}

static const char hashed_twice[] =
    "the digest was hashed again before it was signed; give the signer the bytes themselves, or "
    "tell it that what it gets is a digest";

/* ---- RSA ---- */

static enum rprocfw_status refuse_rsa(const struct mismatch *m)
{
    return rprocfw_error_set(m->error, RPROCFW_ERR_SIGNATURE,
                             "%s: no signature of the key %s (%s): another key signed, or it is "
                             "damaged; expected RSASSA-PKCS1-v1_5 with SHA-256",
                             m->name, rprocfw_key_path(m->key), rprocfw_key_kind(m->key));
}

static enum rprocfw_status refuse_bytes(const struct mismatch *m, const uint8_t *signed_digest,
                                        const uint8_t *expected)
{
    char is[2 * RPROCFW_SHA256_SIZE + 1];
    char to_be[2 * RPROCFW_SHA256_SIZE + 1];

    for (size_t i = 0; i < RPROCFW_SHA256_SIZE; i++) {
        (void)snprintf(is + 2 * i, 3, "%02x", signed_digest[i]);
        (void)snprintf(to_be + 2 * i, 3, "%02x", expected[i]);
    }
    return rprocfw_error_set(m->error, RPROCFW_ERR_SIGNATURE,
                             "%s: a signature of the key %s over other bytes: their SHA-256 is %s, "
                             "expected %s; sign the bytes that belong to this container",
                             m->name, rprocfw_key_path(m->key), is, to_be);
}

/* What stands behind the padding of PKCS#1 v1.5: size bytes of info. */
static enum rprocfw_status refuse_info(const struct mismatch *m, const uint8_t *info, size_t size)
{
    const struct hash *hash = hashes;
    uint8_t digest[HASH_ROOM];
    char why[128];

    if (!digest_of(m, hash, false, digest))
        return rprocfw_crypto_error(m->error, telling);
    if (size == RPROCFW_SHA256_SIZE && memcmp(info, digest, size) == 0)
        return refuse(m, "the digest was signed without the name of its algorithm (DigestInfo); "
                         "openssl pkeyutl needs -pkeyopt digest:sha256");
    if (size == m->size && memcmp(info, m->data, size) == 0)
        return refuse(m, "the bytes were signed without hashing them; have their SHA-256 signed");
    for (; hash < hashes + HASHES; hash++) {
        if (size != hash->info_size + hash->size || memcmp(info, hash->info, hash->info_size) != 0)
            continue;
        if (hash == hashes)
            break;
        (void)snprintf(why, sizeof(why),
                       "RSASSA-PKCS1-v1_5 with %s, expected SHA-256; sign again with that",
                       hash->name);
        return refuse(m, why);
    }
    if (hash == hashes + HASHES)
        return refuse(m, "RSASSA-PKCS1-v1_5 of something else than a digest by SHA-256; sign again "
                         "with that");
    if (!digest_of(m, hash, true, digest))
        return rprocfw_crypto_error(m->error, telling);
    if (memcmp(info + hash->info_size, digest, hash->size) == 0)
        return refuse(m, hashed_twice);
    return digest_of(m, hash, false, digest) ? refuse_bytes(m, info + hash->info_size, digest)
                                             : rprocfw_crypto_error(m->error, telling);
}

/* 00 01 FF... 00 before info; NULL: another padding. */
static const uint8_t *info_of(const uint8_t *block, size_t size)
{
    size_t at = 2;

    if (block[0] != 0 || block[1] != 1)
        return NULL;
    while (at < size && block[at] == 0xFF)
        at++;
    return at >= 10 && at < size && block[at] == 0 ? block + at + 1 : NULL;
}

/* The block that the signature was made of: 1 there it is; 0 there is none; -1 libcrypto failed. */
static int recover(const struct mismatch *m, const uint8_t *signature, uint8_t block[RSA_ROOM])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(m->pkey, NULL);
    size_t size = RSA_ROOM;
    int answer = -1;

    if (ctx != NULL && EVP_PKEY_verify_recover_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1)
        answer = EVP_PKEY_verify_recover(ctx, block, &size, signature, m->signature_size);
    EVP_PKEY_CTX_free(ctx);
    return answer == 1 && size != m->signature_size ? 0 : answer;
}

/* Does it verify over a digest? 1, 0, or -1 as above. pss: with that padding. */
static int verifies(const struct mismatch *m, const uint8_t *signature, size_t signature_size,
                    const struct hash *hash, const uint8_t *digest, bool pss)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(m->pkey, NULL);
    int answer = -1;

    if (ctx != NULL && EVP_PKEY_verify_init(ctx) == 1 &&
        (!pss || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1) &&
        EVP_PKEY_CTX_set_signature_md(ctx, hash->md()) == 1)
        answer = EVP_PKEY_verify(ctx, signature, signature_size, digest, hash->size);
    EVP_PKEY_CTX_free(ctx);
    return answer;
}

/* What such an answer says of libcrypto, whose queue of errors was empty before. */
static enum rprocfw_status status_of(const struct mismatch *m, int answer)
{
    if (answer == 1)
        return RPROCFW_OK;
    if (answer != 0)
        return rprocfw_crypto_error(m->error, telling);
    return rprocfw_crypto_broke(m->error, telling) ? RPROCFW_ERR_CRYPTO : RPROCFW_OK;
}

/* PSS with any of the hashes. RPROCFW_OK: it is not that. */
static enum rprocfw_status try_pss(const struct mismatch *m)
{
    uint8_t digest[HASH_ROOM];
    char why[128];

    for (const struct hash *hash = hashes; hash < hashes + HASHES; hash++) {
        enum rprocfw_status status;
        int answer;

        ERR_clear_error();
        if (!digest_of(m, hash, false, digest))
            return rprocfw_crypto_error(m->error, telling);
        answer = verifies(m, m->signature, m->signature_size, hash, digest, true);
        status = status_of(m, answer);
        if (status != RPROCFW_OK)
            return status;
        if (answer != 1)
            continue;
        (void)snprintf(why, sizeof(why),
                       "RSASSA-PSS with %s, expected RSASSA-PKCS1-v1_5 with SHA-256; sign again "
                       "with that padding",
                       hash->name);
        return refuse(m, why);
    }
    return RPROCFW_OK;
}

static void reverse(uint8_t *to, const uint8_t *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        to[i] = from[size - 1 - i];
}

/* What stands behind the padding, if that is the expected one. NULL: it is not, or status says why
 * nobody knows. */
static const uint8_t *take_info(const struct mismatch *m, const uint8_t *signature,
                                uint8_t block[RSA_ROOM], enum rprocfw_status *status)
{
    int answer;

    ERR_clear_error();
    answer = recover(m, signature, block);
    *status = status_of(m, answer);
    return answer == 1 ? info_of(block, m->signature_size) : NULL;
}

static enum rprocfw_status explain_rsa(const struct mismatch *m)
{
    uint8_t block[RSA_ROOM];
    uint8_t reversed[RSA_ROOM];
    enum rprocfw_status status;
    const uint8_t *info = take_info(m, m->signature, block, &status);

    if (info != NULL)
        return refuse_info(m, info, m->signature_size - (size_t)(info - block));
    if (status == RPROCFW_OK)
        status = try_pss(m);
    if (status != RPROCFW_OK)
        return status;
    reverse(reversed, m->signature, m->signature_size);
    if (take_info(m, reversed, block, &status) != NULL)
        return refuse(m, "its bytes are in reverse order: little-endian, expected big-endian");
    return status == RPROCFW_OK ? refuse_rsa(m) : status;
}

/* ---- ECDSA ---- */

static enum rprocfw_status refuse_ecdsa(const struct mismatch *m)
{
    return rprocfw_error_set(m->error, RPROCFW_ERR_SIGNATURE,
                             "%s: no signature of the key %s (%s) over the bytes of this "
                             "container: another key signed, or other bytes; expected ECDSA with "
                             "SHA-256",
                             m->name, rprocfw_key_path(m->key), rprocfw_key_kind(m->key));
}

/* Of a digest, with the queue of errors. */
static enum rprocfw_status try_ecdsa(const struct mismatch *m, const uint8_t *signature,
                                     const struct hash *hash, bool twice, bool *is)
{
    uint8_t digest[HASH_ROOM];
    uint8_t *der = NULL;
    size_t size;
    int answer;

    *is = false;
    ERR_clear_error();
    if (!digest_of(m, hash, twice, digest))
        return rprocfw_crypto_error(m->error, telling);
    size = rprocfw_ecdsa_to_der(signature, &der);
    if (size == 0)
        return rprocfw_crypto_error(m->error, telling);
    answer = verifies(m, der, size, hash, digest, false);
    OPENSSL_free(der);
    *is = answer == 1;
    return status_of(m, answer);
}

static enum rprocfw_status explain_ecdsa(const struct mismatch *m)
{
    const size_t half = RPROCFW_P256_SIGNATURE / 2;
    uint8_t reversed[RPROCFW_P256_SIGNATURE];
    enum rprocfw_status status;
    char why[128];
    bool is;

    status = try_ecdsa(m, m->signature, hashes, true, &is);
    if (status != RPROCFW_OK || is)
        return is ? refuse(m, hashed_twice) : status;
    for (const struct hash *hash = hashes + 1; hash < hashes + HASHES; hash++) {
        status = try_ecdsa(m, m->signature, hash, false, &is);
        if (status != RPROCFW_OK)
            return status;
        if (!is)
            continue;
        (void)snprintf(why, sizeof(why), "ECDSA with %s, expected SHA-256; sign again with that",
                       hash->name);
        return refuse(m, why);
    }
    reverse(reversed, m->signature, half);
    reverse(reversed + half, m->signature + half, half);
    status = try_ecdsa(m, reversed, hashes, false, &is);
    if (status != RPROCFW_OK)
        return status;
    return is ? refuse(m, "the bytes of its r and s are in reverse order: little-endian, expected "
                          "big-endian")
              : refuse_ecdsa(m);
}

enum rprocfw_status rprocfw_mismatch(const struct rprocfw_key *key, const char *name,
                                     const struct rprocfw_signed *what, struct rprocfw_error *error)
{
    const struct mismatch m = {
        .key = key,
        .pkey = rprocfw_key_pkey(key),
        .data = what->data,
        .size = what->size,
        .signature = what->signature,
        .signature_size = what->signature_size,
        .name = name,
        .error = error,
    };

    return rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA ? explain_rsa(&m) : explain_ecdsa(&m);
}
