/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory of a remote processor: windows lead from device addresses to physical ones, regions
 * are the physical memory that it has. Ranges must lie in one window and in one region: neighbours
 * are not merged. Two windows may lead to the same memory.
 */
#ifndef RPROCFW_UNIT_MEMORY_MAP_H
#define RPROCFW_UNIT_MEMORY_MAP_H

#include <stdbool.h>

#include "arena.h"

#define MAX_WINDOWS 4u
#define MAX_REGIONS 8u

struct window {
    uint32_t da;
    uint64_t pa;
    uint32_t size; /* bytes; 0: no such window */
};

struct region {
    uint64_t pa;
    uint32_t size;  /* bytes; 0: no such region */
    uint8_t *bytes; /* memory_poison()'s */
};

struct memory {
    struct window windows[MAX_WINDOWS];
    struct region regions[MAX_REGIONS];
};

/* Fills all of it with bytes that are not 0 and differ from their neighbours. */
void memory_poison(struct memory *m);

/* True: *pa is the physical address of size bytes at da. */
bool memory_find(const struct memory *m, uint32_t da, uint32_t size, uint64_t *pa);

/* The size bytes at a device address, at a physical address; the test fails if it has them not. */
uint8_t *memory_at(const struct memory *m, uint32_t da, uint32_t size);
uint8_t *memory_at_pa(const struct memory *m, uint64_t pa, uint32_t size);

void memory_clear(struct memory *m);
bool memory_is_clear(const struct memory *m);

/* Another memory with the same content. */
struct memory memory_copy(const struct memory *m);
bool memory_equal(const struct memory *a, const struct memory *b);

/* What the PT_LOADs of a well-formed container do to it, one after the other. */
void memory_load(struct memory *m, struct bytes container);

#endif
