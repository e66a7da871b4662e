/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature, judged with a public key that is compiled in; `rproc-key c-source` writes it. */
#include <rprocfw/public_key.h>

#include "platform.h"

static const struct rprocfw_public_key *const key = &rprocfw_public_key;

static bool is_rsa(void)
{
    return key->signtype == RPROCFW_SIGNTYPE_RSA;
}

/* Bytes of a signature: also of the modulus. */
static uint32_t signature_size(void)
{
    return is_rsa() ? key->modulus_size : RPROCFW_P256_SIGNATURE;
}

static uint32_t key_bits(void)
{
    return is_rsa() ? 8 * key->modulus_size : 256;
}

static TEE_Result populate(TEE_ObjectHandle object)
{
    TEE_Attribute attributes[3];

    if (is_rsa()) {
        TEE_InitRefAttribute(&attributes[0], TEE_ATTR_RSA_MODULUS, key->modulus, key->modulus_size);
        TEE_InitRefAttribute(&attributes[1], TEE_ATTR_RSA_PUBLIC_EXPONENT, key->exponent,
                             key->exponent_size);
        return TEE_PopulateTransientObject(object, attributes, 2);
    }
    TEE_InitValueAttribute(&attributes[0], TEE_ATTR_ECC_CURVE, TEE_ECC_CURVE_NIST_P256, 0);
    TEE_InitRefAttribute(&attributes[1], TEE_ATTR_ECC_PUBLIC_VALUE_X, key->x, 32);
    TEE_InitRefAttribute(&attributes[2], TEE_ATTR_ECC_PUBLIC_VALUE_Y, key->y, 32);
    return TEE_PopulateTransientObject(object, attributes, 3);
}

/* The operation keeps a copy of the key. */
static TEE_Result set_key(TEE_OperationHandle op)
{
    TEE_ObjectHandle object = TEE_HANDLE_NULL;
    TEE_Result result = TEE_AllocateTransientObject(
        is_rsa() ? TEE_TYPE_RSA_PUBLIC_KEY : TEE_TYPE_ECDSA_PUBLIC_KEY, key_bits(), &object);

    if (result == TEE_SUCCESS)
        result = populate(object);
    if (result == TEE_SUCCESS)
        result = TEE_SetOperationKey(op, object);
    TEE_FreeTransientObject(object);
    return result;
}

static TEE_Result verify(const struct rprocfw_signed *what)
{
    const uint32_t algorithm = is_rsa() ? TEE_ALG_RSASSA_PKCS1_V1_5_SHA256 : TEE_ALG_ECDSA_P256;
    TEE_OperationHandle op = TEE_HANDLE_NULL;
    TEE_Result result = TEE_AllocateOperation(&op, algorithm, TEE_MODE_VERIFY, key_bits());

    if (result == TEE_SUCCESS)
        result = set_key(op);
    if (result == TEE_SUCCESS)
        result = TEE_AsymmetricVerifyDigest(op, NULL, 0, what->sha256, RPROCFW_SHA256_SIZE,
                                            what->signature, what->signature_size);
    TEE_FreeOperation(op);
    return result;
}

uint32_t rprocfw_tee_verify(struct rprocfw_tee_call *call, const struct rprocfw_signed *what)
{
    TEE_Result result;

    if (what->signtype != key->signtype)
        return RPROCFW_ERR_SIGN_UNSUPPORTED;
    /* of another size the API need not say that it is invalid: it may panic */
    if (what->signature_size != signature_size())
        return RPROCFW_ERR_SIGNATURE;
    result = verify(what);
    if (result == TEE_SUCCESS)
        return RPROCFW_AUTHENTIC;
    if (result == TEE_ERROR_SIGNATURE_INVALID)
        return RPROCFW_ERR_SIGNATURE;
    return rprocfw_tee_fail(call, RPROCFW_ERR_PLATFORM, result);
}
