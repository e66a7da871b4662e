/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A run over many generated containers, in batches, each a process of its own. What a program does:
 *
 *   NAME [PART PARTS]     a part of them; all of them without
 *
 *   RPROCFW_GENERATED     how many containers there are, all parts together
 *   RPROCFW_FIRST         number of the first one (0)
 *   RPROCFW_SEED          the same containers and changes for the same seed
 *   RPROCFW_LONG=1        ten times as many, of a seed that nobody has chosen
 *
 * A failure tells seed and number, and leaves container and changed container in files.
 */
#ifndef RPROCFW_GENERATED_RUN_H
#define RPROCFW_GENERATED_RUN_H

#include <check.h>

#include "change.h"
#include "outcome.h"

/* The names of these files in the folder of a batch. */
#define GOOD_FILE    "good.sig"
#define CHANGED_FILE "changed.sig"

/* folder: for files; empty but for what generated_sign() leaves. */
typedef void judge_fn(const struct generated *g, struct bytes good, const char *folder);

/* The body of the test: generates, signs and judges the containers of one batch. */
void run_batch(int batch, judge_fn *judge);

/* A change was judged; or one while the container was loaded. */
void run_count(const struct change *change, enum outcome outcome, enum rprocfw_status status);
void run_count_while_loaded(enum outcome outcome);

/*
 * The body of main(): runs the test for each batch; share of the containers: 1 of so many. It
 * fails, too, when one of the first so many kinds of change was hardly made.
 */
int run_all(const char *name, int argc, char **argv, const TTest *test, uint32_t share,
            unsigned kinds);

#endif
