/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the verdict, in the order in which verify.c calls them. Each returns RPROCFW_OK or
 * the first check that failed, with v as explain.c needs it.
 */
#ifndef RPROCFW_CORE_JUDGE_H
#define RPROCFW_CORE_JUDGE_H

#include "contracts.h"

#if defined(__GNUC__)
#pragma GCC visibility push(hidden) /* none of these through a global offset table */
#endif

/* The private copy of the metadata, v->metadata: the header as it was judged, what follows it. */
enum rprocfw_status rprocfw_copy_metadata(struct rprocfw_verifier *v, uint8_t *work,
                                          uint32_t work_size);

/* All that comes after that copy, in the same work buffer. */
enum rprocfw_status rprocfw_judge(struct rprocfw_verifier *v, uint8_t *work);

/* Before the signature: every record of the TLV area, SIGNTYPE, the padding of the signature. */
enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v);

/* The signature, of what SIGNTYPE says. */
enum rprocfw_status rprocfw_authenticate(struct rprocfw_verifier *v);

/*
 * No single fault of the processor, an instruction that it leaves out, may make a container good
 * (tests/skips tries). So that the signature held is kept twice: in the status, and in
 * v->authentic, as the platform answered it; a segment whose bytes do not hold takes that away.
 */

/* A function that stays one. */
#if defined(__GNUC__)
#define RPROCFW_NOINLINE __attribute__((noinline))
#else
#define RPROCFW_NOINLINE
#endif

/*
 * status, but RPROCFW_OK only of what is authentic, with all of its table walked. No verdict leaves
 * core without it.
 */
enum rprocfw_status rprocfw_verdict(enum rprocfw_status status, const struct rprocfw_verifier *v);

/* Look for the first TLV of a type: v->tlv. */
bool rprocfw_find(struct rprocfw_verifier *v, uint32_t type);

/* After the signature: the values of the TLVs, and v->table. */
enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v);

/* Ask the platform for a place, see verify.h. */
enum rprocfw_status rprocfw_da_to_pa(struct rprocfw_verifier *v, uint32_t da, uint32_t size,
                                     uint64_t *pa);

/* Where the PT_LOADs of v->table go, and that none goes over another's bytes. */
enum rprocfw_status rprocfw_judge_memory(struct rprocfw_verifier *v, uint8_t *work);

/* Bytes of work buffer that rprocfw_judge_memory wants behind the metadata, and their offset. */
uint32_t rprocfw_ranges_size(const struct rprocfw_verifier *v);
uint32_t rprocfw_ranges_offset(const struct rprocfw_verifier *v);

/* The images one after the other, and the signed table at their end. */
enum rprocfw_status rprocfw_judge_images(struct rprocfw_verifier *v);

/* The section headers of v->image, whose v->ehdr was judged; writes v->rsc. */
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

/*
 * status.h numbers, for each TLV, that it is missing, that it is of a wrong length, and that its
 * value is not known, one after the other.
 */
enum { RPROCFW_WRONG_LENGTH = 1, RPROCFW_UNKNOWN = 2 };

/* What every ELF header has in the same place: size bytes at offset, of this value. */
struct rprocfw_fixed {
    uint32_t value;
    uint8_t offset;
    uint8_t size;
    uint8_t status;
};
#define RPROCFW_FIXED_COUNT 6u
extern const struct rprocfw_fixed rprocfw_fixed[RPROCFW_FIXED_COUNT];

/* What v->ehdr has in that place. */
uint32_t rprocfw_fixed_found(const struct rprocfw_verifier *v, const struct rprocfw_fixed *fixed);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#endif
