/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AES-256-CBC without padding over the segments of images, which pass by in pieces, in place. What
 * stands between segments is left as it is.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../host.h"

struct rprocfw_cbc {
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *ctx;
    const uint8_t *key;
    bool encrypt;
    /* of the image */
    struct rprocfw_cbc_segment *segments; /* by offset */
    size_t count;
    size_t next; /* the segment that ends last, of those that are not over */
};

static const char name[] = "AES-256-CBC";

static enum rprocfw_status fail(struct rprocfw_error *error)
{
    return rprocfw_crypto_error(error, name);
}

enum rprocfw_status rprocfw_cbc_new(struct rprocfw_cbc **out, const struct rprocfw_enc_key *key,
                                    bool encrypt, struct rprocfw_error *error)
{
    struct rprocfw_cbc *cbc = calloc(1, sizeof(*cbc));

    *out = cbc;
    if (cbc == NULL)
        return rprocfw_no_memory(error);
    cbc->key = key->bytes;
    cbc->encrypt = encrypt;
    cbc->cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    cbc->ctx = EVP_CIPHER_CTX_new();
    return cbc->cipher != NULL && cbc->ctx != NULL ? RPROCFW_OK : fail(error);
}

void rprocfw_cbc_free(struct rprocfw_cbc *cbc)
{
    if (cbc == NULL)
        return;
    EVP_CIPHER_CTX_free(cbc->ctx);
    EVP_CIPHER_free(cbc->cipher);
    free(cbc->segments);
    free(cbc);
}

static int by_offset(const void *a, const void *b)
{
    const struct rprocfw_cbc_segment *left = a;
    const struct rprocfw_cbc_segment *right = b;

    return (left->offset > right->offset) - (left->offset < right->offset);
}

enum rprocfw_status rprocfw_cbc_begin(struct rprocfw_cbc *cbc, size_t count,
                                      struct rprocfw_error *error)
{
    free(cbc->segments);
    cbc->next = 0;
    cbc->count = 0;
    cbc->segments = calloc(count + 1, sizeof(*cbc->segments)); /* never a request for nothing */
    return cbc->segments != NULL ? RPROCFW_OK : rprocfw_no_memory(error);
}

void rprocfw_cbc_add(struct rprocfw_cbc *cbc, uint32_t offset, uint32_t size, const uint8_t *iv)
{
    if (size != 0)
        cbc->segments[cbc->count++] =
            (struct rprocfw_cbc_segment){.offset = offset, .size = size, .iv = iv};
}

bool rprocfw_cbc_sort(struct rprocfw_cbc *cbc)
{
    const struct rprocfw_cbc_segment *s = cbc->segments;

    qsort(cbc->segments, cbc->count, sizeof(*s), by_offset);
    for (size_t i = 1; i < cbc->count; i++)
        if (s[i].offset - s[i - 1].offset < s[i - 1].size)
            return false;
    return true;
}

enum rprocfw_status rprocfw_cbc_begin_input(struct rprocfw_cbc *cbc,
                                            const struct rprocfw_elf_input *input, rprocfw_iv *ivs,
                                            struct rprocfw_error *error)
{
    const enum rprocfw_status status = rprocfw_cbc_begin(cbc, input->phdr_count, error);

    if (status != RPROCFW_OK)
        return status;
    for (size_t i = 0; i < input->phdr_count; i++)
        rprocfw_cbc_add(cbc, input->phdrs[i].offset, input->phdrs[i].filesz, ivs[i]);
    (void)rprocfw_cbc_sort(cbc); /* elf_encrypt.c has looked */
    return RPROCFW_OK;
}

uint32_t rprocfw_cbc_piece(const struct rprocfw_cbc *cbc, uint32_t offset, uint32_t size)
{
    const uint64_t end = (uint64_t)offset + size;

    for (size_t i = cbc->next; i < cbc->count && cbc->segments[i].offset < end; i++) {
        const struct rprocfw_cbc_segment *segment = &cbc->segments[i];
        const uint64_t inside = end - segment->offset;

        if (inside < segment->size)
            return size - (uint32_t)(inside % RPROCFW_AES_BLOCK);
    }
    return size;
}

/* Bytes of the current segment, from its start on if at_start. */
static enum rprocfw_status transform(struct rprocfw_cbc *cbc, bool at_start, uint8_t *bytes,
                                     uint32_t size, struct rprocfw_error *error)
{
    int done = 0;

    if (at_start && (EVP_CipherInit_ex2(cbc->ctx, cbc->cipher, cbc->key,
                                        cbc->segments[cbc->next].iv, cbc->encrypt, NULL) != 1 ||
                     EVP_CIPHER_CTX_set_padding(cbc->ctx, 0) != 1))
        return fail(error);
    if (EVP_CipherUpdate(cbc->ctx, bytes, &done, bytes, (int)size) != 1 || done != (int)size)
        return fail(error);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_cbc_pass(struct rprocfw_cbc *cbc, uint32_t offset, uint8_t *bytes,
                                     uint32_t size, struct rprocfw_error *error)
{
    const uint64_t end = (uint64_t)offset + size;

    while (cbc->next < cbc->count && cbc->segments[cbc->next].offset < end) {
        const struct rprocfw_cbc_segment *segment = &cbc->segments[cbc->next];
        const uint64_t segment_end = (uint64_t)segment->offset + segment->size;
        const uint32_t from = segment->offset > offset ? segment->offset : offset;
        const uint64_t to = segment_end < end ? segment_end : end;
        enum rprocfw_status status;

        status = transform(cbc, from == segment->offset, bytes + (from - offset),
                           (uint32_t)(to - from), error);
        if (status != RPROCFW_OK)
            return status;
        if (to < segment_end)
            break;
        cbc->next++;
    }
    return RPROCFW_OK;
}
