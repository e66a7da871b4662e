/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose key the bytes of a PKEYINFO are, if they are one: boards look for the key that is there. */
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "../host.h"

/* ---- Private keys ---- */

#define TAG_INTEGER      0x02
#define TAG_OCTET_STRING 0x04
#define TAG_SEQUENCE     0x30

struct der {
    const uint8_t *at;
    size_t left;
};

/* Goes behind the tag and length of a value of that tag. False: there is none, or not all of it. */
static bool enter(struct der *der, uint8_t tag, size_t *size)
{
    size_t more;

    if (der->left < 2 || der->at[0] != tag)
        return false;
    *size = der->at[1];
    der->at += 2;
    der->left -= 2;
    if (*size > 0x80) {
        more = *size & 0x7F;
        if (more > 3 || more > der->left)
            return false;
        der->left -= more;
        for (*size = 0; more > 0; more--)
            *size = *size << 8 | *der->at++;
    }
    return *size <= der->left;
}

static bool skip(struct der *der, uint8_t tag)
{
    size_t size;

    if (!enter(der, tag, &size))
        return false;
    der->at += size;
    der->left -= size;
    return true;
}

/* Does it start as PrivateKeyInfo (RFC 5208), RSAPrivateKey (RFC 8017) or ECPrivateKey (RFC 5915)
 * does? All begin with a version of 0 or 1, which public keys do not have. */
static bool is_private_der(const uint8_t *value, size_t length)
{
    struct der der = {.at = value, .left = length};
    size_t size;

    if (!enter(&der, TAG_SEQUENCE, &size) || !enter(&der, TAG_INTEGER, &size) || size != 1 ||
        der.at[0] > 1)
        return false;
    der.at++;
    der.left--;
    if (skip(&der, TAG_SEQUENCE))
        return skip(&der, TAG_OCTET_STRING);
    return skip(&der, TAG_INTEGER) || skip(&der, TAG_OCTET_STRING);
}

/* ---- Public keys ---- */

static const char reading[] = "reading PKEYINFO";

/* The fingerprint of a key in SubjectPublicKeyInfo; false: it is something else, or unusable. */
static enum rprocfw_status fingerprint_of(const uint8_t *value, size_t length, bool *is_spki,
                                          uint8_t sha256[RPROCFW_SHA256_SIZE],
                                          struct rprocfw_error *error)
{
    const uint8_t *at = value;
    struct rprocfw_error reason;
    struct rprocfw_key *key;
    EVP_PKEY *pkey;
    enum rprocfw_status status;

    ERR_clear_error();
    pkey = length > 0 ? d2i_PUBKEY(NULL, &at, (long)length) : NULL;
    *is_spki = pkey != NULL;
    if (pkey == NULL && length > 0 && ERR_peek_error() == 0) /* of what is no key it says so */
        return rprocfw_crypto_error(error, reading);
    if (pkey == NULL)
        return rprocfw_crypto_broke(error, reading) ? RPROCFW_ERR_CRYPTO : RPROCFW_OK;
    status = rprocfw_key_wrap(&key, pkey, "PKEYINFO", false, &reason);
    if (status == RPROCFW_OK) {
        memcpy(sha256, rprocfw_key_spki_sha256(key), RPROCFW_SHA256_SIZE);
        rprocfw_key_free(key);
    } else if (status == RPROCFW_ERR_KEY) { /* of a kind that signs nothing here */
        memset(sha256, 0, RPROCFW_SHA256_SIZE);
        status = RPROCFW_OK;
    } else {
        *error = reason;
    }
    return status;
}

enum rprocfw_status rprocfw_pkeyinfo_look(const uint8_t *value, size_t length,
                                          const struct rprocfw_key *key,
                                          enum rprocfw_pkeyinfo *what, struct rprocfw_error *error)
{
    uint8_t sha256[RPROCFW_SHA256_SIZE];
    enum rprocfw_status status;
    bool is_spki;

    *what = RPROCFW_PKEYINFO_PRIVATE;
    if (rprocfw_has_private_block(value, length) || is_private_der(value, length))
        return RPROCFW_OK;
    status = fingerprint_of(value, length, &is_spki, sha256, error);
    if (status != RPROCFW_OK || !is_spki)
        *what = RPROCFW_PKEYINFO_OPAQUE;
    else
        *what = memcmp(sha256, rprocfw_key_spki_sha256(key), sizeof(sha256)) == 0
                    ? RPROCFW_PKEYINFO_KEY
                    : RPROCFW_PKEYINFO_OTHER;
    return status;
}
