/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A public key as constants, for a device that has its key compiled in. rproc-key(1) c-source
 * writes such a key as C11 source, to be compiled with the device's code:
 *
 *   rproc-key c-source --out public_key.c key.pub.pem
 *
 * This is what a TEE or a crypto library takes, without an encoding around it: numbers,
 * big-endian, most significant byte first.
 */
#ifndef RPROCFW_PUBLIC_KEY_H
#define RPROCFW_PUBLIC_KEY_H

#include <stdint.h>

#include <rprocfw/format.h>

struct rprocfw_public_key {
    enum rprocfw_signtype signtype; /* what it verifies: RSA or ECDSA P-256 */

    /* RPROCFW_SIGNTYPE_RSA, otherwise NULL and 0. Without leading zero bytes. */
    const uint8_t *modulus;
    uint32_t modulus_size; /* bytes, 256 to 512: also the size of a signature */
    const uint8_t *exponent;
    uint32_t exponent_size; /* bytes, 1 or more */

    /* RPROCFW_SIGNTYPE_ECDSA, otherwise NULL. The point, affine: 32 bytes each, zeros included. */
    const uint8_t *x;
    const uint8_t *y;
};

/* The name that c-source gives without --name. Nothing in this library defines it. */
extern const struct rprocfw_public_key rprocfw_public_key;

#endif
