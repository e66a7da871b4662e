/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small ELF images from scratch. Each has its parts at fixed places:
 *
 *   ELF header | program headers | section headers | section names | body
 *
 * and a size of ELF_SIZE, so that a test can name the byte that it changes.
 */
#ifndef RPROCFW_UNIT_ELF_IMAGE_H
#define RPROCFW_UNIT_ELF_IMAGE_H

#include <rprocfw/image.h>

#include "arena.h"

#define ELF_PHOFF 0x34u  /* room for ELF_MAX_PHDRS */
#define ELF_SHOFF 0x140u /* room for ELF_MAX_SECTIONS, the null section and the names' own */
#define ELF_NAMES 0x2E0u
#define ELF_BODY  0x400u
#define ELF_SIZE  0x800u

#define ELF_MAX_PHDRS    8u
#define ELF_MAX_SECTIONS 8u

/* Members of the ELF header. */
#define E_TYPE      16u
#define E_MACHINE   18u
#define E_VERSION   20u
#define E_ENTRY     24u
#define E_PHOFF     28u
#define E_SHOFF     32u
#define E_FLAGS     36u
#define E_EHSIZE    40u
#define E_PHENTSIZE 42u
#define E_PHNUM     44u
#define E_SHENTSIZE 46u
#define E_SHNUM     48u
#define E_SHSTRNDX  50u

/* Where a program header, and a section header, stand in the image. */
#define PHDR(number) (ELF_PHOFF + 32u * (number))
#define SHDR(number) (ELF_SHOFF + 40u * (number))

/* Members of program headers and section headers. */
#define P_TYPE    0u
#define P_OFFSET  4u
#define P_VADDR   8u
#define P_PADDR   12u
#define P_FILESZ  16u
#define P_MEMSZ   20u
#define P_FLAGS   24u
#define P_ALIGN   28u
#define SH_NAME   0u
#define SH_ADDR   12u
#define SH_OFFSET 16u
#define SH_SIZE   20u

#define PT_LOAD 1u
#define PT_NOTE 4u
#define PT_NULL 0u

/* The resource table of elf_default(): in segment 1, as many entries as fit. */
#define RSC_OFFSET  0x440u
#define RSC_SIZE    0x20u
#define RSC_ADDRESS 0x10000040u
#define RSC_ENTRIES 4u
#define RSC_SECTION 2u /* number of its section header */

struct section {
    const char *name;
    uint32_t addr;
    uint32_t offset;
    uint32_t size;
};

struct elf {
    struct rprocfw_phdr phdrs[ELF_MAX_PHDRS];
    uint32_t phnum;
    struct section sections[ELF_MAX_SECTIONS]; /* numbered from 1 in the image */
    uint32_t shnum;
    uint8_t seed; /* the pattern of the body */
};

/*
 * Program headers: 0 PT_NOTE; 1 PT_LOAD with bytes, zero fill and the resource table, its p_vaddr
 * and p_paddr different; 2 PT_LOAD, full; 3 PT_LOAD without bytes. Sections: 1 .text,
 * 2 .resource_table, 3 .debug.
 */
void elf_default(struct elf *elf);

/* One PT_LOAD, no section but the names: the least that is accepted. */
void elf_least(struct elf *elf);

/*
 * Any number of program headers, no section but the names, and a body of so many bytes behind them:
 * offsets are counted from there.
 */
struct bytes elf_of_phdrs(const struct rprocfw_phdr *phdrs, uint32_t count, uint32_t body);

/* Name table and its section header are the last of shnum + 2. */
struct bytes elf_build(const struct elf *elf);

/* Writes a program header at offset at of the image. */
void put_phdr(struct bytes image, uint32_t at, const struct rprocfw_phdr *phdr);

#endif
