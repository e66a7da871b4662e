/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images without what no board needs: sections that nobody loads, program headers that boards
 * stumble over. What is loaded stays at its offset of the file, so that the signed table stays as
 * it is, but for entries that are left out; other bytes in between become zero, and new section
 * names and headers stand behind all. The image is a view of the file: nothing is copied, memory
 * grows with the number of headers only, and the disk has nothing more of it than the container.
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "elf_input.h"

/* Bytes of the file. */
struct range {
    uint64_t start;
    uint64_t end;
};

struct trimming {
    struct rprocfw_elf_input *input;
    Elf32_Ehdr *ehdr;
    const struct rprocfw_elf_wish *wish;
    uint32_t table_size; /* bytes of the file's program headers */
    struct rprocfw_stripped sections;
    struct range *stay; /* when stripping: what stays of the file */
    size_t stay_count;
    uint8_t *bytes; /* the next of the patches' that are free */
    struct rprocfw_error *error;
};

/* ---- What must not change ---- */

/* Bytes of the file that options will change must not be loaded. */
static enum rprocfw_status judge(const struct trimming *t, const char *what, uint32_t start,
                                 uint32_t size, const char *options)
{
    const struct rprocfw_elf_input *input = t->input;

    for (size_t i = 0; i < input->phdr_count; i++) {
        const struct rprocfw_phdr *phdr = &input->phdrs[i];

        if (phdr->type != RPROCFW_PT_LOAD || phdr->filesz == 0 ||
            phdr->offset >= (uint64_t)start + size ||
            (uint64_t)phdr->offset + phdr->filesz <= start)
            continue;
        return rprocfw_error_set(t->error, RPROCFW_ERR_INPUT,
                                 "%s: segment %zu loads bytes of %s (%" PRIu32
                                 " bytes at 0x%" PRIx32 "), which %s would change; keep the "
                                 "headers out of the segments in the linker script, or leave out "
                                 "%s",
                                 input->file.path, i, what, size, start, options, options);
    }
    return RPROCFW_OK;
}

static enum rprocfw_status judge_headers(const struct trimming *t)
{
    static const char strip[] = "--strip";
    static const char loadable_only[] = "--loadable-only";
    static const char both[] = "--strip and --loadable-only";
    const bool table = t->input->left_out_phdrs != 0;
    const char *options = t->sections.left_out == 0 ? loadable_only : table ? both : strip;
    enum rprocfw_status status;

    if (t->ehdr->e_phoff < RPROCFW_EHDR_SIZE)
        return rprocfw_error_set(t->error, RPROCFW_ERR_INPUT,
                                 "%s: the program headers at 0x%" PRIx32
                                 " lie in the ELF header, which %s would change; build or copy it "
                                 "again, or leave out %s",
                                 t->input->file.path, t->ehdr->e_phoff, options, options);
    status = judge(t, "the ELF header", 0, RPROCFW_EHDR_SIZE, options);
    if (status == RPROCFW_OK && table)
        status = judge(t, "the program headers", t->ehdr->e_phoff, t->table_size, loadable_only);
    return status;
}

/* ---- What is left out ---- */

static enum rprocfw_status choose_phdrs(struct trimming *t)
{
    struct rprocfw_elf_input *input = t->input;
    enum rprocfw_status status = rprocfw_elf_loadable(input->phdrs, input->phdr_count, t->error);

    if (status != RPROCFW_OK)
        return status;
    for (size_t i = 0; i < input->phdr_count; i++)
        input->left_out_phdrs += input->phdrs[i].type != RPROCFW_PT_LOAD;
    if (input->left_out_phdrs == input->phdr_count)
        return rprocfw_error_set(t->error, RPROCFW_ERR_INPUT,
                                 "%s: --loadable-only: no program header is a PT_LOAD, so nothing "
                                 "to load; link it with segments",
                                 input->file.path);
    return RPROCFW_OK;
}

static void leave_out_phdrs(struct trimming *t)
{
    struct rprocfw_elf_input *input = t->input;
    size_t kept = 0;

    if (input->left_out_phdrs == 0)
        return;
    for (size_t i = 0; i < input->phdr_count; i++)
        if (input->phdrs[i].type == RPROCFW_PT_LOAD)
            input->phdrs[kept++] = input->phdrs[i];
    input->phdr_count = kept;
    input->entries = kept;
    t->ehdr->e_phnum = (Elf32_Half)kept;
}

/* ---- What stays ---- */

static void stay(struct trimming *t, uint32_t start, uint64_t size)
{
    t->stay[t->stay_count++] = (struct range){start, start + size};
}

static int by_start(const void *a, const void *b)
{
    const struct range *left = a;
    const struct range *right = b;

    return (left->start > right->start) - (left->start < right->start);
}

/* Boards look at the offset of a PT_LOAD without bytes, too; --enc-pad needs room behind others. */
static void stay_segment(struct trimming *t, const struct rprocfw_phdr *phdr)
{
    const bool loads = phdr->type == RPROCFW_PT_LOAD;
    uint64_t size = phdr->filesz;

    if (loads && t->wish->encrypt)
        size = (size + RPROCFW_AES_BLOCK - 1) / RPROCFW_AES_BLOCK * RPROCFW_AES_BLOCK;
    if (loads || size != 0)
        stay(t, phdr->offset, size);
}

/* What stays of the file, by its start. */
static enum rprocfw_status list_stay(struct trimming *t)
{
    const struct rprocfw_elf_input *input = t->input;

    t->stay = calloc(2 + input->phdr_count + t->sections.count, sizeof(*t->stay));
    if (t->stay == NULL)
        return rprocfw_no_memory(t->error);
    stay(t, 0, RPROCFW_EHDR_SIZE);
    stay(t, t->ehdr->e_phoff, t->table_size);
    for (size_t i = 0; i < input->phdr_count; i++)
        stay_segment(t, &input->phdrs[i]);
    for (size_t i = 0; i + 1 < t->sections.count; i++)
        if (rprocfw_elf_has_bytes(&t->sections.shdrs[i]))
            stay(t, t->sections.shdrs[i].sh_offset, t->sections.shdrs[i].sh_size);
    qsort(t->stay, t->stay_count, sizeof(*t->stay), by_start);
    return RPROCFW_OK;
}

/* ---- The image ---- */

/* bytes NULL: zero bytes. */
static void patch(struct trimming *t, uint64_t offset, uint64_t size, const uint8_t *bytes)
{
    struct rprocfw_patches *patches = &t->input->trimmed;

    patches->list[patches->count++] =
        (struct rprocfw_patch){.offset = (uint32_t)offset, .size = (uint32_t)size, .bytes = bytes};
}

/* Patches between what stays; *end is where that ends. */
static void patch_gaps(struct trimming *t, uint64_t *end)
{
    *end = 0;
    for (size_t i = 0; i < t->stay_count; i++) {
        if (t->stay[i].start > *end)
            patch(t, *end, t->stay[i].start - *end, NULL);
        if (t->stay[i].end > *end)
            *end = t->stay[i].end;
    }
}

static void encode_shdr(uint8_t *to, const Elf32_Shdr *shdr)
{
    rprocfw_u32_encode(to, shdr->sh_name);
    rprocfw_u32_encode(to + 4, shdr->sh_type);
    rprocfw_u32_encode(to + 8, shdr->sh_flags);
    rprocfw_u32_encode(to + 12, shdr->sh_addr);
    rprocfw_u32_encode(to + 16, shdr->sh_offset);
    rprocfw_u32_encode(to + 20, shdr->sh_size);
    rprocfw_u32_encode(to + 24, shdr->sh_link);
    rprocfw_u32_encode(to + 28, shdr->sh_info);
    rprocfw_u32_encode(to + 32, shdr->sh_addralign);
    rprocfw_u32_encode(to + 36, shdr->sh_entsize);
}

/* Names behind what stays, and headers behind those: all segments end within the image. */
static enum rprocfw_status append_sections(struct trimming *t, uint64_t end)
{
    struct rprocfw_elf_input *input = t->input;
    const struct rprocfw_stripped *s = &t->sections;
    const uint64_t shoff = (end + s->names_size + 3) / 4 * 4;
    const uint64_t size = shoff + s->count * RPROCFW_SHDR_SIZE;

    if (size > RPROCFW_IMAGE_SIZE_MAX)
        return rprocfw_error_set(t->error, RPROCFW_ERR_INPUT,
                                 "%s: --strip: section headers behind all segments would make the "
                                 "file larger than the format allows; leave out --strip",
                                 input->file.path);
    s->shdrs[s->count - 1].sh_offset = (uint32_t)end;
    patch(t, end, s->names_size, t->bytes);
    memcpy(t->bytes, s->names, s->names_size);
    t->bytes += s->names_size;
    patch(t, shoff, s->count * RPROCFW_SHDR_SIZE, t->bytes);
    for (size_t i = 0; i < s->count; i++, t->bytes += RPROCFW_SHDR_SIZE)
        encode_shdr(t->bytes, &s->shdrs[i]);
    t->ehdr->e_shoff = (Elf32_Off)shoff;
    t->ehdr->e_shnum = (Elf32_Half)s->count;
    t->ehdr->e_shstrndx = (Elf32_Half)(s->count - 1);
    input->left_out_sections = s->left_out;
    input->size = (uint32_t)size;
    input->padded_size = (uint32_t)rprocfw_r8(size);
    input->own = end < input->own ? (uint32_t)end : input->own;
    return RPROCFW_OK;
}

static void patch_phdrs(struct trimming *t)
{
    const struct rprocfw_elf_input *input = t->input;

    if (input->left_out_phdrs == 0)
        return;
    patch(t, t->ehdr->e_phoff, t->table_size, t->bytes);
    for (size_t i = 0; i < input->phdr_count; i++)
        rprocfw_phdr_encode(t->bytes + i * RPROCFW_PHDR_SIZE, &input->phdrs[i]);
    t->bytes += t->table_size;
}

/* e_shoff; and e_phnum, e_shentsize, e_shnum and e_shstrndx, which follow one another. */
#define EHDR_CHANGES (4u + 8u)

static void patch_ehdr(struct trimming *t)
{
    const Elf32_Ehdr *ehdr = t->ehdr;

    patch(t, offsetof(Elf32_Ehdr, e_shoff), 4, t->bytes);
    rprocfw_u32_encode(t->bytes, ehdr->e_shoff);
    patch(t, offsetof(Elf32_Ehdr, e_phnum), 8, t->bytes + 4);
    rprocfw_u32_encode(t->bytes + 4, ehdr->e_phnum | (uint32_t)ehdr->e_shentsize << 16);
    rprocfw_u32_encode(t->bytes + 8, ehdr->e_shnum | (uint32_t)ehdr->e_shstrndx << 16);
    t->bytes += EHDR_CHANGES;
}

static enum rprocfw_status patch_all(struct trimming *t)
{
    struct rprocfw_patches *patches = &t->input->trimmed;
    const bool strips = t->sections.left_out != 0;
    enum rprocfw_status status = RPROCFW_OK;
    uint64_t end;

    if (strips)
        status = list_stay(t);
    if (status != RPROCFW_OK)
        return status;
    /* three of headers, two of sections, and gaps before what stays */
    patches->list = calloc(5 + t->stay_count, sizeof(*patches->list));
    patches->bytes = calloc(1, EHDR_CHANGES + t->table_size + t->sections.names_size +
                                   t->sections.count * RPROCFW_SHDR_SIZE);
    if (patches->list == NULL || patches->bytes == NULL)
        return rprocfw_no_memory(t->error);
    t->bytes = patches->bytes;
    if (strips) {
        patch_gaps(t, &end);
        status = append_sections(t, end);
    }
    patch_phdrs(t);
    patch_ehdr(t);
    rprocfw_patches_sort(patches);
    return status;
}

static enum rprocfw_status trim(struct trimming *t, Elf *elf)
{
    struct rprocfw_elf_input *input = t->input;
    enum rprocfw_status status = RPROCFW_OK;

    if (t->wish->loadable_only)
        status = choose_phdrs(t);
    if (status == RPROCFW_OK && t->wish->strip)
        status = rprocfw_elf_strip(&t->sections, &input->file, elf, t->error);
    if (status != RPROCFW_OK || (input->left_out_phdrs == 0 && t->sections.left_out == 0))
        return status;
    status = judge_headers(t);
    if (status != RPROCFW_OK)
        return status;
    leave_out_phdrs(t);
    return patch_all(t);
}

enum rprocfw_status rprocfw_elf_trim(struct rprocfw_elf_input *input, Elf *elf, Elf32_Ehdr *ehdr,
                                     const struct rprocfw_elf_wish *wish,
                                     struct rprocfw_error *error)
{
    struct trimming t = {
        .input = input,
        .ehdr = ehdr,
        .wish = wish,
        .table_size = ehdr->e_phnum * RPROCFW_PHDR_SIZE,
        .error = error,
    };
    const enum rprocfw_status status = trim(&t, elf);

    rprocfw_stripped_free(&t.sections);
    free(t.stay);
    return status;
}
