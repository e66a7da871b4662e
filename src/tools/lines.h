/* SPDX-License-Identifier: BSD-2-Clause */
/* A tree of JSON values as lines, for programs that read no JSON. */
#ifndef RPROCFW_TOOLS_LINES_H
#define RPROCFW_TOOLS_LINES_H

#include <jansson.h>

/*
 * Write it to standard output, a line each value: "files.0.images.0.size=13600". The names have
 * neither '.' nor '=' in them. What is null, and what has nothing in it, has no line.
 */
void print_lines(const json_t *document);

#endif
