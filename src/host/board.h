/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sources of boards share: they fill a struct rprocfw_board. Not installed. */
#ifndef RPROCFW_HOST_BOARD_H
#define RPROCFW_HOST_BOARD_H

#include <rprocfw/board.h>

#include "host.h"

/* What OP-TEE's build gives its TA, and what it can map, unless it is told otherwise. */
#define RPROCFW_BOARD_HEAP      4096u
#define RPROCFW_BOARD_MAP_LIMIT (10u * 1024 * 1024)

/* One more, zeroed, at the end of a list, which may move. NULL: no memory. */
char **rprocfw_board_add_source(struct rprocfw_board *board);
struct rprocfw_board_range *rprocfw_board_add_range(struct rprocfw_board *board);
struct rprocfw_board_region *rprocfw_board_add_region(struct rprocfw_board *board);
struct rprocfw_board_region *rprocfw_board_add_seen(struct rprocfw_board *board);
struct rprocfw_board_tlv *rprocfw_board_add_tlv(struct rprocfw_board *board);

/* Can these numbers be a range, a region? */
bool rprocfw_board_range_fits(const struct rprocfw_board_range *range);
bool rprocfw_board_region_fits(const struct rprocfw_board_region *region);

/* Has OP-TEE's TA a device address for it? Others ask later, for what is to go there. */
bool rprocfw_board_region_in_range(const struct rprocfw_board *board,
                                   const struct rprocfw_board_region *region);

/* ---- board_yaml.c ---- */

/* Fills board, which is zeroed; path is for messages. */
enum rprocfw_status rprocfw_board_from_yaml(struct rprocfw_board *board, const char *path,
                                            const uint8_t *bytes, size_t size,
                                            struct rprocfw_error *error);

/* ---- board_shipped.c, which the build makes of src/boards ---- */

struct rprocfw_board_shipped {
    const char *name;
    const uint8_t *bytes; /* YAML */
    size_t size;
};

extern const struct rprocfw_board_shipped rprocfw_boards_shipped[];
extern const size_t rprocfw_boards_shipped_count;

#endif
