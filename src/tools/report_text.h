/* SPDX-License-Identifier: BSD-2-Clause */
/* Reports for people, on standard output. */
#ifndef RPROCFW_TOOLS_REPORT_TEXT_H
#define RPROCFW_TOOLS_REPORT_TEXT_H

#include <rprocfw/report.h>

/* What rproc-verify says of a file that it did not refuse. verbose: segments and unsigned ranges.
 */
void print_verdict(const struct rprocfw_report *report, bool verbose);

/* What stands before anything that is printed of a file that it refused. */
void print_refused(const struct rprocfw_report *report);

/* That the board loads it, which was foretold. */
void print_loads(const struct rprocfw_report *report);

/* What rproc-dump shows: everything. */
void print_dump(const struct rprocfw_report *report);

#endif
