/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The usual key file: one block of PEM, not encrypted, and nothing else. To decode that alone takes
 * libcrypto a third of what its store takes, which tries everything that it knows.
 */
#include <string.h>

#include <openssl/decoder.h>
#include <openssl/evp.h>

#include "../host.h"

/* Blocks, and the type of the key that may be in them; RSA, the usual one, first. */
static const struct form {
    const char *begin;
    const char *end;
    const char *type;
    bool has_private;
} forms[] = {
    {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "RSA", true},
    {"-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "EC", true},
    {"-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "RSA", true},
    {"-----BEGIN EC PRIVATE KEY-----", "-----END EC PRIVATE KEY-----", "EC", true},
    {"-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "RSA", false},
    {"-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----", "EC", false},
};

/* Base64 and ends of lines. Headers, as old encrypted keys have them, have other characters. */
static bool is_base64(const uint8_t *bytes, size_t size)
{
    static const char base64[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\r\n";

    for (size_t i = 0; i < size; i++)
        if (memchr(base64, bytes[i], sizeof(base64) - 1) == NULL)
            return false;
    return true;
}

/* Is it a block of this form, and nothing else? */
static bool is_block(const struct form *form, const uint8_t *bytes, size_t size)
{
    const size_t begin = strlen(form->begin);
    const size_t end = strlen(form->end);

    while (size > 0 && (bytes[size - 1] == '\n' || bytes[size - 1] == '\r'))
        size--;
    return size >= begin + end && memcmp(bytes, form->begin, begin) == 0 &&
           memcmp(bytes + size - end, form->end, end) == 0 &&
           is_base64(bytes + begin, size - begin - end);
}

static EVP_PKEY *decode(const struct form *form, const uint8_t *bytes, size_t size)
{
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
        &pkey, "PEM", NULL, form->type, form->has_private ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
        NULL, NULL);
    const bool done = decoder != NULL && OSSL_DECODER_from_data(decoder, &bytes, &size) == 1;
    struct rprocfw_error error;

    OSSL_DECODER_CTX_free(decoder);
    if (!rprocfw_crypto_broke(&error, "reading a key") && done)
        return pkey;
    EVP_PKEY_free(pkey);
    return NULL;
}

EVP_PKEY *rprocfw_key_pem(const uint8_t *bytes, size_t size, bool *has_private)
{
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        EVP_PKEY *pkey = is_block(&forms[i], bytes, size) ? decode(&forms[i], bytes, size) : NULL;

        *has_private = forms[i].has_private;
        if (pkey != NULL)
            return pkey;
    }
    return NULL;
}

/* "-----BEGIN EC PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----" and so on. */
bool rprocfw_has_private_block(const uint8_t *bytes, size_t size)
{
    static const char begin[] = "-----BEGIN ";
    static const char private_key[] = "PRIVATE KEY";
    const uint8_t *end = bytes + size;

    while (size > 0 && (bytes = memmem(bytes, size, begin, sizeof(begin) - 1)) != NULL) {
        const uint8_t *line_end;

        bytes += sizeof(begin) - 1;
        size = (size_t)(end - bytes);
        line_end = memchr(bytes, '\n', size);
        if (memmem(bytes, line_end != NULL ? (size_t)(line_end - bytes) : size, private_key,
                   sizeof(private_key) - 1) != NULL)
            return true;
    }
    return false;
}
