/* SPDX-License-Identifier: BSD-2-Clause */
/* What holds of every board, wherever its facts come from. */
#ifndef RPROCFW_FUZZ_BOARD_H
#define RPROCFW_FUZZ_BOARD_H

#include "../../src/host/boards/board.h"
#include "fuzz.h"

void fuzz_board_check(const struct rprocfw_board *board);

#endif
