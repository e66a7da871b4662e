/* SPDX-License-Identifier: BSD-2-Clause */
/* What finders look at: the PT_LOADs, what section headers name, bytes, memory. */
#include <stdlib.h>
#include <string.h>

#include "findings.h"
#include "../host.h"

/* ---- What finders look at ---- */

#define PHDRS_AT_ONCE 128u

/* One program header beside the entry that is next, as core walks them. */
static void take_phdr(struct rprocfw_finder *finder, uint32_t image, uint32_t index,
                      const uint8_t *bytes, uint32_t *entry)
{
    const struct rprocfw_report *report = finder->report;
    const struct rprocfw_report_image *of = &report->images[image];
    struct rprocfw_segment segment = {.image = image, .index = index, .entry = *entry};
    const struct rprocfw_report_entry *from;

    if (*entry == of->first_entry + of->entry_count)
        return;
    from = &report->entries[*entry];
    if (memcmp(bytes, from->sha256 - RPROCFW_PHDR_SIZE, RPROCFW_PHDR_SIZE) != 0)
        return;
    (*entry)++;
    if (from->phdr.type != RPROCFW_PT_LOAD)
        return;
    segment.phdr = from->phdr;
    segment.offset = of->offset + from->phdr.offset;
    segment.sha256 = from->sha256;
    segment.iv = from->iv;
    segment.rsc_offset = RPROCFW_NOWHERE;
    finder->segment[finder->segment_count++] = segment;
}

static enum rprocfw_status list_image(struct rprocfw_finder *finder, uint32_t image)
{
    const struct rprocfw_report_image *of = &finder->report->images[image];
    uint8_t bytes[PHDRS_AT_ONCE * RPROCFW_PHDR_SIZE];
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t entry = of->first_entry;

    for (uint32_t i = 0; i < of->ehdr.phnum && status == RPROCFW_OK; i++) {
        const uint32_t left = of->ehdr.phnum - i;

        if (i % PHDRS_AT_ONCE == 0)
            status = finder->view->read(
                finder->view->ctx, of->offset + of->ehdr.phoff + i * RPROCFW_PHDR_SIZE, bytes,
                (left < PHDRS_AT_ONCE ? left : PHDRS_AT_ONCE) * RPROCFW_PHDR_SIZE, finder->error);
        if (status == RPROCFW_OK)
            take_phdr(finder, image, i, bytes + i % PHDRS_AT_ONCE * RPROCFW_PHDR_SIZE, &entry);
    }
    return status;
}

static bool is_debug(const char *name)
{
    return strncmp(name, ".debug", 6) == 0 || strncmp(name, ".zdebug", 7) == 0 ||
           strcmp(name, ".symtab") == 0 || strcmp(name, ".strtab") == 0;
}

static void take_section(struct rprocfw_named *named, const struct rprocfw_section *section,
                         uint32_t image_size)
{
    const uint32_t size = section->shdr.size;
    const uint32_t room = image_size - named->debug_size;

    if (!named->has_rsc_table && strcmp(section->name, RPROCFW_RSC_NAME) == 0) {
        named->has_rsc_table = true;
        named->rsc_offset = section->shdr.offset;
    }
    if (section->shdr.type == RPROCFW_SHT_NOBITS)
        return;
    if (!named->has_vectors && size >= 8 && rprocfw_is_vectors(section->name)) {
        named->has_vectors = true;
        named->vectors = section->shdr.addr;
        named->vectors_offset = section->shdr.offset;
    }
    if (is_debug(section->name))
        named->debug_size += size < room ? size : room;
}

static enum rprocfw_status list_sections(struct rprocfw_finder *finder, uint32_t image)
{
    const struct rprocfw_report_image *of = &finder->report->images[image];
    struct rprocfw_sections sections;
    struct rprocfw_section section;
    enum rprocfw_status status = rprocfw_sections_begin(&sections, finder->view, of, finder->error);

    while (status == RPROCFW_OK && rprocfw_sections_left(&sections)) {
        status = rprocfw_sections_next(&sections, &section, finder->error);
        if (status == RPROCFW_OK)
            take_section(&finder->named[image], &section, of->size);
    }
    return status;
}

enum rprocfw_status rprocfw_finder_list(struct rprocfw_finder *finder)
{
    const struct rprocfw_report *report = finder->report;
    enum rprocfw_status status = RPROCFW_OK;

    finder->segment = calloc(report->entry_count + 1, sizeof(*finder->segment));
    finder->named = calloc(report->image_count + 1, sizeof(*finder->named));
    if (finder->segment == NULL || finder->named == NULL)
        return rprocfw_no_memory(finder->error);
    for (uint32_t i = 0; i < report->image_count && status == RPROCFW_OK; i++) {
        status = list_image(finder, i);
        if (status == RPROCFW_OK)
            status = list_sections(finder, i);
    }
    return status;
}

/* The PT_LOADs among the program headers that are inside the image: nobody has judged it. */
static enum rprocfw_status list_loads(struct rprocfw_finder *finder,
                                      const struct rprocfw_ehdr *ehdr,
                                      const struct rprocfw_header_2020 *header)
{
    const struct rprocfw_view *view = finder->view;
    enum rprocfw_status status = RPROCFW_OK;

    for (uint32_t i = 0; i < ehdr->phnum && status == RPROCFW_OK; i++) {
        const uint64_t at = ehdr->phoff + (uint64_t)i * RPROCFW_PHDR_SIZE;
        struct rprocfw_segment *segment = &finder->segment[finder->segment_count];
        uint8_t bytes[RPROCFW_PHDR_SIZE];

        if (at + sizeof(bytes) > header->img_len)
            break;
        status = view->read(view->ctx, header->img_offset + (uint32_t)at, bytes, sizeof(bytes),
                            finder->error);
        if (status != RPROCFW_OK)
            break;
        segment->index = i;
        rprocfw_phdr_decode(bytes, &segment->phdr);
        if (segment->phdr.type == RPROCFW_PT_LOAD)
            finder->segment_count++;
    }
    return status;
}

enum rprocfw_status rprocfw_finder_list_2020(struct rprocfw_finder *finder)
{
    const struct rprocfw_view *view = finder->view;
    struct rprocfw_header_2020 header;
    struct rprocfw_ehdr ehdr;
    uint8_t bytes[RPROCFW_HEADER_2020_SIZE];
    enum rprocfw_status status = view->read(view->ctx, 0, bytes, sizeof(bytes), finder->error);

    if (status != RPROCFW_OK)
        return status;
    rprocfw_header_2020_decode(bytes, &header);
    status = view->read(view->ctx, header.img_offset, bytes, RPROCFW_EHDR_SIZE, finder->error);
    if (status != RPROCFW_OK)
        return status;
    rprocfw_ehdr_decode(bytes, &ehdr);
    finder->segment = calloc(ehdr.phnum + (size_t)1, sizeof(*finder->segment));
    if (finder->segment == NULL)
        return rprocfw_no_memory(finder->error);
    return list_loads(finder, &ehdr, &header);
}

/* ---- What finders ask for ---- */

const struct rprocfw_segment *rprocfw_segment_at(const struct rprocfw_finder *finder,
                                                 uint32_t address, uint32_t size, uint32_t *offset)
{
    const struct rprocfw_segment *linked = NULL;

    for (size_t i = 0; i < finder->segment_count; i++) {
        const struct rprocfw_segment *segment = &finder->segment[i];
        const struct rprocfw_phdr *phdr = &segment->phdr;

        if (rprocfw_within(address, size, phdr->paddr, phdr->filesz)) {
            *offset = address - phdr->paddr;
            return segment;
        }
        if (linked == NULL && rprocfw_within(address, size, phdr->vaddr, phdr->filesz)) {
            *offset = address - phdr->vaddr;
            linked = segment;
        }
    }
    return linked;
}

const struct rprocfw_segment *rprocfw_segment_of(const struct rprocfw_finder *finder,
                                                 uint32_t image, uint32_t offset, uint32_t address,
                                                 uint32_t size, uint32_t *within)
{
    for (size_t i = 0; i < finder->segment_count; i++) {
        const struct rprocfw_segment *segment = &finder->segment[i];
        const struct rprocfw_phdr *phdr = &segment->phdr;

        if (segment->image != image || !rprocfw_within(offset, size, phdr->offset, phdr->filesz))
            continue;
        *within = offset - phdr->offset;
        if (address - phdr->vaddr == *within || address - phdr->paddr == *within)
            return segment;
    }
    return NULL;
}

bool rprocfw_loaded_read(struct rprocfw_finder *finder, const struct rprocfw_segment *segment,
                         uint32_t offset, uint8_t *dst, uint32_t size)
{
    for (uint32_t done = 0; done < size && finder->status == RPROCFW_OK;) {
        uint32_t piece = size - done;

        if (segment->iv == NULL) {
            finder->status = finder->view->read(finder->view->ctx, segment->offset + offset + done,
                                                dst + done, piece, finder->error);
        } else if (finder->loaded != NULL) {
            piece = piece < RPROCFW_LOADED_PIECE ? piece : RPROCFW_LOADED_PIECE;
            finder->status = finder->loaded->read(finder->loaded->ctx, segment, offset + done,
                                                  dst + done, piece, finder->error);
        } else {
            return false;
        }
        done += piece;
    }
    return finder->status == RPROCFW_OK;
}

bool rprocfw_reaches(const struct rprocfw_board *board, const struct rprocfw_board_region *region,
                     size_t count, uint32_t da, uint64_t size)
{
    for (size_t i = 0; i < board->range_count; i++) {
        const struct rprocfw_board_range *range = &board->range[i];
        uint64_t pa;

        if (da < range->da || da - range->da >= range->size ||
            size > range->size - (da - range->da))
            continue;
        pa = range->pa + (da - range->da);
        for (size_t k = 0; k < count; k++)
            if (pa >= region[k].pa && pa - region[k].pa < region[k].size &&
                size <= region[k].size - (pa - region[k].pa))
                return true;
    }
    return false;
}

bool rprocfw_tlv_word(const struct rprocfw_report *report, uint32_t type, uint32_t *value)
{
    const struct rprocfw_report_tlv *tlv = rprocfw_report_tlv(report, type);

    if (tlv == NULL || tlv->length != 4)
        return false;
    *value = rprocfw_u32_decode(tlv->value);
    return true;
}

bool rprocfw_has_bootaddr(const struct rprocfw_finder *finder)
{
    const struct rprocfw_board *board = finder->board;

    if (board == NULL || board->bootaddr_alignment != 0)
        return true;
    for (size_t i = 0; i < board->tlv_count; i++)
        if (board->tlv[i].type == RPROCFW_TLV_BOOTADDR && board->tlv[i].required)
            return true;
    return false;
}
