/* SPDX-License-Identifier: BSD-2-Clause */
/* A container that gets another key, as rproc-sign --resign does, and its own again. */
#ifndef RPROCFW_GENERATED_RESIGNED_H
#define RPROCFW_GENERATED_RESIGNED_H

#include "generator.h"

/*
 * The test fails unless the file at path, which has these bytes, becomes what it would have been
 * with the other key, and then what it was, to the byte; and unless the signature of one key,
 * attached to what was to be signed elsewhere, gives the same. folder: for files, which are gone
 * afterwards.
 */
void resigned_check(const struct generated *g, const char *path, struct bytes container,
                    const char *folder);

#endif
