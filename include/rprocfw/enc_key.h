/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * AES-256 keys, with which the segments of images are encrypted.
 */
#ifndef RPROCFW_ENC_KEY_H
#define RPROCFW_ENC_KEY_H

#include <rprocfw/error.h>

#define RPROCFW_ENC_KEY_SIZE 32u /* bytes */

struct rprocfw_enc_key {
    uint8_t bytes[RPROCFW_ENC_KEY_SIZE];
};

/*
 * Reads a key from a file or a pipe: its 32 bytes, or 64 hexadecimal digits, behind which a line
 * may end. 32 digits are taken for the bytes, with a warning. RPROCFW_ERR_KEY: it is of another
 * size, or all zero, which boards refuse. RPROCFW_ERR_FILE. On failure *key is zero. To be wiped.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_enc_key_load(struct rprocfw_enc_key *key,
                                                                      const char *path,
                                                                      const struct rprocfw_log *log,
                                                                      struct rprocfw_error *error);

RPROCFW_API void rprocfw_enc_key_wipe(struct rprocfw_enc_key *key);

#endif
