/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes that are looked for in a file of any size. */
#include <stdlib.h>
#include <string.h>

#include "../host.h"

#define CHUNK ((size_t)256 * 1024)

/* What of a chunk is kept before the next: a needle may start in the one and end in the other. */
#define KEEP (RPROCFW_NUMBER_ROOM - 1)

/* What is looked at: size bytes, which stand at offset of the file; the first kept were there
 * before. */
struct window {
    uint8_t bytes[KEEP + CHUNK];
    uint64_t offset;
    size_t size;
    size_t kept;
};

static void look_for(struct rprocfw_needle *needle, const struct window *window)
{
    /* what of it was kept is too short for the needle: nothing counts twice */
    const size_t seen = window->kept < needle->size ? window->kept : needle->size - 1;
    const uint8_t *at = window->bytes + window->kept - seen;
    const uint8_t *end = window->bytes + window->size;

    while ((at = memmem(at, (size_t)(end - at), needle->bytes, needle->size)) != NULL) {
        if (needle->count++ == 0)
            needle->offset = window->offset + (uint64_t)(at - window->bytes);
        at += needle->size; /* of bytes that repeat themselves it would be there at each place */
    }
}

static void slide(struct window *window)
{
    const size_t kept = window->size < KEEP ? window->size : KEEP;

    memmove(window->bytes, window->bytes + window->size - kept, kept);
    window->offset += window->size - kept;
    window->size = kept;
    window->kept = kept;
}

static enum rprocfw_status search(struct window *window, const struct rprocfw_input *file,
                                  struct rprocfw_needle *needles, size_t count,
                                  struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (uint64_t at = 0; at < file->size && status == RPROCFW_OK;) {
        const uint64_t left = file->size - at;
        const size_t size = left < CHUNK ? (size_t)left : CHUNK;

        status =
            rprocfw_read_at(file->fd, file->path, at, window->bytes + window->size, size, error);
        if (status != RPROCFW_OK)
            break;
        at += size;
        window->size += size;
        for (size_t i = 0; i < count; i++)
            look_for(&needles[i], window);
        slide(window);
    }
    return status;
}

enum rprocfw_status rprocfw_search(const struct rprocfw_input *file, struct rprocfw_needle *needles,
                                   size_t count, struct rprocfw_error *error)
{
    struct window *window = malloc(sizeof(*window));
    enum rprocfw_status status;

    if (window == NULL)
        return rprocfw_no_memory(error);
    window->offset = 0;
    window->size = 0;
    window->kept = 0;
    status = search(window, file, needles, count, error);
    free(window);
    return status;
}
