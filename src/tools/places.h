/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that many jobs read and write: none is written that is read, and none is written twice. */
#ifndef RPROCFW_TOOLS_PLACES_H
#define RPROCFW_TOOLS_PLACES_H

#include <stddef.h>

/* Start with {.tool = ...}. Paths are not copied. */
struct places {
    const char *tool;
    struct place *read;
    size_t read_count;
    struct place *written;
    size_t written_count;
};

/* For: who reads or writes it, for messages. Exit status. A path that is NULL is none. */
int places_read(struct places *places, const char *path);
int places_write(struct places *places, const char *path, const char *who);

/* EXIT_DONE, or EXIT_FAILED after a message: what is written is read, or written by another. */
int places_check(struct places *places);

void places_free(struct places *places);

#endif
