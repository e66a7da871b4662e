/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of the verdict. */
#include "judge.h"

enum rprocfw_status rprocfw_fail(struct rprocfw_verifier *v, enum rprocfw_status status,
                                 uint32_t offset, uint32_t found, uint32_t expected)
{
    v->diag.offset = offset;
    v->diag.found = found;
    v->diag.expected = expected;
    return status;
}

enum rprocfw_status rprocfw_verify_begin(struct rprocfw_verifier *v,
                                         const struct rprocfw_platform *platform, void *ctx,
                                         uint32_t container_size, unsigned options)
{
    static const struct rprocfw_verifier blank = {
        .diag = {.tlv = RPROCFW_NOWHERE, .image = RPROCFW_NOWHERE, .segment = RPROCFW_NOWHERE}};
    uint8_t bytes[RPROCFW_HEADER_SIZE];
    enum rprocfw_status status;

    *v = blank;
    v->platform = platform;
    v->ctx = ctx;
    v->options = options;
    if (container_size < sizeof(bytes))
        return rprocfw_fail(v, RPROCFW_ERR_HEADER_SIZE, 0, container_size, sizeof(bytes));
    status = platform->read(ctx, 0, bytes, sizeof(bytes));
    if (status != RPROCFW_OK)
        return status;
    rprocfw_header_decode(bytes, &v->header);
    return rprocfw_header_check(&v->header, container_size, &v->layout, &v->diag);
}

/* The private copy of the metadata: the header as it was read and judged, and what follows it. */
static enum rprocfw_status copy_metadata(struct rprocfw_verifier *v, uint8_t *work,
                                         uint32_t work_size)
{
    const uint32_t rest = v->layout.payload - RPROCFW_HEADER_SIZE;
    enum rprocfw_status status;

    if (work_size < v->layout.payload)
        return rprocfw_fail(v, RPROCFW_ERR_WORK_SIZE, 0, work_size, v->layout.payload);
    rprocfw_header_encode(work, &v->header);
    v->metadata = work;
    status = v->platform->read(v->ctx, RPROCFW_HEADER_SIZE, work + RPROCFW_HEADER_SIZE, rest);
    if (status != RPROCFW_OK)
        return rprocfw_fail(v, status, RPROCFW_HEADER_SIZE, 0, rest);
    return RPROCFW_OK;
}

static enum rprocfw_status authenticate(struct rprocfw_verifier *v)
{
    struct rprocfw_signed what = {
        .data = v->metadata,
        .size = v->layout.signature,
        .signature = v->metadata + v->layout.signature,
        .signature_size = v->header.sign_len,
        .signtype = (enum rprocfw_signtype)v->metadata[v->signtype.offset],
    };

    if (v->pkeyinfo.offset != 0) {
        what.pkeyinfo = v->metadata + v->pkeyinfo.offset;
        what.pkeyinfo_size = v->pkeyinfo.length;
    }
    return v->platform->verify_signature(v->ctx, &what);
}

enum rprocfw_status rprocfw_verify_finish(struct rprocfw_verifier *v, uint8_t *work,
                                          uint32_t work_size)
{
    enum rprocfw_status status = copy_metadata(v, work, work_size);

    if (status == RPROCFW_OK)
        status = rprocfw_judge_records(v);
    if (status == RPROCFW_OK) {
        status = authenticate(v);
        v->diag.offset = v->layout.signature;
    }
    if (status == RPROCFW_OK)
        status = rprocfw_judge_values(v);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_images(v);
    if (status == RPROCFW_OK && v->platform->load_end != NULL) {
        status = v->platform->load_end(v->ctx);
        v->diag.offset = v->layout.payload;
    }
    return status;
}
