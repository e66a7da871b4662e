/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A public key as SubjectPublicKeyInfo in DER (RFC 5280, 8017, 5480). It is written from its end
 * on, where each length is known. libcrypto's encoders would give the same for far more work.
 */
#include <string.h>

#include "../host.h"

#define TAG_INTEGER    0x02
#define TAG_BIT_STRING 0x03
#define TAG_SEQUENCE   0x30

/* AlgorithmIdentifier: rsaEncryption with NULL; id-ecPublicKey with prime256v1. */
static const uint8_t rsa_algorithm[] = {0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                        0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00};
static const uint8_t p256_algorithm[] = {0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                         0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
                                         0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};

/* All of these return where what they put starts. */
static uint8_t *put(uint8_t *before, const uint8_t *bytes, size_t size)
{
    before -= size;
    memcpy(before, bytes, size);
    return before;
}

static uint8_t *put_byte(uint8_t *before, size_t byte)
{
    return put(before, &(const uint8_t){(uint8_t)byte}, 1);
}

/* Tag and length of what stands from start to end. */
static uint8_t *put_head(uint8_t *start, const uint8_t *end, uint8_t tag)
{
    const size_t size = (size_t)(end - start);

    start = put_byte(start, size);
    if (size > 0xFF)
        start = put_byte(put_byte(start, size >> 8), 0x82);
    else if (size > 0x7F)
        start = put_byte(start, 0x81);
    return put_byte(start, tag);
}

/* A positive number without leading zeros. */
static uint8_t *put_integer(uint8_t *before, const uint8_t *number, size_t size)
{
    uint8_t *start = put(before, number, size);

    if (number[0] > 0x7F)
        start = put_byte(start, 0);
    return put_head(start, before, TAG_INTEGER);
}

static uint8_t *put_rsa(uint8_t *end, const struct rprocfw_public_key *key)
{
    uint8_t *start = put_integer(end, key->exponent, key->exponent_size);

    start = put_integer(start, key->modulus, key->modulus_size);
    return put_head(start, end, TAG_SEQUENCE);
}

/* The uncompressed point. */
static uint8_t *put_point(uint8_t *end, const struct rprocfw_public_key *key)
{
    uint8_t *start = put(end, key->y, RPROCFW_P256_SIGNATURE / 2);

    start = put(start, key->x, RPROCFW_P256_SIGNATURE / 2);
    return put_byte(start, 0x04);
}

const uint8_t *rprocfw_spki(const struct rprocfw_public_key *key, uint8_t room[RPROCFW_SPKI_ROOM],
                            size_t *size)
{
    const bool rsa = key->signtype == RPROCFW_SIGNTYPE_RSA;
    uint8_t *end = room + RPROCFW_SPKI_ROOM;
    uint8_t *start = rsa ? put_rsa(end, key) : put_point(end, key);

    start = put_byte(start, 0); /* bits that are not used */
    start = put_head(start, end, TAG_BIT_STRING);
    start = rsa ? put(start, rsa_algorithm, sizeof(rsa_algorithm))
                : put(start, p256_algorithm, sizeof(p256_algorithm));
    start = put_head(start, end, TAG_SEQUENCE);
    *size = (size_t)(end - start);
    return start;
}

enum rprocfw_status rprocfw_key_spki(const struct rprocfw_key *key, uint8_t room[RPROCFW_SPKI_ROOM],
                                     const uint8_t **der, size_t *size, struct rprocfw_error *error)
{
    struct rprocfw_key_numbers numbers;
    enum rprocfw_status status = rprocfw_key_numbers(key, &numbers, error);

    if (status == RPROCFW_OK)
        *der = rprocfw_spki(&numbers.key, room, size);
    return status;
}
