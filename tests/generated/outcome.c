/* SPDX-License-Identifier: BSD-2-Clause */
/* What may come of a changed container. */
#include <string.h>

#include "elf_image.h"
#include "outcome.h"
#include "suite.h"

static bool same(struct bytes a, struct bytes b, uint32_t offset, uint32_t size)
{
    return memcmp(a.data + offset, b.data + offset, size) == 0;
}

/* Where sections are, and what they are called. */
static bool same_sections(const struct made_elf *elf, struct bytes image)
{
    const struct part *shdrs = &elf->parts[PART_SHDRS];
    const struct part *names = &elf->parts[PART_NAMES];

    return same(image, elf->file, E_SHOFF, 4) &&
           same(image, elf->file, E_SHENTSIZE, RPROCFW_EHDR_SIZE - E_SHENTSIZE) &&
           same(image, elf->file, shdrs->offset, shdrs->size) &&
           same(image, elf->file, names->offset, names->size);
}

/* An accepted container has all images, at its end. */
static bool all_same_sections(const struct generated *g, struct bytes container)
{
    uint32_t at = container.size - g->expected.payload.size;
    uint32_t i;

    require(container.size >= g->expected.payload.size, "accepted with less payload");
    for (i = 0; i < g->image_count; i++) {
        const struct bytes image = {container.data + at, g->images[i].file.size};

        if (!same_sections(&g->images[i], image))
            return false;
        at += round8(g->images[i].file.size);
    }
    return true;
}

/* In the file bytes of one PT_LOAD of an image? */
static bool in_load(const struct generated *g, const struct made_elf *elf, uint64_t pa,
                    uint32_t size)
{
    uint32_t i;

    for (i = 0; i < elf->phnum; i++) {
        const struct rprocfw_phdr *phdr = &elf->phdrs[i];
        uint64_t start;

        if (phdr->type == PT_LOAD && phdr->filesz > 0 &&
            memory_find(&g->memory, phdr->paddr, phdr->filesz, &start) && pa >= start &&
            pa - start <= phdr->filesz && size <= phdr->filesz - (pa - start))
            return true;
    }
    return false;
}

static bool is_table(const struct generated *g, const struct memory *memory, uint64_t pa,
                     uint32_t size)
{
    const uint8_t *table;
    uint32_t i;

    for (i = 0; i < g->image_count && !in_load(g, &g->images[i], pa, size); i++)
        ;
    if (i == g->image_count || size < RPROCFW_RSC_HEADER_SIZE)
        return false;
    table = memory_at_pa(memory, pa, size);
    return rprocfw_u32_decode(table) == RPROCFW_RSC_VERSION &&
           rprocfw_u32_decode(table + 4) <= RPROCFW_RSC_ROOM(size) &&
           rprocfw_u32_decode(table + 8) == 0 && rprocfw_u32_decode(table + 12) == 0;
}

struct memory memory_after(const struct generated *g, struct bytes container)
{
    struct memory m = g->memory;

    memory_poison(&m);
    memory_load(&m, container);
    return m;
}

enum outcome outcome_of(const struct generated *g, struct bytes container, const struct memory *is,
                        const struct memory *expected, uint64_t pa, uint32_t size)
{
    require(memory_equal(is, expected), "accepted, and memory is another");
    if (pa == g->table_pa && size == g->table_size)
        return SAME;
    require(!all_same_sections(g, container),
            "accepted, and the resource table is at %#llx, %u bytes, instead of %#llx, %u bytes",
            (unsigned long long)pa, size, (unsigned long long)g->table_pa, g->table_size);
    if (size == 0)
        return HIDDEN_TABLE;
    require(is_table(g, is, pa, size), "accepted with %u bytes at %#llx that are no resource table",
            size, (unsigned long long)pa);
    return OTHER_TABLE;
}
