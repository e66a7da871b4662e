/* SPDX-License-Identifier: BSD-2-Clause */
/* A picture of a container: the column of the file, and the links to that of the memory. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "words.h"

_Static_assert(MAP_SIGNATURE == (int)RPROCFW_AUTH_SIGNATURE && MAP_HASH == (int)RPROCFW_AUTH_HASH &&
                   MAP_NOTHING == (int)RPROCFW_AUTH_NONE,
               "a range's auth is a kind");

/* ---- The file ---- */

/* More images than these are drawn as one. */
#define IMAGES 12u

static uint32_t drawn_image(const struct rprocfw_report *report, uint32_t image)
{
    return image == RPROCFW_NOWHERE || report->image_count <= IMAGES ? image : 0;
}

static void name_group(const struct map *map, struct map_group *group, uint32_t image)
{
    const struct rprocfw_report *report = map->report;
    char *title = group->title;
    const size_t room = sizeof(group->title);
    const char *type;

    if (image == RPROCFW_NOWHERE && map->file.group_count > 1) {
        (void)snprintf(title, room, "outside of every image");
    } else if (image == RPROCFW_NOWHERE) {
        (void)snprintf(title, room, "%s",
                       report->has_header ? "header, TLVs, signature" : "no container");
    } else if (report->image_count > IMAGES) {
        (void)snprintf(title, room, "images 0 to %zu", report->image_count - 1);
    } else {
        type = image_type_name(report->images[image].type);
        (void)snprintf(title, room, "image %" PRIu32 ": %s, %" PRIu32 " bytes at %" PRIu32, image,
                       type != NULL ? type : "unknown type", report->images[image].size,
                       report->images[image].offset);
    }
}

/* Without the image, if the group says which. */
static const char *label_of(const struct map *map, const struct rprocfw_report_range *range)
{
    static const char colon[] = ": ";
    const char *behind = strstr(range->what, colon);

    if (range->image == RPROCFW_NOWHERE || map->report->image_count > IMAGES || behind == NULL)
        return range->what;
    return behind + strlen(colon);
}

static bool add_range(struct map *map, const struct rprocfw_report_range *range)
{
    struct map_part part = {.start = range->offset,
                            .size = range->size,
                            .from = MAP_NO_OFFSET,
                            .group = (uint32_t)map->file.group_count - 1,
                            .kind = (enum map_kind)range->auth};

    (void)snprintf(part.label, sizeof(part.label), "%s", label_of(map, range));
    return map_add(&map->file, &part);
}

static bool map_file(struct map *map)
{
    const struct rprocfw_report *report = map->report;
    uint32_t drawn = 0;

    for (size_t i = 0; i < report->range_count; i++) {
        const struct rprocfw_report_range *range = &report->ranges[i];
        const uint32_t image = drawn_image(report, range->image);

        if (i == 0 || image != drawn) {
            struct map_group *group = map_add_group(&map->file);

            if (group == NULL)
                return false;
            name_group(map, group, image);
            drawn = image;
        }
        if (!add_range(map, range))
            return false;
    }
    return true;
}

/* ---- Links ---- */

/* The last row that starts at offset or before: rows of the file follow each other from 0 on. */
static size_t row_at(const struct map_column *file, uint64_t offset)
{
    size_t low = 0;
    size_t high = file->row_count;

    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;

        if (file->row[middle].start <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static bool link_rows(struct map *map)
{
    const struct map_column *memory = &map->memory;

    if (map->file.row_count == 0 || memory->row_count == 0)
        return true;
    map->link = calloc(map->file.row_count, memory->row_count * sizeof(*map->link));
    if (map->link == NULL)
        return false;
    for (size_t i = 0; i < memory->row_count; i++) {
        const struct map_row *row = &memory->row[i];

        for (size_t k = row->first; k < row->first + row->count; k++)
            if (memory->part[k].from < map->report->file_size)
                map->link[row_at(&map->file, memory->part[k].from) * memory->row_count + i] = true;
    }
    return true;
}

/* ---- All of it ---- */

bool map_build(struct map *map, const struct rprocfw_report *report,
               const struct rprocfw_board *board)
{
    *map = (struct map){.report = report, .board = board, .memory.is_memory = true};
    return map_file(map) && map_memory(map) && map_fold(&map->file) && map_fold(&map->memory) &&
           link_rows(map);
}

static void free_column(struct map_column *column)
{
    free(column->part);
    free(column->row);
    free(column->group);
}

void map_free(struct map *map)
{
    free_column(&map->file);
    free_column(&map->memory);
    free(map->link);
}
