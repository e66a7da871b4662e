/* SPDX-License-Identifier: BSD-2-Clause */
/* Small ELF images from scratch. */
#include <string.h>

#include <check.h>

#include "container.h"
#include "elf_image.h"

void elf_default(struct elf *elf)
{
    static const struct elf image = {
        .phdrs = {{PT_NOTE, 0x700, 0x30000000, 0x30000000, 0x10, 0x10, 4, 4},
                  {PT_LOAD, 0x400, 0x10000000, 0x20000000, 0x100, 0x140, 5, 4},
                  {PT_LOAD, 0x500, 0x10001000, 0x20001000, 0x80, 0x80, 6, 4},
                  {PT_LOAD, 0x580, 0x10002000, 0x20002000, 0, 0x100, 6, 4}},
        .phnum = 4,
        .sections = {{".text", 0x10000000, 0x400, 0x40},
                     {".resource_table", RSC_ADDRESS, RSC_OFFSET, RSC_SIZE},
                     {".debug", 0, 0x720, 0x80}},
        .shnum = 3,
    };

    *elf = image;
}

void elf_least(struct elf *elf)
{
    static const struct elf image = {
        .phdrs = {{PT_LOAD, 0x400, 0x10000000, 0x10000000, 0x10, 0x10, 5, 4}},
        .phnum = 1,
    };

    *elf = image;
}

/* Program headers at phoff; shnum section headers at shoff, that of the names the last. */
static void build_ehdr(struct bytes image, uint32_t phoff, uint32_t phnum, uint32_t shoff,
                       uint32_t shnum)
{
    static const uint8_t ident[16] = {0x7F, 'E', 'L', 'F', 1, 1, 1};

    memcpy(image.data, ident, sizeof(ident));
    put16(image, E_TYPE, 2);
    put16(image, E_MACHINE, 40);
    put32(image, E_VERSION, 1);
    put32(image, E_ENTRY, 0x10000001);
    put32(image, E_PHOFF, phoff);
    put32(image, E_SHOFF, shoff);
    put32(image, E_FLAGS, 0x05000000);
    put16(image, E_EHSIZE, 52);
    put16(image, E_PHENTSIZE, 32);
    put16(image, E_PHNUM, phnum);
    put16(image, E_SHENTSIZE, 40);
    put16(image, E_SHNUM, shnum);
    put16(image, E_SHSTRNDX, shnum - 1);
}

void put_phdr(struct bytes image, uint32_t at, const struct rprocfw_phdr *phdr)
{
    put32(image, at + P_TYPE, phdr->type);
    put32(image, at + P_OFFSET, phdr->offset);
    put32(image, at + P_VADDR, phdr->vaddr);
    put32(image, at + P_PADDR, phdr->paddr);
    put32(image, at + P_FILESZ, phdr->filesz);
    put32(image, at + P_MEMSZ, phdr->memsz);
    put32(image, at + P_FLAGS, phdr->flags);
    put32(image, at + P_ALIGN, phdr->align);
}

/* Writes the name behind the others; returns where the next one goes. */
static uint32_t build_section(const struct section *section, struct bytes image, uint32_t number,
                              uint32_t name)
{
    const uint32_t size = (uint32_t)strlen(section->name) + 1;

    ck_assert_uint_le(ELF_NAMES + name + size, ELF_BODY);
    memcpy(image.data + ELF_NAMES + name, section->name, size);
    put32(image, SHDR(number) + SH_NAME, name);
    put32(image, SHDR(number) + SH_ADDR, section->addr);
    put32(image, SHDR(number) + SH_OFFSET, section->offset);
    put32(image, SHDR(number) + SH_SIZE, section->size);
    return name + size;
}

static void build_rsc_table(struct bytes image)
{
    memset(image.data + RSC_OFFSET, 0, RSC_SIZE);
    put32(image, RSC_OFFSET, 1);
    put32(image, RSC_OFFSET + 4, RSC_ENTRIES);
}

struct bytes elf_build(const struct elf *elf)
{
    struct bytes image = arena_copy(NULL, 0, ELF_SIZE);
    struct section names = {".shstrtab", 0, ELF_NAMES, 0};
    uint32_t name = 1;
    uint32_t i;

    ck_assert_uint_le(elf->phnum, ELF_MAX_PHDRS);
    ck_assert_uint_le(elf->shnum, ELF_MAX_SECTIONS);
    build_ehdr(image, ELF_PHOFF, elf->phnum, ELF_SHOFF, elf->shnum + 2);
    for (i = 0; i < elf->phnum; i++)
        put_phdr(image, PHDR(i), &elf->phdrs[i]);
    for (i = 0; i < elf->shnum; i++)
        name = build_section(&elf->sections[i], image, i + 1, name);
    names.size = name + (uint32_t)sizeof(".shstrtab");
    build_section(&names, image, elf->shnum + 1, name);
    for (i = ELF_BODY; i < ELF_SIZE; i++)
        image.data[i] = (uint8_t)(elf->seed + 7u * i + i / 256u);
    build_rsc_table(image);
    return image;
}

struct bytes elf_of_phdrs(const struct rprocfw_phdr *phdrs, uint32_t count, uint32_t body)
{
    static const char names[] = ".shstrtab";
    const uint32_t shoff = 52;
    const uint32_t name_table = shoff + 2 * 40;
    const uint32_t phoff = round8(name_table + 1 + sizeof(names));
    const uint32_t start = phoff + 32 * count;
    struct bytes image = arena_copy(NULL, 0, start + body);
    uint32_t i;

    build_ehdr(image, phoff, count, shoff, 2);
    memcpy(image.data + name_table + 1, names, sizeof(names));
    put32(image, shoff + 40 + SH_NAME, 1);
    put32(image, shoff + 40 + SH_OFFSET, name_table);
    put32(image, shoff + 40 + SH_SIZE, 1 + sizeof(names));
    for (i = 0; i < count; i++) {
        struct rprocfw_phdr phdr = phdrs[i];

        phdr.offset += start;
        put_phdr(image, phoff + 32 * i, &phdr);
    }
    for (i = 0; i < body; i++)
        image.data[start + i] = (uint8_t)(1 + i * 11 % 251); /* never 0 */
    return image;
}
