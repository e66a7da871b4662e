/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict of libcrypto on signatures as the format has them. */
#ifndef RPROCFW_UNIT_SIGNATURE_H
#define RPROCFW_UNIT_SIGNATURE_H

#include <openssl/types.h>

#include <rprocfw/verify.h>

/* Is it this key's signature over that data? A key of the other kind: no. */
bool signature_holds(EVP_PKEY *key, const struct rprocfw_signed *what);

/* The same over data of which only the SHA-256 is known. */
bool digest_signature_holds(EVP_PKEY *key, enum rprocfw_signtype signtype,
                            const uint8_t digest[RPROCFW_SHA256_SIZE], const uint8_t *signature,
                            size_t size);

#endif
