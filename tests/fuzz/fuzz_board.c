/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boards in YAML: any bytes. What is taken is whole: each number within its bounds, each name there
 * and its own; what is found in it lies where the board says. What is refused is so at a place.
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rprocfw_board *board = calloc(1, sizeof(*board));
    struct rprocfw_error error = {0};

    FUZZ_HOLDS(board != NULL);
    if (rprocfw_board_from_yaml(board, "board", data, size, &error) == RPROCFW_OK)
        fuzz_board_check(board);
    else
        FUZZ_HOLDS(error.status == RPROCFW_ERR_BOARD && strncmp(error.text, "board:", 6) == 0);
    rprocfw_board_free(board);
    return 0;
}
