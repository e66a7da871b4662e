/* SPDX-License-Identifier: BSD-2-Clause */
/* How often core called back, and the one call that a test wants to fail. */
#ifndef RPROCFW_UNIT_CALLS_H
#define RPROCFW_UNIT_CALLS_H

#include <stdbool.h>

#include <rprocfw/status.h>

enum callback {
    READ,
    VERIFY_SIGNATURE,
    LOAD,
    READ_LOADED,
    LOAD_END,
    PLATFORM_TLV,
    DA_TO_PA,
    ZERO,
    START,
    STOP,
    RELEASE,
    CALLBACKS
};

struct calls {
    /* The test's, all 0 by default. */
    enum callback fail;      /* this callback ... */
    unsigned fail_call;      /* ... fails at this call, from 1 (0: never) ... */
    enum rprocfw_status how; /* ... with this status */

    unsigned of[CALLBACKS];
    bool failed; /* the wanted failure was delivered */
};

/*
 * Every callback begins here: RPROCFW_OK, or the failure that the test wants. The test fails if
 * core asks anything after a failure, but to release.
 */
enum rprocfw_status calls_count(struct calls *calls, enum callback which);

void calls_forget(struct calls *calls);

/* For messages: never NULL. */
const char *status_name(enum rprocfw_status status);

#endif
