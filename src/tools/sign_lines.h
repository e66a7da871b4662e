/* SPDX-License-Identifier: BSD-2-Clause */
/* What rproc-sign --tbs says: how what it wrote is signed, and what comes then. */
#ifndef RPROCFW_TOOLS_SIGN_LINES_H
#define RPROCFW_TOOLS_SIGN_LINES_H

#include "sign_options.h"

/* Two lines for a shell, on standard output; the private key is $KEY there. EXIT_DONE, or
 * EXIT_FAILED after a message. */
int print_sign_lines(const struct sign_options *o, const struct rprocfw_key *key);

#endif
