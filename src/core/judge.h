/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the verdict, in the order in which verify.c calls them. Each returns RPROCFW_OK or
 * the first check that failed, with v->diag written.
 */
#ifndef RPROCFW_CORE_JUDGE_H
#define RPROCFW_CORE_JUDGE_H

#include <rprocfw/verify.h>

/* Record where and on what a check failed; returns status. */
enum rprocfw_status rprocfw_fail(struct rprocfw_verifier *v, enum rprocfw_status status,
                                 uint32_t offset, uint32_t found, uint32_t expected);

/* Before the signature: every record of the TLV area, SIGNTYPE, the padding of the signature. */
enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v);

/* After the signature: the values of the TLVs, and v->table. */
enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v);

/* The images one after the other, and the signed table at their end. */
enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v);

/*
 * The resource table of one image, whose ELF header was judged and whose segments are loaded:
 * entries [image->first_entry, + entry_count) of the table. Writes its members of image.
 */
enum rprocfw_status rprocfw_judge_sections(struct rprocfw_verifier *v,
                                           const struct rprocfw_ehdr *ehdr,
                                           struct rprocfw_image *image);

/* Entry number index of the signed table: its 64 or 80 bytes. */
static inline const uint8_t *rprocfw_entry(const struct rprocfw_verifier *v, uint32_t index)
{
    return v->metadata + v->table.offset + index * v->entry_size; /* index < entries: inside */
}

static inline uint32_t rprocfw_entries(const struct rprocfw_verifier *v)
{
    return v->table.length / v->entry_size;
}

/* Numbers in v->diag from here on speak of this image and program header. */
static inline void rprocfw_at(struct rprocfw_verifier *v, uint32_t image, uint32_t segment)
{
    v->diag.image = image;
    v->diag.segment = segment;
}

/* Read size bytes at offset of an image into dst; the caller has checked that they are inside. */
static inline enum rprocfw_status rprocfw_read_image(struct rprocfw_verifier *v,
                                                     const struct rprocfw_image *image,
                                                     uint32_t offset, uint8_t *dst, uint32_t size)
{
    const uint32_t at = image->offset + offset;
    enum rprocfw_status status = v->platform->read(v->ctx, at, dst, size);

    return status == RPROCFW_OK ? status : rprocfw_fail(v, status, at, 0, size);
}

#endif
