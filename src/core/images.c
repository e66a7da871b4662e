/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The images: ELF headers, and the program headers walked beside the signed table. Nothing of an
 * image is signed but what that table names, so nothing else decides.
 */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

enum rprocfw_status rprocfw_read_image(struct rprocfw_verifier *v, uint32_t offset, uint8_t *dst,
                                       uint32_t size)
{
    const uint32_t at = v->image.offset + offset;
    enum rprocfw_status status = v->platform->read(v->ctx, at, dst, size);

    v->diag.offset = at;
    return status == RPROCFW_OK ? status : rprocfw_fail(&v->diag, status, 0, size);
}

/* What every ELF header has in the same place: size bytes at offset, of this value. */
static const struct fixed {
    uint32_t value;
    uint8_t offset;
    uint8_t size;
    uint8_t status;
} fixed[] = {
    {RPROCFW_ELFMAG, 0, 4, RPROCFW_ERR_ELF_MAGIC},
    {RPROCFW_ELFCLASS32, RPROCFW_EHDR_CLASS, 1, RPROCFW_ERR_ELF_CLASS},
    {RPROCFW_ELFDATA2LSB, RPROCFW_EHDR_DATA, 1, RPROCFW_ERR_ELF_DATA},
    {RPROCFW_EV_CURRENT, RPROCFW_EHDR_VERSION, 1, RPROCFW_ERR_ELF_VERSION},
    {RPROCFW_PHDR_SIZE, RPROCFW_EHDR_PHENTSIZE, 2, RPROCFW_ERR_ELF_PHENTSIZE},
    {RPROCFW_SHDR_SIZE, RPROCFW_EHDR_SHENTSIZE, 2, RPROCFW_ERR_ELF_SHENTSIZE},
};

static enum rprocfw_status judge_ehdr(struct rprocfw_verifier *v)
{
    const struct fixed *f;
    enum rprocfw_status status;
    uint32_t phoff;
    uint32_t phnum;

    if (v->image.size < sizeof(v->ehdr))
        return rprocfw_fail_image(v, RPROCFW_ERR_ELF_SIZE, 0, v->image.size, sizeof(v->ehdr));
    status = rprocfw_read_image(v, 0, v->ehdr, sizeof(v->ehdr));
    if (status != RPROCFW_OK)
        return status;
    for (f = fixed; f < fixed + sizeof(fixed) / sizeof(fixed[0]); f++) {
        uint32_t found = 0;
        uint32_t i;

        for (i = f->size; i > 0; i--)
            found = found << 8 | v->ehdr[f->offset + i - 1];
        if (found != f->value)
            return rprocfw_fail_image(v, (enum rprocfw_status)f->status, f->offset, found,
                                      f->value);
    }
    phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    phnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_PHNUM);
    if (phnum == 0)
        return rprocfw_fail_image(v, RPROCFW_ERR_ELF_PHNUM, RPROCFW_EHDR_PHNUM, 0, 1);
    if (phoff % 4 != 0)
        return rprocfw_fail_image(v, RPROCFW_ERR_PHDR_ALIGN, RPROCFW_EHDR_PHOFF, phoff, 4);
    /* phnum was a u16: the product does not wrap */
    if (!rprocfw_inside(phoff, phnum * RPROCFW_PHDR_SIZE, v->image.size))
        return rprocfw_fail_image(v, RPROCFW_ERR_PHDR_RANGE, RPROCFW_EHDR_PHOFF, phoff,
                                  v->image.size);
    return RPROCFW_OK;
}

static bool is_encrypted(const struct rprocfw_verifier *v)
{
    return v->entry_size == RPROCFW_ENC_ENTRY_SIZE;
}

/* A PT_LOAD, v->segment, on its own. */
static enum rprocfw_status judge_segment(struct rprocfw_verifier *v)
{
    const struct rprocfw_phdr *phdr = &v->segment.phdr;

    if (!rprocfw_inside(phdr->offset, phdr->filesz, v->image.size))
        return rprocfw_fail_image(v, RPROCFW_ERR_SEGMENT_RANGE, 0, phdr->offset, v->image.size);
    if (phdr->filesz > phdr->memsz)
        return rprocfw_fail_image(v, RPROCFW_ERR_SEGMENT_FILESZ, phdr->offset, phdr->filesz,
                                  phdr->memsz);
    if (phdr->memsz != 0 && !rprocfw_inside(phdr->paddr, phdr->memsz - 1, UINT32_MAX))
        return rprocfw_fail_image(v, RPROCFW_ERR_SEGMENT_ADDRESS, phdr->offset, phdr->paddr,
                                  phdr->memsz);
    if (is_encrypted(v) && phdr->filesz % RPROCFW_AES_BLOCK != 0)
        return rprocfw_fail_image(v, RPROCFW_ERR_SEGMENT_BLOCK, phdr->offset, phdr->filesz,
                                  RPROCFW_AES_BLOCK);
    return RPROCFW_OK;
}

/* The PT_LOAD of entry number v->entry, whose bytes are entry: judged and loaded. */
static enum rprocfw_status load(struct rprocfw_verifier *v, const uint8_t *entry)
{
    const struct rprocfw_platform *platform = v->platform;
    struct rprocfw_segment *segment = &v->segment;
    const struct rprocfw_phdr *phdr = &segment->phdr;
    enum rprocfw_status status;

    rprocfw_phdr_decode(entry, &segment->phdr);
    status = judge_segment(v);
    if (status != RPROCFW_OK)
        return status;
    segment->image = v->image.index;
    segment->index = v->diag.segment;
    segment->entry = v->entry;
    segment->offset = v->image.offset + phdr->offset; /* inside the image: does not wrap */
    segment->sha256 = entry + RPROCFW_PHDR_SIZE;
    segment->iv = is_encrypted(v) ? segment->sha256 + RPROCFW_SHA256_SIZE : NULL;
    segment->rsc_offset = rprocfw_rsc_offset(v);

    status = platform->load(v->ctx, segment);
    if (status == RPROCFW_OK && phdr->memsz > phdr->filesz && platform->zero != NULL)
        status = platform->zero(v->ctx, phdr->paddr + phdr->filesz, phdr->memsz - phdr->filesz);
    if (status != RPROCFW_OK)
        return rprocfw_fail_image(v, status, phdr->offset, phdr->filesz, phdr->paddr);
    return segment->rsc_offset == RPROCFW_NOWHERE ? RPROCFW_OK : rprocfw_judge_rsc_table(v);
}

/*
 * One program header beside the next entry. Equal in all 32 bytes, they go together. A program
 * header of a type that loads nothing may be without an entry; any other difference is refused.
 */
static enum rprocfw_status judge_phdr(struct rprocfw_verifier *v, uint32_t offset)
{
    const uint8_t *entry = v->table + v->entry * v->entry_size; /* entry <= entries: inside */
    enum rprocfw_status status = rprocfw_read_image(v, offset, v->bytes, RPROCFW_PHDR_SIZE);
    const uint32_t type = rprocfw_le32(v->bytes);

    if (status != RPROCFW_OK)
        return status;
    if (v->entry == v->entries || memcmp(entry, v->bytes, RPROCFW_PHDR_SIZE) != 0) {
        if (type != RPROCFW_PT_LOAD && type != RPROCFW_PT_NULL)
            return RPROCFW_OK;
        return rprocfw_fail(&v->diag, RPROCFW_ERR_PHDR_NOT_SIGNED, type, v->entry);
    }
    if (type == RPROCFW_PT_LOAD)
        status = load(v, entry);
    v->entry++;
    return status;
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
    if (!is_encrypted(v))
        return;
    while (v->entry < v->entries && is_zero(v->table + v->entry * v->entry_size, v->entry_size))
        v->entry++;
}

static enum rprocfw_status judge_image(struct rprocfw_verifier *v)
{
    enum rprocfw_status status;
    uint32_t phoff;
    uint32_t phnum;
    uint32_t i;

    status = judge_ehdr(v);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_sections(v);
    v->image.has_rsc_table = false;
    v->image.rsc_da = 0;
    v->image.rsc_size = 0;
    v->image.first_entry = v->entry;
    phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    phnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_PHNUM);
    for (i = 0; status == RPROCFW_OK && i < phnum; i++) {
        v->diag.segment = i;
        status = judge_phdr(v, phoff + i * RPROCFW_PHDR_SIZE);
    }
    if (status != RPROCFW_OK)
        return status;
    v->diag.segment = RPROCFW_NOWHERE;
    if (v->rsc.size != 0 && !v->image.has_rsc_table)
        return rprocfw_fail_image(v, RPROCFW_ERR_RSC_NOT_SIGNED, v->rsc.offset, v->rsc.addr,
                                  v->rsc.size);
    skip_padding(v);
    v->image.entry_count = v->entry - v->image.first_entry;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v)
{
    struct rprocfw_image *image = &v->image;
    enum rprocfw_status status;

    image->offset = v->layout.payload;
    for (image->index = 0; image->index < v->images; image->index++) {
        image->size = rprocfw_le32(v->image_sizes + 4 * image->index);
        v->diag.image = image->index;
        status = judge_image(v);
        if (status != RPROCFW_OK)
            return status;
        if (v->platform->image_done != NULL)
            v->platform->image_done(v->ctx, image);
        image->offset += image->size; /* the sum of all sizes is img_len: does not wrap */
    }

    v->diag.image = RPROCFW_NOWHERE;
    v->diag.offset = (uint32_t)(v->table - v->metadata) + v->entry * v->entry_size;
    if (v->entry != v->entries)
        return rprocfw_fail(&v->diag, RPROCFW_ERR_ENTRY_UNUSED, v->entry, v->entries);
    return RPROCFW_OK;
}
