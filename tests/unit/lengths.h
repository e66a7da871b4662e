/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Every field of firmware_build() that says how long something is, how many there are or where it
 * starts: each alone, and each pair of them, set to numbers that are worth a try. The digests of
 * changed segments are computed again, so that the code behind that check is reached; the signature
 * is not made again.
 */
#ifndef RPROCFW_UNIT_LENGTHS_H
#define RPROCFW_UNIT_LENGTHS_H

#include "arena.h"

/* Judges a changed container, which is the arena's and lives for the call. */
typedef void judge_lengths(struct bytes changed);

/* To be called first; returns how many fields there are. */
unsigned lengths_begin(void);

void lengths_each(judge_lengths *judge);
void lengths_each_pair(judge_lengths *judge);

#endif
