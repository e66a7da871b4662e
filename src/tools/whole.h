/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that become the value of a TLV, or a signature. */
#ifndef RPROCFW_TOOLS_WHOLE_H
#define RPROCFW_TOOLS_WHOLE_H

#include <stddef.h>
#include <stdint.h>

#include <rprocfw/error.h>

/* The bytes of a file, at most limit. *bytes is to be freed. */
enum rprocfw_status read_whole(const char *path, size_t limit, uint8_t **bytes, size_t *size,
                               struct rprocfw_error *error);

#endif
