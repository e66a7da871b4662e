/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards: where their facts come from. */
#include <stdlib.h>

#include <rprocfw/board.h>

const char *rprocfw_board_name(size_t number)
{
    (void)number;
    return NULL; /* none is shipped */
}

enum rprocfw_status rprocfw_board_load(struct rprocfw_board **out,
                                       const struct rprocfw_board_source *source,
                                       struct rprocfw_error *error)
{
    *out = NULL;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE, "%s: no such board", source->name);
}

static void free_regions(struct rprocfw_board_region *region, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(region[i].name);
    free(region);
}

void rprocfw_board_free(struct rprocfw_board *board)
{
    if (board == NULL)
        return;
    for (size_t i = 0; i < board->source_count; i++)
        free(board->source[i]);
    free(board->source);
    free_regions(board->region, board->region_count);
    free_regions(board->seen, board->seen_count);
    free(board->range);
    free(board->tlv);
    free(board->title);
    free(board->name);
    free(board);
}
