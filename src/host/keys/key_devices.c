/* SPDX-License-Identifier: BSD-2-Clause */
/* What the trusted applications that are known take for a key, and in which form. */
#include <string.h>

#include <openssl/evp.h>

#include "../boards/board.h"
#include "../device/device.h"
#include "../host.h"
#include "../tee_results.h"

/* ---- Keys whose hash is in the fuses of ST's boards ---- */

static const uint8_t usual_exponent[] = {0x01, 0x00, 0x01};

static bool has_usual_exponent(const struct rprocfw_public_key *key)
{
    return key->exponent_size == sizeof(usual_exponent) &&
           memcmp(key->exponent, usual_exponent, sizeof(usual_exponent)) == 0;
}

/* The board takes the key's DER apart at fixed places. */
static bool fits_otp(const struct rprocfw_key *key, const struct rprocfw_public_key *numbers)
{
    return numbers->signtype == RPROCFW_SIGNTYPE_ECDSA ||
           (rprocfw_key_bits(key) == 2048 && has_usual_exponent(numbers));
}

static enum rprocfw_status otp_numbers(const struct rprocfw_key *key,
                                       struct rprocfw_key_numbers *numbers,
                                       struct rprocfw_error *error)
{
    const enum rprocfw_status status = rprocfw_key_numbers(key, numbers, error);

    if (status != RPROCFW_OK || fits_otp(key, &numbers->key))
        return status;
    return rprocfw_error_set(
        error, RPROCFW_ERR_KEY,
        "%s: an %s key%s, which ST's boards cannot use from a container; they take "
        "RSA-2048 with the public exponent 65537, and EC P-256",
        rprocfw_key_path(key), rprocfw_key_kind(key),
        rprocfw_key_bits(key) == 2048 ? " whose public exponent is not 65537" : "");
}

enum rprocfw_status rprocfw_key_pkeyinfo(const struct rprocfw_key *key,
                                         uint8_t info[RPROCFW_PKEYINFO_RSA], size_t *size,
                                         struct rprocfw_error *error)
{
    struct rprocfw_key_numbers numbers;
    uint8_t room[RPROCFW_SPKI_ROOM];
    const uint8_t *der;
    enum rprocfw_status status = otp_numbers(key, &numbers, error);

    if (status != RPROCFW_OK)
        return status;
    der = rprocfw_spki(&numbers.key, room, size);
    memcpy(info, der, *size);
    return RPROCFW_OK;
}

/* The numbers as they stand in the DER, one behind the other. */
static size_t join_numbers(const struct rprocfw_public_key *key,
                           uint8_t joined[RPROCFW_PKEYINFO_RSA])
{
    const bool rsa = key->signtype == RPROCFW_SIGNTYPE_RSA;
    const size_t first = rsa ? key->modulus_size : RPROCFW_P256_SIGNATURE / 2;
    const size_t second = rsa ? key->exponent_size : RPROCFW_P256_SIGNATURE / 2;

    memcpy(joined, rsa ? key->modulus : key->x, first);
    memcpy(joined + first, rsa ? key->exponent : key->y, second);
    return first + second;
}

enum rprocfw_status rprocfw_key_otp_hash(const struct rprocfw_key *key,
                                         uint8_t hash[RPROCFW_SHA256_SIZE],
                                         struct rprocfw_error *error)
{
    struct rprocfw_key_numbers numbers;
    uint8_t joined[RPROCFW_PKEYINFO_RSA];
    enum rprocfw_status status = otp_numbers(key, &numbers, error);
    size_t size;

    if (status != RPROCFW_OK)
        return status;
    size = join_numbers(&numbers.key, joined);
    if (EVP_Digest(joined, size, hash, NULL, EVP_sha256(), NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    return RPROCFW_OK;
}

/* ---- Answers ---- */

/* Header; SIGNTYPE, NUM_IMG, IMGTYPE, IMGSIZE, HASHTYPE; the start of HASHTABLE. */
#define METADATA_SIZE (RPROCFW_HEADER_SIZE + 5 * 16u + 8u)

/* The program headers for which there is room beside signature and value of PKEYINFO. */
static void set_room(struct rprocfw_key_answer *answer, const struct rprocfw_key *key,
                     uint32_t pkeyinfo_size)
{
    const uint32_t record = pkeyinfo_size != 0 ? 8 + (uint32_t)rprocfw_r8(pkeyinfo_size) : 0;
    const uint32_t taken =
        METADATA_SIZE + record + (uint32_t)rprocfw_r8(rprocfw_key_signature_size(key));
    const uint32_t room_64 = rprocfw_heap_room(RPROCFW_BOARD_HEAP, 64);
    const uint32_t room_32 = rprocfw_heap_room(RPROCFW_BOARD_HEAP, 32);

    answer->headers_64 = (room_64 - taken) / (2 * RPROCFW_HASH_ENTRY_SIZE);
    answer->headers_32 = (room_32 - taken) / (2 * RPROCFW_HASH_ENTRY_SIZE);
}

/* As modulus and exponent of 32 bits. */
static void answer_compiled_in(struct rprocfw_key_answer *answer, const struct rprocfw_key *key,
                               const struct rprocfw_public_key *numbers)
{
    if (numbers->signtype != RPROCFW_SIGNTYPE_RSA) {
        answer->why_not = "it verifies RSA signatures only";
        answer->tee_result = TEE_ERROR_NOT_SUPPORTED;
    } else if (numbers->exponent_size > 4) {
        answer->why_not = "it has 32 bits for the public exponent";
    } else {
        set_room(answer, key, 0);
    }
}

static void answer_otp(struct rprocfw_key_answer *answer, const struct rprocfw_key *key,
                       const struct rprocfw_public_key *numbers)
{
    const bool rsa = numbers->signtype == RPROCFW_SIGNTYPE_RSA;

    if (fits_otp(key, numbers)) {
        set_room(answer, key, rsa ? RPROCFW_PKEYINFO_RSA : RPROCFW_PKEYINFO_P256);
    } else {
        answer->why_not = "it takes RSA-2048 with the public exponent 65537, and EC P-256";
        answer->tee_result = TEE_ERROR_BAD_FORMAT;
    }
}

enum rprocfw_status rprocfw_key_answers(const struct rprocfw_key *key,
                                        struct rprocfw_key_answer answers[RPROCFW_KEY_ANSWERS],
                                        struct rprocfw_error *error)
{
    static const struct rprocfw_key_answer devices[RPROCFW_KEY_ANSWERS] = {
        {.name = "optee", .device = "OP-TEE's for STM32MP, with the key compiled in"},
        {.name = "st", .device = "ST's 4.0.0, with the key compiled in"},
        {.name = "st-otp", .device = "ST's 4.0.0, with the key's hash in OTP and PKEYINFO"},
        {.name = "rprocfw", .device = "this project's, with the key compiled in"},
    };
    struct rprocfw_key_numbers numbers;
    const enum rprocfw_status status = rprocfw_key_numbers(key, &numbers, error);

    if (status != RPROCFW_OK)
        return status;
    memcpy(answers, devices, sizeof(devices));
    answer_compiled_in(&answers[0], key, &numbers.key);
    answer_compiled_in(&answers[1], key, &numbers.key);
    answer_otp(&answers[2], key, &numbers.key);
    return RPROCFW_OK; /* the last takes whatever can be loaded */
}
