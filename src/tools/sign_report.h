/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign --report and --sarif. */
#ifndef RPROCFW_TOOLS_SIGN_REPORT_H
#define RPROCFW_TOOLS_SIGN_REPORT_H

#include "sign_options.h"
#include "sign_record.h"

/* Is something to be written of what is signed? */
bool sign_report_is_wanted(const struct sign_options *o);

/* Writes the files that are asked for. keep: paths that they must not be. Exit status. */
int sign_report_write(const struct sign_options *o, const struct sign_record *records, size_t count,
                      const struct words *keep);

#endif
