/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the program says. Its standard output is compared between machines to the byte: nothing goes
 * there that may differ. Complaints go to standard error.
 */
#ifndef RPROCFW_CROSS_REPORT_H
#define RPROCFW_CROSS_REPORT_H

#include <stdbool.h>

#include <rprocfw/verify.h>

/* Print every outcome, also of those sections that only print a digest. */
extern bool report_all;

/* A section: a digest over its outcomes, printed at its end, as is their number. */
void report_begin(const char *section);
void report_end(void);

/* An outcome, one line without its newline. It is counted, and is part of the digest. */
void report(const char *format, ...) RPROCFW_PRINTF(1, 2);

/* The same, and it is always printed. */
void report_line(const char *format, ...) RPROCFW_PRINTF(1, 2);

/*
 * "segment-hash at 12, tlv -, image 0, segment 1, found 2, expected 3", until the next call: how a
 * verification ended, in v and a work buffer that are as core left them.
 */
const char *outcome(enum rprocfw_status status, const struct rprocfw_verifier *v);

/* Complain, go on, and let the program fail, unless what must hold does. Returns holds. */
bool check(bool holds, const char *format, ...) RPROCFW_PRINTF(2, 3);

/* What a test cannot go on without: complain and end the program. */
void need(bool holds, const char *format, ...) RPROCFW_PRINTF(2, 3);

/* How many checks did not hold, and how many there were. */
extern unsigned checks_failed;
extern unsigned checks_made;

#endif
