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
    v->at = v->image.offset + offset; /* inside the image: does not wrap */
    return v->platform->read(v->ctx, v->at, dst, size);
}

const struct rprocfw_fixed rprocfw_fixed[RPROCFW_FIXED_COUNT] = {
    {RPROCFW_ELFMAG, 0, 4, RPROCFW_ERR_ELF_MAGIC},
    {RPROCFW_ELFCLASS32, RPROCFW_EHDR_CLASS, 1, RPROCFW_ERR_ELF_CLASS},
    {RPROCFW_ELFDATA2LSB, RPROCFW_EHDR_DATA, 1, RPROCFW_ERR_ELF_DATA},
    {RPROCFW_EV_CURRENT, RPROCFW_EHDR_VERSION, 1, RPROCFW_ERR_ELF_VERSION},
    {RPROCFW_PHDR_SIZE, RPROCFW_EHDR_PHENTSIZE, 2, RPROCFW_ERR_ELF_PHENTSIZE},
    {RPROCFW_SHDR_SIZE, RPROCFW_EHDR_SHENTSIZE, 2, RPROCFW_ERR_ELF_SHENTSIZE},
};

uint32_t rprocfw_fixed_found(const struct rprocfw_verifier *v, const struct rprocfw_fixed *fixed)
{
    uint32_t found = 0;
    uint32_t i;

    for (i = fixed->size; i > 0; i--)
        found = found << 8 | v->ehdr[fixed->offset + i - 1];
    return found;
}

static enum rprocfw_status judge_ehdr(struct rprocfw_verifier *v)
{
    enum rprocfw_status status;
    uint32_t phoff;
    uint32_t phnum;
    uint32_t i;

    if (v->image.size < sizeof(v->ehdr))
        return RPROCFW_ERR_ELF_SIZE;
    status = rprocfw_read_image(v, 0, v->ehdr, sizeof(v->ehdr));
    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < RPROCFW_FIXED_COUNT; i++)
        if (rprocfw_fixed_found(v, &rprocfw_fixed[i]) != rprocfw_fixed[i].value)
            return (enum rprocfw_status)rprocfw_fixed[i].status;
    phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    phnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_PHNUM);
    if (phnum == 0)
        return RPROCFW_ERR_ELF_PHNUM;
    if (phoff % 4 != 0)
        return RPROCFW_ERR_PHDR_ALIGN;
    /* phnum was a u16: the product does not wrap */
    if (!rprocfw_inside(phoff, phnum * RPROCFW_PHDR_SIZE, v->image.size))
        return RPROCFW_ERR_PHDR_RANGE;
    return RPROCFW_OK;
}

static bool is_encrypted(const struct rprocfw_verifier *v)
{
    return v->entry_size == RPROCFW_ENC_ENTRY_SIZE;
}

/* A PT_LOAD, v->segment, on its own. */
static enum rprocfw_status judge_segment(const struct rprocfw_verifier *v)
{
    const struct rprocfw_phdr *phdr = &v->segment.phdr;

    if (!rprocfw_inside(phdr->offset, phdr->filesz, v->image.size))
        return RPROCFW_ERR_SEGMENT_RANGE;
    if (phdr->filesz > phdr->memsz)
        return RPROCFW_ERR_SEGMENT_FILESZ;
    if (phdr->memsz != 0 && !rprocfw_inside(phdr->paddr, phdr->memsz - 1, UINT32_MAX))
        return RPROCFW_ERR_SEGMENT_ADDRESS;
    if (is_encrypted(v) && phdr->filesz % RPROCFW_AES_BLOCK != 0)
        return RPROCFW_ERR_SEGMENT_BLOCK;
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
    v->at = v->image.offset + phdr->offset; /* inside the image: does not wrap */
    segment->image = v->image.index;
    segment->entry = v->entry;
    segment->offset = v->at;
    segment->sha256 = entry + RPROCFW_PHDR_SIZE;
    segment->iv = is_encrypted(v) ? segment->sha256 + RPROCFW_SHA256_SIZE : NULL;
    segment->rsc_offset = rprocfw_rsc_offset(v);

    v->da = phdr->paddr;
    v->da_size = phdr->filesz;
    status = platform->load(v->ctx, segment);
    v->authentic ^= (uint32_t)status; /* what is not RPROCFW_OK cannot be taken back */
    if (status == RPROCFW_OK && phdr->memsz > phdr->filesz && platform->zero != NULL) {
        v->da += phdr->filesz;
        v->da_size = phdr->memsz - phdr->filesz;
        status = platform->zero(v->ctx, v->da, v->da_size);
    }
    if (status != RPROCFW_OK || segment->rsc_offset == RPROCFW_NOWHERE)
        return status;
    return rprocfw_judge_rsc_table(v);
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
    if (v->entry == v->entries || memcmp(entry, v->bytes, RPROCFW_PHDR_SIZE) != 0)
        return type == RPROCFW_PT_LOAD || type == RPROCFW_PT_NULL ? RPROCFW_ERR_PHDR_NOT_SIGNED
                                                                  : RPROCFW_OK;
    if (type == RPROCFW_PT_LOAD)
        status = load(v, entry);
    else /* the types are equal, unless there was a fault */
        status = rprocfw_le32(entry) == RPROCFW_PT_LOAD ? RPROCFW_ERR_PHDR_NOT_SIGNED : RPROCFW_OK;
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
    struct rprocfw_image *image = &v->image;
    enum rprocfw_status status;
    uint32_t phoff;
    uint32_t phnum;
    uint32_t i;

    image->first_entry = v->entry;
    image->has_rsc_table = false;
    image->rsc_da = 0;
    image->rsc_size = 0;
    status = judge_ehdr(v);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_sections(v);
    if (status != RPROCFW_OK)
        return status;

    phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    phnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_PHNUM);
    for (i = 0; i < phnum; i++) {
        v->segment.index = i;
        status = judge_phdr(v, phoff + i * RPROCFW_PHDR_SIZE);
        if (status != RPROCFW_OK)
            return status;
    }
    v->segment.index = RPROCFW_NOWHERE;
    if (v->rsc.size != 0 && !image->has_rsc_table)
        return RPROCFW_ERR_RSC_NOT_SIGNED;
    skip_padding(v);
    image->entry_count = v->entry - image->first_entry;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v)
{
    struct rprocfw_image *image = &v->image;
    enum rprocfw_status status;

    image->offset = v->layout.payload;
    for (image->index = 0; image->index < v->images; image->index++) {
        image->size = rprocfw_le32(v->image_sizes + 4 * image->index);
        status = judge_image(v);
        if (status != RPROCFW_OK)
            return status;
        if (v->platform->image_done != NULL)
            v->platform->image_done(v->ctx, image);
        image->offset += image->size; /* the sum of all sizes is img_len: does not wrap */
    }
    image->index = RPROCFW_NOWHERE;
    return v->entry == v->entries ? RPROCFW_OK : RPROCFW_ERR_ENTRY_UNUSED;
}
