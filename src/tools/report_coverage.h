/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a container is authenticated, and by what: for people, on standard output. */
#ifndef RPROCFW_TOOLS_REPORT_COVERAGE_H
#define RPROCFW_TOOLS_REPORT_COVERAGE_H

#include <rprocfw/report.h>

/* "signature", "hash" or "nothing". */
const char *auth_name(enum rprocfw_auth auth);

/* Bytes of a file that each of enum rprocfw_auth is for. */
struct auth_sums {
    uint64_t bytes[RPROCFW_AUTH_NONE + 1];
};
struct auth_sums sum_coverage(const struct rprocfw_report *report);

/* Does what the ranges name authenticate them: was it checked, and good? */
bool coverage_holds(const struct rprocfw_report *report);

/* Why it does not, in a few words; NULL: it does. */
const char *coverage_caveat(const struct rprocfw_report *report);

/* The sums, a bar of the whole file, and every range. */
void print_coverage(const struct rprocfw_report *report);

#endif
