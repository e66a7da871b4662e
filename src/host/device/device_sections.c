/* SPDX-License-Identifier: BSD-2-Clause */
/* How a TA finds the resource table, and what it checks of it: lines 19 to 22. */
#include <inttypes.h>
#include <string.h>

#include "device_steps.h"

/* ---- Section headers ---- */

static bool read_shdr(struct rprocfw_foretelling *f, struct rprocfw_window *window, uint32_t number,
                      struct rprocfw_shdr *shdr)
{
    const uint64_t offset = f->ehdr.shoff + (uint64_t)number * RPROCFW_SHDR_SIZE;
    uint8_t bytes[RPROCFW_SHDR_SIZE];

    if (!rprocfw_foretell_read(f, window, f->start + offset, bytes, sizeof(bytes)))
        return false;
    rprocfw_shdr_decode(bytes, shdr);
    return true;
}

static bool check_headers(struct rprocfw_foretelling *f)
{
    const struct rprocfw_ehdr *ehdr = &f->ehdr;
    const uint64_t end = ehdr->shoff + (uint64_t)ehdr->shnum * RPROCFW_SHDR_SIZE;

    if ((f->start + ehdr->shoff) % 4 != 0)
        return rprocfw_foretell_fails(
            f, CHECK_SHDR_ALIGNMENT,
            "its section headers (e_shoff %" PRIu32 ") are not at a multiple of 4", ehdr->shoff);
    if (f->rules->looks_at_all ? end > f->size : ehdr->shoff >= f->size)
        return rprocfw_foretell_fails(f, CHECK_SHDR_RANGE,
                                      "its section headers, %u at offset %" PRIu32
                                      ", are outside the image's %" PRIu32 " bytes",
                                      ehdr->shnum, ehdr->shoff, f->size);
    if (f->rules->looks_at_all && ehdr->shstrndx >= ehdr->shnum)
        return rprocfw_foretell_fails(f, CHECK_SHSTRNDX,
                                      "its section name table is section %u of %u: without section "
                                      "headers nothing is loaded",
                                      ehdr->shstrndx, ehdr->shnum);
    return true;
}

static bool check_names(struct rprocfw_foretelling *f, struct rprocfw_shdr *names)
{
    bool fits;

    if (!read_shdr(f, &f->headers, f->ehdr.shstrndx, names))
        return false;
    fits = f->rules->looks_at_all ? (uint64_t)names->offset + names->size <= f->size
                                  : names->offset < f->size;
    return fits || rprocfw_foretell_fails(f, CHECK_SHSTRTAB_RANGE,
                                          "its section name table, %" PRIu32 " bytes at offset "
                                          "%" PRIu32 ", is outside the image's %" PRIu32 " bytes",
                                          names->size, names->offset, f->size);
}

/* ---- Names ---- */

/* Is it the resource table's? As the TA compares: no further than it has to, or may. */
static bool is_rsc_name(struct rprocfw_foretelling *f, const struct rprocfw_shdr *names,
                        uint32_t name, bool *is)
{
    const uint64_t at = f->start + names->offset + name;
    const uint64_t there = at < f->job->view->size ? f->job->view->size - at : 0;
    uint32_t wanted = sizeof(RPROCFW_RSC_NAME);
    char bytes[sizeof(RPROCFW_RSC_NAME)];
    uint32_t size;

    if (f->rules->looks_at_all && names->size - name < wanted)
        wanted = names->size - name;
    size = there < wanted ? (uint32_t)there : wanted;
    if (!rprocfw_foretell_read(f, &f->names, at, bytes, size))
        return false;
    *is = memcmp(bytes, RPROCFW_RSC_NAME, size) == 0;
    f->close = f->close || (*is && wanted < sizeof(bytes));
    if (*is && size < wanted) /* it goes on beyond the end: that cannot be read */
        return rprocfw_foretell_read(f, &f->names, at, bytes, wanted);
    return true;
}

/* ---- The resource table ---- */

static bool check_content(struct rprocfw_foretelling *f, const struct rprocfw_shdr *rsc)
{
    uint8_t bytes[RPROCFW_RSC_HEADER_SIZE];
    uint32_t entries;

    if (f->encrypted)
        return true;
    if (!rprocfw_foretell_read(f, &f->names, f->start + rsc->offset, bytes, sizeof(bytes)))
        return false;
    if (rprocfw_u32_decode(bytes) != RPROCFW_RSC_VERSION)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_VERSION,
                                      "the resource table's version is %" PRIu32 ", not %u",
                                      rprocfw_u32_decode(bytes), RPROCFW_RSC_VERSION);
    if (rprocfw_u32_decode(bytes + 8) != 0 || rprocfw_u32_decode(bytes + 12) != 0)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_RESERVED,
                                      "the resource table's reserved words are not 0");
    entries = rprocfw_u32_decode(bytes + 4);
    if (entries > RPROCFW_RSC_ROOM(rsc->size))
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_ENTRIES,
                                      "the resource table is to have %" PRIu32
                                      " entries, and its %" PRIu32 " bytes have room for %" PRIu32,
                                      entries, rsc->size, RPROCFW_RSC_ROOM(rsc->size));
    return true;
}

static bool check_table(struct rprocfw_foretelling *f, const struct rprocfw_shdr *rsc)
{
    if ((uint64_t)rsc->offset + rsc->size > f->size)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_RANGE,
                                      "the resource table, %" PRIu32 " bytes at offset %" PRIu32
                                      ", is outside the image's %" PRIu32 " bytes",
                                      rsc->size, rsc->offset, f->size);
    if (rsc->size < RPROCFW_RSC_HEADER_SIZE)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_SIZE,
                                      "the resource table has %" PRIu32 " bytes, less than %u",
                                      rsc->size, RPROCFW_RSC_HEADER_SIZE);
    if ((f->start + rsc->offset) % 4 != 0)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_ALIGNMENT,
                                      "the resource table, at offset %" PRIu32
                                      " of the image, is not at a multiple of 4",
                                      rsc->offset);
    return check_content(f, rsc);
}

/* It is the image's: where it is loaded to, and that it is the only one. */
static bool take_table(struct rprocfw_foretelling *f, const struct rprocfw_shdr *rsc)
{
    struct rprocfw_device *answer = f->answer;

    if (rsc->size == 0)
        return true;
    if (!check_table(f, rsc))
        return false;
    if (f->board != NULL &&
        rprocfw_board_find(f->board, rsc->addr, rsc->size, NULL, NULL) != RPROCFW_PLACE_INSIDE)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_ADDRESS,
                                      "the resource table, %" PRIu32 " bytes at 0x%08" PRIx32
                                      ", does not lie within one memory region of the board",
                                      rsc->size, rsc->addr);
    if (answer->has_rsc_table)
        return rprocfw_foretell_fails(f, CHECK_RSC_TABLE_TWICE,
                                      "has a resource table, and an image before it has one, too");
    answer->has_rsc_table = true;
    answer->rsc_da = rsc->addr;
    answer->rsc_size = rsc->size;
    return true;
}

bool rprocfw_foretell_sections(struct rprocfw_foretelling *f)
{
    struct rprocfw_shdr names;

    if (!check_headers(f) || !check_names(f, &names))
        return false;
    for (uint32_t i = 0; i < f->ehdr.shnum; i++) {
        struct rprocfw_shdr shdr;
        bool is;

        if (!f->rules->looks_at_all && f->ehdr.shoff + (uint64_t)i * RPROCFW_SHDR_SIZE >= f->size)
            return rprocfw_foretell_fails(
                f, CHECK_SHDR_RANGE,
                "section header %" PRIu32 " is outside the image's %" PRIu32 " bytes", i, f->size);
        if (!read_shdr(f, &f->headers, i, &shdr))
            return false;
        if (f->rules->looks_at_all && shdr.name >= names.size)
            return rprocfw_foretell_fails(
                f, CHECK_SECTION_NAME,
                "the name of section %" PRIu32 " is outside the section name table", i);
        if (!is_rsc_name(f, &names, shdr.name, &is))
            return false;
        if (is)
            return take_table(f, &shdr);
    }
    return true;
}
