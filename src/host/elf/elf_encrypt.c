/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What encryption asks of an input ELF: PT_LOADs of whole blocks, apart from each other and from
 * all that boards read before they decrypt. Segments that end within a block can be padded.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elf_input.h"

/* A PT_LOAD with bytes in the file. */
struct load {
    uint32_t offset;
    uint32_t size;   /* bytes in the input */
    uint32_t padded; /* and in the image: whole blocks */
    size_t number;   /* of its program header */
};

struct preparing {
    struct rprocfw_elf_input *input;
    Elf *elf;
    const Elf32_Ehdr *ehdr;
    struct load *loads; /* by offset */
    size_t count;
    struct load *padded; /* those of them that are, by offset */
    size_t padded_count;
    struct rprocfw_error *error;
};

static int by_offset(const void *a, const void *b)
{
    const struct load *left = a;
    const struct load *right = b;

    return (left->offset > right->offset) - (left->offset < right->offset);
}

static uint64_t end_of(const struct load *load)
{
    return (uint64_t)load->offset + load->size;
}

static uint64_t padded_end_of(const struct load *load)
{
    return (uint64_t)load->offset + load->padded;
}

static enum rprocfw_status list_loads(struct preparing *p)
{
    const struct rprocfw_elf_input *input = p->input;

    p->loads = calloc(input->phdr_count, sizeof(*p->loads));
    p->padded = calloc(input->phdr_count, sizeof(*p->padded));
    if (p->loads == NULL || p->padded == NULL)
        return rprocfw_no_memory(p->error);
    for (size_t i = 0; i < input->phdr_count; i++) {
        const struct rprocfw_phdr *phdr = &input->phdrs[i];

        if (phdr->type == RPROCFW_PT_LOAD && phdr->filesz != 0)
            p->loads[p->count++] = (struct load){
                .offset = phdr->offset, .size = phdr->filesz, .padded = phdr->filesz, .number = i};
    }
    qsort(p->loads, p->count, sizeof(*p->loads), by_offset);
    return RPROCFW_OK;
}

static enum rprocfw_status judge_overlap(const struct preparing *p)
{
    for (size_t i = 1; i < p->count; i++) {
        const struct load *one = &p->loads[i - 1];
        const struct load *other = &p->loads[i];

        if (end_of(one) > other->offset)
            return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                                     "%s: segments %zu and %zu share bytes of the file (from "
                                     "0x%" PRIx32 " on), which can be encrypted for one of them "
                                     "only; mend the linker script",
                                     p->input->file.path, one->number, other->number,
                                     other->offset);
    }
    return RPROCFW_OK;
}

/* ---- Whole blocks ---- */

static enum rprocfw_status judge_blocks(struct preparing *p, bool pad)
{
    const char *path = p->input->file.path;

    for (size_t i = 0; i < p->count; i++) {
        struct load *load = &p->loads[i];
        const struct rprocfw_phdr *phdr = &p->input->phdrs[load->number];
        const uint32_t more =
            (RPROCFW_AES_BLOCK - load->size % RPROCFW_AES_BLOCK) % RPROCFW_AES_BLOCK;

        if (more == 0)
            continue;
        if (!pad)
            return rprocfw_error_set(
                p->error, RPROCFW_ERR_INPUT,
                "%s: segment %zu: p_filesz %" PRIu32 " is no multiple of 16, the cipher's block: "
                "%" PRIu32 " bytes are missing; align its end in the linker script, or let "
                "--enc-pad append zero bytes",
                path, load->number, load->size, more);
        if (phdr->memsz - load->size < more)
            return rprocfw_error_set(
                p->error, RPROCFW_ERR_INPUT,
                "%s: segment %zu: --enc-pad would have to append %" PRIu32 " bytes, but p_memsz "
                "%" PRIu32 " has no room for them; align the segment's end to 16 in the linker "
                "script",
                path, load->number, more, phdr->memsz);
        load->padded += more; /* within p_memsz */
        p->padded[p->padded_count++] = *load;
    }
    return RPROCFW_OK;
}

/* ---- What must not be encrypted, and what is where zero bytes are to be ---- */

/*
 * The first of these loads that has any of [start, + size), with its padding; NULL: none does.
 * Padded, they are apart, or end in the order in which they start.
 */
static const struct load *find(const struct load *loads, size_t count, uint32_t start,
                               uint64_t size)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) { /* the first that ends behind start */
        const size_t middle = low + (high - low) / 2;

        if (padded_end_of(&loads[middle]) > start)
            high = middle;
        else
            low = middle + 1;
    }
    return size != 0 && low < count && loads[low].offset < start + size ? &loads[low] : NULL;
}

/* Says that what, at [start, + size), is where load is to be padded. */
static enum rprocfw_status in_the_way(const struct preparing *p, const struct load *load,
                                      const char *what, uint32_t start, uint64_t size)
{
    return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                             "%s: segment %zu: --enc-pad would have to write %" PRIu32
                             " zero bytes at 0x%" PRIx64 " of the file, over bytes of %s (%" PRIu64
                             " bytes at 0x%" PRIx32
                             "); align the segment's end to 16 in the linker script",
                             p->input->file.path, load->number, load->padded - load->size,
                             end_of(load), what, size, start);
}

/* Bytes that boards read before they decrypt, or while they do not know what is encrypted. */
static enum rprocfw_status judge_plain(const struct preparing *p, const char *what, uint32_t start,
                                       uint64_t size)
{
    const struct load *load = find(p->loads, p->count, start, size);

    if (load == NULL)
        return RPROCFW_OK;
    if (start >= end_of(load))
        return in_the_way(p, load, what, start, size);
    return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                             "%s: segment %zu has bytes of %s (%" PRIu64 " bytes at 0x%" PRIx32
                             "), which boards read as it stands, so it cannot be encrypted; mend "
                             "the linker script",
                             p->input->file.path, load->number, what, size, start);
}

static enum rprocfw_status judge_headers(const struct preparing *p)
{
    const Elf32_Ehdr *ehdr = p->ehdr;
    enum rprocfw_status status = judge_plain(p, "the ELF header", 0, RPROCFW_EHDR_SIZE);

    if (status == RPROCFW_OK)
        status = judge_plain(p, "the program headers", ehdr->e_phoff,
                             (uint64_t)ehdr->e_phnum * RPROCFW_PHDR_SIZE);
    if (status == RPROCFW_OK)
        status = judge_plain(p, "the section headers", ehdr->e_shoff,
                             (uint64_t)ehdr->e_shnum * RPROCFW_SHDR_SIZE);
    return status;
}

/* The first load of which the padding has any of [start, + size); NULL: none does. */
static const struct load *find_padding(const struct preparing *p, uint32_t start, uint64_t size)
{
    const struct load *load = find(p->padded, p->padded_count, start, size);

    return load != NULL && end_of(load) < start + size ? load : NULL;
}

static enum rprocfw_status judge_segments(const struct preparing *p)
{
    for (size_t i = 0; i < p->input->phdr_count; i++) {
        const struct rprocfw_phdr *phdr = &p->input->phdrs[i];
        const struct load *load = find_padding(p, phdr->offset, phdr->filesz);
        char what[32];

        if (load == NULL)
            continue;
        (void)snprintf(what, sizeof(what), "segment %zu", i);
        return in_the_way(p, load, what, phdr->offset, phdr->filesz);
    }
    return RPROCFW_OK;
}

static enum rprocfw_status judge_section(const struct preparing *p, Elf_Scn *section, size_t names)
{
    const Elf32_Shdr *shdr = elf32_getshdr(section);
    const bool empty = shdr != NULL && (shdr->sh_type == SHT_NOBITS || shdr->sh_type == SHT_NULL);
    const bool stripped = p->input->left_out_sections != 0;
    const struct load *load;
    const char *name;
    char what[64];

    if (shdr == NULL || empty)
        return RPROCFW_OK;
    name = elf_strptr(p->elf, names, shdr->sh_name);
    if (stripped && !rprocfw_elf_section_stays(shdr, name))
        return RPROCFW_OK;
    if (elf_ndxscn(section) == names && !stripped) {
        const enum rprocfw_status status =
            judge_plain(p, "the section name table", shdr->sh_offset, shdr->sh_size);

        if (status != RPROCFW_OK)
            return status;
    }
    load = find_padding(p, shdr->sh_offset, shdr->sh_size);
    if (load == NULL)
        return RPROCFW_OK;
    (void)snprintf(what, sizeof(what), "section %.48s", name != NULL ? name : "without a name");
    return in_the_way(p, load, what, shdr->sh_offset, shdr->sh_size);
}

/* libelf cannot read them. */
static enum rprocfw_status unknown_sections(const struct preparing *p)
{
    const enum rprocfw_status status = rprocfw_elf_failure(&p->input->file, p->error);

    if (status != RPROCFW_OK || p->padded_count == 0)
        return status;
    return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                             "%s: --enc-pad: the sections cannot be read, so what stands behind "
                             "segments is not known: %s; build or copy it again",
                             p->input->file.path, elf_errmsg(-1));
}

static enum rprocfw_status judge_sections(const struct preparing *p)
{
    enum rprocfw_status status = RPROCFW_OK;
    Elf_Scn *section = NULL;
    size_t names;

    errno = 0;
    if (elf_getshdrstrndx(p->elf, &names) != 0)
        return unknown_sections(p);
    while (status == RPROCFW_OK && (section = elf_nextscn(p->elf, section)) != NULL) {
        if (elf32_getshdr(section) == NULL)
            return unknown_sections(p);
        status = judge_section(p, section, names);
    }
    return status;
}

/* ---- The image ---- */

/* Where p_filesz is in a program header, and its size. */
#define FILESZ_OFFSET 16u
#define FILESZ_SIZE   4u

/* p_filesz in the program header, which is at bytes, and zero bytes behind the segment. */
static void patch_load(struct preparing *p, const struct load *load, uint8_t *bytes)
{
    struct rprocfw_elf_input *input = p->input;
    struct rprocfw_patch *patch = &input->padded.list[input->padded.count];

    rprocfw_u32_encode(bytes, load->padded);
    patch[0] = (struct rprocfw_patch){
        .offset = p->ehdr->e_phoff + (uint32_t)load->number * RPROCFW_PHDR_SIZE + FILESZ_OFFSET,
        .size = FILESZ_SIZE,
        .bytes = bytes,
    };
    patch[1] = (struct rprocfw_patch){
        .offset = (uint32_t)end_of(load),
        .size = load->padded - load->size,
    };
    input->padded.count += 2;
    input->phdrs[load->number].filesz = load->padded;
    if (padded_end_of(load) > input->size)
        input->size = (uint32_t)padded_end_of(load);
}

static enum rprocfw_status patch_all(struct preparing *p)
{
    struct rprocfw_elf_input *input = p->input;
    const struct load *last;

    if (p->padded_count == 0)
        return RPROCFW_OK;
    last = &p->padded[p->padded_count - 1];
    if (padded_end_of(last) > RPROCFW_IMAGE_SIZE_MAX)
        return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                                 "%s: segment %zu: with --enc-pad the file would be larger than "
                                 "the format allows; strip debug information",
                                 input->file.path, last->number);
    input->padded.list = calloc(2 * p->padded_count, sizeof(*input->padded.list));
    input->padded.bytes = calloc(p->padded_count, FILESZ_SIZE);
    if (input->padded.list == NULL || input->padded.bytes == NULL)
        return rprocfw_no_memory(p->error);
    for (size_t i = 0; i < p->padded_count; i++)
        patch_load(p, &p->padded[i], input->padded.bytes + i * FILESZ_SIZE);
    rprocfw_patches_sort(&input->padded);
    input->padded_size = (uint32_t)rprocfw_r8(input->size);
    return RPROCFW_OK;
}

/* The table has room for all program headers, and entries for PT_LOADs. */
static void keep_loads(struct rprocfw_elf_input *input)
{
    size_t kept = 0;

    for (size_t i = 0; i < input->phdr_count; i++)
        if (input->phdrs[i].type == RPROCFW_PT_LOAD)
            input->phdrs[kept++] = input->phdrs[i];
    input->phdr_count = kept;
    input->encrypt = true;
}

enum rprocfw_status rprocfw_elf_encrypt(struct rprocfw_elf_input *input, Elf *elf,
                                        const Elf32_Ehdr *ehdr, bool pad,
                                        struct rprocfw_error *error)
{
    struct preparing p = {.input = input, .elf = elf, .ehdr = ehdr, .error = error};
    enum rprocfw_status status = list_loads(&p);

    if (status == RPROCFW_OK)
        status = judge_overlap(&p);
    if (status == RPROCFW_OK)
        status = judge_blocks(&p, pad);
    if (status == RPROCFW_OK)
        status = judge_segments(&p);
    if (status == RPROCFW_OK)
        status = judge_headers(&p);
    if (status == RPROCFW_OK)
        status = judge_sections(&p);
    if (status == RPROCFW_OK)
        status = patch_all(&p);
    if (status == RPROCFW_OK)
        keep_loads(input);
    free(p.padded);
    free(p.loads);
    return status;
}
