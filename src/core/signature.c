/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signature over header and TLV area: their private copy, which is what there is to verify, for
 * the platform; and what is kept of the answers that decide, apart from the status that goes from
 * function to function.
 */
#include <string.h>

#include "judge.h"

/*@ requires begun(v) && work_buffer(v, work, work_size);
    assigns v->work_size, v->metadata, v->at, work[0 .. \min(work_size, v->layout.payload) - 1];
    ensures v->work_size == work_size;
    ensures \result == RPROCFW_OK ==> v->metadata == work && metadata(v) &&
        v->layout.payload <= work_size;
*/
enum rprocfw_status rprocfw_copy_metadata(struct rprocfw_verifier *v, uint8_t *work,
                                          uint32_t work_size)
{
    v->work_size = work_size;
    if (work_size < v->layout.payload)
        return RPROCFW_ERR_WORK_SIZE;
    /* What was there is not the container's, whatever becomes of the read. */
    memset(work, 0, v->layout.payload);
    memcpy(work, v->bytes, RPROCFW_HEADER_SIZE); /* as rprocfw_verify_begin read it */
    v->metadata = work;
    v->at = RPROCFW_HEADER_SIZE;
    //@ calls rprocfw_any_read;
    return v->platform->read(v->ctx, RPROCFW_HEADER_SIZE, work + RPROCFW_HEADER_SIZE,
                             v->layout.payload - RPROCFW_HEADER_SIZE);
}

/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv), v->at, v->authentic, any_said,
        v->digest[0 .. RPROCFW_SHA256_SIZE - 1];
    ensures v->authentic == any_said;
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC || any_said == RPROCFW_OK;
*/
enum rprocfw_status rprocfw_authenticate(struct rprocfw_verifier *v)
{
    struct rprocfw_signed what = {
        .data = v->metadata,
        .size = v->layout.signature,
        .signature = v->metadata + v->layout.signature,
        .signature_size = v->header.sign_len,
        .signtype = (enum rprocfw_signtype)v->signtype,
        .sha256 = v->digest,
    };

    if (rprocfw_find(v, RPROCFW_TLV_PKEYINFO)) {
        what.pkeyinfo = v->tlv.value;
        what.pkeyinfo_size = v->tlv.length;
    }
    v->at = v->layout.signature;
    //@ calls rprocfw_any_verify;
    v->authentic = v->platform->verify_signature(v->ctx, &what);
    /* RPROCFW_OK is no good answer: rprocfw_verdict, which is next, looks at what was kept */
    return v->authentic == RPROCFW_AUTHENTIC ? RPROCFW_OK : (enum rprocfw_status)v->authentic;
}

/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == RPROCFW_OK <==> status == RPROCFW_OK && good(v);
    ensures status != RPROCFW_OK ==> \result == status;
*/
enum rprocfw_status rprocfw_verdict(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    if (status == RPROCFW_OK && ((v->authentic ^ RPROCFW_AUTHENTIC) | (v->entry ^ v->entries)) != 0)
        return RPROCFW_ERR_SIGNATURE;
    return status;
}
