/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256, as FIPS 180-4 words it. */
#include <string.h>

#include "sha256.h"

static const uint32_t constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t x, unsigned n)
{
    return x >> n | x << (32 - n);
}

static void compress(uint32_t state[8], const uint8_t block[64])
{
    uint32_t schedule[64];
    uint32_t x[8]; /* a to h */
    unsigned t;

    for (t = 0; t < 16; t++)
        schedule[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
                      (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (; t < 64; t++) {
        const uint32_t w15 = schedule[t - 15];
        const uint32_t w2 = schedule[t - 2];

        schedule[t] = schedule[t - 16] + (rotate(w15, 7) ^ rotate(w15, 18) ^ w15 >> 3) +
                      schedule[t - 7] + (rotate(w2, 17) ^ rotate(w2, 19) ^ w2 >> 10);
    }
    memcpy(x, state, sizeof(x));
    for (t = 0; t < 64; t++) {
        const uint32_t t1 = x[7] + (rotate(x[4], 6) ^ rotate(x[4], 11) ^ rotate(x[4], 25)) +
                            ((x[4] & x[5]) ^ (~x[4] & x[6])) + constants[t] + schedule[t];
        const uint32_t t2 = (rotate(x[0], 2) ^ rotate(x[0], 13) ^ rotate(x[0], 22)) +
                            ((x[0] & x[1]) ^ (x[0] & x[2]) ^ (x[1] & x[2]));

        memmove(x + 1, x, 7 * sizeof(x[0]));
        x[4] += t1;
        x[0] = t1 + t2;
    }
    for (t = 0; t < 8; t++)
        state[t] += x[t];
}

void sha256_begin(struct sha256 *s)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

    memcpy(s->state, start, sizeof(start));
    s->size = 0;
}

void sha256_add(struct sha256 *s, const void *data, size_t size)
{
    const uint8_t *bytes = data;

    while (size > 0) {
        const size_t used = s->size % sizeof(s->block);
        const size_t part = size < sizeof(s->block) - used ? size : sizeof(s->block) - used;

        memcpy(s->block + used, bytes, part);
        if (used + part == sizeof(s->block))
            compress(s->state, s->block);
        s->size += part;
        bytes += part;
        size -= part;
    }
}

void sha256_end(struct sha256 *s, uint8_t digest[32])
{
    static const uint8_t padding[64] = {0x80};
    const uint64_t bits = s->size * 8;
    uint8_t length[8];
    unsigned i;

    sha256_add(s, padding, 1 + (119 - s->size % 64) % 64); /* so that the length ends a block */
    for (i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    sha256_add(s, length, sizeof(length));
    for (i = 0; i < 32; i++)
        digest[i] = (uint8_t)(s->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256(const void *data, size_t size, uint8_t digest[32])
{
    struct sha256 s;

    sha256_begin(&s);
    sha256_add(&s, data, size);
    sha256_end(&s, digest);
}
