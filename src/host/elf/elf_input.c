/* SPDX-License-Identifier: BSD-2-Clause */
/* The signer's inputs: what of an ELF file is needed, and what is refused. libelf reads it. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "elf_input.h"

static const char again[] = "build or copy it again";

enum rprocfw_status rprocfw_elf_failure(const struct rprocfw_input *file,
                                        struct rprocfw_error *error)
{
    if (errno == ENOMEM)
        return rprocfw_no_memory(error);
    if (errno != 0)
        return rprocfw_file_error(error, file->path, "read");
    return rprocfw_input_unchanged(file, error);
}

/* "PATH: WHAT: libelf's reason; REMEDY", unless it is not about what is in the file. */
static enum rprocfw_status elf_error(const struct rprocfw_input *file, const char *what,
                                     const char *remedy, struct rprocfw_error *error)
{
    const enum rprocfw_status status = rprocfw_elf_failure(file, error);

    if (status != RPROCFW_OK)
        return status;
    return rprocfw_error_set(error, RPROCFW_ERR_INPUT, "%s: %s: %s; %s", file->path, what,
                             elf_errmsg(-1), remedy);
}

/* Before libelf looks: is it an ELF file at all, of a size that the format can hold? */
static enum rprocfw_status judge_file(const struct rprocfw_input *file, struct rprocfw_error *error)
{
    enum rprocfw_file_kind kind;
    enum rprocfw_status status = rprocfw_identify(file, &kind, error);

    if (status != RPROCFW_OK)
        return status;
    if (kind != RPROCFW_KIND_ELF)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: not an ELF file but %s; give the linker's output", file->path,
                                 rprocfw_kind_text(kind));
    if (file->size > RPROCFW_IMAGE_SIZE_MAX)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: %" PRIu64
                                 " bytes; the format's sizes are 32-bit, so a file may have at "
                                 "most %" PRIu32 "; strip debug information",
                                 file->path, file->size, RPROCFW_IMAGE_SIZE_MAX);
    return RPROCFW_OK;
}

/* e_ident: 32-bit, little-endian. */
static enum rprocfw_status judge_ident(const struct rprocfw_input *file, Elf *elf,
                                       struct rprocfw_error *error)
{
    const char *path = file->path;
    size_t size = 0;
    const char *ident = elf_getident(elf, &size);

    if (ident == NULL || size < EI_NIDENT) {
        const enum rprocfw_status status = rprocfw_elf_failure(file, error);

        if (status != RPROCFW_OK)
            return status;
        return rprocfw_error_set(
            error, RPROCFW_ERR_INPUT,
            "%s: a broken ELF header: it is cut, or its class, byte order or version is "
            "unknown; build or copy it again",
            path);
    }
    if (ident[EI_CLASS] == ELFCLASS64)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: a 64-bit ELF file; remote processors load 32-bit ones", path);
    if (ident[EI_CLASS] != ELFCLASS32)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: unknown ELF class %d, expected 1 (32-bit)", path,
                                 ident[EI_CLASS]);
    if (ident[EI_DATA] == ELFDATA2MSB)
        return rprocfw_error_set(
            error, RPROCFW_ERR_INPUT,
            "%s: a big-endian ELF file; remote processors load little-endian ones", path);
    if (ident[EI_DATA] != ELFDATA2LSB)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: unknown ELF byte order %d, expected 1 (little-endian)", path,
                                 ident[EI_DATA]);
    if (ident[EI_VERSION] != EV_CURRENT)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT, "%s: unknown ELF version %d, expected 1",
                                 path, ident[EI_VERSION]);
    return RPROCFW_OK;
}

/* A table of count headers at offset of the file. */
static enum rprocfw_status judge_headers(const struct rprocfw_input *file, const char *what,
                                         uint32_t offset, uint32_t count, uint32_t entry_size,
                                         struct rprocfw_error *error)
{
    if (offset + (uint64_t)count * entry_size <= file->size)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                             "%s: %" PRIu32 " %s headers at 0x%" PRIx32
                             " lie outside the file of %" PRIu64 " bytes; was it cut?",
                             file->path, count, what, offset, file->size);
}

static enum rprocfw_status judge_ehdr(const struct rprocfw_input *file, const Elf32_Ehdr *ehdr,
                                      bool any_machine, struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (ehdr->e_machine != EM_ARM && !any_machine)
        return rprocfw_error_set(
            error, RPROCFW_ERR_INPUT,
            "%s: built for machine %d, expected %d (ARM); --any-machine signs it "
            "all the same",
            file->path, ehdr->e_machine, EM_ARM);
    if (ehdr->e_type == ET_REL)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: a relocatable object (ET_REL); link it first", file->path);
    if (ehdr->e_phnum == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: no program header, so nothing to load; link it with segments",
                                 file->path);
    if (ehdr->e_phnum == PN_XNUM)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: more than %d program headers; boards read a 16-bit number",
                                 file->path, PN_XNUM - 1);
    if (ehdr->e_phentsize != sizeof(Elf32_Phdr))
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: program headers of %d bytes, expected %zu", file->path,
                                 ehdr->e_phentsize, sizeof(Elf32_Phdr));
    status =
        judge_headers(file, "program", ehdr->e_phoff, ehdr->e_phnum, sizeof(Elf32_Phdr), error);
    if (status == RPROCFW_OK)
        status =
            judge_headers(file, "section", ehdr->e_shoff, ehdr->e_shnum, sizeof(Elf32_Shdr), error);
    return status;
}

static enum rprocfw_status judge_segment(const struct rprocfw_input *file, size_t number,
                                         const struct rprocfw_phdr *phdr,
                                         struct rprocfw_error *error)
{
    const bool loads = phdr->type == RPROCFW_PT_LOAD;

    /* What neither loads nor has bytes may point anywhere: nobody follows it. */
    if ((loads || phdr->filesz != 0) && (uint64_t)phdr->offset + phdr->filesz > file->size)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: segment %zu: %" PRIu32 " bytes at 0x%" PRIx32
                                 " lie outside the file of %" PRIu64 " bytes; was it cut?",
                                 file->path, number, phdr->filesz, phdr->offset, file->size);
    if (loads && phdr->filesz > phdr->memsz)
        return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                                 "%s: segment %zu: p_filesz %" PRIu32
                                 " is larger than p_memsz %" PRIu32
                                 ", which ELF forbids: boards would write all of it, over what "
                                 "lies behind, so it is not signed; mend the linker script",
                                 file->path, number, phdr->filesz, phdr->memsz);
    return RPROCFW_OK;
}

static enum rprocfw_status read_phdrs(struct rprocfw_elf_input *input, Elf *elf,
                                      const Elf32_Ehdr *ehdr, struct rprocfw_error *error)
{
    const Elf32_Phdr *from = elf32_getphdr(elf);

    if (from == NULL)
        return elf_error(&input->file, "program headers cannot be read", again, error);
    input->phdrs = calloc(ehdr->e_phnum, sizeof(*input->phdrs));
    if (input->phdrs == NULL)
        return rprocfw_no_memory(error);
    input->phdr_count = ehdr->e_phnum;
    input->entries = ehdr->e_phnum;
    for (size_t i = 0; i < input->phdr_count; i++) {
        enum rprocfw_status status;

        input->phdrs[i] = (struct rprocfw_phdr){
            .type = from[i].p_type,
            .offset = from[i].p_offset,
            .vaddr = from[i].p_vaddr,
            .paddr = from[i].p_paddr,
            .filesz = from[i].p_filesz,
            .memsz = from[i].p_memsz,
            .flags = from[i].p_flags,
            .align = from[i].p_align,
        };
        status = judge_segment(&input->file, i, &input->phdrs[i], error);
        if (status != RPROCFW_OK)
            return status;
    }
    return RPROCFW_OK;
}

/* Firmware without sections that can be read can be signed; where its vectors are is unknown. */
static enum rprocfw_status give_up_sections(struct rprocfw_elf_input *input,
                                            struct rprocfw_error *error)
{
    const enum rprocfw_status status = rprocfw_elf_failure(&input->file, error);

    if (status == RPROCFW_OK)
        input->unread = elf_errmsg(-1);
    return status;
}

bool rprocfw_is_vectors(const char *section)
{
    return strcmp(section, ".isr_vectors") == 0 || strcmp(section, ".isr_vector") == 0;
}

/* The vector table's address. A section whose name is unknown may be one. */
static enum rprocfw_status find_vectors(struct rprocfw_elf_input *input, Elf *elf,
                                        struct rprocfw_error *error)
{
    Elf_Scn *section = NULL;
    size_t names;

    errno = 0;
    if (elf_getshdrstrndx(elf, &names) != 0)
        return give_up_sections(input, error);
    while ((section = elf_nextscn(elf, section)) != NULL) {
        const Elf32_Shdr *shdr = elf32_getshdr(section);
        const char *name = shdr != NULL ? elf_strptr(elf, names, shdr->sh_name) : NULL;

        if (name == NULL)
            return give_up_sections(input, error);
        if (rprocfw_is_vectors(name)) {
            input->has_vectors = true;
            input->vectors = shdr->sh_addr;
            return RPROCFW_OK;
        }
    }
    return RPROCFW_OK;
}

static enum rprocfw_status read_elf(struct rprocfw_elf_input *input, Elf *elf,
                                    const struct rprocfw_elf_wish *wish,
                                    struct rprocfw_error *error)
{
    enum rprocfw_status status = judge_ident(&input->file, elf, error);
    const Elf32_Ehdr *from;
    Elf32_Ehdr ehdr;

    if (status != RPROCFW_OK)
        return status;
    from = elf32_getehdr(elf);
    if (from == NULL)
        return elf_error(&input->file, "the ELF header cannot be read", again, error);
    ehdr = *from;
    status = judge_ehdr(&input->file, &ehdr, wish->any_machine, error);
    if (status == RPROCFW_OK)
        status = read_phdrs(input, elf, &ehdr, error);
    if (status == RPROCFW_OK)
        status = find_vectors(input, elf, error);
    if (status == RPROCFW_OK && (wish->strip || wish->loadable_only))
        status = rprocfw_elf_trim(input, elf, &ehdr, wish, error);
    if (status == RPROCFW_OK && wish->encrypt)
        status = rprocfw_elf_encrypt(input, elf, &ehdr, wish->pad, error);
    return status;
}

/* input->file is open. */
static enum rprocfw_status read_file(struct rprocfw_elf_input *input,
                                     const struct rprocfw_elf_wish *wish,
                                     struct rprocfw_error *error)
{
    enum rprocfw_status status = judge_file(&input->file, error);
    Elf *elf;

    if (status != RPROCFW_OK)
        return status;
    input->size = (uint32_t)input->file.size;
    input->own = input->size;
    input->padded_size = (uint32_t)rprocfw_r8(input->size);

    (void)elf_version(EV_CURRENT);
    errno = 0;
    elf = elf_begin(input->file.fd, ELF_C_READ, NULL);
    if (elf == NULL)
        return elf_error(&input->file, "a broken ELF file", again, error);
    status = read_elf(input, elf, wish, error);
    (void)elf_end(elf);
    return status;
}

enum rprocfw_status rprocfw_elf_input_open(struct rprocfw_elf_input *input, const char *path,
                                           const struct rprocfw_elf_wish *wish,
                                           struct rprocfw_error *error)
{
    enum rprocfw_status status;

    *input = (struct rprocfw_elf_input){0};
    status = rprocfw_input_open(&input->file, path, error);
    if (status == RPROCFW_OK)
        status = read_file(input, wish, error);
    /* what is refused may never have been in the file as a whole */
    if (rprocfw_status_is_refusal(status) &&
        rprocfw_input_unchanged(&input->file, error) != RPROCFW_OK)
        status = error->status;
    return status;
}

static void free_patches(struct rprocfw_patches *patches)
{
    free(patches->list);
    free(patches->bytes);
    *patches = (struct rprocfw_patches){0};
}

void rprocfw_elf_input_close(struct rprocfw_elf_input *input)
{
    rprocfw_input_close(&input->file);
    free(input->phdrs);
    free_patches(&input->trimmed);
    free_patches(&input->padded);
    input->phdrs = NULL;
    input->phdr_count = 0;
}

/* ---- Patches ---- */

static int by_offset(const void *a, const void *b)
{
    const struct rprocfw_patch *left = a;
    const struct rprocfw_patch *right = b;

    return (left->offset > right->offset) - (left->offset < right->offset);
}

void rprocfw_patches_sort(struct rprocfw_patches *patches)
{
    qsort(patches->list, patches->count, sizeof(*patches->list), by_offset);
}

/* The first that ends behind offset. */
static size_t find_patch(const struct rprocfw_patches *patches, uint32_t offset)
{
    size_t low = 0;
    size_t high = patches->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct rprocfw_patch *patch = &patches->list[middle];

        if ((uint64_t)patch->offset + patch->size > offset)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* What of size bytes at offset of the image is patched is put there. */
static void apply(const struct rprocfw_patches *patches, uint32_t offset, uint8_t *dst,
                  uint32_t size)
{
    const uint64_t end = (uint64_t)offset + size;

    for (size_t i = find_patch(patches, offset); i < patches->count; i++) {
        const struct rprocfw_patch *patch = &patches->list[i];
        const uint64_t patch_end = (uint64_t)patch->offset + patch->size;
        const uint32_t from = patch->offset > offset ? patch->offset : offset;
        const uint64_t to = patch_end < end ? patch_end : end;

        if (patch->offset >= end)
            break;
        if (patch->bytes != NULL)
            memcpy(dst + (from - offset), patch->bytes + (from - patch->offset),
                   (size_t)(to - from));
        else
            memset(dst + (from - offset), 0, (size_t)(to - from));
    }
}

enum rprocfw_status rprocfw_elf_input_read(const struct rprocfw_elf_input *input, uint32_t offset,
                                           uint8_t *dst, uint32_t size, struct rprocfw_error *error)
{
    enum rprocfw_status status;
    uint32_t there = 0;

    if (offset < input->own)
        there = input->own - offset < size ? input->own - offset : size;
    status = rprocfw_read_at(input->file.fd, input->file.path, offset, dst, there, error);
    if (status != RPROCFW_OK)
        return status;
    memset(dst + there, 0, size - there);
    apply(&input->trimmed, offset, dst, size);
    apply(&input->padded, offset, dst, size);
    return RPROCFW_OK;
}

static bool has_none(const struct rprocfw_patches *patches, uint32_t offset, uint32_t size)
{
    const size_t next = find_patch(patches, offset);

    return next == patches->count || patches->list[next].offset >= (uint64_t)offset + size;
}

bool rprocfw_elf_input_is_file(const struct rprocfw_elf_input *input, uint32_t offset,
                               uint32_t size)
{
    return (uint64_t)offset + size <= input->own && has_none(&input->trimmed, offset, size) &&
           has_none(&input->padded, offset, size);
}
