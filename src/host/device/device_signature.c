/* SPDX-License-Identifier: BSD-2-Clause */
/* What a TA checks of the signature, and of the key in PKEYINFO: lines 4 to 6. */
#include <inttypes.h>

#include "../boards/board.h"
#include "device_steps.h"

/* ST's boards with the hash of a key in their fuses. */
static bool check_pkeyinfo(struct rprocfw_foretelling *f, uint8_t signtype)
{
    static const uint32_t sizes[] = {[RPROCFW_SIGNTYPE_RSA] = RPROCFW_PKEYINFO_RSA,
                                     [RPROCFW_SIGNTYPE_ECDSA] = RPROCFW_PKEYINFO_P256};
    const struct rprocfw_keys *keys = f->job->keys;
    enum rprocfw_pkeyinfo what = RPROCFW_PKEYINFO_OTHER;
    uint32_t length;
    const uint8_t *value = rprocfw_foretell_tlv(f, RPROCFW_TLV_PKEYINFO, &length);

    if (!f->rules->st || f->board == NULL || !rprocfw_board_reads_pkeyinfo(f->board, signtype))
        return true;
    if (value == NULL)
        return rprocfw_foretell_fails(f, CHECK_PKEYINFO,
                                      "there is no PKEYINFO, and the board wants the public key "
                                      "there");
    if (length != sizes[signtype])
        return rprocfw_foretell_fails(f, CHECK_PKEYINFO,
                                      "PKEYINFO has %" PRIu32 " bytes, and the board wants the "
                                      "public key there, %" PRIu32 " bytes",
                                      length, sizes[signtype]);
    for (size_t i = 0; keys != NULL && i < keys->count && what == RPROCFW_PKEYINFO_OTHER; i++) {
        const enum rprocfw_status status =
            rprocfw_pkeyinfo_look(value, length, keys->key[i], &what, f->error);

        if (status != RPROCFW_OK)
            return rprocfw_foretell_broke(f, status);
    }
    if (what == RPROCFW_PKEYINFO_OPAQUE || what == RPROCFW_PKEYINFO_PRIVATE)
        return rprocfw_foretell_fails(f, CHECK_PKEYINFO,
                                      "what stands in PKEYINFO is no public key");
    if (what == RPROCFW_PKEYINFO_OTHER && keys != NULL && keys->count != 0)
        return rprocfw_foretell_fails(f, CHECK_PKEYINFO_KEY,
                                      "PKEYINFO has another key than those given, one of which the "
                                      "board knows by its hash");
    return true;
}

/* Is the signature that of one of the keys? */
static bool check_keys(struct rprocfw_foretelling *f, uint8_t signtype)
{
    const uint32_t signature = RPROCFW_HEADER_SIZE + (uint32_t)rprocfw_r8(f->header.tlv_len);
    const struct rprocfw_keys *keys = f->job->keys;
    uint8_t sha256[RPROCFW_SHA256_SIZE];
    const struct rprocfw_signed what = {
        .data = f->job->metadata,
        .size = signature,
        .signature = f->job->metadata + signature,
        .signature_size = f->header.sign_len,
        .signtype = (enum rprocfw_signtype)signtype,
        .sha256 = sha256,
    };

    for (size_t i = 0; keys != NULL && i < keys->count; i++) {
        const enum rprocfw_status status = rprocfw_key_verify(keys->key[i], &what, f->error);

        if (status == RPROCFW_OK)
            return true;
        if (status != RPROCFW_ERR_SIGNATURE)
            return rprocfw_foretell_broke(f, status);
    }
    return rprocfw_foretell_fails(f, CHECK_SIGNATURE,
                                  "the signature is of none of the keys given, or of other bytes");
}

static bool check_signature(struct rprocfw_foretelling *f, uint8_t signtype)
{
    switch (f->job->signature) {
    case RPROCFW_FORETELL_GOOD:
    case RPROCFW_FORETELL_ASSUMED:
        return true;
    case RPROCFW_FORETELL_UNKNOWN:
        return check_keys(f, signtype);
    case RPROCFW_FORETELL_BAD:
        break;
    }
    return rprocfw_foretell_fails(f, CHECK_SIGNATURE,
                                  "the signature is of none of the keys given, or of other bytes");
}

bool rprocfw_foretell_algorithm(struct rprocfw_foretelling *f, uint32_t signtype)
{
    return f->board == NULL || (f->board->signtypes & (1u << signtype)) != 0 ||
           rprocfw_foretell_fails(f, CHECK_SIGNATURE_ALGORITHM,
                                  "signed with %s, which the board does not know",
                                  signtype == RPROCFW_SIGNTYPE_RSA ? "RSA" : "ECDSA P-256");
}

bool rprocfw_foretell_signature(struct rprocfw_foretelling *f)
{
    uint8_t signtype;

    if (!rprocfw_foretell_byte(f, RPROCFW_TLV_SIGNTYPE, CHECK_SIGNTYPE_MISSING,
                               CHECK_SIGNTYPE_LENGTH, &signtype))
        return false;
    if (signtype != RPROCFW_SIGNTYPE_RSA && signtype != RPROCFW_SIGNTYPE_ECDSA)
        return rprocfw_foretell_fails(f, CHECK_SIGNTYPE_VALUE,
                                      "the TLV SIGNTYPE is %u: neither RSA (1) nor ECDSA (2)",
                                      signtype);
    return rprocfw_foretell_algorithm(f, signtype) && check_pkeyinfo(f, signtype) &&
           check_signature(f, signtype);
}
