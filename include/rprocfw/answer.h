/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it means when a board refuses a firmware: the TEE_Result that Linux prints (GlobalPlatform
 * TEE Internal Core API, Return Code Constants), or the error of Linux itself.
 */
#ifndef RPROCFW_ANSWER_H
#define RPROCFW_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rprocfw/status.h>

/* Why it may be. All strings are constants. */
struct rprocfw_reason {
    const char *text;    /* what is wrong; what to do */
    const char *command; /* that tells; KEY, BOARD and FILE stand for the user's; may be NULL */
    const char *const *check; /* names in rprocfw-checks(7) that have it; NULL ends them, or NULL */
};

struct rprocfw_answer {
    bool is_linux;                       /* the number is Linux's */
    uint32_t number;                     /* a TEE_Result; Linux's error without its sign */
    const char *name;                    /* "TEE_ERROR_BAD_PARAMETERS", "EIO" */
    const char *meaning;                 /* in this context */
    const struct rprocfw_reason *reason; /* the likeliest first */
    size_t reason_count;
};

/*
 * The answer in a text: a number or a name as people have it from a log ("0xffff0006", "ffff0006",
 * "TEE_ERROR_BAD_PARAMETERS", "-22", "bad magic"), or a whole line of the log, in which what the
 * TEE answered counts before what Linux made of it. NULL: there is none that is known.
 */
RPROCFW_API const struct rprocfw_answer *rprocfw_answer_find(const char *text);

/* The same of a TEE_Result. */
RPROCFW_API const struct rprocfw_answer *rprocfw_answer_tee(uint32_t result);

/*
 * Number of the reason, from 0, for which a check of rprocfw-checks(7) gets this answer, or a
 * finding leads to it; reason_count: it is none of them.
 */
RPROCFW_API size_t rprocfw_answer_reason(const struct rprocfw_answer *answer, const char *check);

#endif
