/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads of this library. Signals are the caller's: a thread that takes none needs no care. */
#include "../host.h"

bool rprocfw_thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx)
{
    sigset_t all;
    sigset_t before;
    bool started;

    (void)sigfillset(&all);
    if (pthread_sigmask(SIG_SETMASK, &all, &before) != 0)
        return false;
    started = pthread_create(thread, NULL, run, ctx) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}
