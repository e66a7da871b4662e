/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The picture as SVG: no scripts, no fonts but the viewer's own, colours for light and dark
 * backgrounds, a pattern for each colour, and a tooltip for each shape.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "map_paper.h"
#include "map_style.h"

static const char *const kind_class[] = {"k0", "k1", "k2", "k3", "k4"};
static const char *const swatch_class[] = {"p0", "p1", "p2", "p3", "p4"};
static const char *const kind_words[] = {"authenticated by the signature", "by a hash",
                                         "by nothing", "zeroed", "free"};

/* ---- Places on paper ---- */

/* A row grows with the logarithm of its size: it has room for its label, whatever the size. */
static int row_height(const struct map_row *row)
{
    const int most = row->bytes[MAP_FREE] == row->size ? 5 : 12;
    int steps = 0;

    for (uint64_t size = row->size >> 9; size != 0 && steps < most; size >>= 1)
        steps++;
    return 20 + 5 * steps;
}

/* Returns where the column ends. */
static int lay_out(struct map_column *column, int y)
{
    for (size_t i = 0; i < column->group_count; i++) {
        struct map_group *group = &column->group[i];

        group->y = y;
        y += GROUP_TITLE;
        for (size_t k = group->first; k < group->first + group->count; k++) {
            column->row[k].y = y;
            column->row[k].height = row_height(&column->row[k]);
            y += column->row[k].height;
        }
        group->height = y - group->y;
        y += GROUP_GAP;
    }
    return y;
}

/* ---- Rows ---- */

static enum map_kind main_kind(const struct map_row *row)
{
    unsigned most = 0;

    for (unsigned i = 1; i < MAP_KINDS; i++)
        if (row->bytes[i] > row->bytes[most])
            most = i;
    return (enum map_kind)most;
}

/* Of a file bytes; of memory "104 B", "4 KiB", "8 MiB": never rounded. */
static void write_size(char *text, size_t room, const struct map_column *column, uint64_t size)
{
    if (!column->is_memory)
        (void)snprintf(text, room, "%" PRIu64, size);
    else if (size >= 1u << 20 && size % (1u << 20) == 0)
        (void)snprintf(text, room, "%" PRIu64 " MiB", size >> 20);
    else if (size >= 1u << 10 && size % (1u << 10) == 0)
        (void)snprintf(text, room, "%" PRIu64 " KiB", size >> 10);
    else
        (void)snprintf(text, room, "%" PRIu64 " B", size);
}

/* Labels of the first parts, and what they have in sum. */
static void put_tooltip(struct svg *out, const struct map_column *column, const struct map_row *row)
{
    char text[1024];
    size_t length = 0;

    for (size_t i = row->first; i < row->first + row->count && length < 600; i++) {
        const struct map_part *part = &column->part[i];

        length += (size_t)snprintf(text + length, sizeof(text) - length,
                                   "%s: %" PRIu64 " bytes at %" PRIu64 " (0x%" PRIx64 "), %s; ",
                                   part->label, part->size, part->start, part->start,
                                   kind_words[part->kind]);
    }
    if (row->count > 1)
        (void)snprintf(text + length, sizeof(text) - length, "%zu parts of %" PRIu64 " bytes",
                       row->count, row->size);
    else
        text[length - 2] = '\0'; /* without the last "; " */
    svg_element(out, "title", text);
}

/* One kind beside the other, each as wide as it has bytes, but not too small to be seen. */
static void put_swatch(struct svg *out, const struct map_row *row, int x)
{
    const int end = x + SWATCH;
    unsigned left = 0;

    for (unsigned i = 0; i < MAP_KINDS; i++)
        left += row->bytes[i] != 0;
    for (unsigned i = 0; i < MAP_KINDS; i++) {
        int width = (int)(SWATCH * (double)row->bytes[i] / (double)row->size);

        if (row->bytes[i] == 0)
            continue;
        left--;
        if (width < 3)
            width = 3;
        if (width > end - x - 3 * (int)left || left == 0)
            width = end - x - 3 * (int)left;
        svg_rect(out, x, row->y, width, row->height, swatch_class[i]);
        x += width;
    }
}

static void put_start(struct svg *out, const struct map_column *column, const struct map_row *row,
                      int x)
{
    char text[32];

    if (column->is_memory)
        (void)snprintf(text, sizeof(text), "0x%08" PRIx64, row->start);
    else
        (void)snprintf(text, sizeof(text), "%" PRIu64, row->start);
    svg_text(out, x + START_X, row->y + 14, "dm end", text);
}

static void put_row(struct svg *out, const struct map_column *column, const struct map_row *row,
                    int x)
{
    const int middle = row->y + 14;
    char text[64];
    char classes[16];

    svg_add(out, "<g class=\"r\">\n");
    put_tooltip(out, column, row);
    (void)snprintf(classes, sizeof(classes), "%s t", kind_class[main_kind(row)]);
    svg_rect(out, x, row->y, COLUMN_WIDTH, row->height, classes);
    put_swatch(out, row, x);
    put_start(out, column, row, x);
    if (row->count == 1)
        (void)snprintf(text, sizeof(text), "%s", column->part[row->first].label);
    else
        (void)snprintf(text, sizeof(text), "%zu small parts drawn as one", row->count);
    svg_text_cut(out, x + LABEL_X, middle, row->alarm ? "al" : "tx", text, LABEL_CHARACTERS);
    write_size(text, sizeof(text), column, row->size);
    svg_text(out, x + COLUMN_WIDTH - 6, middle, "tx end", text);
    svg_line(out, x, row->y, x + COLUMN_WIDTH, row->y, "ln");
    if (row->alarm && !column->group[column->part[row->first].group].alarm)
        svg_rect(out, x + 1, row->y + 1, COLUMN_WIDTH - 2, row->height - 2, "ab");
    svg_add(out, "</g>\n");
}

static void put_column(struct svg *out, const struct map_column *column, int x)
{
    for (size_t i = 0; i < column->group_count; i++) {
        const struct map_group *group = &column->group[i];

        svg_text_cut(out, x, group->y + 15, group->alarm ? "al" : "gt", group->title,
                     TITLE_CHARACTERS);
        for (size_t k = group->first; k < group->first + group->count; k++)
            put_row(out, column, &column->row[k], x);
        svg_rect(out, x, group->y + GROUP_TITLE, COLUMN_WIDTH, group->height - GROUP_TITLE,
                 group->alarm ? "ab" : "bx");
    }
}

/* ---- Beside the rows ---- */

/* The file at its true scale, and where its rows are in it. */
static void put_scale(struct svg *out, const struct map *map, int top, int bottom)
{
    const double scale = (bottom - top) / (double)map->report->file_size;

    for (size_t i = 0; i < map->file.row_count; i++) {
        const struct map_row *row = &map->file.row[i];
        const int start = top + (int)(scale * (double)row->start);
        const int end = top + (int)(scale * (double)(row->start + row->size));
        const enum map_kind kind = main_kind(row);

        svg_rect(out, SCALE_X, start, SCALE_WIDTH, end - start, swatch_class[kind]);
        svg_put(out, "<path class=\"%s t\" d=\"M%d %dL%d %dV%dL%d %dZ\"/>\n", kind_class[kind],
                SCALE_X + SCALE_WIDTH, start, FILE_X, row->y, row->y + row->height,
                SCALE_X + SCALE_WIDTH, end);
    }
    svg_rect(out, SCALE_X, top, SCALE_WIDTH, bottom - top, "bx");
}

/* Where a board's memory has other addresses for the remote processor. */
static void put_device_addresses(struct svg *out, const struct map_column *memory)
{
    for (size_t i = 0; i < memory->row_count; i++) {
        const struct map_row *row = &memory->row[i];
        const struct map_part *part = &memory->part[row->first];
        char text[32];

        if (part->kind == MAP_FREE || part->da == row->start)
            continue;
        (void)snprintf(text, sizeof(text), "= da 0x%08" PRIx32, part->da);
        svg_text(out, MEMORY_END + 8, row->y + 14, "dm", text);
    }
}

static void put_link(struct svg *out, const struct map_row *from, const struct map_row *to)
{
    const int x = FILE_X + COLUMN_WIDTH;
    const int middle = (x + MEMORY_X) / 2;
    const int from_end = from->y + from->height;
    const int to_end = to->y + to->height;

    svg_put(out, "<path class=\"%s\" d=\"M%d %dC%d %d %d %d %d %dL%d %dC%d %d %d %d %d %dZ\"/>\n",
            to->alarm ? "la" : "lk", x, from->y, middle, from->y, middle, to->y, MEMORY_X, to->y,
            MEMORY_X, to_end, middle, to_end, middle, from_end, x, from_end);
}

static void put_links(struct svg *out, const struct map *map)
{
    const size_t rows = map->memory.row_count;

    for (size_t i = 0; i < map->file.row_count && map->link != NULL; i++)
        for (size_t k = 0; k < rows; k++)
            if (map->link[i * rows + k])
                put_link(out, &map->file.row[i], &map->memory.row[k]);
}

/* ---- All of it ---- */

/* Everything within the background; returns where it ends. */
static int put_picture(struct svg *out, struct map *map)
{
    const int top = map_put_head(out, map);
    const int file_end = lay_out(&map->file, top);
    const int memory_end = lay_out(&map->memory, top);

    if (map->file.row_count != 0)
        put_scale(out, map, top + GROUP_TITLE, file_end - GROUP_GAP);
    put_links(out, map);
    put_column(out, &map->file, FILE_X);
    put_column(out, &map->memory, MEMORY_X);
    put_device_addresses(out, &map->memory);
    return file_end > memory_end ? file_end : memory_end;
}

static void put_root(struct svg *out, const struct map *map, int height)
{
    const int width = MEMORY_END + (map->board != NULL ? 126 : SCALE_X);

    svg_put(out,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"rprocfw\" width=\"%d\" "
            "height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-labelledby=\"rprocfw-title rprocfw-desc\">\n",
            width, height, width, height);
    svg_add(out, "<title id=\"rprocfw-title\">");
    svg_escape(out, map->report->path);
    svg_add(out, " and the remote processor's memory</title>\n"
                 "<desc id=\"rprocfw-desc\">The file as ranges, by what authenticates them, and "
                 "where its segments are loaded.</desc>\n");
    svg_add(out, map_style);
    svg_rect(out, 0, 0, width, height, "bg");
}

bool map_svg(struct map *map, char **text, size_t *size)
{
    struct svg body = {0};
    struct svg whole = {0};
    const int height = put_picture(&body, map); /* which the root says */

    put_root(&whole, map, height);
    if (!body.no_memory)
        svg_add(&whole, body.text);
    svg_add(&whole, "</svg>\n");
    free(body.text);
    *text = whole.text;
    *size = whole.size;
    return !body.no_memory && !whole.no_memory;
}
