/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ELF images of any legal shape: parts in any order with gaps between them; PT_LOADs with bytes,
 * with zero-fill, without either, sharing bytes, covering headers; program headers that load
 * nothing; sections named and unnamed. Made in three steps, because addresses depend on all images:
 * elf_draft(), then the caller sets the addresses, then elf_write().
 */
#ifndef RPROCFW_GENERATED_MADE_ELF_H
#define RPROCFW_GENERATED_MADE_ELF_H

#include <rprocfw/image.h>

#include "arena.h"
#include "random.h"

#define MADE_PHDRS    16u
#define MADE_SECTIONS 16u
#define MADE_PARTS    12u

#define NONE UINT32_MAX

/* Of the file. The first three are always there; then bodies of segments, and what is not signed.
 */
enum { PART_PHDRS, PART_SHDRS, PART_NAMES, PART_BODIES };

struct part {
    uint32_t offset;
    uint32_t size;
    uint32_t align;
};

struct made_section {
    const char *name;
    uint32_t name_offset;
    uint32_t type;
    uint32_t addr;
    uint32_t part; /* where its bytes are; NONE: nowhere */
    uint32_t size; /* with part NONE */
};

/* The resource table, in a segment of its image. */
struct made_table {
    uint32_t phdr;     /* NONE: there is no table */
    uint32_t part;     /* its bytes are in this one, ... */
    uint32_t distance; /* ... so far from the start */
    uint32_t size;
    uint32_t entries;
    uint32_t da; /* sh_addr */
    bool by_vaddr;
};

struct made_elf {
    struct bytes file;
    uint16_t machine;
    uint32_t entry;
    struct part parts[MADE_PARTS];
    uint32_t bodies; /* parts that segments may have */
    uint32_t part_count;
    uint32_t size;
    struct rprocfw_phdr phdrs[MADE_PHDRS]; /* paddr, vaddr of PT_LOADs: set by the caller */
    uint32_t phnum;
    struct made_section sections[MADE_SECTIONS];
    uint32_t shnum;
    uint32_t names_section;
    struct made_table table;
    bool has_vectors;
    uint32_t vectors;
};

/* What an image is to have. */
struct wanted_elf {
    bool small;     /* one of very many */
    bool encrypted; /* segments of whole AES blocks */
    bool table;     /* a resource table, if there is a segment for it */
    bool vectors;   /* a vector table's section */
};

void elf_draft(struct made_elf *elf, struct random *shape, const struct wanted_elf *wanted);

/* content: the bytes that are free. */
void elf_write(struct made_elf *elf, struct random *shape, struct random *content);

/* The first bytes of a resource table, at an offset. */
void put_table_header(struct bytes in, uint32_t at, uint32_t entries);

#endif
