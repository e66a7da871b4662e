/* SPDX-License-Identifier: BSD-2-Clause */
/* A map on paper: what stands where. */
#ifndef RPROCFW_TOOLS_MAP_PAPER_H
#define RPROCFW_TOOLS_MAP_PAPER_H

#include "map.h"
#include "svg.h"

/* From left to right. A character is at most 6.7 wide. */
enum {
    SCALE_X = 24, /* the file at its true scale */
    SCALE_WIDTH = 16,
    FILE_X = 120,
    COLUMN_WIDTH = 500,
    MEMORY_X = 770,
    MEMORY_END = MEMORY_X + COLUMN_WIDTH,
    SWATCH = 24,
    START_X = 106, /* within a column: where offset or address end */
    LABEL_X = 118,
    LABEL_CHARACTERS = 44,
    TITLE_CHARACTERS = 74,
    LINE_CHARACTERS = 180,
    LINE = 17,
    GROUP_TITLE = 22,
    GROUP_GAP = 14
};

/* What stands above the columns. Returns where they begin. */
int map_put_head(struct svg *out, const struct map *map);

#endif
