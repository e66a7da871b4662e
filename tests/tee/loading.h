/* SPDX-License-Identifier: BSD-2-Clause */
/* A remote processor, containers for it, and what they make of its memory. */
#ifndef RPROCFW_TEST_LOADING_H
#define RPROCFW_TEST_LOADING_H

#include "memory_map.h"

#define ID 0u

extern struct memory memory; /* of remote processor ID: firmware_memory() after start_up() */

/* TEE and PTA as after a reset, the memory poisoned. */
void start_up(void);

/* What a container makes of poisoned firmware_memory(). */
struct memory loaded_with(struct bytes container);

/* That it has made that of memory, which was poisoned. */
void assert_loaded(const char *what, struct bytes container);

/* After a load that failed: nothing is left of it, and a good one follows. */
void assert_recovers(const char *what);

/*
 * Of the container that was shared last: each byte of metadata, ELF headers, program headers and
 * segments was read once. The images are those of elf_build().
 */
void assert_read_once(struct bytes container);

#endif
