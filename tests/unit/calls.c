/* SPDX-License-Identifier: BSD-2-Clause */
/* How often core called back, and the one call that a test wants to fail. */
#include <string.h>

#include "calls.h"
#include "suite.h"

enum rprocfw_status calls_count(struct calls *calls, enum callback which)
{
    require(!calls->failed || which == RELEASE, "callback %d after a callback had failed",
            (int)which);
    calls->of[which]++;
    if (calls->fail_call == 0 || calls->fail != which || calls->of[which] != calls->fail_call)
        return RPROCFW_OK;
    calls->failed = true;
    return calls->how;
}

void calls_forget(struct calls *calls)
{
    memset(calls->of, 0, sizeof(calls->of));
    calls->failed = false;
}

const char *status_name(enum rprocfw_status status)
{
    const char *known = rprocfw_status_name(status);

    return known != NULL ? known : "no status";
}
