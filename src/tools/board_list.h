/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards on standard output. */
#ifndef RPROCFW_TOOLS_BOARD_LIST_H
#define RPROCFW_TOOLS_BOARD_LIST_H

#include <rprocfw/board.h>

#include "options.h"

/*
 * All of a board, or with NULL the boards that are shipped, in text a line each. YAML, which is for
 * one board, is a profile as rprocfw-board(5) describes it. Exit status.
 */
int board_list(const struct rprocfw_board *board, enum format format, const char *tool);

#endif
