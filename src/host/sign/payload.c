/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one pass over the payload: each byte is written, read back once, and hashed for every segment
 * that holds it. In a dry run it is read from the input, and encrypted if it would have been; there
 * it can be compared with a container.
 */
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../host.h"

/* The segments of one image while it passes by. */
struct sweep {
    const struct rprocfw_elf_input *input;
    rprocfw_sha256 *digests; /* one a program header */
    const EVP_MD *sha256;
    size_t *order; /* program headers with bytes, by offset */
    size_t order_count;
    size_t next; /* of order: the first one not reached yet */
    struct running {
        size_t phdr;
        EVP_MD_CTX *hash;
    } * running; /* those that the sweep is inside of */
    size_t running_count;
    EVP_MD_CTX *spare; /* of a segment that has ended, for the next; NULL: none */
};

static int by_offset(const void *a, const void *b, void *phdrs)
{
    const struct rprocfw_phdr *of = phdrs;
    const uint32_t left = of[*(const size_t *)a].offset;
    const uint32_t right = of[*(const size_t *)b].offset;

    return (left > right) - (left < right);
}

static enum rprocfw_status begin(struct sweep *sweep, struct rprocfw_error *error)
{
    const struct rprocfw_elf_input *input = sweep->input;

    sweep->order = calloc(input->phdr_count, sizeof(*sweep->order));
    sweep->running = calloc(input->phdr_count, sizeof(*sweep->running));
    if (sweep->order == NULL || sweep->running == NULL)
        return rprocfw_no_memory(error);
    for (size_t i = 0; i < input->phdr_count; i++) {
        if (input->phdrs[i].filesz != 0)
            sweep->order[sweep->order_count++] = i;
        else if (EVP_Digest(NULL, 0, sweep->digests[i], NULL, sweep->sha256, NULL) != 1)
            return rprocfw_crypto_error(error, "SHA-256");
    }
    qsort_r(sweep->order, sweep->order_count, sizeof(*sweep->order), by_offset, input->phdrs);
    return RPROCFW_OK;
}

static void end(struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->running_count; i++)
        EVP_MD_CTX_free(sweep->running[i].hash);
    EVP_MD_CTX_free(sweep->spare);
    free(sweep->running);
    free(sweep->order);
}

/* Start the next segment, as the last one running. */
static enum rprocfw_status start(struct sweep *sweep, struct rprocfw_error *error)
{
    EVP_MD_CTX *hash = sweep->spare != NULL ? sweep->spare : EVP_MD_CTX_new();

    if (hash == NULL)
        return rprocfw_no_memory(error);
    sweep->spare = NULL;
    sweep->running[sweep->running_count++] =
        (struct running){.phdr = sweep->order[sweep->next++], .hash = hash};
    if (EVP_DigestInit_ex2(hash, sweep->sha256, NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    return RPROCFW_OK;
}

/* It is not running any more; the last one takes its place. */
static void drop(struct sweep *sweep, size_t number)
{
    EVP_MD_CTX_free(sweep->spare);
    sweep->spare = sweep->running[number].hash;
    sweep->running[number] = sweep->running[--sweep->running_count];
}

/* What of bytes [offset, end) of the image is a running segment's. *ended: no more will follow. */
static enum rprocfw_status hash_part(const struct sweep *sweep, size_t number, const uint8_t *bytes,
                                     uint64_t offset, uint64_t end, bool *ended,
                                     struct rprocfw_error *error)
{
    const struct running *running = &sweep->running[number];
    const struct rprocfw_phdr *phdr = &sweep->input->phdrs[running->phdr];
    const uint64_t segment_end = (uint64_t)phdr->offset + phdr->filesz;
    const uint64_t from = phdr->offset > offset ? phdr->offset : offset;
    const uint64_t to = segment_end < end ? segment_end : end;

    *ended = to == segment_end;
    if (EVP_DigestUpdate(running->hash, bytes + (from - offset), (size_t)(to - from)) != 1 ||
        (*ended && EVP_DigestFinal_ex(running->hash, sweep->digests[running->phdr], NULL) != 1))
        return rprocfw_crypto_error(error, "SHA-256");
    return RPROCFW_OK;
}

/*
 * Bytes [offset, end) of the image pass by: first of segments that began before, then of each that
 * begins there. Most of these end there, too, and so one follows the other.
 */
static enum rprocfw_status pass(struct sweep *sweep, const uint8_t *bytes, uint64_t offset,
                                uint64_t end, struct rprocfw_error *error)
{
    const struct rprocfw_phdr *phdrs = sweep->input->phdrs;
    enum rprocfw_status status = RPROCFW_OK;
    size_t number = 0;
    bool ended;

    for (;;) {
        if (number == sweep->running_count) {
            if (sweep->next == sweep->order_count || phdrs[sweep->order[sweep->next]].offset >= end)
                return RPROCFW_OK;
            status = start(sweep, error);
        }
        if (status == RPROCFW_OK)
            status = hash_part(sweep, number, bytes, offset, end, &ended, error);
        if (status != RPROCFW_OK)
            return status;
        if (ended)
            drop(sweep, number);
        else
            number++;
    }
}

/* What is hashed at a time: it stays in the cache of the processor that reads it. */
#define BUFFER 65536u

/* Where images are hashed from. */
struct pass_by {
    const struct rprocfw_output *output; /* not open: from the inputs */
    uint64_t offset;                     /* of the output: where the image starts */
    struct rprocfw_writer *writer;       /* NULL: the output is not open */
    struct rprocfw_cbc *cbc;             /* then, what encrypts; NULL: nothing does */
    rprocfw_iv *ivs;
    size_t entry; /* of the signed table: the first of the image */
    size_t image;
    uint8_t *buffer;
    struct rprocfw_beside *beside; /* NULL: it is compared with nothing */
    uint8_t *found;                /* room for bytes of that */
};

/* How much is hashed next. */
static uint32_t choose_part(const struct pass_by *from, const struct rprocfw_elf_input *input,
                            uint32_t offset)
{
    const uint32_t left = input->size - offset;
    const uint32_t size = left < BUFFER ? left : BUFFER;

    return from->cbc != NULL ? rprocfw_cbc_piece(from->cbc, offset, size) : size;
}

static enum rprocfw_status read_part(const struct pass_by *from,
                                     const struct rprocfw_elf_input *input, uint32_t offset,
                                     uint32_t size, struct rprocfw_error *error)
{
    const uint64_t at = from->offset + offset;
    enum rprocfw_status status;

    if (from->writer == NULL) {
        status = rprocfw_elf_input_read(input, offset, from->buffer, size, error);
        if (status == RPROCFW_OK && from->cbc != NULL)
            status = rprocfw_cbc_pass(from->cbc, offset, from->buffer, size, error);
        return status;
    }
    status = rprocfw_writer_wait(from->writer, at + size, error);
    if (status != RPROCFW_OK)
        return status;
    return rprocfw_read_at(from->output->fd, rprocfw_output_name(from->output), at, from->buffer,
                           size, error);
}

/* Are these bytes of the image, BUFFER at most, in the container beside? */
static enum rprocfw_status compare(const struct pass_by *from, uint32_t offset,
                                   const uint8_t *bytes, uint32_t size, struct rprocfw_error *error)
{
    struct rprocfw_beside *beside = from->beside;
    enum rprocfw_status status;
    uint32_t at = 0;

    if (beside == NULL || beside->differs)
        return RPROCFW_OK;
    status = rprocfw_read_at(beside->file->fd, beside->file->path, from->offset + offset,
                             from->found, size, error);
    if (status != RPROCFW_OK || memcmp(from->found, bytes, size) == 0)
        return status;
    while (from->found[at] == bytes[at])
        at++;
    beside->differs = true;
    beside->image = from->image;
    beside->offset = offset + at;
    return RPROCFW_OK;
}

static enum rprocfw_status compare_padding(const struct pass_by *from,
                                           const struct rprocfw_elf_input *input,
                                           struct rprocfw_error *error)
{
    static const uint8_t zero[RPROCFW_ALIGNMENT];

    return compare(from, input->size, zero, input->padded_size - input->size, error);
}

static enum rprocfw_status hash_image(struct sweep *sweep, const struct pass_by *from,
                                      struct rprocfw_error *error)
{
    const struct rprocfw_elf_input *input = sweep->input;
    enum rprocfw_status status = begin(sweep, error);
    uint32_t offset = 0;

    if (status == RPROCFW_OK && from->cbc != NULL)
        status = rprocfw_cbc_begin_input(from->cbc, input, from->ivs + from->entry, error);
    while (status == RPROCFW_OK && offset < input->size) {
        const uint32_t size = choose_part(from, input, offset);

        status = read_part(from, input, offset, size, error);
        if (status == RPROCFW_OK)
            status = pass(sweep, from->buffer, offset, (uint64_t)offset + size, error);
        if (status == RPROCFW_OK)
            status = compare(from, offset, from->buffer, size, error);
        offset += size;
    }
    if (status == RPROCFW_OK)
        status = compare_padding(from, input, error);
    /* all of it, with its padding */
    if (status == RPROCFW_OK && from->writer != NULL)
        status = rprocfw_writer_wait(from->writer, from->offset + input->padded_size, error);
    return status == RPROCFW_OK ? rprocfw_input_unchanged(&input->file, error) : status;
}

static enum rprocfw_status hash_images(const struct rprocfw_elf_input *inputs, size_t count,
                                       const EVP_MD *sha256, struct pass_by *from,
                                       rprocfw_sha256 *digests, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        struct sweep sweep = {.input = &inputs[i], .digests = digests, .sha256 = sha256};

        status = hash_image(&sweep, from, error);
        end(&sweep);
        digests += inputs[i].entries;
        from->entry += inputs[i].entries;
        from->offset += inputs[i].padded_size;
        from->image++;
    }
    return status;
}

enum rprocfw_status rprocfw_payload_copy(const struct rprocfw_elf_input *inputs, size_t count,
                                         const struct rprocfw_encryption *encryption,
                                         const struct rprocfw_output *output, uint64_t offset,
                                         struct rprocfw_beside *beside, rprocfw_sha256 *digests,
                                         struct rprocfw_error *error)
{
    struct pass_by from = {
        .output = output,
        .offset = offset,
        .ivs = encryption->ivs,
        .buffer = malloc(BUFFER),
        .beside = beside,
        .found = beside != NULL ? malloc(BUFFER) : NULL,
    };
    EVP_MD *sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    enum rprocfw_status status = RPROCFW_OK;

    if (sha256 == NULL)
        status = rprocfw_crypto_error(error, "SHA-256");
    else if (from.buffer == NULL || (beside != NULL && from.found == NULL))
        status = rprocfw_no_memory(error);
    else if (output->fd >= 0)
        status =
            rprocfw_writer_start(&from.writer, inputs, count, encryption, output, offset, error);
    else if (encryption->key != NULL)
        status = rprocfw_cbc_new(&from.cbc, encryption->key, true, error);
    if (status == RPROCFW_OK)
        status = hash_images(inputs, count, sha256, &from, digests, error);
    rprocfw_writer_end(from.writer);
    rprocfw_cbc_free(from.cbc);
    EVP_MD_free(sha256);
    free(from.found);
    free(from.buffer);
    return status;
}
