/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals that would end the process wait while there is something to take back. Nothing is
 * installed: whoever handles or ignores a signal, or waits for it, goes on to do so.
 */
#include <signal.h>

#include "host.h"

/* From the terminal, from a supervisor, and for a limit or a pipe. SIGKILL waits for nobody. */
static const int ends_process[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE,
                                   SIGALRM, SIGTERM, SIGXCPU, SIGXFSZ};

void rprocfw_hold(struct rprocfw_hold *hold)
{
    struct sigaction action;

    (void)sigemptyset(&hold->held);
    for (size_t i = 0; i < sizeof(ends_process) / sizeof(ends_process[0]); i++)
        if (sigaction(ends_process[i], NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
            action.sa_handler == SIG_DFL)
            (void)sigaddset(&hold->held, ends_process[i]);
    hold->active = pthread_sigmask(SIG_BLOCK, &hold->held, &hold->before) == 0;
}

static bool interrupted(const struct rprocfw_hold *hold)
{
    sigset_t pending;

    if (!hold->active || sigpending(&pending) != 0)
        return false;
    for (size_t i = 0; i < sizeof(ends_process) / sizeof(ends_process[0]); i++) {
        const int number = ends_process[i];

        if (sigismember(&hold->held, number) == 1 && sigismember(&hold->before, number) == 0 &&
            sigismember(&pending, number) == 1)
            return true;
    }
    return false;
}

void rprocfw_hold_end(struct rprocfw_hold *hold)
{
    if (hold->active)
        (void)pthread_sigmask(SIG_SETMASK, &hold->before, NULL);
    hold->active = false;
}

enum rprocfw_status rprocfw_hold_check(const struct rprocfw_hold *hold, const char *path,
                                       struct rprocfw_error *error)
{
    if (!interrupted(hold))
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: not written: interrupted by a signal",
                             path);
}
