/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that look random and are the same on every machine: splitmix64. */
#ifndef RPROCFW_GENERATED_RANDOM_H
#define RPROCFW_GENERATED_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* Each number and purpose of a seed has numbers of its own, whatever was asked for before. */
struct random random_begin(uint64_t seed, uint32_t number, uint32_t purpose);

uint32_t random_u32(struct random *r);

/* 0 to limit - 1; limit is at least 1. */
uint32_t random_below(struct random *r, uint32_t limit);

/* True once in so many times. */
bool random_once_in(struct random *r, uint32_t times);

void random_fill(struct random *r, uint8_t *bytes, size_t size);

/* An order of count things: a permutation of 0 to count - 1. */
void random_order(struct random *r, uint32_t *order, uint32_t count);

#endif
