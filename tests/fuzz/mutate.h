/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Mutators for libFuzzer that know the format: after a change they mend most of what hangs on the
 * changed bytes, so that the change itself is what the code behind the first checks sees. AFL++
 * does without them.
 */
#ifndef RPROCFW_FUZZ_MUTATE_H
#define RPROCFW_FUZZ_MUTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* libFuzzer's own mutations; and what it calls in their place where a target has it. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int seed);

/* Numbers below bound, from a seed (xorshift). */
struct fuzz_random {
    uint32_t state; /* not 0 */
};

static inline uint32_t fuzz_draw(struct fuzz_random *random, uint32_t bound)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 17;
    random->state ^= random->state << 5;
    return random->state % bound;
}

/*
 * Changes a container in place and mends, each of them most times: lengths, padding, IMGSIZE, and
 * the signed table from the images' program headers and bytes. Returns its new size, at most room.
 */
size_t fuzz_mutate_container(uint8_t *data, size_t size, size_t room, struct fuzz_random *random);

/* Where the signature stands in a container; false: its lengths do not fit its size. */
struct fuzz_signature {
    size_t offset; /* = bytes that are signed */
    size_t size;   /* sign_len */
    unsigned signtype;
};
bool fuzz_find_signature(const uint8_t *data, size_t size, struct fuzz_signature *signature);

#endif
