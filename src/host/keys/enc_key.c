/* SPDX-License-Identifier: BSD-2-Clause */
/* The AES key that encrypts images, and the IVs that go with it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "../host.h"

/* ---- The file ---- */

#define HEX_SIZE (2 * RPROCFW_ENC_KEY_SIZE)

/* The longest is hexadecimal with CR LF; one byte more tells what is longer. */
#define ROOM (HEX_SIZE + 3)

static int digit_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_hex(const uint8_t *text, size_t size)
{
    while (size > 0)
        if (digit_value(text[--size]) < 0)
            return false;
    return true;
}

/* Without the end of a line. */
static size_t text_size(const uint8_t *text, size_t size)
{
    if (size > 0 && text[size - 1] == '\n')
        size--;
    if (size > 0 && text[size - 1] == '\r')
        size--;
    return size;
}

/* Up to ROOM bytes, from a pipe as well. */
static enum rprocfw_status read_file(const struct rprocfw_input *file, uint8_t bytes[ROOM],
                                     size_t *size, struct rprocfw_error *error)
{
    ssize_t got;

    *size = 0;
    do {
        got = read(file->fd, bytes + *size, ROOM - *size);
        if (got < 0 && errno != EINTR)
            return rprocfw_file_error(error, file->path, "read");
        *size += got > 0 ? (size_t)got : 0;
    } while (got != 0 && *size < ROOM);
    return rprocfw_input_unchanged(file, error);
}

static enum rprocfw_status refuse(const char *path, size_t size, const char *more,
                                  struct rprocfw_error *error)
{
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: %s%zu bytes%s; boards take AES-256 only: give a file with the "
                             "key's 32 bytes, or with 64 hexadecimal digits",
                             path, size == ROOM ? "at least " : "", size, more);
}

static enum rprocfw_status decode(struct rprocfw_enc_key *key, const char *path,
                                  const uint8_t *bytes, size_t size, const struct rprocfw_log *log,
                                  struct rprocfw_error *error)
{
    if (size == RPROCFW_ENC_KEY_SIZE) {
        if (is_hex(bytes, size))
            rprocfw_log(log, RPROCFW_LOG_WARNING,
                        "%s: 32 bytes, all of them hexadecimal digits, are taken as the key "
                        "itself, as ST's script does; 64 digits would be one in hexadecimal",
                        path);
        memcpy(key->bytes, bytes, size);
        return RPROCFW_OK;
    }
    if (text_size(bytes, size) != HEX_SIZE)
        return refuse(path, size, "", error);
    if (!is_hex(bytes, HEX_SIZE))
        return refuse(path, size, ", not all of them hexadecimal digits", error);
    for (size_t i = 0; i < RPROCFW_ENC_KEY_SIZE; i++)
        key->bytes[i] = (uint8_t)(16 * digit_value(bytes[2 * i]) + digit_value(bytes[2 * i + 1]));
    return RPROCFW_OK;
}

static enum rprocfw_status read_key(struct rprocfw_enc_key *key, const struct rprocfw_input *file,
                                    const struct rprocfw_log *log, struct rprocfw_error *error)
{
    static const uint8_t zero[RPROCFW_ENC_KEY_SIZE];
    uint8_t bytes[ROOM];
    size_t size;
    enum rprocfw_status status = read_file(file, bytes, &size, error);

    if (status == RPROCFW_OK)
        status = decode(key, file->path, bytes, size, log, error);
    OPENSSL_cleanse(bytes, sizeof(bytes));
    if (status == RPROCFW_OK && CRYPTO_memcmp(key->bytes, zero, sizeof(zero)) == 0)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                   "%s: all bytes of the key are zero; boards refuse such a key: "
                                   "make one with: openssl rand -out %s 32",
                                   file->path, file->path);
    return status;
}

enum rprocfw_status rprocfw_enc_key_load(struct rprocfw_enc_key *key, const char *path,
                                         const struct rprocfw_log *log, struct rprocfw_error *error)
{
    struct rprocfw_input file;
    enum rprocfw_status status = rprocfw_input_open_any(&file, path, error);

    if (status != RPROCFW_OK)
        return status;
    status = read_key(key, &file, log, error);
    rprocfw_input_close(&file);
    if (status != RPROCFW_OK)
        rprocfw_enc_key_wipe(key);
    return status;
}

void rprocfw_enc_key_wipe(struct rprocfw_enc_key *key)
{
    OPENSSL_cleanse(key->bytes, sizeof(key->bytes));
}

/* ---- IVs ---- */

enum rprocfw_status rprocfw_iv_random(rprocfw_iv *ivs, const struct rprocfw_elf_input *inputs,
                                      size_t count, struct rprocfw_error *error)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < inputs[i].phdr_count; k++)
            if (RAND_bytes(ivs[k], sizeof(ivs[k])) != 1)
                return rprocfw_crypto_error(error, "random numbers");
        ivs += inputs[i].entries;
    }
    return RPROCFW_OK;
}

#define BUFFER 65536u

struct deriving {
    EVP_MAC_CTX *mac;
    uint8_t *buffer;
    struct rprocfw_error *error;
};

static enum rprocfw_status fail(struct rprocfw_error *error)
{
    return rprocfw_crypto_error(error, "HMAC-SHA-256");
}

static enum rprocfw_status start(const struct deriving *d, const struct rprocfw_enc_key *key,
                                 const struct rprocfw_phdr *phdr)
{
    static const uint8_t label[] = "rprocfw IV 1"; /* with its zero */
    uint8_t bytes[RPROCFW_PHDR_SIZE];
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };

    rprocfw_phdr_encode(bytes, phdr);
    if (EVP_MAC_init(d->mac, key->bytes, sizeof(key->bytes), params) != 1 ||
        EVP_MAC_update(d->mac, label, sizeof(label)) != 1 ||
        EVP_MAC_update(d->mac, bytes, sizeof(bytes)) != 1)
        return fail(d->error);
    return RPROCFW_OK;
}

static enum rprocfw_status derive_one(const struct deriving *d, const struct rprocfw_enc_key *key,
                                      const struct rprocfw_elf_input *input,
                                      const struct rprocfw_phdr *phdr, uint8_t *iv)
{
    enum rprocfw_status status = start(d, key, phdr);
    uint8_t mac[RPROCFW_SHA256_SIZE];
    uint32_t done = 0;

    while (status == RPROCFW_OK && done < phdr->filesz) {
        const uint32_t left = phdr->filesz - done;
        const uint32_t size = left < BUFFER ? left : BUFFER;

        status = rprocfw_elf_input_read(input, phdr->offset + done, d->buffer, size, d->error);
        if (status == RPROCFW_OK && EVP_MAC_update(d->mac, d->buffer, size) != 1)
            status = fail(d->error);
        done += size;
    }
    if (status == RPROCFW_OK && EVP_MAC_final(d->mac, mac, NULL, sizeof(mac)) != 1)
        status = fail(d->error);
    if (status == RPROCFW_OK)
        memcpy(iv, mac, RPROCFW_AES_BLOCK);
    return status;
}

static enum rprocfw_status derive_all(const struct deriving *d, const struct rprocfw_enc_key *key,
                                      const struct rprocfw_elf_input *inputs, size_t count,
                                      rprocfw_iv *ivs)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < inputs[i].phdr_count && status == RPROCFW_OK; k++)
            status = derive_one(d, key, &inputs[i], &inputs[i].phdrs[k], ivs[k]);
        ivs += inputs[i].entries;
    }
    return status;
}

enum rprocfw_status rprocfw_iv_derive(rprocfw_iv *ivs, const struct rprocfw_enc_key *key,
                                      const struct rprocfw_elf_input *inputs, size_t count,
                                      struct rprocfw_error *error)
{
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    struct deriving d = {
        .mac = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL,
        .buffer = malloc(BUFFER),
        .error = error,
    };
    enum rprocfw_status status = RPROCFW_OK;

    if (d.mac == NULL)
        status = fail(error);
    else if (d.buffer == NULL)
        status = rprocfw_no_memory(error);
    if (status == RPROCFW_OK)
        status = derive_all(&d, key, inputs, count, ivs);
    free(d.buffer);
    EVP_MAC_CTX_free(d.mac);
    EVP_MAC_free(hmac);
    return status;
}
