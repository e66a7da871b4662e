/* SPDX-License-Identifier: BSD-2-Clause */
/* Work on many things at once, told as if it had been done in their order. */
#ifndef RPROCFW_TOOLS_BATCH_H
#define RPROCFW_TOOLS_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <rprocfw/error.h>

/* What is said of one thing: kept until all before it is said. */
struct batch_notes;

struct batch {
    const char *tool;
    const char *doing; /* for the progress line: "signing" */
    size_t count;
    unsigned jobs;  /* threads, at least 1 */
    bool fail_fast; /* nothing new is begun after a failure */
    bool progress;  /* a line on standard error, if that is a terminal */
    /* In a thread of its own, which takes no signals. Exit status. */
    int (*work)(void *ctx, size_t number, struct batch_notes *notes);
    /* Of one that was not begun, after a failure or a signal; may be NULL. */
    const char *(*name)(void *ctx, size_t number);
    void *ctx;
};

/*
 * The worst exit status of all; EXIT_FAILED after a message also if there is no memory, and if not
 * all was begun. A signal that ends the process does so when what was begun is done, a second one
 * at once.
 */
int batch_run(const struct batch *batch);

/* Does a signal wait that ends the process? Then what is waited for is not worth it. notes: ctx. */
bool batch_is_interrupted(void *notes);

/* A line on standard error, "TOOL: NAME: text". A warning that was printed before, with whatever
 * name, is printed once. */
void batch_complain(struct batch_notes *notes, const char *name, const char *format, ...)
    RPROCFW_PRINTF(3, 4);
void batch_warn(struct batch_notes *notes, const char *name, const char *text);

#endif
