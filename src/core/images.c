/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The images: ELF headers, and the program headers walked beside the signed table. Nothing of an
 * image is signed but what that table names, so nothing else decides.
 */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

/*@ requires verifier(v) && inside(offset, size, v->image.size);
    requires \valid(dst + (0 .. size - 1));
    assigns v->at, dst[0 .. size - 1];
*/
enum rprocfw_status rprocfw_read_image(struct rprocfw_verifier *v, uint32_t offset, uint8_t *dst,
                                       uint32_t size)
{
    v->at = v->image.offset + offset; /* inside the image: does not wrap */
    //@ calls rprocfw_any_read;
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

/*@ requires \valid_read(v) && \valid_read(fixed);
    requires inside(fixed->offset, fixed->size, RPROCFW_EHDR_SIZE);
    assigns \nothing;
*/
uint32_t rprocfw_fixed_found(const struct rprocfw_verifier *v, const struct rprocfw_fixed *fixed)
{
    uint32_t found = 0;
    uint32_t i;

    /*@ loop invariant i <= fixed->size;
        loop invariant i == fixed->size ==> found == 0;
        loop assigns i, found;
        loop variant i;
    */
    for (i = fixed->size; i > 0; i--)
        found = found << 8 | v->ehdr[fixed->offset + i - 1];
    return found;
}

/*@ requires verifier(v);
    assigns v->at, v->ehdr[0 .. RPROCFW_EHDR_SIZE - 1];
    ensures \result == RPROCFW_OK ==> phdrs_inside(v);
*/
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
    /*@ loop invariant i <= RPROCFW_FIXED_COUNT;
        loop invariant \forall integer k; 0 <= k < RPROCFW_FIXED_COUNT ==>
            rprocfw_fixed[k].status != RPROCFW_OK;
        loop assigns i;
        loop variant RPROCFW_FIXED_COUNT - i;
    */
    for (i = 0; i < RPROCFW_FIXED_COUNT; i++)
        if (rprocfw_fixed_found(v, &rprocfw_fixed[i]) != rprocfw_fixed[i].value)
            return (enum rprocfw_status)rprocfw_fixed[i].status;
    phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    phnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_PHNUM);
    if (phnum == 0)
        return RPROCFW_ERR_ELF_PHNUM;
    if (phoff % 4 != 0)
        return RPROCFW_ERR_PHDR_ALIGN;
    //@ assert small: phnum <= UINT16_MAX;
    /* phnum was a u16: the product does not wrap */
    if (!rprocfw_inside(phoff, phnum * RPROCFW_PHDR_SIZE, v->image.size))
        return RPROCFW_ERR_PHDR_RANGE;
    //@ assert inside: inside(phoff, phnum * RPROCFW_PHDR_SIZE, v->image.size);
    //@ assert phoff: phoff == u32_at(v->ehdr + RPROCFW_EHDR_PHOFF);
    //@ assert phnum: phnum == u16_at(v->ehdr + RPROCFW_EHDR_PHNUM);
    return RPROCFW_OK;
}

/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == 1 <==> v->entry_size == RPROCFW_ENC_ENTRY_SIZE;
*/
static bool is_encrypted(const struct rprocfw_verifier *v)
{
    return v->entry_size == RPROCFW_ENC_ENTRY_SIZE;
}

/* A PT_LOAD, v->segment, on its own. */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == RPROCFW_OK ==> segment_inside(v);
*/
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
/*@ requires verifier(v);
    requires table(v);
    requires rsc_inside(v);
    requires \valid_read(entry + (0 .. v->entry_size - 1));
    requires \separated(v, entry + (0 .. v->entry_size - 1));
    requires any_said == RPROCFW_AUTHENTIC;
    assigns MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size, v->authentic, v->rsc_pa,
        v->rsc_size, v->rsc_tables, v->image.has_rsc_table, v->image.rsc_da, v->image.rsc_size,
        v->bytes[0 .. RPROCFW_SHDR_SIZE - 1];
    ensures \result == RPROCFW_OK ==> entry_inside(entry, v->image.size);
*/
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
    //@ assert inside: segment_inside(v);
    //@ assert entry: entry_inside(entry, v->image.size);
    v->at = v->image.offset + phdr->offset; /* inside the image: does not wrap */
    segment->image = v->image.index;
    segment->entry = v->entry;
    segment->offset = v->at;
    segment->sha256 = entry + RPROCFW_PHDR_SIZE;
    segment->iv = is_encrypted(v) ? segment->sha256 + RPROCFW_SHA256_SIZE : NULL;
    segment->rsc_offset = rprocfw_rsc_offset(v);

    v->da = phdr->paddr;
    v->da_size = phdr->filesz;
    //@ calls rprocfw_any_load;
    status = platform->load(v->ctx, segment);
    v->authentic ^= (uint32_t)status; /* what is not RPROCFW_OK cannot be taken back */
    if (status == RPROCFW_OK && phdr->memsz > phdr->filesz && platform->zero != NULL) {
        v->da += phdr->filesz;
        v->da_size = phdr->memsz - phdr->filesz;
        //@ calls rprocfw_any_zero;
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
/*@ requires verifier(v);
    requires table(v);
    requires rsc_inside(v);
    requires inside(offset, RPROCFW_PHDR_SIZE, v->image.size);
    requires any_said == RPROCFW_AUTHENTIC;
    assigns MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size, v->authentic, v->rsc_pa,
        v->rsc_size, v->rsc_tables, v->image.has_rsc_table, v->image.rsc_da, v->image.rsc_size,
        v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->entry;
    ensures table(v);
    ensures v->entry == \old(v->entry) || v->entry == \old(v->entry) + 1;
    ensures \result == RPROCFW_OK && v->entry == \old(v->entry) ==>
        u32_at(&v->bytes[0]) != RPROCFW_PT_LOAD;
    ensures \result == RPROCFW_OK && v->entry > \old(v->entry) ==>
        entry_inside(v->table + \old(v->entry) * v->entry_size, v->image.size);
*/
static enum rprocfw_status judge_phdr(struct rprocfw_verifier *v, uint32_t offset)
{
    const uint8_t *entry = v->table + v->entry * v->entry_size; /* entry <= entries: inside */
    enum rprocfw_status status = rprocfw_read_image(v, offset, v->bytes, RPROCFW_PHDR_SIZE);
    const uint32_t type = rprocfw_le32(v->bytes);

    //@ assert verifier: verifier(v);
    //@ assert table: table(v);
    /*@ assert within: v->entry < v->entries ==>
            0 <= v->entry * v->entry_size <=
                v->entries * v->entry_size - v->entry_size;
    */
    if (status != RPROCFW_OK)
        return status;
    if (v->entry == v->entries || memcmp(entry, v->bytes, RPROCFW_PHDR_SIZE) != 0)
        return type == RPROCFW_PT_LOAD || type == RPROCFW_PT_NULL ? RPROCFW_ERR_PHDR_NOT_SIGNED
                                                                  : RPROCFW_OK;
    if (type == RPROCFW_PT_LOAD)
        status = load(v, entry);
    else /* the types are equal, unless there was a fault */
        status = rprocfw_le32(entry) == RPROCFW_PT_LOAD ? RPROCFW_ERR_PHDR_NOT_SIGNED : RPROCFW_OK;
    //@ assert used: v->entry < v->entries;
    v->entry++;
    return status;
}

/*@ requires \valid_read(bytes + (0 .. size - 1));
    assigns \nothing;
    ensures \result == 1 <==> \forall integer i; 0 <= i < size ==> bytes[i] == 0;
*/
static bool is_zero(const uint8_t *bytes, uint32_t size)
{
    /*@ loop invariant size <= \at(size, Pre);
        loop invariant \forall integer i; size <= i < \at(size, Pre) ==> bytes[i] == 0;
        loop assigns size;
        loop variant size;
    */
    while (size > 0)
        if (bytes[--size] != 0)
            return false;
    return true;
}

/* An ENCTABLE has room for all program headers of an image but entries for its PT_LOADs only. */
/*@ requires \valid(v) && table(v);
    assigns v->entry;
    ensures table(v) && v->entry >= \old(v->entry);
*/
static void skip_padding(struct rprocfw_verifier *v)
{
    if (!is_encrypted(v))
        return;
    /*@ loop invariant table(v) && v->entry >= \at(v->entry, Pre);
        loop assigns v->entry;
        loop variant v->entries - v->entry;
    */
    while (v->entry < v->entries && is_zero(v->table + v->entry * v->entry_size, v->entry_size))
        v->entry++;
}

/*@ requires verifier(v);
    requires table(v);
    requires any_said == RPROCFW_AUTHENTIC;
    assigns MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size, v->authentic, v->rsc_pa,
        v->rsc_size, v->rsc_tables, v->image.has_rsc_table, v->image.rsc_da, v->image.rsc_size,
        v->image.first_entry, v->image.entry_count, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1],
        v->ehdr[0 .. RPROCFW_EHDR_SIZE - 1], v->entry, v->rsc,
        MEMBERS_OF_SHDR(v->names), v->section;
    ensures table(v);
*/
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
    //@ assert phdrs: inside(phoff, phnum * RPROCFW_PHDR_SIZE, v->image.size);
    /*@ loop invariant i <= phnum;
        loop invariant table(v);
        loop invariant rsc_inside(v);
        loop assigns i, status, MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size,
            v->authentic, v->rsc_pa, v->rsc_size, v->rsc_tables, v->image.has_rsc_table,
            v->image.rsc_da, v->image.rsc_size, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->entry;
        loop variant phnum - i;
    */
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

/*@ requires verifier(v);
    requires table(v);
    requires \valid_read(v->image_sizes + (0 .. 4 * v->images - 1));
    requires \separated(v, v->image_sizes + (0 .. 4 * v->images - 1));
    requires any_said == RPROCFW_AUTHENTIC;
    assigns MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size, v->authentic, v->rsc_pa,
        v->rsc_size, v->rsc_tables, MEMBERS_OF_IMAGE(v->image),
        v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->ehdr[0 .. RPROCFW_EHDR_SIZE - 1], v->entry,
        v->rsc, MEMBERS_OF_SHDR(v->names), v->section;
    ensures \result == RPROCFW_OK ==> v->entry == v->entries;
*/
enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v)
{
    struct rprocfw_image *image = &v->image;
    enum rprocfw_status status;

    image->offset = v->layout.payload;
    /*@ loop invariant image->index <= v->images;
        loop invariant table(v);
        loop assigns status, MEMBERS_OF_SEGMENT(v->segment), v->at, v->da, v->da_size,
            v->authentic, v->rsc_pa, v->rsc_size, v->rsc_tables, MEMBERS_OF_IMAGE(v->image),
            v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->ehdr[0 .. RPROCFW_EHDR_SIZE - 1], v->entry,
            v->rsc, MEMBERS_OF_SHDR(v->names), v->section;
        loop variant v->images - image->index;
    */
    for (image->index = 0; image->index < v->images; image->index++) {
        image->size = rprocfw_le32(v->image_sizes + 4 * image->index);
        status = judge_image(v);
        if (status != RPROCFW_OK)
            return status;
        if (v->platform->image_done != NULL)
            //@ calls rprocfw_any_image_done;
            v->platform->image_done(v->ctx, image);
        image->offset += image->size; /* the sum of all sizes is img_len: does not wrap */
    }
    image->index = RPROCFW_NOWHERE;
    return v->entry == v->entries ? RPROCFW_OK : RPROCFW_ERR_ENTRY_UNUSED;
}
