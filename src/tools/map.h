/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A picture of a container beside the remote processor's memory: what is drawn. Two columns, the
 * file and the memory, of groups of rows; links from rows of the one to rows of the other.
 */
#ifndef RPROCFW_TOOLS_MAP_H
#define RPROCFW_TOOLS_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rprocfw/board.h>
#include <rprocfw/report.h>

enum map_kind {
    MAP_SIGNATURE, /* as enum rprocfw_auth has them */
    MAP_HASH,
    MAP_NOTHING,
    MAP_ZERO, /* memory that is zeroed */
    MAP_FREE, /* memory that nothing is loaded to */
    MAP_KINDS
};

#define MAP_NO_OFFSET UINT64_MAX

/* What is one for the picture: a range of the file, or of memory. */
struct map_part {
    uint64_t start; /* offset in the file, or address */
    uint64_t size;  /* not 0 */
    uint64_t from;  /* of memory: offset in the file of its bytes, or MAP_NO_OFFSET */
    uint32_t da;    /* of memory: device address */
    uint32_t group; /* number of its group; those of a group stand together */
    enum map_kind kind;
    bool alarm; /* it is where it must not be */
    char label[64];
};

/* Neighbours of a group that are drawn as one. */
struct map_row {
    size_t first; /* part */
    size_t count;
    uint64_t start;
    uint64_t size; /* of all its parts */
    uint64_t bytes[MAP_KINDS];
    bool alarm;
    int y; /* the writer's */
    int height;
};

struct map_group {
    char title[160];
    bool alarm;
    size_t parts;
    size_t first; /* row */
    size_t count;
    int y; /* the writer's */
    int height;
};

struct map_column {
    bool is_memory; /* not a file: parts have addresses */
    struct map_part *part;
    size_t part_count;
    size_t part_room;
    struct map_row *row;
    size_t row_count;
    struct map_group *group;
    size_t group_count;
};

struct map {
    const struct rprocfw_report *report;
    const struct rprocfw_board *board; /* NULL: none */
    struct map_column file;
    struct map_column memory;
    bool *link; /* [row of file * memory.row_count + row of memory] */
};

/* All of these: false if there is no memory. */

/* map_free in any case. */
bool map_build(struct map *map, const struct rprocfw_report *report,
               const struct rprocfw_board *board);
void map_free(struct map *map);

/* ---- map_rows.c ---- */

bool map_add(struct map_column *column, const struct map_part *part);

/* A group without a title more; NULL: no memory. */
struct map_group *map_add_group(struct map_column *column);

/* Make rows of the parts, as many as a picture can have. */
bool map_fold(struct map_column *column);

/* ---- map_memory.c ---- */

/* Parts and groups of the remote processor's memory. */
bool map_memory(struct map *map);

/* ---- map_svg.c ---- */

/* The picture as text, to be freed. */
bool map_svg(struct map *map, char **text, size_t *size);

#endif
