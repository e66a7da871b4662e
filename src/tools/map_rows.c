/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of a column as rows: where there are too many, small neighbours are drawn as one. */
#include <stdlib.h>

#include "map.h"

bool map_add(struct map_column *column, const struct map_part *part)
{
    if (part->size == 0)
        return true;
    if (column->part_count == column->part_room) {
        const size_t room = 2 * column->part_room + 64;
        struct map_part *grown = realloc(column->part, room * sizeof(*grown));

        if (grown == NULL)
            return false;
        column->part = grown;
        column->part_room = room;
    }
    column->part[column->part_count++] = *part;
    return true;
}

struct map_group *map_add_group(struct map_column *column)
{
    struct map_group *grown =
        realloc(column->group, (column->group_count + 1) * sizeof(*column->group));

    if (grown == NULL)
        return NULL;
    column->group = grown;
    grown[column->group_count] = (struct map_group){.count = 0};
    return &grown[column->group_count++];
}

/* Rows that a column has at most, but for its groups; small ones stay as they are. */
#define ROWS        56u
#define SMALL_GROUP 12u

/* Which neighbours are drawn as one: at most run of them, each of less than limit bytes. */
struct folding {
    uint64_t limit;
    size_t run;
};

/* Parts of the row that starts with part first. */
static size_t row_length(const struct map_column *column, const struct folding *folding,
                         size_t first)
{
    const struct map_part *part = &column->part[first];
    size_t count = 1;

    if (column->group[part->group].parts <= SMALL_GROUP)
        return 1;
    while (first + count < column->part_count && count < folding->run &&
           part[0].size < folding->limit && part[count].size < folding->limit &&
           part[count].group == part[0].group)
        count++;
    return count;
}

static size_t count_rows(const struct map_column *column, const struct folding *folding)
{
    size_t count = 0;

    for (size_t i = 0; i < column->part_count; i += row_length(column, folding, i))
        count++;
    return count;
}

static void make_row(struct map_column *column, size_t first, size_t count)
{
    struct map_row *row = &column->row[column->row_count];
    struct map_group *group = &column->group[column->part[first].group];

    *row = (struct map_row){.first = first, .count = count, .start = column->part[first].start};
    for (size_t i = first; i < first + count; i++) {
        const struct map_part *part = &column->part[i];

        row->size += part->size;
        row->bytes[part->kind] += part->size;
        row->alarm = row->alarm || part->alarm;
    }
    if (group->count == 0)
        group->first = column->row_count;
    group->count++;
    column->row_count++;
}

bool map_fold(struct map_column *column)
{
    struct folding folding = {.limit = 0, .run = 1 + 2 * column->part_count / ROWS};
    size_t rows = column->part_count;

    for (size_t i = 0; i < column->part_count; i++)
        column->group[column->part[i].group].parts++;
    for (unsigned bit = 4; rows > ROWS && bit < 64; bit++) {
        folding.limit = (uint64_t)1 << bit;
        rows = count_rows(column, &folding);
    }
    if (rows == 0)
        return true;
    column->row = calloc(rows, sizeof(*column->row));
    if (column->row == NULL)
        return false;
    for (size_t i = 0; i < column->part_count;) {
        const size_t count = row_length(column, &folding, i);

        make_row(column, i, count);
        i += count;
    }
    return true;
}
