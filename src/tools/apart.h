/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read is not written to, and a passphrase does not come from it. */
#ifndef RPROCFW_TOOLS_APART_H
#define RPROCFW_TOOLS_APART_H

#include <stdbool.h>
#include <stddef.h>

#include "passphrase.h"

/*
 * The files at paths are read, and what passphrase, which may be NULL, comes from; to_stdout:
 * standard output is written. EXIT_DONE, or EXIT_FAILED after a message, if two of these are one
 * file. Terminals and devices are not written to what is read of them.
 */
int read_apart(const char *const *paths, size_t count, const struct passphrase *passphrase,
               bool to_stdout, const char *tool);

#endif
