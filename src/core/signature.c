/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signature over header and TLV area: what there is to verify, for the platform; and what is
 * kept of the answers that decide, apart from the status that goes from function to function.
 */
#include "judge.h"

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
    v->authentic = v->platform->verify_signature(v->ctx, &what);
    /* RPROCFW_OK is no good answer: rprocfw_verdict, which is next, looks at what was kept */
    return v->authentic == RPROCFW_AUTHENTIC ? RPROCFW_OK : (enum rprocfw_status)v->authentic;
}

enum rprocfw_status rprocfw_verdict(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    const uint32_t wrong = (v->authentic ^ RPROCFW_AUTHENTIC) | (v->entry ^ v->entries);

    if (status == RPROCFW_OK && wrong != 0)
        return RPROCFW_ERR_SIGNATURE;
    return status;
}
