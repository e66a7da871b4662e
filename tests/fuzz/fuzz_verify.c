/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core's verdict on any bytes. Signature and hashes are stubbed to success, so that the code
 * behind them is reached; every read is checked to be inside the container.
 */
#include <stdlib.h>
#include <string.h>

#include <rprocfw/verify.h>

#include "fuzz.h"

struct bytes {
    const uint8_t *data;
    uint32_t size;
    const uint8_t *signed_data; /* in the work buffer: header and TLV area */
    uint32_t signed_size;
};

/* Do size bytes of a TLV's value lie in the TLV area? The signature behind it is no part of it. */
static bool in_area(const struct bytes *bytes, const uint8_t *value, uint32_t size)
{
    const size_t at = (size_t)(value - bytes->signed_data);

    return at >= RPROCFW_HEADER_SIZE && at <= bytes->signed_size && size <= bytes->signed_size - at;
}

static enum rprocfw_status read_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct bytes *bytes = ctx;

    FUZZ_HOLDS(offset <= bytes->size && size <= bytes->size - offset);
    memcpy(dst, bytes->data + offset, size);
    return RPROCFW_OK;
}

static uint32_t accept_signature(void *ctx, const struct rprocfw_signed *what)
{
    struct bytes *bytes = ctx;

    bytes->signed_data = what->data;
    bytes->signed_size = what->size;
    FUZZ_HOLDS(what->pkeyinfo == NULL || in_area(bytes, what->pkeyinfo, what->pkeyinfo_size));
    return what->signature_size != 0 ? RPROCFW_AUTHENTIC : RPROCFW_ERR_SIGNATURE;
}

static enum rprocfw_status accept_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    FUZZ_HOLDS(in_area(ctx, tlv->value, tlv->length));
    return RPROCFW_OK;
}

static enum rprocfw_status accept_segment(void *ctx, const struct rprocfw_segment *segment)
{
    const struct bytes *bytes = ctx;

    FUZZ_HOLDS(segment->offset <= bytes->size &&
               segment->phdr.filesz <= bytes->size - segment->offset);
    return RPROCFW_OK;
}

static enum rprocfw_status read_segment(void *ctx, const struct rprocfw_segment *segment,
                                        uint32_t offset, void *dst, uint32_t size)
{
    FUZZ_HOLDS(offset <= segment->phdr.filesz && size <= segment->phdr.filesz - offset);
    return read_bytes(ctx, segment->offset + offset, dst, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rprocfw_platform platform = {
        .read = read_bytes,
        .verify_signature = accept_signature,
        .platform_tlv = accept_tlv,
        .load = accept_segment,
        .read_loaded = read_segment,
    };
    struct bytes bytes = {.data = data, .size = (uint32_t)size};
    struct rprocfw_verifier v;
    struct rprocfw_diag diag;
    enum rprocfw_status status;
    uint8_t *work;

    status = rprocfw_verify_begin(&v, &platform, &bytes, bytes.size, RPROCFW_VERIFY_CIPHERTEXT);
    rprocfw_explain(&v, status, &diag);
    if (status != RPROCFW_OK)
        return 0;
    work = malloc(v.layout.payload); /* exactly as much as asked for: a sanitizer sees more */
    FUZZ_HOLDS(work != NULL);
    status = rprocfw_verify_finish(&v, work, v.layout.payload);
    rprocfw_explain(&v, status, &diag);
    FUZZ_HOLDS(status != RPROCFW_OK || v.rsc_tables <= 1);
    free(work);
    return 0;
}
