/* SPDX-License-Identifier: BSD-2-Clause */
/* ELF images of any legal shape. */
#include <string.h>

#include "container.h"
#include "elf_image.h"
#include "made_elf.h"
#include "suite.h"

#define PT_PHDR      6u
#define PT_EXIDX     0x70000001u
#define PT_GNU_STACK 0x6474E551u
#define SHT_PROGBITS 1u
#define SHT_STRTAB   3u
#define SHT_NOBITS   8u

/* ---- sections ---- */

static struct made_section *add_section(struct made_elf *elf, const char *name, uint32_t type,
                                        uint32_t part)
{
    struct made_section *section = &elf->sections[elf->shnum++];

    require(elf->shnum <= MADE_SECTIONS, "more than %u sections", MADE_SECTIONS);
    *section = (struct made_section){.name = name, .type = type, .part = part};
    return section;
}

/* Names that nothing loads; one is longer, and one stranger, than a report shows. */
static const char *const unsigned_names[] = {
    ".debug_info", ".comment", ".a_name_of_more_than_thirty_one_characters", ".tab\tand\x80", ""};

static void draft_sections(struct made_elf *elf, struct random *r, const struct wanted_elf *wanted)
{
    uint32_t i;

    if (elf->table.part != NONE)
        add_section(elf, RPROCFW_RSC_NAME, SHT_PROGBITS, elf->table.part);
    else if (random_once_in(r, 6)) /* an empty one is none */
        add_section(elf, RPROCFW_RSC_NAME, SHT_PROGBITS, NONE);
    if (elf->bodies > 0 && !random_once_in(r, 3))
        add_section(elf, ".text", SHT_PROGBITS, PART_BODIES);
    if (wanted->vectors) {
        elf->has_vectors = true;
        elf->vectors = random_below(r, 0x100000) * (random_once_in(r, 4) ? 4 : 128);
        add_section(elf, random_once_in(r, 2) ? ".isr_vectors" : ".isr_vector", SHT_PROGBITS, NONE)
            ->addr = elf->vectors;
    }
    if (random_once_in(r, 3))
        add_section(elf, ".bss", SHT_NOBITS, NONE)->size = random_u32(r);
    for (i = PART_BODIES + elf->bodies; i < elf->part_count; i++)
        if (!random_once_in(r, 3)) /* others are bytes that no header names */
            add_section(elf, unsigned_names[random_below(r, COUNT(unsigned_names))], SHT_PROGBITS,
                        i);
    add_section(elf, ".shstrtab", SHT_STRTAB, PART_NAMES);
}

/* In any order, the one without a name first; the names in that order behind a zero. */
static void order_sections(struct made_elf *elf, struct random *r)
{
    struct made_section drafted[MADE_SECTIONS];
    uint32_t order[MADE_SECTIONS];
    const uint32_t count = elf->shnum;
    uint32_t names = 1;
    uint32_t i;

    require(count < MADE_SECTIONS, "no room for the null section");
    memcpy(drafted, elf->sections, sizeof(drafted));
    random_order(r, order, count);
    elf->sections[0] = (struct made_section){.name = "", .part = NONE};
    elf->shnum = count + 1;
    for (i = 1; i <= count; i++) {
        struct made_section *section = &elf->sections[i];

        *section = drafted[order[i - 1]];
        section->name_offset = section->name[0] != '\0' ? names : 0;
        names += section->name[0] != '\0' ? (uint32_t)strlen(section->name) + 1 : 0;
        if (section->type == SHT_STRTAB)
            elf->names_section = i;
    }
    elf->parts[PART_NAMES].size = names;
    elf->parts[PART_SHDRS].size = RPROCFW_SHDR_SIZE * elf->shnum;
}

/* ---- parts ---- */

static uint32_t draft_size(struct random *r, const struct wanted_elf *wanted)
{
    uint32_t size = 1 + random_below(r, random_once_in(r, 3) ? 64 : 700);

    if (!wanted->small && random_once_in(r, 40))
        size += random_below(r, 20000);
    if (!wanted->small && random_once_in(r, 4000)) /* around the signer's and verifier's buffers */
        size = 262144 - 8 + random_below(r, 16);
    return wanted->encrypted ? (size + 15) / 16 * 16 : size;
}

static void draft_parts(struct made_elf *elf, struct random *r, const struct wanted_elf *wanted)
{
    const uint32_t most = wanted->small ? 2 : 5;
    const uint32_t blobs = random_below(r, wanted->small ? 2 : 4);
    uint32_t i;

    elf->bodies = 1 + random_below(r, most);
    elf->part_count = PART_BODIES + elf->bodies + blobs;
    elf->parts[PART_PHDRS].align = 4;
    elf->parts[PART_SHDRS].align = 4;
    elf->parts[PART_NAMES].align = 1;
    for (i = PART_BODIES; i < elf->part_count; i++)
        elf->parts[i] =
            (struct part){.size = draft_size(r, wanted), .align = 1u << random_below(r, 5)};
}

static void draft_table(struct made_elf *elf, struct random *r, const struct wanted_elf *wanted)
{
    struct made_table *table = &elf->table;
    const uint32_t part = PART_BODIES + random_below(r, elf->bodies);
    struct part *body = &elf->parts[part];
    uint32_t room;

    *table = (struct made_table){.phdr = NONE, .part = NONE};
    if (!wanted->table || body->size < RPROCFW_RSC_HEADER_SIZE)
        return;
    body->align = body->align < 4 ? 4 : body->align;
    table->part = part;
    table->distance = random_below(r, body->size - RPROCFW_RSC_HEADER_SIZE + 1) / 4 * 4;
    room = body->size - table->distance;
    table->size = RPROCFW_RSC_HEADER_SIZE + random_below(r, room - RPROCFW_RSC_HEADER_SIZE + 1);
    if (random_once_in(r, 3)) /* at the end of its segment */
        table->size = room;
    table->entries = random_below(r, RPROCFW_RSC_ROOM(table->size) + 1);
    table->by_vaddr = random_once_in(r, 2);
}

static void lay_out(struct made_elf *elf, struct random *r)
{
    uint32_t order[MADE_PARTS];
    uint32_t at = RPROCFW_EHDR_SIZE;
    uint32_t i;

    random_order(r, order, elf->part_count);
    for (i = 0; i < elf->part_count; i++) {
        struct part *part = &elf->parts[order[i]];

        at += random_once_in(r, 2) ? 0 : random_below(r, 40);
        at = (at + part->align - 1) / part->align * part->align;
        part->offset = at;
        at += part->size;
    }
    elf->size = at + (random_once_in(r, 2) ? 0 : random_below(r, 20));
}

/* ---- program headers ---- */

static struct rprocfw_phdr some_phdr(struct random *r, uint32_t type)
{
    static const uint32_t aligns[] = {0, 1, 4, 8, 16, 0x10000};

    return (struct rprocfw_phdr){.type = type,
                                 .vaddr = random_u32(r),
                                 .paddr = random_u32(r),
                                 .flags = random_below(r, 8),
                                 .align = aligns[random_below(r, COUNT(aligns))]};
}

static struct rprocfw_phdr load_of(struct random *r, uint32_t offset, uint32_t size)
{
    struct rprocfw_phdr phdr = some_phdr(r, PT_LOAD);

    phdr.offset = offset;
    phdr.filesz = size;
    phdr.memsz = size + (random_once_in(r, 2) ? 0 : random_below(r, 400));
    return phdr;
}

static struct rprocfw_phdr named(struct random *r, uint32_t type, struct part part)
{
    struct rprocfw_phdr phdr = some_phdr(r, type);

    phdr.offset = part.offset;
    phdr.filesz = part.size;
    phdr.memsz = random_once_in(r, 2) ? part.size : random_u32(r);
    return phdr;
}

/* More program headers than the bodies ask for. An encrypted segment is alone with its bytes. */
static struct rprocfw_phdr extra_phdr(const struct made_elf *elf, struct random *r, bool encrypted)
{
    const struct part any = elf->parts[random_below(r, elf->part_count)];
    const struct part body = elf->parts[PART_BODIES + random_below(r, elf->bodies)];
    const uint32_t skipped = random_below(r, body.size);
    struct rprocfw_phdr phdr;

    switch (random_below(r, encrypted ? 7 : 9)) {
    case 0:
        return named(r, PT_NOTE, any);
    case 1:
        return named(r, PT_EXIDX, body);
    case 2:
        return named(r, PT_PHDR, elf->parts[PART_PHDRS]);
    case 3: /* what has no bytes may point anywhere */
        phdr = some_phdr(r, PT_GNU_STACK);
        phdr.offset = random_u32(r);
        return phdr;
    case 4: /* an ENCTABLE has no entry for a PT_NULL, and none may be without */
        return named(r, random_once_in(r, 2) && !encrypted ? PT_NULL : 0x60000000u, any);
    case 5: /* zero-fill only, or nothing */
    case 6:
        return load_of(r, random_below(r, elf->size + 1), 0);
    case 7: /* bytes that another one has, too */
        return load_of(r, body.offset + skipped, 1 + random_below(r, body.size - skipped));
    default: /* headers, and what comes behind them */
        return load_of(r, 0, any.offset + any.size);
    }
}

static void draft_phdrs(struct made_elf *elf, struct random *r, const struct wanted_elf *wanted,
                        uint32_t extra)
{
    struct rprocfw_phdr drafted[MADE_PHDRS];
    uint32_t order[MADE_PHDRS];
    uint32_t i;

    for (i = 0; i < elf->bodies; i++)
        drafted[i] =
            load_of(r, elf->parts[PART_BODIES + i].offset, elf->parts[PART_BODIES + i].size);
    for (; i < elf->bodies + extra; i++)
        drafted[i] = extra_phdr(elf, r, wanted->encrypted);
    random_order(r, order, elf->phnum);
    for (i = 0; i < elf->phnum; i++) {
        elf->phdrs[i] = drafted[order[i]];
        if (elf->table.part != NONE && order[i] == elf->table.part - PART_BODIES)
            elf->table.phdr = i;
    }
}

void elf_draft(struct made_elf *elf, struct random *shape, const struct wanted_elf *wanted)
{
    const uint32_t extra = random_below(shape, wanted->small ? 2 : 5);

    memset(elf, 0, sizeof(*elf));
    elf->machine = random_once_in(shape, 8) ? 0xBEEF : 40;
    elf->entry = random_u32(shape);
    draft_parts(elf, shape, wanted);
    draft_table(elf, shape, wanted);
    draft_sections(elf, shape, wanted);
    order_sections(elf, shape);
    elf->phnum = elf->bodies + extra;
    elf->parts[PART_PHDRS].size = RPROCFW_PHDR_SIZE * elf->phnum;
    lay_out(elf, shape);
    draft_phdrs(elf, shape, wanted, extra);
}

/* ---- bytes ---- */

static void write_ehdr(const struct made_elf *elf, struct random *r)
{
    static const uint8_t ident[7] = {0x7F, 'E', 'L', 'F', 1, 1, 1};
    const struct bytes file = elf->file;

    memset(file.data, 0, RPROCFW_EHDR_SIZE);
    memcpy(file.data, ident, sizeof(ident));
    put16(file, E_TYPE, 2 + random_below(r, 2));
    put16(file, E_MACHINE, elf->machine);
    put32(file, E_VERSION, 1);
    put32(file, E_ENTRY, elf->entry);
    put32(file, E_PHOFF, elf->parts[PART_PHDRS].offset);
    put32(file, E_SHOFF, elf->parts[PART_SHDRS].offset);
    put32(file, E_FLAGS, random_u32(r));
    put16(file, E_EHSIZE, RPROCFW_EHDR_SIZE);
    put16(file, E_PHENTSIZE, RPROCFW_PHDR_SIZE);
    put16(file, E_PHNUM, elf->phnum);
    put16(file, E_SHENTSIZE, RPROCFW_SHDR_SIZE);
    put16(file, E_SHNUM, elf->shnum);
    put16(file, E_SHSTRNDX, elf->names_section);
}

static void write_phdrs(const struct made_elf *elf)
{
    uint32_t i;

    for (i = 0; i < elf->phnum; i++)
        put_phdr(elf->file, elf->parts[PART_PHDRS].offset + RPROCFW_PHDR_SIZE * i, &elf->phdrs[i]);
}

/* Offset and size of a section: of its part, but of the resource table within it. */
static void write_section(const struct made_elf *elf, uint32_t number)
{
    const struct made_section *section = &elf->sections[number];
    const uint32_t at = elf->parts[PART_SHDRS].offset + RPROCFW_SHDR_SIZE * number;
    const struct bytes file = elf->file;
    struct part bytes = {.offset = 0, .size = section->size};

    memset(file.data + at, 0, RPROCFW_SHDR_SIZE);
    if (section->part != NONE)
        bytes = elf->parts[section->part];
    if (section->part == elf->table.part && strcmp(section->name, RPROCFW_RSC_NAME) == 0 &&
        elf->table.part != NONE) {
        bytes.offset += elf->table.distance;
        bytes.size = elf->table.size;
    }
    put32(file, at + SH_NAME, section->name_offset);
    put32(file, at + 4, section->type);
    put32(file, at + SH_ADDR, section->addr);
    put32(file, at + SH_OFFSET, bytes.offset);
    put32(file, at + SH_SIZE, bytes.size);
}

static void write_sections(struct made_elf *elf)
{
    const uint32_t names = elf->parts[PART_NAMES].offset;
    uint32_t i;

    memset(elf->file.data + names, 0, elf->parts[PART_NAMES].size);
    for (i = 0; i < elf->shnum; i++) {
        struct made_section *section = &elf->sections[i];

        if (elf->table.part != NONE && strcmp(section->name, RPROCFW_RSC_NAME) == 0)
            section->addr = elf->table.da;
        memcpy(elf->file.data + names + section->name_offset, section->name, strlen(section->name));
        write_section(elf, i);
    }
}

void put_table_header(struct bytes in, uint32_t at, uint32_t entries)
{
    put32(in, at, RPROCFW_RSC_VERSION);
    put32(in, at + 4, entries);
    put32(in, at + 8, 0);
    put32(in, at + 12, 0);
}

static void write_table(struct made_elf *elf)
{
    struct made_table *table = &elf->table;
    const struct rprocfw_phdr *phdr = &elf->phdrs[table->phdr];
    const uint32_t at = elf->parts[table->part].offset + table->distance;

    table->da = (table->by_vaddr ? phdr->vaddr : phdr->paddr) + table->distance;
    put_table_header(elf->file, at, table->entries);
    if (table->distance >= RPROCFW_RSC_HEADER_SIZE) /* and one that no section names */
        put_table_header(elf->file, at - table->distance, 0);
}

void elf_write(struct made_elf *elf, struct random *shape, struct random *content)
{
    elf->file = arena_copy(NULL, 0, elf->size);
    random_fill(content, elf->file.data, elf->size);
    write_ehdr(elf, shape);
    write_phdrs(elf);
    if (elf->table.phdr != NONE)
        write_table(elf);
    write_sections(elf);
}
