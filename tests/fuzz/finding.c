/* SPDX-License-Identifier: BSD-2-Clause */
/* How a target tells that an input broke a rule. */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

void fuzz_finding(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
    abort();
}
