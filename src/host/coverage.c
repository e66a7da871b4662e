/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The bytes of the payload that no signed hash covers, range by range, with the name of what
 * stands there. Only for reports of containers that core has found good.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "view.h"

struct range {
    uint32_t start; /* in the file */
    uint32_t end;
    uint32_t image;
    enum { SIGNED, ELF_HEADER, PROGRAM_HEADERS, SECTION_HEADERS, SECTION, UNNAMED } what;
    char name[RPROCFW_SECTION_NAME]; /* of a SECTION */
};

struct ranges {
    struct range *range;
    size_t count;
    size_t room;
};

/* No range is empty or outside the image. False: no memory. */
static bool add(struct ranges *ranges, struct range range)
{
    if (range.start >= range.end)
        return true;
    if (ranges->count == ranges->room) {
        const size_t room = 2 * ranges->room + 16;
        struct range *grown = realloc(ranges->range, room * sizeof(*grown));

        if (grown == NULL)
            return false;
        ranges->range = grown;
        ranges->room = room;
    }
    ranges->range[ranges->count++] = range;
    return true;
}

/* [offset, + size) of an image, clipped to it. */
static struct range clip(const struct rprocfw_report *report, uint32_t image, uint32_t offset,
                         uint64_t size)
{
    const struct rprocfw_report_image *of = &report->images[image];
    struct range range = {.image = image};
    const uint64_t end = offset + size < of->size ? offset + size : of->size;

    range.start = of->offset + (offset < of->size ? offset : of->size);
    range.end = of->offset + (uint32_t)end;
    return range;
}

/* ---- What is signed, and what has a name ---- */

static bool add_segments(struct ranges *ranges, const struct rprocfw_report *report, uint32_t image)
{
    const struct rprocfw_report_image *of = &report->images[image];

    for (uint32_t i = of->first_entry; i < of->first_entry + of->entry_count; i++) {
        const struct rprocfw_phdr *phdr = &report->entries[i].phdr;
        struct range range = clip(report, image, phdr->offset, phdr->filesz);

        range.what = SIGNED;
        if (phdr->type == RPROCFW_PT_LOAD && !add(ranges, range))
            return false;
    }
    return true;
}

#define SHT_NOBITS 8u

static enum rprocfw_status add_sections(struct ranges *ranges, const struct rprocfw_report *report,
                                        uint32_t image, const struct rprocfw_view *view,
                                        struct rprocfw_error *error)
{
    struct rprocfw_sections sections;
    struct rprocfw_section section;
    enum rprocfw_status status =
        rprocfw_sections_begin(&sections, view, &report->images[image], error);

    while (status == RPROCFW_OK && rprocfw_sections_left(&sections)) {
        struct range range;

        status = rprocfw_sections_next(&sections, &section, error);
        if (status != RPROCFW_OK || section.shdr.type == SHT_NOBITS || section.shdr.type == 0)
            continue;
        range = clip(report, image, section.shdr.offset, section.shdr.size);
        range.what = SECTION;
        memcpy(range.name, section.name, sizeof(range.name));
        if (!add(ranges, range))
            status = rprocfw_no_memory(error);
    }
    return status;
}

static enum rprocfw_status add_named(struct ranges *ranges, const struct rprocfw_report *report,
                                     uint32_t image, const struct rprocfw_view *view,
                                     struct rprocfw_error *error)
{
    const struct rprocfw_ehdr *ehdr = &report->images[image].ehdr;
    struct range header = clip(report, image, 0, RPROCFW_EHDR_SIZE);
    struct range phdrs = clip(report, image, ehdr->phoff, ehdr->phnum * RPROCFW_PHDR_SIZE);
    struct range shdrs = clip(report, image, ehdr->shoff, ehdr->shnum * RPROCFW_SHDR_SIZE);

    header.what = ELF_HEADER;
    phdrs.what = PROGRAM_HEADERS;
    shdrs.what = SECTION_HEADERS;
    if (!add(ranges, header) || !add(ranges, phdrs) || !add(ranges, shdrs))
        return rprocfw_no_memory(error);
    return add_sections(ranges, report, image, view, error);
}

/* ---- Gaps ---- */

static int by_start(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    return (left->what > right->what) - (left->what < right->what);
}

/* Sort, and cut each range off where an earlier one covers it: none overlaps another any more. */
static void flatten(struct ranges *ranges)
{
    uint32_t covered = 0;
    size_t kept = 0;

    if (ranges->count == 0)
        return;
    qsort(ranges->range, ranges->count, sizeof(*ranges->range), by_start);
    for (size_t i = 0; i < ranges->count; i++) {
        struct range range = ranges->range[i];

        if (range.start < covered)
            range.start = covered;
        if (range.start >= range.end)
            continue;
        covered = range.end;
        ranges->range[kept++] = range;
    }
    ranges->count = kept;
}

/*
 * The parts of [start, end) under the names of named, unnamed between them; *next is the first
 * range of named that may reach into it.
 */
static bool name_gap(struct ranges *gaps, const struct ranges *named, size_t *next, uint32_t image,
                     uint32_t start, uint32_t end)
{
    while (start < end) {
        struct range part = {.image = image, .what = UNNAMED};
        const struct range *name;

        while (*next < named->count && named->range[*next].end <= start)
            (*next)++;
        name = *next < named->count ? &named->range[*next] : NULL;
        if (name != NULL && name->start <= start)
            part = *name;
        part.start = start;
        if (part.what == UNNAMED)
            part.end = name != NULL ? name->start : end;
        if (part.end > end)
            part.end = end;
        if (!add(gaps, part))
            return false;
        start = part.end;
    }
    return true;
}

/* What of an image no range of covered covers. */
static bool find_gaps(struct ranges *gaps, const struct ranges *covered, const struct ranges *named,
                      const struct rprocfw_report *report, uint32_t image)
{
    const struct range whole = clip(report, image, 0, report->images[image].size);
    uint32_t start = whole.start;
    size_t next = 0;

    for (size_t i = 0; i < covered->count; i++) {
        if (!name_gap(gaps, named, &next, image, start, covered->range[i].start))
            return false;
        start = covered->range[i].end;
    }
    return name_gap(gaps, named, &next, image, start, whole.end);
}

static enum rprocfw_status cover_image(struct ranges *gaps, const struct rprocfw_report *report,
                                       uint32_t image, const struct rprocfw_view *view,
                                       struct rprocfw_error *error)
{
    struct ranges covered = {0};
    struct ranges named = {0};
    enum rprocfw_status status = RPROCFW_OK;

    if (!add_segments(&covered, report, image))
        status = rprocfw_no_memory(error);
    if (status == RPROCFW_OK)
        status = add_named(&named, report, image, view, error);
    if (status == RPROCFW_OK) {
        flatten(&covered);
        flatten(&named);
        if (!find_gaps(gaps, &covered, &named, report, image))
            status = rprocfw_no_memory(error);
    }
    free(covered.range);
    free(named.range);
    return status;
}

static void write_range(struct rprocfw_report_range *to, const struct range *range)
{
    static const char *const words[] = {
        [ELF_HEADER] = "ELF header",
        [PROGRAM_HEADERS] = "program headers",
        [SECTION_HEADERS] = "section headers",
        [SECTION] = "section",
        [UNNAMED] = "bytes that no header names",
    };

    to->offset = range->start;
    to->size = range->end - range->start;
    (void)snprintf(to->what, sizeof(to->what), "image %u: %s%s%s", range->image, words[range->what],
                   range->name[0] != '\0' ? " " : "", range->name);
}

enum rprocfw_status rprocfw_coverage(struct rprocfw_report *report, const struct rprocfw_view *view,
                                     struct rprocfw_error *error)
{
    struct ranges gaps = {0};
    enum rprocfw_status status = RPROCFW_OK;

    for (uint32_t i = 0; i < report->image_count && status == RPROCFW_OK; i++)
        status = cover_image(&gaps, report, i, view, error);
    if (status == RPROCFW_OK && gaps.count > 0) {
        report->unsigned_ranges = calloc(gaps.count, sizeof(*report->unsigned_ranges));
        if (report->unsigned_ranges == NULL)
            status = rprocfw_no_memory(error);
    }
    for (size_t i = 0; i < gaps.count && status == RPROCFW_OK; i++)
        write_range(&report->unsigned_ranges[report->unsigned_count++], &gaps.range[i]);
    free(gaps.range);
    return status;
}
