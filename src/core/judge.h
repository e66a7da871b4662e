/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the verdict, in the order in which verify.c calls them. Each returns RPROCFW_OK or
 * the first check that failed, with v->diag written.
 */
#ifndef RPROCFW_CORE_JUDGE_H
#define RPROCFW_CORE_JUDGE_H

#include <rprocfw/verify.h>

/* Record what a check failed on; the caller has set where. Returns status. */
enum rprocfw_status rprocfw_fail(struct rprocfw_diag *diag, enum rprocfw_status status,
                                 uint32_t found, uint32_t expected);

/* The private copy of the metadata, v->metadata: the header as it was judged, what follows it. */
enum rprocfw_status rprocfw_copy_metadata(struct rprocfw_verifier *v, uint8_t *work,
                                          uint32_t work_size);

/* All that comes after that copy; work and work_size are those of rprocfw_copy_metadata. */
enum rprocfw_status rprocfw_judge(struct rprocfw_verifier *v, uint8_t *work, uint32_t work_size);

/* Before the signature: every record of the TLV area, SIGNTYPE, the padding of the signature. */
enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v);

/* Look for the first TLV of a type: v->tlv; v->diag speaks of it from here on. */
bool rprocfw_find(struct rprocfw_verifier *v, uint32_t type);

/* After the signature: the values of the TLVs, and v->table. */
enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v);

/* Where the PT_LOADs of v->table go, and that none goes over another's bytes. */
enum rprocfw_status rprocfw_judge_memory(struct rprocfw_verifier *v, uint8_t *work,
                                         uint32_t work_size);

/* The images one after the other, and the signed table at their end. */
enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v);

/* The section headers of v->image, whose v->ehdr was judged; writes v->rsc, size 0 for none. */
enum rprocfw_status rprocfw_judge_sections(struct rprocfw_verifier *v);

/*
 * The offset of the image's resource table in v->segment, if the segment's file bytes hold it, at
 * the address that the section header says; otherwise RPROCFW_NOWHERE.
 */
uint32_t rprocfw_rsc_offset(const struct rprocfw_verifier *v);

/* The resource table in v->segment, which is loaded. */
enum rprocfw_status rprocfw_judge_rsc_table(struct rprocfw_verifier *v);

/* Read size bytes at offset of the image into dst; the caller has checked that they are inside. */
enum rprocfw_status rprocfw_read_image(struct rprocfw_verifier *v, uint32_t offset, uint8_t *dst,
                                       uint32_t size);

/* A check failed at offset of the image, from its start. */
static inline enum rprocfw_status rprocfw_fail_image(struct rprocfw_verifier *v,
                                                     enum rprocfw_status status, uint32_t offset,
                                                     uint32_t found, uint32_t expected)
{
    v->diag.offset = v->image.offset + offset; /* for people: it is not followed */
    return rprocfw_fail(&v->diag, status, found, expected);
}

#endif
