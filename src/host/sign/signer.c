/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a signature comes from: the key in the process, or a signer, whose answer may be raw, DER
 * or base64. What it is worth is told later, by core.
 */
#include <string.h>

#include <openssl/evp.h>

#include "../host.h"

#define P256_BYTES (RPROCFW_P256_SIGNATURE / 2)

/* ---- The forms of an answer ---- */

static int sextet(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/*
 * Base64 with either alphabet (RFC 4648), with or without padding, white space anywhere. bytes is
 * as large as text. False: it is something else.
 */
static bool decode_base64(const uint8_t *text, size_t size, uint8_t *bytes, size_t *decoded)
{
    uint32_t bits = 0;
    size_t digits = 0;
    size_t padding = 0;

    *decoded = 0;
    for (size_t i = 0; i < size; i++) {
        const int value = sextet(text[i]);

        if (is_space(text[i]))
            continue;
        if (text[i] == '=') {
            padding++;
            continue;
        }
        if (value < 0 || padding > 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (++digits % 4 != 1) /* one more byte is complete */
            bytes[(*decoded)++] = (uint8_t)(bits >> (digits % 4 == 2   ? 4
                                                     : digits % 4 == 3 ? 2
                                                                       : 0));
    }
    return digits > 0 && digits % 4 != 1 && (padding == 0 || (digits + padding) % 4 == 0) &&
           padding <= 2;
}

/* The INTEGER at the start of *left bytes, at most 32, as 32 bytes; *der goes behind it. */
static bool take_integer(const uint8_t **der, size_t *left, uint8_t to[P256_BYTES])
{
    const uint8_t *from = *der;
    size_t size;

    if (*left < 3 || from[0] != 0x02 || from[1] == 0 || from[1] > *left - 2)
        return false;
    size = from[1];
    *left -= 2 + size;
    *der += 2 + size;
    from += 2;
    if ((from[0] & 0x80) != 0) /* negative */
        return false;
    if (from[0] == 0 && size > 1) {
        if ((from[1] & 0x80) == 0) /* longer than it need be */
            return false;
        from++;
        size--;
    }
    if (size > P256_BYTES)
        return false;
    memset(to, 0, P256_BYTES - size);
    memcpy(to + P256_BYTES - size, from, size);
    return true;
}

/* r and s of an ECDSA-Sig-Value (RFC 3279) in DER, of a curve of 256 bits. */
static bool take_der(const uint8_t *der, size_t size, uint8_t signature[RPROCFW_P256_SIGNATURE])
{
    size_t left = size - 2;

    if (size < 2 || der[0] != 0x30 || der[1] != left || left > 0x7F)
        return false;
    der += 2;
    return take_integer(&der, &left, signature) &&
           take_integer(&der, &left, signature + P256_BYTES) && left == 0;
}

/* Raw or DER. False: neither. */
static bool take(const struct rprocfw_key *key, const uint8_t *bytes, size_t size,
                 uint8_t *signature)
{
    if (size == rprocfw_key_signature_size(key)) {
        memcpy(signature, bytes, size);
        return true;
    }
    return rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_ECDSA && take_der(bytes, size, signature);
}

static bool is_hex_digit(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_hex(const uint8_t *text, size_t size)
{
    size_t digits = 0;

    for (size_t i = 0; i < size; i++) {
        if (is_space(text[i]))
            continue;
        if (!is_hex_digit(text[i]))
            return false;
        digits++;
    }
    return digits > 0 && digits % 2 == 0;
}

/* Lines of text, such as people and programs put around a signature. */
static bool is_text(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (!is_space(bytes[i]) && (bytes[i] < ' ' || bytes[i] > '~'))
            return false;
    return true;
}

/* What else it may be. */
static const char *guess(const struct rprocfw_key *key, const uint8_t *bytes, size_t size)
{
    uint8_t signature[RPROCFW_P256_SIGNATURE];

    if (rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA &&
        (size == RPROCFW_P256_SIGNATURE || take_der(bytes, size, signature)))
        return "; that is the size of an ECDSA signature: another key signed";
    switch (size) {
    case 256:
    case 384:
    case 512:
        return "; that is the size of an RSA signature: another key signed";
    case RPROCFW_SHA256_SIZE:
        return "; that is the size of a SHA-256: was it signed?";
    default:
        return "";
    }
}

/* What to do about an answer that is no base64, or not only that. */
static const char *advise(const struct rprocfw_key *key, const uint8_t *answer, size_t size)
{
    if (is_hex(answer, size))
        return "; these are hexadecimal digits: give the bytes, or base64";
    if (is_text(answer, size))
        return "; this is text, but not base64 alone: give the bytes, or base64 without anything "
               "around it";
    return guess(key, answer, size);
}

/* The first line of PEM, which one of the alphabets has all characters of. */
static bool is_pem(const uint8_t *answer, size_t size)
{
    static const char start[] = "-----BEGIN ";

    return size >= strlen(start) && memcmp(answer, start, strlen(start)) == 0;
}

/* decoded: what it is in base64; with decoded_size 0 it is something else. */
static enum rprocfw_status refuse_form(const struct rprocfw_key *key, const char *name,
                                       const uint8_t *answer, size_t size, const uint8_t *decoded,
                                       size_t decoded_size, struct rprocfw_error *error)
{
    const bool ecdsa = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_ECDSA;
    const bool base64 = decoded_size > 0 && !is_hex(answer, size) && !is_pem(answer, size);
    const char *what = base64 ? guess(key, decoded, decoded_size) : advise(key, answer, size);

    if (size == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_SIGNATURE,
                                 "%s: empty; expected a signature of %s (%s)", name,
                                 rprocfw_key_path(key), rprocfw_key_kind(key));
    return rprocfw_error_set(
        error, RPROCFW_ERR_SIGNATURE,
        "%s: %zu bytes%s, expected a signature of %s (%s): %u bytes, raw%s or in base64%s", name,
        base64 ? decoded_size : size, base64 ? " in base64" : "", rprocfw_key_path(key),
        rprocfw_key_kind(key), rprocfw_key_signature_size(key), ecdsa ? ", in DER" : "", what);
}

enum rprocfw_status rprocfw_signature_take(const struct rprocfw_key *key, const char *name,
                                           const uint8_t *answer, size_t size, uint8_t *signature,
                                           struct rprocfw_error *error)
{
    uint8_t decoded[RPROCFW_ANSWER_ROOM];
    size_t decoded_size = 0;

    if (take(key, answer, size, signature))
        return RPROCFW_OK;
    if (!decode_base64(answer, size, decoded, &decoded_size))
        decoded_size = 0;
    if (decoded_size > 0 && take(key, decoded, decoded_size, signature))
        return RPROCFW_OK;
    return refuse_form(key, name, answer, size, decoded, decoded_size, error);
}

/* ---- Who signs ---- */

static enum rprocfw_status ask(const struct rprocfw_signer *signer, const struct rprocfw_key *key,
                               const uint8_t *data, size_t size, uint8_t *signature,
                               struct rprocfw_error *error)
{
    struct rprocfw_to_sign what = {.key = key, .data = data, .size = size};
    uint8_t answer[RPROCFW_ANSWER_ROOM];
    enum rprocfw_status status;
    size_t answer_size = 0;

    if (EVP_Digest(data, size, what.sha256, NULL, EVP_sha256(), NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    status = signer->sign(signer->ctx, &what, answer, &answer_size, error);
    if (status != RPROCFW_OK)
        return status;
    return rprocfw_signature_take(key, signer->name, answer, answer_size, signature, error);
}

enum rprocfw_status rprocfw_signature_get(const struct rprocfw_sign_job *job, const uint8_t *data,
                                          size_t size, uint8_t *signature,
                                          struct rprocfw_error *error)
{
    if (job->signer != NULL)
        return ask(job->signer, job->key, data, size, signature, error);
    return rprocfw_key_sign(job->key, job->nonce, data, size, signature, error);
}

enum rprocfw_status rprocfw_attached_sign(void *ctx, const struct rprocfw_to_sign *what,
                                          uint8_t answer[RPROCFW_ANSWER_ROOM], size_t *size,
                                          struct rprocfw_error *error)
{
    const struct rprocfw_attached *attached = ctx;

    (void)what;
    if (attached->size > RPROCFW_ANSWER_ROOM)
        return rprocfw_error_set(error, RPROCFW_ERR_SIGNATURE,
                                 "%s: %zu bytes; a signature has less than %u in any form",
                                 attached->name, attached->size, RPROCFW_ANSWER_ROOM);
    if (attached->size > 0)
        memcpy(answer, attached->bytes, attached->size);
    *size = attached->size;
    return RPROCFW_OK;
}
