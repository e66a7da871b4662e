/* SPDX-License-Identifier: BSD-2-Clause */
/* The option --map. */
#ifndef RPROCFW_TOOLS_MAP_FILE_H
#define RPROCFW_TOOLS_MAP_FILE_H

#include <stdbool.h>

#include <rprocfw/board.h>
#include <rprocfw/report.h>

#include "options.h"

/* Is the picture for standard output, and nothing else then? path: of --map, or NULL. */
bool map_to_stdout(const char *path);

/* Do these go together? EXIT_DONE, or what usage_error returns. */
int map_check(const char *path, size_t files, bool text, const char *tool);

/*
 * Write the picture. board: NULL, or where the segments go. keep: paths of files that are read, and
 * that path must not be. EXIT_DONE, or EXIT_FAILED after a message.
 */
int map_write(const char *path, const struct rprocfw_report *report,
              const struct rprocfw_board *board, const struct words *keep, const char *tool);

#endif
