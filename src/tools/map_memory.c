/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The remote processor's memory: segments in the regions of a board, or, without a board, in the
 * order of their device addresses.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "map.h"
#include "words.h"

/* ---- Segments ---- */

#define NO_GROUP UINT32_MAX

static void append(struct map_part *part, const char *text)
{
    const size_t length = strlen(part->label);

    (void)snprintf(part->label + length, sizeof(part->label) - length, "%s", text);
}

/* Which group of the board, until groups have their numbers: that of the region. */
static void place(const struct map *map, struct map_part *part)
{
    size_t region = 0;
    enum rprocfw_board_place where = RPROCFW_PLACE_NO_RANGE;

    if (part->start <= UINT32_MAX && part->size <= UINT32_MAX)
        where = rprocfw_board_find(map->board, (uint32_t)part->start, (uint32_t)part->size, &region,
                                   &part->start);
    part->alarm = where != RPROCFW_PLACE_INSIDE;
    part->group = part->alarm ? NO_GROUP : (uint32_t)region;
    if (where == RPROCFW_PLACE_NO_RANGE)
        append(part, ": no memory");
    else if (where == RPROCFW_PLACE_NO_REGION)
        append(part, ": in no region");
}

static bool add_part(struct map *map, struct map_part part)
{
    part.da = (uint32_t)part.start;
    if (map->board != NULL && part.size != 0)
        place(map, &part);
    return map_add(&map->memory, &part);
}

/* of: its image; NULL: not known. */
static bool add_segment(struct map *map, size_t entry, const struct rprocfw_report_image *of)
{
    const struct rprocfw_phdr *phdr = &map->report->entries[entry].phdr;
    struct map_part part = {.start = phdr->paddr, .size = phdr->filesz, .kind = MAP_HASH};
    struct map_part zero = {.start = (uint64_t)phdr->paddr + phdr->filesz,
                            .size = phdr->memsz > phdr->filesz ? phdr->memsz - phdr->filesz : 0,
                            .from = MAP_NO_OFFSET,
                            .kind = MAP_ZERO};
    char flags[4];

    if (phdr->type != RPROCFW_PT_LOAD)
        return true;
    segment_flags(phdr->flags, flags);
    (void)snprintf(part.label, sizeof(part.label), "entry %zu, %s", entry, flags);
    (void)snprintf(zero.label, sizeof(zero.label), "entry %zu, zeroed", entry);
    part.from = of != NULL ? (uint64_t)of->offset + phdr->offset : MAP_NO_OFFSET;
    if (of != NULL && of->has_rsc_table && of->rsc_da >= phdr->paddr &&
        of->rsc_da - phdr->paddr < phdr->filesz)
        append(&part, ", resource table");
    return add_part(map, part) && add_part(map, zero);
}

/* The table is in the order of the images; what core did not judge belongs to none yet. */
static bool add_segments(struct map *map)
{
    const struct rprocfw_report *report = map->report;
    size_t image = 0;

    for (size_t i = 0; i < report->entry_count; i++) {
        const struct rprocfw_report_image *of = NULL;

        while (image < report->image_count && report->images[image].judged &&
               i >= (size_t)report->images[image].first_entry + report->images[image].entry_count)
            image++;
        if (image < report->image_count && report->images[image].judged)
            of = &report->images[image];
        if (!add_segment(map, i, of))
            return false;
    }
    return true;
}

static int by_place(const void *a, const void *b)
{
    const struct map_part *left = a;
    const struct map_part *right = b;

    if (left->group != right->group)
        return left->group < right->group ? -1 : 1;
    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return strcmp(left->label, right->label); /* of no meaning, but the same each time */
}

static void sort(struct map_column *memory)
{
    if (memory->part_count != 0)
        qsort(memory->part, memory->part_count, sizeof(*memory->part), by_place);
}

/* ---- Groups: the regions of a board ---- */

static void name_region(struct map_group *group, const struct rprocfw_board_region *region)
{
    static const char *const worlds[] = {[RPROCFW_WORLD_ANY] = "",
                                         [RPROCFW_WORLD_SECURE] = ", secure",
                                         [RPROCFW_WORLD_NONSECURE] = ", non-secure"};

    (void)snprintf(group->title, sizeof(group->title),
                   "%.24s: 0x%08" PRIx64 " to 0x%08" PRIx64 "%s", region->name, region->pa,
                   region->pa + region->size - 1, worlds[region->world]);
}

static int by_address(const void *a, const void *b, void *board)
{
    const struct rprocfw_board_region *regions = ((const struct rprocfw_board *)board)->region;
    const size_t left = *(const size_t *)a;
    const size_t right = *(const size_t *)b;

    if (regions[left].pa != regions[right].pa)
        return regions[left].pa < regions[right].pa ? -1 : 1;
    return (left > right) - (left < right);
}

/* Numbers of regions, by their addresses; to be freed. */
static size_t *sort_regions(const struct rprocfw_board *board)
{
    size_t *order = calloc(board->region_count + 1, sizeof(*order));

    for (size_t i = 0; i < board->region_count && order != NULL; i++)
        order[i] = i;
    if (order != NULL) /* which changes nothing of the board */
        qsort_r(order, board->region_count, sizeof(*order), by_address, (void *)board);
    return order;
}

/* What is left of a region between its parts, which are sorted. */
static bool fill_region(struct map *map, const struct rprocfw_board_region *region, uint32_t group,
                        size_t first, size_t count)
{
    struct map_part gap = {
        .from = MAP_NO_OFFSET, .group = group, .kind = MAP_FREE, .label = "free"};

    gap.start = region->pa;
    for (size_t i = first; i < first + count; i++) {
        const struct map_part part = map->memory.part[i];

        if (part.start > gap.start) {
            gap.size = part.start - gap.start;
            if (!map_add(&map->memory, &gap))
                return false;
        }
        if (part.start + part.size > gap.start)
            gap.start = part.start + part.size;
    }
    gap.size = region->pa + region->size - gap.start;
    return map_add(&map->memory, &gap);
}

/* Give parts of regions the numbers of groups: after the first ones, in the order of regions. */
static bool number_groups(struct map *map, const size_t *order, uint32_t first)
{
    const size_t count = map->board->region_count;
    uint32_t *group = calloc(count + 1, sizeof(*group));

    for (size_t i = 0; i < count && group != NULL; i++)
        group[order[i]] = first + (uint32_t)i;
    for (size_t i = 0; i < map->memory.part_count && group != NULL; i++) {
        struct map_part *part = &map->memory.part[i];

        part->group = part->group == NO_GROUP ? 0 : group[part->group];
    }
    free(group);
    return group != NULL;
}

static bool add_regions(struct map *map, const size_t *order, uint32_t first)
{
    const size_t placed = map->memory.part_count;
    size_t at = 0;

    while (at < placed && map->memory.part[at].group < first)
        at++;
    for (size_t i = 0; i < map->board->region_count; i++) {
        const struct rprocfw_board_region *region = &map->board->region[order[i]];
        struct map_group *group = map_add_group(&map->memory);
        size_t count = 0;

        if (group == NULL)
            return false;
        name_region(group, region);
        while (at + count < placed && map->memory.part[at + count].group == first + i)
            count++;
        if (!fill_region(map, region, first + (uint32_t)i, at, count))
            return false;
        at += count;
    }
    return true;
}

static bool any_outside(const struct map_column *memory)
{
    for (size_t i = 0; i < memory->part_count; i++)
        if (memory->part[i].group == NO_GROUP)
            return true;
    return false;
}

static bool group_by_region(struct map *map)
{
    size_t *order = sort_regions(map->board);
    const bool outside = any_outside(&map->memory);
    bool done = order != NULL;

    if (done && outside) {
        struct map_group *group = map_add_group(&map->memory);

        done = group != NULL;
        if (done) {
            (void)snprintf(group->title, sizeof(group->title),
                           "IN NO REGION OF THE BOARD (device addresses)");
            group->alarm = true;
        }
    }
    done = done && number_groups(map, order, outside ? 1 : 0);
    if (done)
        sort(&map->memory);
    done = done && add_regions(map, order, outside ? 1 : 0);
    free(order);
    return done;
}

/* ---- Groups: what lies close together ---- */

#define GROUPS 16u

/* How many groups there are if gaps of at least limit bytes part them; the parts are sorted. */
static size_t count_groups(const struct map_column *memory, uint64_t limit)
{
    uint64_t end = 0;
    size_t count = 0;

    for (size_t i = 0; i < memory->part_count; i++) {
        const struct map_part *part = &memory->part[i];

        if (i == 0 || (part->start > end && part->start - end >= limit))
            count++;
        if (part->start + part->size > end)
            end = part->start + part->size;
    }
    return count;
}

static bool begin_group(struct map_column *memory)
{
    return map_add_group(memory) != NULL;
}

static bool group_by_gaps(struct map *map)
{
    struct map_column *memory = &map->memory;
    const size_t count = memory->part_count;
    struct map_part gap = {.from = MAP_NO_OFFSET, .kind = MAP_FREE, .label = "nothing is loaded"};
    uint64_t limit = 0x10000;
    uint64_t begin = 0;

    sort(memory);
    while (count_groups(memory, limit) > GROUPS)
        limit *= 2;
    for (size_t i = 0; i < count; i++) {
        const uint64_t start = memory->part[i].start;
        const uint64_t end = start + memory->part[i].size;

        if (i == 0 || (start > gap.start && start - gap.start >= limit)) {
            if (!begin_group(memory))
                return false;
            begin = start;
        } else if (start > gap.start) {
            gap.size = start - gap.start;
            gap.group = (uint32_t)memory->group_count - 1;
            if (!map_add(memory, &gap))
                return false;
        }
        memory->part[i].group = (uint32_t)memory->group_count - 1;
        if (i == 0 || end > gap.start)
            gap.start = end;
        (void)snprintf(memory->group[memory->group_count - 1].title, sizeof(memory->group->title),
                       "0x%08" PRIx64 " to 0x%08" PRIx64, begin, gap.start - 1);
    }
    return true;
}

/* ---- All of it ---- */

/* What is loaded over what was loaded before it, or the other way round. */
static void mark_overlaps(struct map_column *memory)
{
    uint64_t end = 0;

    for (size_t i = 0; i < memory->part_count; i++) {
        struct map_part *part = &memory->part[i];

        if (i > 0 && part->group == part[-1].group && part->start < end) {
            part->alarm = true;
            append(part, ", OVERLAPS");
        }
        if (i == 0 || part->group != part[-1].group || part->start + part->size > end)
            end = part->start + part->size;
    }
}

bool map_memory(struct map *map)
{
    if (!add_segments(map))
        return false;
    if (!(map->board != NULL ? group_by_region(map) : group_by_gaps(map)))
        return false;
    sort(&map->memory);
    mark_overlaps(&map->memory);
    return true;
}
