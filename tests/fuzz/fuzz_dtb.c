/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device tree blobs: any bytes, as OP-TEE's, as Linux's, with the node found and named. The rules
 * are those of boards in YAML, but for names, which a tree may have twice.
 */
#include <stdlib.h>
#include <string.h>

#include "board.h"

/* As a file is read: aligned, and not a byte more. */
static uint8_t *copy_of(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);

    FUZZ_HOLDS(copy != NULL);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

static void load(const uint8_t *bytes, size_t size, const char *node)
{
    struct rprocfw_board *board = calloc(1, sizeof(*board));
    struct rprocfw_error error = {0};

    FUZZ_HOLDS(board != NULL);
    if (rprocfw_board_from_dtb(board, "blob", bytes, size, node, &error) == RPROCFW_OK)
        fuzz_board_check(board);
    else
        FUZZ_HOLDS(error.status == RPROCFW_ERR_BOARD && strncmp(error.text, "blob:", 5) == 0);
    rprocfw_board_free(board);
}

static void load_seen(const uint8_t *bytes, size_t size, const char *node)
{
    struct rprocfw_board *board = calloc(1, sizeof(*board));
    struct rprocfw_error error = {0};

    FUZZ_HOLDS(board != NULL);
    FUZZ_HOLDS(rprocfw_board_take_shipped(board, "stm32mp257f-ev1", &error) == RPROCFW_OK);
    if (rprocfw_board_seen_from_dtb(board, "blob", bytes, size, node, &error) == RPROCFW_OK)
        fuzz_board_check(board);
    else
        FUZZ_HOLDS(error.status == RPROCFW_ERR_BOARD && strncmp(error.text, "blob:", 5) == 0);
    rprocfw_board_free(board);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes = copy_of(data, size);

    (void)rprocfw_board_is_dtb(bytes, size);
    load(bytes, size, NULL);
    load(bytes, size, "/b/r");
    load_seen(bytes, size, NULL);
    load_seen(bytes, size, "/r");
    free(bytes);
    return 0;
}
