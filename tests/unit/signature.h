/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict of libcrypto on what core wants to have authenticated. */
#ifndef RPROCFW_UNIT_SIGNATURE_H
#define RPROCFW_UNIT_SIGNATURE_H

#include <openssl/types.h>

#include <rprocfw/verify.h>

/* Is it this key's signature over that data? A key of the other kind: no. */
bool signature_holds(EVP_PKEY *key, const struct rprocfw_signed *what);

#endif
