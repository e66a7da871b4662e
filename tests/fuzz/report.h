/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds of the report on any file. */
#ifndef RPROCFW_FUZZ_REPORT_H
#define RPROCFW_FUZZ_REPORT_H

#include <rprocfw/report.h>

/* Builds it, of size bytes of data in a file at path, and holds the rules. False: there is none. */
bool fuzz_report_build(struct rprocfw_report *report, const char *path,
                       enum rprocfw_report_mode mode, const struct rprocfw_keys *keys);

#endif
