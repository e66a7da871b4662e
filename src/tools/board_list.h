/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards on standard output. */
#ifndef RPROCFW_TOOLS_BOARD_LIST_H
#define RPROCFW_TOOLS_BOARD_LIST_H

#include <rprocfw/board.h>

/* All of a board, or with NULL the boards that are shipped, in text a line each. Exit status. */
int board_list(const struct rprocfw_board *board, bool json, const char *tool);

#endif
