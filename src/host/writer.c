/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes on their way to an output. Many are written by a thread, while the caller reads and hashes
 * the next ones; for few, or without a thread, the caller writes.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "host.h"

#define CHUNKS 4u /* the caller may be so far ahead */

/* What a thread costs is less than what it spares. */
#define WORTH_A_THREAD ((uint64_t)2 * 1024 * 1024)

/* In such pieces, whole pages, bytes are on their way to the disk before the output is synced. */
#define EARLY ((uint64_t)8 * RPROCFW_CHUNK)

struct rprocfw_writer {
    const struct rprocfw_output *output;
    uint64_t offset; /* where the next chunk goes */
    uint64_t sent;   /* so far the disk has been asked to write */
    uint8_t *chunks; /* CHUNKS of RPROCFW_CHUNK bytes, used in turn */
    bool has_thread;
    pthread_t thread;
    /* what both look at, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t size[CHUNKS];        /* bytes to be written of each */
    size_t filled;              /* chunks that were handed over ... */
    size_t written;             /* ... and those that are done with */
    bool last;                  /* no more will be */
    enum rprocfw_status status; /* not RPROCFW_OK: nothing is written any more */
    struct rprocfw_error error;
};

static uint8_t *chunk(const struct rprocfw_writer *writer, size_t number)
{
    return writer->chunks + number % CHUNKS * RPROCFW_CHUNK;
}

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

static enum rprocfw_status write_chunk(struct rprocfw_writer *writer, size_t number, size_t size,
                                       struct rprocfw_error *error)
{
    const struct rprocfw_output *output = writer->output;
    const uint64_t offset = writer->offset;
    enum rprocfw_status status;

    writer->offset += size;
    if (output->fd < 0 || size == 0)
        return RPROCFW_OK;
    status = rprocfw_write_at(output->fd, rprocfw_output_name(output), offset,
                              chunk(writer, number), size, error);
    if (status == RPROCFW_OK)
        send_early(writer);
    return status;
}

static void *write_chunks(void *ctx)
{
    struct rprocfw_writer *writer = ctx;

    (void)pthread_mutex_lock(&writer->lock);
    for (;;) {
        enum rprocfw_status status = writer->status;
        size_t number = writer->written;

        if (number == writer->filled && writer->last)
            break;
        if (number == writer->filled) {
            (void)pthread_cond_wait(&writer->changed, &writer->lock);
            continue;
        }
        (void)pthread_mutex_unlock(&writer->lock);
        if (status == RPROCFW_OK)
            status = write_chunk(writer, number, writer->size[number % CHUNKS], &writer->error);
        (void)pthread_mutex_lock(&writer->lock);
        writer->status = status;
        writer->written++;
        (void)pthread_cond_signal(&writer->changed);
    }
    (void)pthread_mutex_unlock(&writer->lock);
    return NULL;
}

enum rprocfw_status rprocfw_writer_start(struct rprocfw_writer **out,
                                         const struct rprocfw_output *output, uint64_t offset,
                                         uint64_t size, struct rprocfw_error *error)
{
    struct rprocfw_writer *writer = calloc(1, sizeof(*writer));

    *out = NULL;
    if (writer == NULL)
        return rprocfw_no_memory(error);
    *writer = (struct rprocfw_writer){
        .output = output,
        .offset = offset,
        .chunks = malloc((size_t)CHUNKS * RPROCFW_CHUNK),
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    if (writer->chunks == NULL) {
        free(writer);
        return rprocfw_no_memory(error);
    }
    writer->has_thread = output->fd >= 0 && size >= WORTH_A_THREAD &&
                         rprocfw_thread_start(&writer->thread, write_chunks, writer);
    *out = writer;
    return RPROCFW_OK;
}

uint8_t *rprocfw_writer_chunk(struct rprocfw_writer *writer)
{
    size_t number;

    (void)pthread_mutex_lock(&writer->lock);
    while (writer->filled - writer->written == CHUNKS)
        (void)pthread_cond_wait(&writer->changed, &writer->lock);
    number = writer->filled;
    (void)pthread_mutex_unlock(&writer->lock);
    return chunk(writer, number);
}

enum rprocfw_status rprocfw_writer_put(struct rprocfw_writer *writer, size_t size,
                                       struct rprocfw_error *error)
{
    enum rprocfw_status status = rprocfw_output_check(writer->output, error);

    if (status != RPROCFW_OK)
        return status;
    if (!writer->has_thread)
        return write_chunk(writer, 0, size, error); /* always the first */
    (void)pthread_mutex_lock(&writer->lock);
    writer->size[writer->filled++ % CHUNKS] = size;
    status = writer->status;
    (void)pthread_cond_signal(&writer->changed);
    (void)pthread_mutex_unlock(&writer->lock);
    if (status != RPROCFW_OK)
        *error = writer->error;
    return status;
}

enum rprocfw_status rprocfw_writer_end(struct rprocfw_writer *writer, enum rprocfw_status status,
                                       struct rprocfw_error *error)
{
    if (writer == NULL)
        return status;
    if (writer->has_thread) {
        (void)pthread_mutex_lock(&writer->lock);
        writer->last = true;
        (void)pthread_cond_signal(&writer->changed);
        (void)pthread_mutex_unlock(&writer->lock);
        (void)pthread_join(writer->thread, NULL);
    }
    if (status == RPROCFW_OK && writer->status != RPROCFW_OK) {
        status = writer->status;
        *error = writer->error;
    }
    free(writer->chunks);
    free(writer);
    return status;
}
