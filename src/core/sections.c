/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource table. Section headers and names are not signed: they may say where it is, and are
 * believed only if a signed PT_LOAD holds those bytes at that address.
 */
#include <string.h>

#include "checked.h"
#include "judge.h"

static enum rprocfw_status read_shdr(struct rprocfw_verifier *v, const struct rprocfw_image *image,
                                     const struct rprocfw_ehdr *ehdr, uint32_t index,
                                     struct rprocfw_shdr *shdr)
{
    uint8_t bytes[RPROCFW_SHDR_SIZE];
    enum rprocfw_status status;

    /* the caller has checked that all section headers are inside the image */
    status =
        rprocfw_read_image(v, image, ehdr->shoff + index * RPROCFW_SHDR_SIZE, bytes, sizeof(bytes));
    if (status == RPROCFW_OK)
        rprocfw_shdr_decode(bytes, shdr);
    return status;
}

/*
 * Is shdr's name, which the caller knows to start inside the name table, the resource table's? As
 * boards compare it: up to the end of the name table.
 */
static enum rprocfw_status is_rsc_table(struct rprocfw_verifier *v,
                                        const struct rprocfw_image *image,
                                        const struct rprocfw_shdr *names,
                                        const struct rprocfw_shdr *shdr, bool *is)
{
    uint8_t name[sizeof(RPROCFW_RSC_NAME)];
    uint32_t size = sizeof(name);
    enum rprocfw_status status;

    if (size > names->size - shdr->name)
        size = names->size - shdr->name;
    status = rprocfw_read_image(v, image, names->offset + shdr->name, name, size);
    *is = status == RPROCFW_OK && memcmp(name, RPROCFW_RSC_NAME, size) == 0;
    return status;
}

/*
 * The PT_LOAD of this image whose file bytes hold the section at the section's own address. Its
 * entry is RPROCFW_NOWHERE if there is none.
 */
static void find_segment(const struct rprocfw_verifier *v, const struct rprocfw_image *image,
                         const struct rprocfw_shdr *shdr, struct rprocfw_segment *segment)
{
    const uint32_t end = image->first_entry + image->entry_count;
    const struct rprocfw_phdr *phdr = &segment->phdr;
    uint32_t i;

    segment->image = image->index;
    for (i = image->first_entry; i < end; i++) {
        const uint8_t *entry = rprocfw_entry(v, i);
        uint32_t distance;

        rprocfw_phdr_decode(entry, &segment->phdr);
        if (phdr->type != RPROCFW_PT_LOAD || shdr->offset < phdr->offset)
            continue;
        distance = shdr->offset - phdr->offset;
        if (!rprocfw_inside(distance, shdr->size, phdr->filesz))
            continue;
        if ((shdr->addr >= phdr->vaddr && shdr->addr - phdr->vaddr == distance) ||
            (shdr->addr >= phdr->paddr && shdr->addr - phdr->paddr == distance)) {
            segment->entry = i;
            segment->index = RPROCFW_NOWHERE;
            segment->offset = image->offset + phdr->offset; /* it was loaded: inside */
            segment->sha256 = entry + RPROCFW_PHDR_SIZE;
            segment->iv = v->entry_size == RPROCFW_ENC_ENTRY_SIZE
                              ? segment->sha256 + RPROCFW_SHA256_SIZE
                              : NULL;
            return;
        }
    }
    segment->entry = RPROCFW_NOWHERE;
}

/* What stands in the loaded table; at is its place in the container. */
static enum rprocfw_status judge_content(struct rprocfw_verifier *v,
                                         const struct rprocfw_segment *segment,
                                         const struct rprocfw_shdr *shdr, uint32_t at)
{
    uint8_t bytes[RPROCFW_RSC_HEADER_SIZE];
    enum rprocfw_status status;
    uint32_t num;
    uint32_t room;

    status = v->platform->read_loaded(v->ctx, segment, shdr->offset - segment->phdr.offset, bytes,
                                      sizeof(bytes));
    if (status != RPROCFW_OK)
        return rprocfw_fail(v, status, segment->offset, segment->phdr.filesz, segment->phdr.paddr);
    if (rprocfw_u32_decode(bytes) != RPROCFW_RSC_VERSION)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_VERSION, at, rprocfw_u32_decode(bytes),
                            RPROCFW_RSC_VERSION);
    if ((rprocfw_u32_decode(bytes + 8) | rprocfw_u32_decode(bytes + 12)) != 0)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_RESERVED, at + 8,
                            rprocfw_u32_decode(bytes + 8) | rprocfw_u32_decode(bytes + 12), 0);
    num = rprocfw_u32_decode(bytes + 4);
    room = (shdr->size - RPROCFW_RSC_HEADER_SIZE) / 4; /* size was judged */
    if (num > room)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_ENTRIES, at + 4, num, room);
    return RPROCFW_OK;
}

static enum rprocfw_status judge_rsc_table(struct rprocfw_verifier *v, struct rprocfw_image *image,
                                           const struct rprocfw_shdr *shdr)
{
    struct rprocfw_segment segment;
    enum rprocfw_status status;
    uint32_t at;

    if (shdr->size == 0)
        return RPROCFW_OK;
    if (!rprocfw_inside(shdr->offset, shdr->size, image->size))
        return rprocfw_fail(v, RPROCFW_ERR_RSC_NOT_SIGNED, image->offset, shdr->offset, shdr->size);
    at = image->offset + shdr->offset;
    if (shdr->size < RPROCFW_RSC_HEADER_SIZE)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_SIZE, at, shdr->size, RPROCFW_RSC_HEADER_SIZE);
    if (shdr->offset % 4 != 0)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_ALIGN, at, shdr->offset, 4);
    find_segment(v, image, shdr, &segment);
    if (segment.entry == RPROCFW_NOWHERE)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_NOT_SIGNED, at, shdr->addr, shdr->size);
    if (segment.iv == NULL || (v->options & RPROCFW_VERIFY_CIPHERTEXT) == 0) {
        status = judge_content(v, &segment, shdr, at);
        if (status != RPROCFW_OK)
            return status;
    }
    v->rsc_tables++;
    if (v->rsc_tables > 1 && (v->options & RPROCFW_VERIFY_MANY_RSC_TABLES) == 0)
        return rprocfw_fail(v, RPROCFW_ERR_RSC_TWICE, at, v->rsc_tables, 1);
    image->has_rsc_table = true;
    image->rsc_da = shdr->addr;
    image->rsc_size = shdr->size;
    return RPROCFW_OK;
}

/* Section headers and name table inside the image; *names is the header of the name table. */
static enum rprocfw_status judge_shdrs(struct rprocfw_verifier *v,
                                       const struct rprocfw_image *image,
                                       const struct rprocfw_ehdr *ehdr, struct rprocfw_shdr *names)
{
    const uint32_t at = image->offset;
    enum rprocfw_status status;

    if (ehdr->shoff % 4 != 0)
        return rprocfw_fail(v, RPROCFW_ERR_SHDR_ALIGN, at + 32, ehdr->shoff, 4);
    if (ehdr->shstrndx >= ehdr->shnum)
        return rprocfw_fail(v, RPROCFW_ERR_SHSTRNDX, at + 50, ehdr->shstrndx, ehdr->shnum);
    /* shnum is a u16: the product does not wrap */
    if (!rprocfw_inside(ehdr->shoff, ehdr->shnum * RPROCFW_SHDR_SIZE, image->size))
        return rprocfw_fail(v, RPROCFW_ERR_SHDR_RANGE, at + 32, ehdr->shoff, image->size);
    status = read_shdr(v, image, ehdr, ehdr->shstrndx, names);
    if (status != RPROCFW_OK)
        return status;
    if (!rprocfw_inside(names->offset, names->size, image->size))
        return rprocfw_fail(v, RPROCFW_ERR_SHSTRTAB_RANGE,
                            at + ehdr->shoff + ehdr->shstrndx * RPROCFW_SHDR_SIZE, names->offset,
                            image->size);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_judge_sections(struct rprocfw_verifier *v,
                                           const struct rprocfw_ehdr *ehdr,
                                           struct rprocfw_image *image)
{
    struct rprocfw_shdr names;
    struct rprocfw_shdr shdr;
    enum rprocfw_status status;
    uint32_t i;

    image->has_rsc_table = false;
    image->rsc_da = 0;
    image->rsc_size = 0;
    status = judge_shdrs(v, image, ehdr, &names);
    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < ehdr->shnum; i++) {
        bool is = false;

        if (i == ehdr->shstrndx) /* read already */
            shdr = names;
        else
            status = read_shdr(v, image, ehdr, i, &shdr);
        if (status == RPROCFW_OK && shdr.name >= names.size)
            status = rprocfw_fail(v, RPROCFW_ERR_SECTION_NAME,
                                  image->offset + ehdr->shoff + i * RPROCFW_SHDR_SIZE, shdr.name,
                                  names.size);
        if (status == RPROCFW_OK)
            status = is_rsc_table(v, image, &names, &shdr, &is);
        if (status != RPROCFW_OK)
            return status;
        if (is)
            return judge_rsc_table(v, image, &shdr);
    }
    return RPROCFW_OK;
}
