/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The images: ELF headers, and the program headers walked beside the signed table. Nothing of an
 * image is signed but what that table names, so nothing else decides.
 */
#include <string.h>

#include "checked.h"
#include "judge.h"

static enum rprocfw_status judge_ehdr(struct rprocfw_verifier *v, const struct rprocfw_image *image,
                                      struct rprocfw_ehdr *ehdr)
{
    static const uint8_t magic[4] = {0x7F, 'E', 'L', 'F'};
    const uint32_t at = image->offset;
    uint8_t bytes[RPROCFW_EHDR_SIZE];
    enum rprocfw_status status;

    if (image->size < sizeof(bytes))
        return rprocfw_fail(v, RPROCFW_ERR_ELF_SIZE, at, image->size, sizeof(bytes));
    status = rprocfw_read_image(v, image, 0, bytes, sizeof(bytes));
    if (status != RPROCFW_OK)
        return status;
    rprocfw_ehdr_decode(bytes, ehdr);
    if (memcmp(ehdr->ident, magic, sizeof(magic)) != 0)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_MAGIC, at, rprocfw_u32_decode(ehdr->ident),
                            rprocfw_u32_decode(magic));
    if (ehdr->ident[4] != RPROCFW_ELFCLASS32)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_CLASS, at + 4, ehdr->ident[4], RPROCFW_ELFCLASS32);
    if (ehdr->ident[5] != RPROCFW_ELFDATA2LSB)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_DATA, at + 5, ehdr->ident[5], RPROCFW_ELFDATA2LSB);
    if (ehdr->ident[6] != RPROCFW_EV_CURRENT)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_VERSION, at + 6, ehdr->ident[6], RPROCFW_EV_CURRENT);
    if (ehdr->phentsize != RPROCFW_PHDR_SIZE)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_PHENTSIZE, at + 42, ehdr->phentsize,
                            RPROCFW_PHDR_SIZE);
    if (ehdr->shentsize != RPROCFW_SHDR_SIZE)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_SHENTSIZE, at + 46, ehdr->shentsize,
                            RPROCFW_SHDR_SIZE);
    if (ehdr->phnum == 0)
        return rprocfw_fail(v, RPROCFW_ERR_ELF_PHNUM, at + 44, 0, 1);
    if (ehdr->phoff % 4 != 0)
        return rprocfw_fail(v, RPROCFW_ERR_PHDR_ALIGN, at + 28, ehdr->phoff, 4);
    /* phnum is a u16: the product does not wrap */
    if (!rprocfw_inside(ehdr->phoff, ehdr->phnum * RPROCFW_PHDR_SIZE, image->size))
        return rprocfw_fail(v, RPROCFW_ERR_PHDR_RANGE, at + 28, ehdr->phoff, image->size);
    return RPROCFW_OK;
}

/* A PT_LOAD that equals entry number v->entry, whose bytes are entry. */
static enum rprocfw_status load(struct rprocfw_verifier *v, const struct rprocfw_image *image,
                                const uint8_t *entry, const struct rprocfw_phdr *phdr)
{
    struct rprocfw_segment segment = {
        .phdr = *phdr,
        .image = image->index,
        .index = v->diag.segment,
        .entry = v->entry,
        .sha256 = entry + RPROCFW_PHDR_SIZE,
    };
    enum rprocfw_status status;

    if (!rprocfw_inside(phdr->offset, phdr->filesz, image->size))
        return rprocfw_fail(v, RPROCFW_ERR_SEGMENT_RANGE, image->offset, phdr->offset, image->size);
    segment.offset = image->offset + phdr->offset; /* inside the image: does not wrap */
    if (phdr->filesz > phdr->memsz)
        return rprocfw_fail(v, RPROCFW_ERR_SEGMENT_FILESZ, segment.offset, phdr->filesz,
                            phdr->memsz);
    if (phdr->memsz != 0 && !rprocfw_inside(phdr->paddr, phdr->memsz - 1, UINT32_MAX))
        return rprocfw_fail(v, RPROCFW_ERR_SEGMENT_ADDRESS, segment.offset, phdr->paddr,
                            phdr->memsz);
    if (v->entry_size == RPROCFW_ENC_ENTRY_SIZE) {
        segment.iv = segment.sha256 + RPROCFW_SHA256_SIZE;
        if (phdr->filesz % RPROCFW_AES_BLOCK != 0)
            return rprocfw_fail(v, RPROCFW_ERR_SEGMENT_BLOCK, segment.offset, phdr->filesz,
                                RPROCFW_AES_BLOCK);
    }
    status = v->platform->load(v->ctx, &segment);
    if (status != RPROCFW_OK)
        return rprocfw_fail(v, status, segment.offset, phdr->filesz, phdr->paddr);
    return RPROCFW_OK;
}

/*
 * One program header beside the next entry. Equal in all 32 bytes, they go together. A program
 * header of a type that loads nothing may be without an entry; any other difference is refused.
 */
static enum rprocfw_status judge_phdr(struct rprocfw_verifier *v, const struct rprocfw_image *image,
                                      uint32_t offset)
{
    uint8_t bytes[RPROCFW_PHDR_SIZE];
    struct rprocfw_phdr phdr;
    const uint8_t *entry;
    enum rprocfw_status status;

    status = rprocfw_read_image(v, image, offset, bytes, sizeof(bytes));
    if (status != RPROCFW_OK)
        return status;
    rprocfw_phdr_decode(bytes, &phdr);

    entry = rprocfw_entry(v, v->entry);
    if (v->entry == rprocfw_entries(v) || memcmp(entry, bytes, sizeof(bytes)) != 0) {
        if (phdr.type != RPROCFW_PT_LOAD && phdr.type != RPROCFW_PT_NULL)
            return RPROCFW_OK;
        return rprocfw_fail(v, RPROCFW_ERR_PHDR_NOT_SIGNED, image->offset + offset, phdr.type,
                            v->entry);
    }
    if (phdr.type == RPROCFW_PT_LOAD) {
        status = load(v, image, entry, &phdr);
        if (status != RPROCFW_OK)
            return status;
    }
    v->entry++;
    return RPROCFW_OK;
}

static bool is_zero(const uint8_t *bytes, uint32_t size)
{
    while (size > 0)
        if (bytes[--size] != 0)
            return false;
    return true;
}

/* An ENCTABLE has room for all program headers of an image but entries for its PT_LOADs only. */
static void skip_padding(struct rprocfw_verifier *v)
{
    if (v->entry_size != RPROCFW_ENC_ENTRY_SIZE)
        return;
    while (v->entry < rprocfw_entries(v) && is_zero(rprocfw_entry(v, v->entry), v->entry_size))
        v->entry++;
}

static enum rprocfw_status judge_image(struct rprocfw_verifier *v, struct rprocfw_image *image)
{
    struct rprocfw_ehdr ehdr;
    enum rprocfw_status status;
    uint32_t i;

    rprocfw_at(v, image->index, RPROCFW_NOWHERE);
    status = judge_ehdr(v, image, &ehdr);
    if (status != RPROCFW_OK)
        return status;

    image->first_entry = v->entry;
    for (i = 0; i < ehdr.phnum; i++) {
        rprocfw_at(v, image->index, i);
        status = judge_phdr(v, image, ehdr.phoff + i * RPROCFW_PHDR_SIZE);
        if (status != RPROCFW_OK)
            return status;
    }
    skip_padding(v);
    image->entry_count = v->entry - image->first_entry;

    rprocfw_at(v, image->index, RPROCFW_NOWHERE);
    return rprocfw_judge_sections(v, &ehdr, image);
}

enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v)
{
    struct rprocfw_image image = {.offset = v->layout.payload};
    const uint32_t images = v->metadata[v->num_img.offset];
    enum rprocfw_status status;

    for (; image.index < images; image.index++) {
        image.size = rprocfw_u32_decode(v->metadata + v->imgsize.offset + 4 * image.index);
        status = judge_image(v, &image);
        if (status != RPROCFW_OK)
            return status;
        if (v->platform->image_done != NULL)
            v->platform->image_done(v->ctx, &image);
        image.offset += image.size; /* the sum of all sizes is img_len: does not wrap */
    }

    rprocfw_at(v, RPROCFW_NOWHERE, RPROCFW_NOWHERE);
    if (v->entry != rprocfw_entries(v))
        return rprocfw_fail(v, RPROCFW_ERR_ENTRY_UNUSED, v->table.offset + v->entry * v->entry_size,
                            v->entry, rprocfw_entries(v));
    return RPROCFW_OK;
}
