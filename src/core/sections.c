/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The resource table. Section headers and names are not signed: they may say where it is, and are
 * believed only if a signed PT_LOAD holds those bytes at that address.
 */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

/* Section header at offset of the image; the caller has checked that it is inside. */
/*@ requires verifier(v) && inside(offset, RPROCFW_SHDR_SIZE, v->image.size);
    requires shdr == &v->rsc || shdr == &v->names;
    assigns v->at, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], MEMBERS_OF_SHDR(*shdr);
*/
static enum rprocfw_status read_shdr(struct rprocfw_verifier *v, uint32_t offset,
                                     struct rprocfw_shdr *shdr)
{
    enum rprocfw_status status = rprocfw_read_image(v, offset, v->bytes, RPROCFW_SHDR_SIZE);

    if (status == RPROCFW_OK)
        rprocfw_shdr_decode(v->bytes, shdr);
    return status;
}

/*
 * Is this, at offset of the image, the resource table's name? room is what the name table has from
 * there on. As boards compare it: up to the end of the name table.
 */
/*@ requires verifier(v) && inside(offset, room, v->image.size);
    requires \valid(is) && \separated(is, v, v->platform);
    assigns v->at, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], *is;
*/
static enum rprocfw_status is_rsc_name(struct rprocfw_verifier *v, uint32_t offset, uint32_t room,
                                       bool *is)
{
    const uint32_t size = room < sizeof(RPROCFW_RSC_NAME) ? room : sizeof(RPROCFW_RSC_NAME);
    enum rprocfw_status status = rprocfw_read_image(v, offset, v->bytes, size);

    *is = memcmp(v->bytes, RPROCFW_RSC_NAME, size) == 0;
    return status;
}

/* The place of the resource table, as v->rsc says it. */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == RPROCFW_OK ==> rsc_inside(v);
*/
static enum rprocfw_status judge_place(const struct rprocfw_verifier *v)
{
    const struct rprocfw_shdr *rsc = &v->rsc;

    if (rsc->size == 0)
        return RPROCFW_OK;
    if (!rprocfw_inside(rsc->offset, rsc->size, v->image.size))
        return RPROCFW_ERR_RSC_NOT_SIGNED;
    if (rsc->size < RPROCFW_RSC_HEADER_SIZE)
        return RPROCFW_ERR_RSC_SIZE;
    if (rsc->offset % 4 != 0)
        return RPROCFW_ERR_RSC_ALIGN;
    return RPROCFW_OK;
}

/* Find the resource table among shnum section headers from shoff on, all inside the image. */
/*@ requires verifier(v) && names_inside(v) && shnum <= UINT16_MAX && shstrndx < shnum;
    requires inside(shoff, shnum * RPROCFW_SHDR_SIZE, v->image.size);
    assigns v->at, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->rsc, v->section;
    ensures \result == RPROCFW_OK ==> rsc_inside(v);
*/
static enum rprocfw_status find_rsc(struct rprocfw_verifier *v, uint32_t shoff, uint32_t shnum,
                                    uint32_t shstrndx)
{
    const struct rprocfw_shdr *names = &v->names;
    struct rprocfw_shdr *shdr = &v->rsc;

    /*@ loop invariant v->section <= shnum;
        loop assigns v->at, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->rsc, v->section;
        loop variant shnum - v->section;
    */
    for (v->section = 0; v->section < shnum; v->section++) {
        enum rprocfw_status status = RPROCFW_OK;
        bool is = false;

        if (v->section == shstrndx) /* read already */
            *shdr = *names;
        else
            status = read_shdr(v, shoff + v->section * RPROCFW_SHDR_SIZE, shdr);
        //@ assert still: v->section == \at(v->section, LoopCurrent) < shnum;
        if (status != RPROCFW_OK)
            return status;
        if (shdr->name >= names->size)
            return RPROCFW_ERR_SECTION_NAME;
        status = is_rsc_name(v, names->offset + shdr->name, names->size - shdr->name, &is);
        //@ assert still: v->section == \at(v->section, LoopCurrent) < shnum;
        if (status != RPROCFW_OK)
            return status;
        if (is)
            return judge_place(v);
    }
    shdr->size = 0;
    return RPROCFW_OK;
}

/*@ requires verifier(v);
    assigns v->at, v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->rsc,
        MEMBERS_OF_SHDR(v->names), v->section;
    ensures \result == RPROCFW_OK ==> names_inside(v) && rsc_inside(v);
*/
enum rprocfw_status rprocfw_judge_sections(struct rprocfw_verifier *v)
{
    const uint32_t shoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_SHOFF);
    const uint32_t shnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_SHNUM);
    const uint32_t shstrndx = rprocfw_le16(v->ehdr + RPROCFW_EHDR_SHSTRNDX);
    enum rprocfw_status status;

    if (shoff % 4 != 0)
        return RPROCFW_ERR_SHDR_ALIGN;
    if (shstrndx >= shnum)
        return RPROCFW_ERR_SHSTRNDX;
    /* shnum was a u16: the product does not wrap */
    if (!rprocfw_inside(shoff, shnum * RPROCFW_SHDR_SIZE, v->image.size))
        return RPROCFW_ERR_SHDR_RANGE;
    status = read_shdr(v, shoff + shstrndx * RPROCFW_SHDR_SIZE, &v->names);
    if (status != RPROCFW_OK)
        return status;
    if (!rprocfw_inside(v->names.offset, v->names.size, v->image.size))
        return RPROCFW_ERR_SHSTRTAB_RANGE;
    return find_rsc(v, shoff, shnum, shstrndx);
}

/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result != RPROCFW_NOWHERE ==> v->rsc.size != 0 &&
        \result == v->rsc.offset - v->segment.phdr.offset &&
        inside(\result, v->rsc.size, v->segment.phdr.filesz);
*/
uint32_t rprocfw_rsc_offset(const struct rprocfw_verifier *v)
{
    const struct rprocfw_phdr *phdr = &v->segment.phdr;
    const struct rprocfw_shdr *rsc = &v->rsc;
    const uint32_t distance = rsc->offset - phdr->offset;

    if (rsc->size == 0 || v->image.has_rsc_table || rsc->offset < phdr->offset ||
        !rprocfw_inside(distance, rsc->size, phdr->filesz))
        return RPROCFW_NOWHERE;
    if ((rsc->addr >= phdr->vaddr && rsc->addr - phdr->vaddr == distance) ||
        (rsc->addr >= phdr->paddr && rsc->addr - phdr->paddr == distance))
        return distance;
    return RPROCFW_NOWHERE;
}

/* What stands in the loaded table. */
/*@ requires verifier(v) && v->rsc.size >= RPROCFW_RSC_HEADER_SIZE;
    requires inside(v->segment.rsc_offset, v->rsc.size, v->segment.phdr.filesz);
    assigns v->bytes[0 .. RPROCFW_SHDR_SIZE - 1];
    ensures \result == RPROCFW_OK ==> u32_at(&v->bytes[0]) == RPROCFW_RSC_VERSION;
*/
static enum rprocfw_status judge_content(struct rprocfw_verifier *v)
{
    const struct rprocfw_segment *segment = &v->segment;
    enum rprocfw_status status;

    //@ calls rprocfw_any_read_loaded;
    status = v->platform->read_loaded(v->ctx, segment, segment->rsc_offset, v->bytes,
                                      RPROCFW_RSC_HEADER_SIZE);
    if (status != RPROCFW_OK)
        return status;
    if (rprocfw_le32(v->bytes) != RPROCFW_RSC_VERSION)
        return RPROCFW_ERR_RSC_VERSION;
    if (rprocfw_le32(v->bytes + 8) != 0 || rprocfw_le32(v->bytes + 12) != 0)
        return RPROCFW_ERR_RSC_RESERVED;
    if (rprocfw_le32(v->bytes + 4) > RPROCFW_RSC_ROOM(v->rsc.size)) /* size was judged */
        return RPROCFW_ERR_RSC_ENTRIES;
    return RPROCFW_OK;
}

/*@ requires verifier(v) && v->rsc.size >= RPROCFW_RSC_HEADER_SIZE;
    requires inside(v->segment.rsc_offset, v->rsc.size, v->segment.phdr.filesz);
    assigns v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->rsc_tables, v->image.has_rsc_table,
        v->image.rsc_da, v->image.rsc_size, v->rsc_size, v->rsc_pa, v->da, v->da_size;
*/
enum rprocfw_status rprocfw_judge_rsc_table(struct rprocfw_verifier *v)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (v->segment.iv == NULL || (v->options & RPROCFW_VERIFY_CIPHERTEXT) == 0)
        status = judge_content(v);
    if (status != RPROCFW_OK)
        return status;
    v->rsc_tables++;
    if (v->rsc_tables > 1 && (v->options & RPROCFW_VERIFY_MANY_RSC_TABLES) == 0)
        return RPROCFW_ERR_RSC_TWICE;
    v->image.has_rsc_table = true;
    v->image.rsc_da = v->rsc.addr;
    v->image.rsc_size = v->rsc.size;
    v->rsc_size = v->rsc.size;
    if (v->platform->da_to_pa == NULL)
        return RPROCFW_OK;
    /* Where the verified bytes are. sh_addr may be a virtual address that leads elsewhere. */
    status = rprocfw_da_to_pa(v, v->segment.phdr.paddr, v->segment.phdr.filesz, &v->rsc_pa);
    v->rsc_pa += v->segment.rsc_offset; /* inside the file bytes */
    return status;
}
