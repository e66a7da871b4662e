/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature, judged by the platform's PTA with the platform's key. */
#include "platform.h"
#include "pta.h"

static void put_word(uint8_t *dst, uint32_t word)
{
    TEE_MemMove(dst, &word, sizeof(word));
}

uint32_t rprocfw_tee_verify(struct rprocfw_tee_call *call, const struct rprocfw_signed *what)
{
    const bool rsa = what->signtype == RPROCFW_SIGNTYPE_RSA;
    TEE_Result result;

    if (what->pkeyinfo_size > sizeof(call->buffer) - RPROCFW_PTA_KEY_INFO_HEADER)
        return rprocfw_tee_fail(call, RPROCFW_ERR_PLATFORM, TEE_ERROR_OUT_OF_MEMORY);
    put_word(call->buffer, rsa ? TEE_ALG_RSASSA_PKCS1_V1_5_SHA256 : TEE_ALG_ECDSA_P256);
    put_word(call->buffer + 4, what->pkeyinfo_size);
    if (what->pkeyinfo_size > 0)
        TEE_MemMove(call->buffer + RPROCFW_PTA_KEY_INFO_HEADER, what->pkeyinfo,
                    what->pkeyinfo_size);
    result = rprocfw_pta_verify_digest(call->id, call->buffer,
                                       RPROCFW_PTA_KEY_INFO_HEADER + what->pkeyinfo_size,
                                       what->sha256, what->signature, what->signature_size);
    switch (result) {
    case TEE_SUCCESS:
        return RPROCFW_AUTHENTIC;
    case TEE_ERROR_SIGNATURE_INVALID:
        return RPROCFW_ERR_SIGNATURE;
    case TEE_ERROR_NOT_SUPPORTED:
        return RPROCFW_ERR_SIGN_UNSUPPORTED;
    default:
        /* not a word about the signature: a missing PKEYINFO, or a key that is not the fused one */
        return rprocfw_tee_fail(call, RPROCFW_ERR_PLATFORM, result);
    }
}
