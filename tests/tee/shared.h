/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that the normal world shares with the TEE, and goes on writing. The TA is given an address
 * where nothing is: it cannot look at the memory but by copying out of it or by handing it on, and
 * each such access is counted.
 */
#ifndef RPROCFW_TEST_SHARED_H
#define RPROCFW_TEST_SHARED_H

#include <stdbool.h>

#include "arena.h"

struct shared {
    /* The test's. Called before each access, which are numbered from 0: may change the bytes. */
    void (*before)(unsigned access);

    struct bytes bytes; /* what the normal world sees */
    unsigned *reads;    /* for each byte: how often it was read */
    unsigned accesses;
};

extern struct shared shared;

/* Shares bytes, in place of what was shared before; returns the address for the TA. */
void *shared_give(struct bytes bytes);

/* The address is of no use any more. */
void shared_take_back(void);

/* Is any of size bytes at p shared? The test fails if only some are. */
bool shared_has(const void *p, size_t size);

/* Copies size bytes, from shared memory or any other, once. */
void shared_copy(void *dst, const void *src, size_t size);

#endif
