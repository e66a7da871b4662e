/* SPDX-License-Identifier: BSD-2-Clause */
/* A remote processor, containers for it, and what they make of its memory. */
#ifndef RPROCFW_TEST_LOADING_H
#define RPROCFW_TEST_LOADING_H

#include "memory_map.h"

#define ID 0u

extern struct memory memory; /* of remote processor ID: firmware_memory() */

/* TEE and PTA as after a reset, the memory poisoned. */
void start_up(void);

/* firmware_build(). */
struct bytes good(void);

/* What a container makes of poisoned memory. */
struct memory loaded_with(struct bytes container);
void assert_loaded(const char *what, struct bytes container);

/* After a load that failed: nothing is left of it, and a good one follows. */
void assert_recovers(const char *what);

/*
 * Of the container that was shared last: each byte of metadata, ELF headers, program headers and
 * segments was read once. The images are those of elf_build().
 */
void assert_read_once(struct bytes container);

#endif
