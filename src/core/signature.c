/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The signature over header and TLV area: what there is to verify, for the platform; and what is
 * kept of the answers that decide, apart from the status that goes from function to function.
 */
#include "judge.h"

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
    ensures \result == RPROCFW_OK <==> status == RPROCFW_OK &&
        v->authentic == RPROCFW_AUTHENTIC && v->entry == v->entries;
    ensures status != RPROCFW_OK ==> \result == status;
*/
enum rprocfw_status rprocfw_verdict(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    const uint32_t wrong = (v->authentic ^ RPROCFW_AUTHENTIC) | (v->entry ^ v->entries);

    if (status == RPROCFW_OK && wrong != 0)
        return RPROCFW_ERR_SIGNATURE;
    return status;
}
