/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers that look random and are the same on every machine. */
#include "random.h"

static uint64_t next(struct random *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

struct random random_begin(uint64_t seed, uint32_t number, uint32_t purpose)
{
    struct random r = {seed};

    r.state = next(&r) ^ ((uint64_t)purpose << 32 | number);
    r.state = next(&r);
    return r;
}

uint32_t random_u32(struct random *r)
{
    return (uint32_t)(next(r) >> 32);
}

uint32_t random_below(struct random *r, uint32_t limit)
{
    return (uint32_t)((uint64_t)random_u32(r) * limit >> 32);
}

bool random_once_in(struct random *r, uint32_t times)
{
    return random_below(r, times) == 0;
}

void random_fill(struct random *r, uint8_t *bytes, size_t size)
{
    uint64_t word = 0;
    size_t i;

    for (i = 0; i < size; i++) {
        if (i % 8 == 0)
            word = next(r);
        bytes[i] = (uint8_t)(word >> 8 * (i % 8));
    }
}

void random_order(struct random *r, uint32_t *order, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        const uint32_t other = random_below(r, i + 1);

        order[i] = order[other];
        order[other] = i;
    }
}
