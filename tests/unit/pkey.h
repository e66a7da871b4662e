/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys of libcrypto, made of their numbers. */
#ifndef RPROCFW_UNIT_PKEY_H
#define RPROCFW_UNIT_PKEY_H

#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/param_build.h>

#define POINT 65 /* bytes, uncompressed */

/*
 * A key of what build holds: EVP_PKEY_PUBLIC_KEY or EVP_PKEY_KEYPAIR. NULL if libcrypto does not
 * take it. Frees build.
 */
EVP_PKEY *pkey_from(const char *kind, int selection, OSSL_PARAM_BLD *build);

/* A key of P-256 with this private half, or its public half alone. point is its point. */
EVP_PKEY *pkey_p256(const BIGNUM *private_half, int selection, uint8_t point[POINT]);

#endif
