/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images on their way to an output. A thread copies them, while the caller takes digests of what is
 * already there: no byte goes from one processor's cache to the other's. Few bytes, or without a
 * thread, the caller copies. What is to be encrypted is before it is written.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"

/* Bytes that are copied at a time. */
#define PIECE 1048576u

/* What a thread costs is less than what it spares. */
#define WORTH_A_THREAD ((uint64_t)2 * 1024 * 1024)

/* In such steps, whole pages, bytes are on their way to the disk before the output is synced. */
#define EARLY ((uint64_t)2 * PIECE)

struct rprocfw_writer {
    const struct rprocfw_elf_input *inputs;
    size_t count;
    struct rprocfw_cbc *cbc; /* NULL: nothing is encrypted */
    rprocfw_iv *ivs;
    size_t entry; /* of the signed table: the first of the next image */
    const struct rprocfw_output *output;
    uint64_t offset; /* of the output: where the next piece goes */
    uint64_t sent;   /* so far the disk has been asked to write */
    size_t image;    /* of which the next piece is ... */
    uint32_t copied; /* ... after so many bytes */
    bool within;     /* the system copies */
    uint8_t *piece;
    bool has_thread;
    pthread_t thread;
    /* what both look at, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t written; /* so far the output is there */
    bool stop;        /* the caller has given up */
    enum rprocfw_status status;
    struct rprocfw_error error;
};

/* The sync at the end has the less to wait for; and if this fails, it fails, too. */
static void send_early(struct rprocfw_writer *writer)
{
    const struct rprocfw_output *output = writer->output;
    const uint64_t end = writer->offset - writer->offset % EARLY;

    if (end <= writer->sent || output->no_sync || output->path == NULL)
        return;
    (void)sync_file_range(output->fd, (off_t)writer->sent, (off_t)(end - writer->sent),
                          SYNC_FILE_RANGE_WRITE);
    writer->sent = end;
}

/* Within the system, which need not be able to, what stands so in the file: false is no failure
 * yet. */
static bool copy_within(struct rprocfw_writer *writer, const struct rprocfw_elf_input *input,
                        uint32_t size)
{
    off_t from = writer->copied;
    off_t to = (off_t)writer->offset;

    if (!writer->within || !rprocfw_elf_input_is_file(input, writer->copied, size))
        return false;
    writer->within =
        copy_file_range(input->file.fd, &from, writer->output->fd, &to, size, 0) == (ssize_t)size;
    return writer->within;
}

static enum rprocfw_status copy_through(struct rprocfw_writer *writer,
                                        const struct rprocfw_elf_input *input, uint32_t size,
                                        uint32_t padding, struct rprocfw_error *error)
{
    const struct rprocfw_output *output = writer->output;
    enum rprocfw_status status =
        rprocfw_elf_input_read(input, writer->copied, writer->piece, size + padding, error);

    if (status == RPROCFW_OK && writer->cbc != NULL)
        status = rprocfw_cbc_pass(writer->cbc, writer->copied, writer->piece, size, error);
    if (status != RPROCFW_OK)
        return status;
    return rprocfw_write_at(output->fd, rprocfw_output_name(output), writer->offset, writer->piece,
                            size + padding, error);
}

/* How much of the image is copied next. */
static enum rprocfw_status choose_piece(struct rprocfw_writer *writer,
                                        const struct rprocfw_elf_input *input, uint32_t *size,
                                        struct rprocfw_error *error)
{
    const uint32_t left = input->size - writer->copied;

    *size = left < PIECE ? left : PIECE;
    if (writer->cbc == NULL)
        return RPROCFW_OK;
    if (writer->copied == 0) {
        const enum rprocfw_status status =
            rprocfw_cbc_begin_input(writer->cbc, input, writer->ivs + writer->entry, error);

        if (status != RPROCFW_OK)
            return status;
    }
    *size = rprocfw_cbc_piece(writer->cbc, writer->copied, *size);
    return RPROCFW_OK;
}

/* The next piece; of an image's end, with its padding. */
static enum rprocfw_status copy_piece(struct rprocfw_writer *writer, struct rprocfw_error *error)
{
    const struct rprocfw_elf_input *input = &writer->inputs[writer->image];
    uint32_t size;
    uint32_t padding;
    enum rprocfw_status status = choose_piece(writer, input, &size, error);

    if (status != RPROCFW_OK)
        return status;
    padding = writer->copied + size == input->size ? input->padded_size - input->size : 0;
    if (padding != 0 || writer->cbc != NULL || !copy_within(writer, input, size))
        status = copy_through(writer, input, size, padding, error);
    if (status != RPROCFW_OK)
        return status;
    writer->offset += size + padding;
    writer->copied += size;
    if (writer->copied == input->size) {
        writer->entry += input->entries;
        writer->image++;
        writer->copied = 0;
    }
    send_early(writer);
    return RPROCFW_OK;
}

static void *copy_all(void *ctx)
{
    struct rprocfw_writer *writer = ctx;

    (void)pthread_mutex_lock(&writer->lock);
    while (!writer->stop && writer->status == RPROCFW_OK && writer->image < writer->count) {
        enum rprocfw_status status;

        (void)pthread_mutex_unlock(&writer->lock);
        status = copy_piece(writer, &writer->error);
        (void)pthread_mutex_lock(&writer->lock);
        writer->status = status;
        writer->written = writer->offset;
        (void)pthread_cond_signal(&writer->changed);
    }
    (void)pthread_mutex_unlock(&writer->lock);
    return NULL;
}

enum rprocfw_status rprocfw_writer_start(struct rprocfw_writer **out,
                                         const struct rprocfw_elf_input *inputs, size_t count,
                                         const struct rprocfw_encryption *encryption,
                                         const struct rprocfw_output *output, uint64_t offset,
                                         struct rprocfw_error *error)
{
    struct rprocfw_writer *writer = calloc(1, sizeof(*writer));
    enum rprocfw_status status = RPROCFW_OK;
    uint64_t size = 0;

    *out = NULL;
    if (writer == NULL)
        return rprocfw_no_memory(error);
    *writer = (struct rprocfw_writer){
        .inputs = inputs,
        .count = count,
        .ivs = encryption->ivs,
        .output = output,
        .offset = offset,
        .written = offset,
        .within = true,
        .piece = malloc(PIECE + RPROCFW_ALIGNMENT),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    if (writer->piece == NULL)
        status = rprocfw_no_memory(error);
    else if (encryption->key != NULL)
        status = rprocfw_cbc_new(&writer->cbc, encryption->key, true, error);
    if (status != RPROCFW_OK) {
        rprocfw_writer_end(writer);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        size += inputs[i].padded_size;
    writer->has_thread =
        size >= WORTH_A_THREAD && rprocfw_thread_start(&writer->thread, copy_all, writer);
    *out = writer;
    return RPROCFW_OK;
}

static enum rprocfw_status wait_for(struct rprocfw_writer *writer, uint64_t end,
                                    struct rprocfw_error *error)
{
    enum rprocfw_status status;

    (void)pthread_mutex_lock(&writer->lock);
    while (writer->written < end && writer->status == RPROCFW_OK)
        (void)pthread_cond_wait(&writer->changed, &writer->lock);
    status = writer->status;
    (void)pthread_mutex_unlock(&writer->lock);
    if (status != RPROCFW_OK)
        *error = writer->error;
    return status;
}

enum rprocfw_status rprocfw_writer_wait(struct rprocfw_writer *writer, uint64_t end,
                                        struct rprocfw_error *error)
{
    enum rprocfw_status status = rprocfw_output_check(writer->output, error);

    if (status == RPROCFW_OK && writer->has_thread)
        return wait_for(writer, end, error);
    while (status == RPROCFW_OK && writer->offset < end)
        status = copy_piece(writer, error);
    return status;
}

void rprocfw_writer_end(struct rprocfw_writer *writer)
{
    if (writer == NULL)
        return;
    if (writer->has_thread) {
        (void)pthread_mutex_lock(&writer->lock);
        writer->stop = true;
        (void)pthread_mutex_unlock(&writer->lock);
        (void)pthread_join(writer->thread, NULL);
    }
    rprocfw_cbc_free(writer->cbc);
    free(writer->piece);
    free(writer);
}
