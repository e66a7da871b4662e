/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A small board: the platform callbacks over a container in memory, with the remote processor's
 * memory behind them. Everything that core asks of it goes into a digest.
 */
#ifndef RPROCFW_CROSS_BOARD_H
#define RPROCFW_CROSS_BOARD_H

#include <rprocfw/rproc.h>

#include "container.h"
#include "sha256.h"

/* Program headers of the largest vector, and a work buffer that does for every container here. */
#define MAX_PHDRS 1000u
#define WORK_SIZE RPROCFW_WORK_SIZE(MAX_PHDRS)
extern uint8_t *const work; /* aligned to 8 bytes, WORK_SIZE bytes */

/* Physical addresses have more than 32 bits. */
#define PA(da) (0x120000000u + (uint64_t)(da))

struct board {
    struct bytes container;
    bool any_signature;   /* not only the stub's */
    struct sha256 events; /* what core asked for, begun by board_begin */
    unsigned releases;
};

/* With memory (rproc.h), and one that only judges what lies in the container. */
extern const struct rprocfw_platform platform_with_memory;
extern const struct rprocfw_platform platform_in_place;

/* A fresh board for this container. Its memory is clear. */
void board_begin(struct board *b, struct bytes container);

/* The first bytes of the digest of all events since then, in hex, until the next call. */
const char *board_events(const struct board *b);

/* Fill its memory with what may have been there before. */
void board_soil(void);

bool board_is_clear(void);

/*
 * Is in soiled memory what the container's images say, and nothing else? By an independent loader,
 * byte by byte.
 */
bool board_has_loaded(struct bytes container);

#endif
