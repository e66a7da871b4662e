/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Put before each file of core, for WP alone: any platform. Of its callbacks is known what is said
 * here, as rprocfw/verify.h says it, and nothing else. What they remember is theirs; of core's
 * memory they write what core hands them.
 */
#ifndef RPROCFW_PROOF_WP_PLATFORM_H
#define RPROCFW_PROOF_WP_PLATFORM_H

#include <rprocfw/verify.h>

/*@ requires \valid((uint8_t *)dst + (0 .. size - 1));
    assigns \result, ((uint8_t *)dst)[0 .. size - 1];
*/
enum rprocfw_status rprocfw_any_read(void *ctx, uint32_t offset, void *dst, uint32_t size);
/* What verify_signature answered last. It is in no memory that core could write. */
//@ ghost extern uint32_t any_said;

/*@ requires \valid_read(what) && \valid_read(what->data + (0 .. what->size - 1));
    requires \valid_read(what->signature + (0 .. what->signature_size - 1));
    requires what->pkeyinfo == \null ||
        \valid_read(what->pkeyinfo + (0 .. what->pkeyinfo_size - 1));
    requires \valid(what->sha256 + (0 .. RPROCFW_SHA256_SIZE - 1));
    assigns \result, any_said, what->sha256[0 .. RPROCFW_SHA256_SIZE - 1];
    ensures any_said == \result;
*/
uint32_t rprocfw_any_verify(void *ctx, const struct rprocfw_signed *what);
/*@ requires \valid_read(segment) && \valid_read(segment->sha256 + (0 .. 31));
    requires segment->iv == \null || \valid_read(segment->iv + (0 .. 15));
    requires any_said == RPROCFW_AUTHENTIC;
    assigns \result;
*/
enum rprocfw_status rprocfw_any_load(void *ctx, const struct rprocfw_segment *segment);
/*@ requires \valid_read(segment) && offset + size <= segment->phdr.filesz;
    requires \valid((uint8_t *)dst + (0 .. size - 1));
    assigns \result, ((uint8_t *)dst)[0 .. size - 1];
*/
enum rprocfw_status rprocfw_any_read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                            uint32_t offset, void *dst, uint32_t size);
/*@ requires \valid_read(image);
    assigns \nothing;
*/
void rprocfw_any_image_done(void *ctx, const struct rprocfw_image *image);
/*@ assigns \result; */
enum rprocfw_status rprocfw_any_answer(void *ctx);
/*@ requires \valid_read(tlv) && \valid_read(tlv->value + (0 .. tlv->length - 1));
    assigns \result;
*/
enum rprocfw_status rprocfw_any_platform_tlv(void *ctx, const struct rprocfw_tlv *tlv);
/*@ requires size >= 1 && \valid(pa);
    assigns \result, *pa;
*/
enum rprocfw_status rprocfw_any_da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa);
/*@ requires size >= 1 && da + size <= UINT32_MAX + 1;
    assigns \result;
*/
enum rprocfw_status rprocfw_any_zero(void *ctx, uint32_t da, uint32_t size);

/*@
  predicate any_platform{L}(struct rprocfw_platform *p) = \valid_read(p) &&
      p->read == &rprocfw_any_read && p->verify_signature == &rprocfw_any_verify &&
      p->load == &rprocfw_any_load && p->read_loaded == &rprocfw_any_read_loaded &&
      (p->image_done == \null || p->image_done == &rprocfw_any_image_done) &&
      (p->load_end == \null || p->load_end == &rprocfw_any_answer) &&
      (p->platform_tlv == \null || p->platform_tlv == &rprocfw_any_platform_tlv) &&
      (p->da_to_pa == \null || p->da_to_pa == &rprocfw_any_da_to_pa) &&
      (p->zero == \null || p->zero == &rprocfw_any_zero);
  predicate any_life{L}(struct rprocfw_platform *p) = any_platform(p) &&
      p->start == &rprocfw_any_answer && p->stop == &rprocfw_any_answer &&
      p->release == &rprocfw_any_answer;
*/

/* What verify.c has memset do. */
/*@ requires value == 0 && size == sizeof(*v) && \valid(v);
    assigns *v;
    ensures v->metadata == \null && v->table == \null && v->tlv.value == \null;
    ensures v->authentic == 0 && v->entry == 0 && v->entries == 0;
    ensures v->rsc_size == 0 && v->rsc_pa == 0;
*/
extern void wp_clear(struct rprocfw_verifier *v, int value, size_t size);

#endif
