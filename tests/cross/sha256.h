/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 (FIPS 180-4) for tests that may use no foreign library: small, not fast. */
#ifndef RPROCFW_CROSS_SHA256_H
#define RPROCFW_CROSS_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t state[8];
    uint64_t size; /* bytes so far */
    uint8_t block[64];
};

void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t size);
void sha256_end(struct sha256 *s, uint8_t digest[32]);

void sha256(const void *data, size_t size, uint8_t digest[32]);

#endif
