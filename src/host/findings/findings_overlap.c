/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Segments that overwrite what was loaded before them, in the order in which boards load: each its
 * file bytes, then zeros up to memsz. For n segments it takes about n log n steps.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "findings.h"
#include "../host.h"

/* Bytes that are written, by physical address with a board, otherwise by device address. */
struct write {
    uint64_t start;
    uint64_t end;
    uint32_t segment; /* number in the finder's list */
    bool is_zero;     /* zero-fill, and not file bytes */
};

#define NOBODY UINT32_MAX

/* Which part of memory file bytes were written to: a tree over the parts between all edges. */
struct memory {
    uint64_t *edge; /* where writes start or end, sorted */
    size_t edges;
    size_t leaves; /* a power of two */
    struct node {
        uint32_t all;  /* a write over all of it */
        uint32_t some; /* a write over some of it */
    } * node;          /* 1 is the root, 2n and 2n + 1 are the halves of n */
};

static int by_value(const void *a, const void *b)
{
    const uint64_t left = *(const uint64_t *)a;
    const uint64_t right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static bool memory_init(struct memory *memory, const struct write *write, size_t count)
{
    size_t kept = 0;

    memory->edge = calloc(2 * count, sizeof(*memory->edge));
    if (memory->edge == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        memory->edge[2 * i] = write[i].start;
        memory->edge[2 * i + 1] = write[i].end;
    }
    qsort(memory->edge, 2 * count, sizeof(*memory->edge), by_value);
    for (size_t i = 0; i < 2 * count; i++)
        if (kept == 0 || memory->edge[kept - 1] != memory->edge[i])
            memory->edge[kept++] = memory->edge[i];
    memory->edges = kept;
    for (memory->leaves = 1; memory->leaves < kept;)
        memory->leaves *= 2;
    memory->node = malloc(2 * memory->leaves * sizeof(*memory->node));
    if (memory->node == NULL)
        return false;
    for (size_t i = 0; i < 2 * memory->leaves; i++)
        memory->node[i] = (struct node){NOBODY, NOBODY};
    return true;
}

static void memory_free(struct memory *memory)
{
    free(memory->edge);
    free(memory->node);
}

/* The leaf that starts at one of the edges. */
static size_t leaf_at(const struct memory *memory, uint64_t edge)
{
    const uint64_t *found = bsearch(&edge, memory->edge, memory->edges, sizeof(edge), by_value);

    return memory->leaves + (size_t)(found - memory->edge);
}

/* A write over all of a leaf or of a node above it. */
static uint32_t above(const struct memory *memory, size_t at)
{
    while (at > 0 && memory->node[at].all == NOBODY)
        at /= 2;
    return at > 0 ? memory->node[at].all : NOBODY;
}

/* Who wrote to some of it before. */
static uint32_t memory_writer(const struct memory *memory, const struct write *write)
{
    size_t left = leaf_at(memory, write->start);
    size_t right = leaf_at(memory, write->end);
    uint32_t writer = above(memory, left);

    if (writer == NOBODY)
        writer = above(memory, right - 1);
    for (; left < right && writer == NOBODY; left /= 2, right /= 2) {
        if (left % 2 != 0)
            writer = memory->node[left++].some;
        if (right % 2 != 0 && writer == NOBODY)
            writer = memory->node[--right].some;
    }
    return writer;
}

static void mark(struct memory *memory, size_t at, uint32_t writer)
{
    if (memory->node[at].all == NOBODY)
        memory->node[at].all = writer;
    for (; at > 0 && memory->node[at].some == NOBODY; at /= 2)
        memory->node[at].some = writer;
}

static void memory_mark(struct memory *memory, const struct write *write, uint32_t number)
{
    size_t left = leaf_at(memory, write->start);
    size_t right = leaf_at(memory, write->end);

    for (; left < right; left /= 2, right /= 2) {
        if (left % 2 != 0)
            mark(memory, left++, number);
        if (right % 2 != 0)
            mark(memory, --right, number);
    }
}

/* ---- Writes ---- */

/* None of no bytes, and none to no memory, which boards refuse. */
static void add_write(const struct rprocfw_finder *finder, struct write *write, size_t *count,
                      uint32_t segment, bool is_zero)
{
    const struct rprocfw_phdr *phdr = &finder->segment[segment].phdr;
    const uint32_t da = is_zero ? phdr->paddr + phdr->filesz : phdr->paddr;
    const uint32_t size = is_zero ? phdr->memsz - phdr->filesz : phdr->filesz;
    uint64_t at = da;

    if (size == 0)
        return;
    if (finder->board != NULL &&
        rprocfw_board_find(finder->board, da, size, NULL, &at) != RPROCFW_PLACE_INSIDE)
        return;
    write[(*count)++] = (struct write){at, at + size, segment, is_zero};
}

static void tell(struct rprocfw_finder *finder, const struct write *write,
                 const struct write *before)
{
    const struct rprocfw_segment *later = &finder->segment[write->segment];
    const struct rprocfw_segment *earlier = &finder->segment[before->segment];
    const uint64_t start = write->start > before->start ? write->start : before->start;
    const uint64_t end = write->end < before->end ? write->end : before->end;
    const uint32_t da = earlier->phdr.paddr + (uint32_t)(start - before->start);

    if (write->is_zero)
        rprocfw_say_found(finder, RPROCFW_FOUND_ZERO_FILL_OVERLAP, later->image, later->index,
                          "its zero-fill (p_memsz beyond p_filesz) overwrites %" PRIu64
                          " bytes at 0x%08" PRIx32 " that image %" PRIu32 ", segment %" PRIu32
                          " brought; place .bss where nothing is loaded before",
                          end - start, da, earlier->image, earlier->index);
    else
        rprocfw_say_found(finder, RPROCFW_FOUND_SEGMENT_OVERLAP, later->image, later->index,
                          "overwrites %" PRIu64 " bytes at 0x%08" PRIx32 " that image %" PRIu32
                          ", segment %" PRIu32
                          " brought; give each segment memory of its own in the linker script",
                          end - start, da, earlier->image, earlier->index);
}

static int by_start(const void *a, const void *b)
{
    const struct write *left = a;
    const struct write *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

static int by_order(const void *a, const void *b)
{
    const struct write *left = a;
    const struct write *right = b;

    if (left->segment != right->segment)
        return left->segment < right->segment ? -1 : 1;
    return left->is_zero - right->is_zero;
}

/* Mostly none is over another. */
static bool any_overlap(struct write *write, size_t count)
{
    bool any = false;

    qsort(write, count, sizeof(*write), by_start);
    for (size_t i = 1; i < count && !any; i++)
        any = write[i].start < write[i - 1].end;
    qsort(write, any ? count : 0, sizeof(*write), by_order);
    return any;
}

static void look(struct rprocfw_finder *finder, const struct write *write, size_t count)
{
    struct memory memory = {0};

    if (!memory_init(&memory, write, count))
        finder->status = rprocfw_no_memory(finder->error);
    for (uint32_t i = 0; i < count && finder->status == RPROCFW_OK; i++) {
        const uint32_t writer = memory_writer(&memory, &write[i]);

        if (writer != NOBODY)
            tell(finder, &write[i], &write[writer]);
        if (!write[i].is_zero)
            memory_mark(&memory, &write[i], i);
    }
    memory_free(&memory);
}

void rprocfw_find_overlaps(struct rprocfw_finder *finder)
{
    struct write *write = calloc(2 * finder->segment_count + 1, sizeof(*write));
    size_t count = 0;

    for (uint32_t i = 0; write != NULL && i < finder->segment_count; i++) {
        add_write(finder, write, &count, i, false);
        add_write(finder, write, &count, i, true);
    }
    if (write == NULL)
        finder->status = rprocfw_no_memory(finder->error);
    else if (any_overlap(write, count))
        look(finder, write, count);
    free(write);
}
