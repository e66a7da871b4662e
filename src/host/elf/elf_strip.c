/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The sections of an image without those that nobody loads: those with SHF_ALLOC stay, and those
 * that boards or the signer look for by name, each with its bytes where they are; section names are
 * made anew. Memory grows with the number of sections only, and with the size of their names.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "elf_input.h"

struct stripping {
    const struct rprocfw_input *file;
    Elf *elf;
    size_t names;               /* number of the section with the names */
    size_t total;               /* of the file's sections */
    uint32_t *numbers;          /* of each of them, in the image; 0: it is left out */
    const char **name;          /* of each section of the image */
    size_t *order;              /* those by sh_name in the file */
    struct rprocfw_stripped *s; /* what comes of it */
    struct rprocfw_error *error;
};

bool rprocfw_elf_section_stays(const Elf32_Shdr *shdr, const char *name)
{
    return (shdr->sh_flags & SHF_ALLOC) != 0 ||
           (name != NULL &&
            (strcmp(name, ".resource_table") == 0 || strcmp(name, ".isr_vectors") == 0 ||
             strcmp(name, ".isr_vector") == 0));
}

bool rprocfw_elf_has_bytes(const Elf32_Shdr *shdr)
{
    return shdr->sh_type != SHT_NOBITS && shdr->sh_type != SHT_NULL && shdr->sh_size != 0;
}

/* libelf cannot read them. */
static enum rprocfw_status unread(const struct stripping *p)
{
    const enum rprocfw_status status = rprocfw_elf_failure(p->file, p->error);

    if (status != RPROCFW_OK)
        return status;
    return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                             "%s: --strip: the sections cannot be read: %s; build or copy it "
                             "again, or leave out --strip",
                             p->file->path, elf_errmsg(-1));
}

/* A section that stays. */
static enum rprocfw_status keep(struct stripping *p, size_t number, const Elf32_Shdr *shdr,
                                const char *name)
{
    struct rprocfw_stripped *s = p->s;

    if (rprocfw_elf_has_bytes(shdr) && (uint64_t)shdr->sh_offset + shdr->sh_size > p->file->size)
        return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                                 "%s: --strip: section %.48s: %" PRIu32 " bytes at 0x%" PRIx32
                                 " lie outside the file of %" PRIu64 " bytes; was it cut?",
                                 p->file->path, name, shdr->sh_size, shdr->sh_offset,
                                 p->file->size);
    p->numbers[number] = (uint32_t)s->count;
    p->name[s->count] = name;
    s->shdrs[s->count++] = *shdr;
    return RPROCFW_OK;
}

/* Number 0 is no section; the last one will be that of the names. */
static enum rprocfw_status choose(struct stripping *p)
{
    enum rprocfw_status status = RPROCFW_OK;
    Elf_Scn *section = NULL;

    p->s->shdrs = calloc(p->total + 1, sizeof(*p->s->shdrs));
    p->numbers = calloc(p->total, sizeof(*p->numbers));
    p->name = calloc(p->total, sizeof(*p->name));
    if (p->s->shdrs == NULL || p->numbers == NULL || p->name == NULL)
        return rprocfw_no_memory(p->error);
    p->s->count = 1;
    while (status == RPROCFW_OK && (section = elf_nextscn(p->elf, section)) != NULL) {
        const Elf32_Shdr *shdr = elf32_getshdr(section);
        const char *name = shdr != NULL ? elf_strptr(p->elf, p->names, shdr->sh_name) : NULL;

        if (name == NULL)
            return unread(p);
        if (rprocfw_elf_section_stays(shdr, name))
            status = keep(p, elf_ndxscn(section), shdr, name);
        else if (elf_ndxscn(section) != p->names)
            p->s->left_out++;
    }
    return status;
}

/* ---- References ---- */

static uint32_t number_of(const struct stripping *p, uint32_t number)
{
    return number < p->total ? p->numbers[number] : 0;
}

/* Section numbers in a header become the image's; of a group that is left out nothing is said. */
static void refer(const struct stripping *p, Elf32_Shdr *shdr)
{
    shdr->sh_link = number_of(p, shdr->sh_link);
    shdr->sh_flags &= ~(Elf32_Word)SHF_GROUP;
    if (shdr->sh_type != SHT_REL && shdr->sh_type != SHT_RELA &&
        (shdr->sh_flags & SHF_INFO_LINK) == 0)
        return;
    shdr->sh_info = number_of(p, shdr->sh_info);
    if (shdr->sh_info == 0)
        shdr->sh_flags &= ~(Elf32_Word)SHF_INFO_LINK;
}

/* ---- Names ---- */

static const char names_name[] = ".shstrtab";

static int by_name(const void *a, const void *b, void *shdrs)
{
    const Elf32_Shdr *of = shdrs;
    const Elf32_Word left = of[*(const size_t *)a].sh_name;
    const Elf32_Word right = of[*(const size_t *)b].sh_name;

    return (left > right) - (left < right);
}

/*
 * The names one behind the other, a name that ended another one as its end again: they are never
 * more than they were. To names, with sh_name set, or, while that is NULL, to measure them.
 */
static void lay_names(const struct stripping *p)
{
    struct rprocfw_stripped *s = p->s;
    size_t size = 1;  /* the empty name */
    uint32_t old = 0; /* where the last one that was laid was, ... */
    uint32_t end = 0; /* ended, ... */
    uint32_t new = 0; /* and is */

    for (size_t i = 0; i + 2 < s->count; i++) {
        Elf32_Shdr *shdr = &s->shdrs[p->order[i]];

        if (shdr->sh_name >= end) {
            const size_t length = strlen(p->name[p->order[i]]);

            old = shdr->sh_name;
            end = old + (uint32_t)length + 1; /* in the file */
            new = (uint32_t)size;
            size += length + 1;
            if (s->names != NULL)
                memcpy(s->names + new, p->name[p->order[i]], length);
        }
        if (s->names != NULL)
            shdr->sh_name = new + (shdr->sh_name - old);
    }
    if (s->names != NULL) {
        memcpy(s->names + size, names_name, sizeof(names_name));
        s->shdrs[s->count - 1].sh_name = (uint32_t)size;
    }
    s->names_size = size + sizeof(names_name);
}

/* The section of the names, behind all others; its offset is not known yet. */
static enum rprocfw_status make_names(struct stripping *p)
{
    struct rprocfw_stripped *s = p->s;
    const size_t named = s->count - 1;

    s->shdrs[s->count++] = (Elf32_Shdr){.sh_type = SHT_STRTAB, .sh_addralign = 1};
    p->order = calloc(named + 1, sizeof(*p->order));
    if (p->order == NULL)
        return rprocfw_no_memory(p->error);
    for (size_t i = 0; i < named; i++)
        p->order[i] = i + 1;
    qsort_r(p->order, named, sizeof(*p->order), by_name, s->shdrs);
    lay_names(p);
    s->names = calloc(1, s->names_size);
    if (s->names == NULL)
        return rprocfw_no_memory(p->error);
    lay_names(p);
    s->shdrs[s->count - 1].sh_size = (Elf32_Word)s->names_size;
    return RPROCFW_OK;
}

/* ---- All of it ---- */

static enum rprocfw_status make(struct stripping *p)
{
    struct rprocfw_stripped *s = p->s;

    if (s->count + 1 >= SHN_LORESERVE)
        return rprocfw_error_set(p->error, RPROCFW_ERR_INPUT,
                                 "%s: --strip: %zu sections are loaded, and would stay; boards "
                                 "read at most %d; link them into fewer",
                                 p->file->path, s->count - 1, SHN_LORESERVE - 3);
    for (size_t i = 1; i < s->count; i++)
        refer(p, &s->shdrs[i]);
    return make_names(p);
}

enum rprocfw_status rprocfw_elf_strip(struct rprocfw_stripped *sections,
                                      const struct rprocfw_input *file, Elf *elf,
                                      struct rprocfw_error *error)
{
    struct stripping p = {.file = file, .elf = elf, .s = sections, .error = error};
    enum rprocfw_status status;

    *sections = (struct rprocfw_stripped){0};
    errno = 0;
    if (elf_getshdrnum(elf, &p.total) != 0 || elf_getshdrstrndx(elf, &p.names) != 0)
        return unread(&p);
    if (p.total == 0)
        return RPROCFW_OK;
    status = choose(&p);
    if (status == RPROCFW_OK && sections->left_out != 0)
        status = make(&p);
    free(p.numbers);
    free(p.name);
    free(p.order);
    return status;
}

void rprocfw_stripped_free(struct rprocfw_stripped *sections)
{
    free(sections->shdrs);
    free(sections->names);
}
