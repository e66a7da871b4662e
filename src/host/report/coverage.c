/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container as ranges, from its first byte to its last: what stands in each, and what of the
 * format authenticates it. Only for reports: nothing is judged here.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../host.h"
#include "view.h"

enum what {
    HEADER,
    TLV,
    TLV_REST,
    SIGNATURE,
    SIGNATURE_PADDING,
    SEGMENT,
    ELF_HEADER,
    PROGRAM_HEADERS,
    SECTION_HEADERS,
    SECTION,
    UNNAMED,
    NOT_JUDGED,
    OUTSIDE,
    FOREIGN
};

struct range {
    uint64_t start; /* in the file */
    uint64_t end;
    uint32_t image;  /* RPROCFW_NOWHERE: it is in none */
    uint32_t number; /* type of a TLV, entry of a SEGMENT, index of a SECTION */
    enum what what;
    char name[RPROCFW_SECTION_NAME]; /* of a SECTION */
};

struct ranges {
    struct range *range;
    size_t count;
    size_t room;
};

/* What is empty is left out. False: no memory. */
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
    const uint64_t end = offset + size < of->size ? offset + size : of->size;
    struct range range = {.image = image};

    range.start = (uint64_t)of->offset + (offset < of->size ? offset : of->size);
    range.end = of->offset + end;
    return range;
}

/* ---- An image: what is hashed, and what has a name ---- */

static bool add_segments(struct ranges *ranges, const struct rprocfw_report *report, uint32_t image)
{
    const struct rprocfw_report_image *of = &report->images[image];

    for (uint32_t i = of->first_entry; i < of->first_entry + of->entry_count; i++) {
        const struct rprocfw_phdr *phdr = &report->entries[i].phdr;
        struct range range = clip(report, image, phdr->offset, phdr->filesz);

        range.what = SEGMENT;
        range.number = i;
        if (phdr->type == RPROCFW_PT_LOAD && !add(ranges, range))
            return false;
    }
    return true;
}

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
        if (status != RPROCFW_OK || section.shdr.type == RPROCFW_SHT_NOBITS ||
            section.shdr.type == 0)
            continue;
        range = clip(report, image, section.shdr.offset, section.shdr.size);
        range.what = SECTION;
        range.number = sections.next;
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

/* ---- An image, byte for byte ---- */

static int by_start(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    if (left->start != right->start)
        return left->start < right->start ? -1 : 1;
    if (left->what != right->what)
        return left->what < right->what ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* Sort, and cut each range off where an earlier one covers it: none overlaps another any more. */
static void flatten(struct ranges *ranges)
{
    uint64_t covered = 0;
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
static bool name_gap(struct ranges *all, const struct ranges *named, size_t *next, uint32_t image,
                     uint64_t start, uint64_t end)
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
        if (!add(all, part))
            return false;
        start = part.end;
    }
    return true;
}

/* The ranges of hashed, and what stands between them. */
static bool merge(struct ranges *all, const struct ranges *hashed, const struct ranges *named,
                  const struct rprocfw_report *report, uint32_t image)
{
    const struct range whole = clip(report, image, 0, report->images[image].size);
    uint64_t start = whole.start;
    size_t next = 0;

    for (size_t i = 0; i < hashed->count; i++) {
        if (!name_gap(all, named, &next, image, start, hashed->range[i].start) ||
            !add(all, hashed->range[i]))
            return false;
        start = hashed->range[i].end;
    }
    return name_gap(all, named, &next, image, start, whole.end);
}

static enum rprocfw_status cover_image(struct ranges *all, const struct rprocfw_report *report,
                                       uint32_t image, const struct rprocfw_view *view,
                                       struct rprocfw_error *error)
{
    struct ranges hashed = {0};
    struct ranges named = {0};
    enum rprocfw_status status = RPROCFW_OK;

    if (!add_segments(&hashed, report, image))
        status = rprocfw_no_memory(error);
    if (status == RPROCFW_OK)
        status = add_named(&named, report, image, view, error);
    if (status == RPROCFW_OK) {
        flatten(&hashed);
        flatten(&named);
        if (!merge(all, &hashed, &named, report, image))
            status = rprocfw_no_memory(error);
    }
    free(hashed.range);
    free(named.range);
    return status;
}

/* ---- The container ---- */

static uint64_t covered_until(const struct ranges *all)
{
    return all->count != 0 ? all->range[all->count - 1].end : 0;
}

/* The next range, from where the last one ended to end, or to the end of the file. */
static bool extend(struct ranges *all, const struct rprocfw_report *report, uint64_t end,
                   struct range range)
{
    range.start = covered_until(all);
    range.end = end < report->file_size ? end : report->file_size;
    return add(all, range);
}

/* Header, TLVs and signature, as far as the file goes. */
static bool add_metadata(struct ranges *all, const struct rprocfw_report *report)
{
    const struct rprocfw_header *header = &report->header;
    const uint64_t signature = RPROCFW_HEADER_SIZE + rprocfw_r8(header->tlv_len);
    const uint64_t payload = signature + rprocfw_r8(header->sign_len);
    struct range range = {.image = RPROCFW_NOWHERE, .what = HEADER};

    if (!extend(all, report, RPROCFW_HEADER_SIZE, range))
        return false;
    range.what = TLV;
    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];

        range.number = tlv->type;
        if (!extend(all, report, tlv->offset + RPROCFW_TLV_HEADER_SIZE + rprocfw_r8(tlv->length),
                    range))
            return false;
    }
    range.what = TLV_REST;
    if (!extend(all, report, signature, range))
        return false;
    range.what = SIGNATURE;
    if (!extend(all, report, signature + header->sign_len, range))
        return false;
    range.what = SIGNATURE_PADDING;
    return extend(all, report, payload, range);
}

static enum rprocfw_status add_images(struct ranges *all, const struct rprocfw_report *report,
                                      const struct rprocfw_view *view, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (uint32_t i = 0; i < report->image_count && status == RPROCFW_OK; i++) {
        const struct rprocfw_report_image *image = &report->images[i];
        const struct range range = {.image = i, .what = NOT_JUDGED};

        if (image->judged)
            status = cover_image(all, report, i, view, error);
        else if (!extend(all, report, (uint64_t)image->offset + image->size, range))
            status = rprocfw_no_memory(error);
    }
    return status;
}

static enum rprocfw_status cover(struct ranges *all, const struct rprocfw_report *report,
                                 const struct rprocfw_view *view, struct rprocfw_error *error)
{
    struct range rest = {.image = RPROCFW_NOWHERE, .what = FOREIGN};
    enum rprocfw_status status = RPROCFW_OK;

    if (report->has_header) {
        rest.what = OUTSIDE;
        status = add_metadata(all, report) ? add_images(all, report, view, error)
                                           : rprocfw_no_memory(error);
    }
    if (status == RPROCFW_OK && !extend(all, report, report->file_size, rest))
        status = rprocfw_no_memory(error);
    return status;
}

/* ---- Words ---- */

static enum rprocfw_auth auth_of(enum what what)
{
    switch (what) {
    case HEADER:
    case TLV:
    case TLV_REST:
        return RPROCFW_AUTH_SIGNATURE;
    case SEGMENT:
        return RPROCFW_AUTH_HASH;
    case SIGNATURE:
    case SIGNATURE_PADDING:
    case ELF_HEADER:
    case PROGRAM_HEADERS:
    case SECTION_HEADERS:
    case SECTION:
    case UNNAMED:
    case NOT_JUDGED:
    case OUTSIDE:
    case FOREIGN:
        break;
    }
    return RPROCFW_AUTH_NONE;
}

static void name_tlv(char *text, size_t room, uint32_t type)
{
    const char *name = rprocfw_tlv_name(type);

    if (name != NULL)
        (void)snprintf(text, room, "TLV %s", name);
    else
        (void)snprintf(text, room, "TLV 0x%08" PRIx32, type);
}

static const char *fixed_words(const struct rprocfw_report *report, enum what what)
{
    static const char *const words[] = {
        [HEADER] = "header",
        [TLV_REST] = "rest of the TLV area",
        [SIGNATURE] = "signature",
        [SIGNATURE_PADDING] = "padding of the signature",
        [ELF_HEADER] = "ELF header",
        [PROGRAM_HEADERS] = "program headers",
        [SECTION_HEADERS] = "section headers",
        [SECTION] = "section",
        [UNNAMED] = "bytes that no header names",
        [NOT_JUDGED] = "not judged",
        [OUTSIDE] = "bytes outside of every image",
    };

    if (what != FOREIGN)
        return words[what];
    return report->kind == RPROCFW_KIND_CONTAINER ? "what is too short or too long for a container"
                                                  : rprocfw_kind_text(report->kind);
}

static void write_range(struct rprocfw_report_range *to, const struct rprocfw_report *report,
                        const struct range *range)
{
    const size_t room = sizeof(to->what);

    to->offset = range->start;
    to->size = range->end - range->start;
    to->auth = auth_of(range->what);
    to->image = range->image;
    if (range->what == TLV)
        name_tlv(to->what, room, range->number);
    else if (range->what == SEGMENT)
        (void)snprintf(to->what, room,
                       "image %" PRIu32 ": segment at 0x%08" PRIx32 " (entry %" PRIu32 ")",
                       range->image, report->entries[range->number].phdr.paddr, range->number);
    else if (range->image == RPROCFW_NOWHERE)
        (void)snprintf(to->what, room, "%s", fixed_words(report, range->what));
    else
        rprocfw_print(to->what, room, "image %" PRIu32 ": %s%s%s", range->image,
                      fixed_words(report, range->what), range->name[0] != '\0' ? " " : "",
                      range->name);
}

/* ---- All of it ---- */

static bool write_ranges(struct rprocfw_report *report, const struct ranges *all)
{
    if (all->count == 0)
        return true;
    report->ranges = calloc(all->count, sizeof(*report->ranges));
    if (report->ranges == NULL)
        return false;
    for (size_t i = 0; i < all->count; i++)
        write_range(&report->ranges[report->range_count++], report, &all->range[i]);
    return true;
}

/* Those of images, after all of them were found good. */
static bool is_unsigned(const struct rprocfw_report *report,
                        const struct rprocfw_report_range *range)
{
    return report->status == RPROCFW_OK && range->image != RPROCFW_NOWHERE &&
           range->auth == RPROCFW_AUTH_NONE;
}

static bool select_unsigned(struct rprocfw_report *report)
{
    size_t count = 0;

    for (size_t i = 0; i < report->range_count; i++)
        count += is_unsigned(report, &report->ranges[i]);
    if (count == 0)
        return true;
    report->unsigned_ranges = calloc(count, sizeof(*report->unsigned_ranges));
    if (report->unsigned_ranges == NULL)
        return false;
    for (size_t i = 0; i < report->range_count; i++)
        if (is_unsigned(report, &report->ranges[i]))
            report->unsigned_ranges[report->unsigned_count++] = report->ranges[i];
    return true;
}

enum rprocfw_status rprocfw_coverage(struct rprocfw_report *report, const struct rprocfw_view *view,
                                     struct rprocfw_error *error)
{
    struct ranges all = {0};
    enum rprocfw_status status = cover(&all, report, view, error);

    if (status == RPROCFW_OK && (!write_ranges(report, &all) || !select_unsigned(report)))
        status = rprocfw_no_memory(error);
    free(all.range);
    return status;
}
