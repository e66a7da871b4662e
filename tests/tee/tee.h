/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TEE that the trusted application runs in. It holds the TA to the rules of the API: where a
 * TEE may panic, the test fails. It counts what is allocated and what is called, and fails where a
 * test wants it to.
 */
#ifndef RPROCFW_TEST_TEE_H
#define RPROCFW_TEST_TEE_H

#include <tee_internal_api.h>

#include "suite.h"

/* Those that may fail. */
enum tee_function {
    ALLOCATE_OPERATION,
    DIGEST_DO_FINAL,
    ALLOCATE_OBJECT,
    POPULATE_OBJECT,
    SET_OPERATION_KEY,
    VERIFY_DIGEST,
    TEE_FUNCTIONS
};

struct tee {
    /* The test's, all 0 by default. */
    enum tee_function fail; /* this function ... */
    unsigned fail_call;     /* ... fails at this call, from 1 (0: never) ... */
    TEE_Result how;         /* ... with this result */

    /* What happened. */
    unsigned calls[TEE_FUNCTIONS];
    unsigned handles; /* operations and objects that are allocated */
    char log[1024];   /* the last lines, each with its newline */
};

extern struct tee tee;

/* A function that may fail begins here: TEE_SUCCESS, or the failure that the test wants. */
TEE_Result tee_called(enum tee_function function);

/* A panic of the TEE: the test fails. */
#define TEE_PANIC_UNLESS(condition) require(condition, "%s: panic: %s", __func__, #condition)

#endif
