/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A container of which the lengths of the TLVs are known, a platform that answers anything, and a
 * signature that may be good. run.sh says by shape.h:
 *
 *   RECORDS    {type, length} of each TLV; the values are any bytes
 *   TLV_LEN    what they add up to
 *   IMAGES     number of images that it may go on with
 *   SIGN_LEN   bytes of signature, which may be any
 *   ENTRIES    entries of the largest table that they have room for
 *   WORK       bytes of work buffer; the largest that is of use is WORK_NEEDED
 *
 * Header, images and what was loaded are any bytes.
 */
#ifndef RPROCFW_PROOF_CONTAINER_H
#define RPROCFW_PROOF_CONTAINER_H

#include <rprocfw/verify.h>

#include "proof.h"

#ifndef RECORDS
#error "run.sh says which records"
#endif
#define PAYLOAD     (RPROCFW_HEADER_SIZE + ROUND8(TLV_LEN) + ROUND8(SIGN_LEN))
#define WORK_NEEDED (ROUND8(PAYLOAD) + (ENTRIES + 1u) * sizeof(struct rprocfw_range))

static const struct {
    uint32_t type;
    uint32_t length;
} records[] = {RECORDS};

static uint8_t work[WORK] __attribute__((aligned(8)));

/*
 * What the callbacks have answered, which decides what may come after it: whether the signature is
 * good (otherwise RPROCFW_OK, or less or more than the one good answer), whether anything failed.
 */
static enum { NOT_ASKED, GOOD, NO_FAILURE, BELOW, ABOVE } signature;
static int failed;
static int loaded;   /* load or zero was called */
static int released; /* release was called, after which loaded is 0 again */
static int unclean;  /* release failed, and was not called again */

/* All is well or not, two states that stay apart. */
static enum rprocfw_status answer(void)
{
    failed = Frama_C_interval(0, 1);
    //@ split failed;
    return failed ? any_failure() : RPROCFW_OK;
}

static void go_on(void)
{
    must(failed == 0);
}

/* Nothing but reading the metadata comes before the answer on the signature. */
static void go_on_signed(void)
{
    must(signature == GOOD);
    go_on();
}

static void change_memory(void)
{
    go_on_signed();
    must(unclean == 0);
    loaded = 1;
}

static void write_records(uint8_t *area)
{
    uint32_t offset = 0;
    uint32_t i;

    //@ loop unroll 64;
    for (i = 0; i < sizeof(records) / sizeof(*records); i++) {
        rprocfw_u32_encode(area + offset, records[i].type);
        rprocfw_u32_encode(area + offset + 4, records[i].length);
        offset += RPROCFW_TLV_HEADER_SIZE + ROUND8(records[i].length);
    }
}

static enum rprocfw_status on_read(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    uint8_t *bytes = dst;

    (void)ctx;
    any_bytes(dst, size);
    if (offset == 0 && size == RPROCFW_HEADER_SIZE) {
        go_on();
        rprocfw_u32_encode(bytes + 8, TLV_LEN);
        rprocfw_u32_encode(bytes + 12, SIGN_LEN);
    } else if (bytes == work + RPROCFW_HEADER_SIZE) {
        go_on();
        write_records(bytes);
    } else {
        go_on_signed();
    }
    return answer();
}

static uint32_t on_verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    uint32_t i;

    (void)ctx;
    go_on();
    use_bytes(what->data, what->size);
    use_bytes(what->signature, what->signature_size);
    if (what->pkeyinfo != NULL)
        use_bytes(what->pkeyinfo, what->pkeyinfo_size);
    /* One by one: EVA would take any of several places for all between them. */
    //@ loop unroll 32;
    for (i = 0; i < RPROCFW_SHA256_SIZE; i++)
        what->sha256[i] = (uint8_t)Frama_C_interval(0, UINT8_MAX);
    signature = Frama_C_interval(GOOD, ABOVE);
    //@ split signature;
    failed = signature != GOOD;
    switch (signature) {
    case GOOD:
        return RPROCFW_AUTHENTIC;
    case NO_FAILURE:
        return RPROCFW_OK;
    case BELOW:
        return Frama_C_unsigned_int_interval(RPROCFW_OK + 1u, RPROCFW_AUTHENTIC - 1u);
    default:
        return Frama_C_unsigned_int_interval(RPROCFW_AUTHENTIC + 1u, UINT32_MAX);
    }
}

static enum rprocfw_status on_load(void *ctx, const struct rprocfw_segment *segment)
{
    (void)ctx;
    change_memory();
    must(segment->entry < ENTRIES);
    use_bytes(segment->sha256, RPROCFW_SHA256_SIZE);
    if (segment->iv != NULL)
        use_bytes(segment->iv, RPROCFW_AES_BLOCK);
    return answer();
}

static enum rprocfw_status on_read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                          uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    (void)segment;
    (void)offset;
    go_on_signed();
    must(loaded == 1);
    any_bytes(dst, size);
    return answer();
}

static void on_image_done(void *ctx, const struct rprocfw_image *image)
{
    (void)ctx;
    (void)image;
    go_on_signed();
}

static enum rprocfw_status on_platform_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    (void)ctx;
    go_on_signed();
    must(loaded == 0);
    use_bytes(tlv->value, tlv->length);
    return answer();
}

/* An address that is not written on failure is not one to use. */
static enum rprocfw_status on_da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    enum rprocfw_status status;

    (void)ctx;
    (void)da;
    (void)size;
    go_on_signed();
    status = answer();
    if (status == RPROCFW_OK)
        *pa = Frama_C_unsigned_long_interval(0, UINT64_MAX);
    return status;
}

static enum rprocfw_status on_zero(void *ctx, uint32_t da, uint32_t size)
{
    (void)ctx;
    (void)da;
    (void)size;
    must(loaded == 1);
    change_memory();
    return answer();
}

static enum rprocfw_status on_load_end(void *ctx)
{
    (void)ctx;
    go_on_signed();
    return answer();
}

static enum rprocfw_status any_answer(void *ctx)
{
    (void)ctx;
    return any_status();
}

static struct rprocfw_platform platform = {
    .read = on_read,
    .verify_signature = on_verify_signature,
    .load = on_load,
    .read_loaded = on_read_loaded,
    .start = any_answer,
    .stop = any_answer,
    .release = any_answer,
};

/* With any of what is optional. */
static void choose_platform(void)
{
    if (Frama_C_interval(0, 1))
        platform.image_done = on_image_done;
    if (Frama_C_interval(0, 1))
        platform.load_end = on_load_end;
    if (Frama_C_interval(0, 1))
        platform.platform_tlv = on_platform_tlv;
    if (Frama_C_interval(0, 1))
        platform.da_to_pa = on_da_to_pa;
    if (Frama_C_interval(0, 1))
        platform.zero = on_zero;
}

#endif
