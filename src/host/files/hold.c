/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals that would end the process wait while there is something to take back. Nothing is
 * installed: whoever handles or ignores a signal, or waits for it, goes on to do so.
 */
#include <signal.h>

#include "../host.h"

/*
 * All others end the process: SIGKILL waits for nobody; some report what the process itself did
 * wrong, which goes on being wrong; and some are for stopping, going on, and for news.
 */
static const int not_held[] = {SIGKILL, SIGABRT, SIGBUS,  SIGFPE,  SIGILL,  SIGSEGV,
                               SIGSYS,  SIGTRAP, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU,
                               SIGCONT, SIGCHLD, SIGURG,  SIGWINCH};

static bool to_hold(int number)
{
    struct sigaction action;

    for (size_t i = 0; i < sizeof(not_held) / sizeof(not_held[0]); i++)
        if (number == not_held[i])
            return false;
    /* numbers that libc keeps for itself have no action */
    return sigaction(number, NULL, &action) == 0 && (action.sa_flags & SA_SIGINFO) == 0 &&
           action.sa_handler == SIG_DFL;
}

/* Holds of a thread, in whichever order they end: the first finds what is blocked before, the last
 * ends it. */
static _Thread_local unsigned holds;
static _Thread_local sigset_t before_all;

void rprocfw_hold(struct rprocfw_hold *hold)
{
    (void)sigemptyset(&hold->held);
    for (int number = 1; number <= SIGRTMAX; number++)
        if (to_hold(number))
            (void)sigaddset(&hold->held, number);
    hold->active = pthread_sigmask(SIG_BLOCK, &hold->held, &hold->before) == 0;
    if (holds == 0)
        before_all = hold->before;
    hold->before = before_all;
    holds += hold->active;
}

static bool interrupted(const struct rprocfw_hold *hold)
{
    sigset_t pending;

    if (!hold->active || sigpending(&pending) != 0)
        return false;
    for (int number = 1; number <= SIGRTMAX; number++)
        if (sigismember(&hold->held, number) == 1 && sigismember(&hold->before, number) == 0 &&
            sigismember(&pending, number) == 1)
            return true;
    return false;
}

void rprocfw_hold_end(struct rprocfw_hold *hold)
{
    if (!hold->active)
        return;
    hold->active = false;
    if (--holds == 0)
        (void)pthread_sigmask(SIG_SETMASK, &before_all, NULL);
}

enum rprocfw_status rprocfw_hold_check(const struct rprocfw_hold *hold, const char *path,
                                       struct rprocfw_error *error)
{
    if (!interrupted(hold))
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: not written: interrupted by a signal",
                             path);
}
