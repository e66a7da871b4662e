/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify --explain: what a board's answer means. */
#ifndef RPROCFW_TOOLS_EXPLAIN_H
#define RPROCFW_TOOLS_EXPLAIN_H

#include <stdbool.h>

/*
 * Print what the answer in text means, and the reasons that it may have, to standard output; json:
 * as JSON. Returns the exit status.
 */
int explain(const char *tool, const char *text, bool json);

#endif
