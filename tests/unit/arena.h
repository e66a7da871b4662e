/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of a test: each block of exactly the size asked for (so that a sanitizer sees every byte
 * too far), zeroed, freed all together.
 */
#ifndef RPROCFW_UNIT_ARENA_H
#define RPROCFW_UNIT_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct bytes {
    uint8_t *data;
    uint32_t size;
};

void *arena_alloc(size_t size);

/* A copy of size bytes at data, with room behind for extra zero bytes. */
struct bytes arena_copy(const void *data, uint32_t size, uint32_t extra);

/* Frees what was allocated since arena_mark() returned mark; 0 frees everything. */
size_t arena_mark(void);
void arena_release(size_t mark);

#endif
