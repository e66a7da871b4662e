/* SPDX-License-Identifier: BSD-2-Clause */
/* What rproc-dump says of a container, and what it puts into a folder: what the container has. */
#ifndef RPROCFW_GENERATED_FACTS_H
#define RPROCFW_GENERATED_FACTS_H

#include "generator.h"

/*
 * The test fails unless the JSON of the file at path, which has these bytes, says what was put in:
 * each field of header, TLVs, table, images, segments and resource table, and which bytes are
 * signed; and unless its parts are written to a folder as they were put in, and nothing else is.
 * The folder is gone afterwards.
 */
void report_check(const struct generated *g, const char *path, struct bytes container,
                  const char *folder);

/* The verdict on a file that may be anything; and report, JSON and parts of it. */
enum rprocfw_status verdict_of_anything(const char *path);
void show_anything(const char *path, const char *folder);

#endif
