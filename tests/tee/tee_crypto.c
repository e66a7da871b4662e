/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE: SHA-256 and signatures, over libcrypto. */
#include <stdlib.h>
#include <string.h>

#include <check.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "pkey.h"
#include "shared.h"
#include "signature.h"
#include "tee.h"

struct tee_operation {
    uint32_t algorithm;
    uint32_t max_key_size;
    EVP_MD_CTX *digest; /* of TEE_ALG_SHA256 */
    EVP_PKEY *key;      /* of the others, when it is set */
};

struct tee_object {
    uint32_t type;
    uint32_t max_key_size;
    EVP_PKEY *key; /* when it is populated */
};

static void *new_handle(size_t size)
{
    void *handle = calloc(1, size);

    require(handle != NULL, "no memory");
    tee.handles++;
    return handle;
}

static void free_handle(void *handle)
{
    require(tee.handles > 0, "a handle that nobody has");
    tee.handles--;
    free(handle);
}

static bool key_size_known(bool ecdsa, uint32_t bits)
{
    return ecdsa ? bits == 256 : bits >= 256 && bits <= 4096;
}

/* ---- operations ---- */

static void start_digest(TEE_OperationHandle operation)
{
    require(EVP_DigestInit_ex(operation->digest, EVP_sha256(), NULL) == 1, "no digest");
}

TEE_Result TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode,
                                 uint32_t max_key_size)
{
    const bool digest = algorithm == TEE_ALG_SHA256;
    const bool ecdsa = algorithm == TEE_ALG_ECDSA_SHA256;
    TEE_Result result = tee_called(ALLOCATE_OPERATION);

    *operation = TEE_HANDLE_NULL;
    if (result != TEE_SUCCESS)
        return result;
    if (!digest && !ecdsa && algorithm != TEE_ALG_RSASSA_PKCS1_V1_5_SHA256)
        return TEE_ERROR_NOT_SUPPORTED;
    if (mode != (digest ? TEE_MODE_DIGEST : TEE_MODE_VERIFY) ||
        (!digest && !key_size_known(ecdsa, max_key_size)))
        return TEE_ERROR_NOT_SUPPORTED;
    *operation = new_handle(sizeof(**operation));
    (*operation)->algorithm = algorithm;
    (*operation)->max_key_size = max_key_size;
    if (digest) {
        (*operation)->digest = EVP_MD_CTX_new();
        start_digest(*operation);
    }
    return TEE_SUCCESS;
}

void TEE_FreeOperation(TEE_OperationHandle operation)
{
    if (operation == TEE_HANDLE_NULL)
        return;
    EVP_MD_CTX_free(operation->digest);
    EVP_PKEY_free(operation->key);
    free_handle(operation);
}

void TEE_DigestUpdate(TEE_OperationHandle operation, const void *chunk, size_t size)
{
    TEE_PANIC_UNLESS(operation != TEE_HANDLE_NULL && operation->digest != NULL);
    require(!shared_has(chunk, size), "shared memory is hashed where it lies");
    require(EVP_DigestUpdate(operation->digest, chunk, size) == 1, "no digest");
}

TEE_Result TEE_DigestDoFinal(TEE_OperationHandle operation, const void *chunk, size_t size,
                             void *hash, size_t *hash_size)
{
    TEE_Result result = tee_called(DIGEST_DO_FINAL);

    if (result != TEE_SUCCESS)
        return result;
    if (size > 0)
        TEE_DigestUpdate(operation, chunk, size);
    TEE_PANIC_UNLESS(operation != TEE_HANDLE_NULL && operation->digest != NULL);
    require(*hash_size >= 32, "room for %zu bytes", *hash_size);
    *hash_size = 32;
    require(EVP_DigestFinal_ex(operation->digest, hash, NULL) == 1, "no digest");
    start_digest(operation);
    return TEE_SUCCESS;
}

/* ---- keys ---- */

TEE_Result TEE_AllocateTransientObject(uint32_t type, uint32_t max_key_size,
                                       TEE_ObjectHandle *object)
{
    const bool ecdsa = type == TEE_TYPE_ECDSA_PUBLIC_KEY;
    TEE_Result result = tee_called(ALLOCATE_OBJECT);

    *object = TEE_HANDLE_NULL;
    if (result != TEE_SUCCESS)
        return result;
    if ((!ecdsa && type != TEE_TYPE_RSA_PUBLIC_KEY) || !key_size_known(ecdsa, max_key_size))
        return TEE_ERROR_NOT_SUPPORTED;
    *object = new_handle(sizeof(**object));
    (*object)->type = type;
    (*object)->max_key_size = max_key_size;
    return TEE_SUCCESS;
}

void TEE_FreeTransientObject(TEE_ObjectHandle object)
{
    if (object == TEE_HANDLE_NULL)
        return;
    EVP_PKEY_free(object->key);
    free_handle(object);
}

void TEE_InitRefAttribute(TEE_Attribute *attribute, uint32_t id, const void *buffer, size_t length)
{
    TEE_PANIC_UNLESS((id & 0x20000000u) == 0); /* bit 29: a value */
    memset(attribute, 0, sizeof(*attribute));
    attribute->attributeID = id;
    attribute->content.ref.buffer = (void *)buffer;
    attribute->content.ref.length = length;
}

void TEE_InitValueAttribute(TEE_Attribute *attribute, uint32_t id, uint32_t a, uint32_t b)
{
    TEE_PANIC_UNLESS((id & 0x20000000u) != 0);
    memset(attribute, 0, sizeof(*attribute));
    attribute->attributeID = id;
    attribute->content.value.a = a;
    attribute->content.value.b = b;
}

/* The attribute with that id; a key without it is none. */
static const TEE_Attribute *find(const TEE_Attribute *attributes, uint32_t count, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < count; i++)
        if (attributes[i].attributeID == id)
            return &attributes[i];
    ck_abort_msg("panic: no attribute %#x", id);
    return NULL;
}

static EVP_PKEY *rsa_key(const TEE_Attribute *attributes, uint32_t count)
{
    const TEE_Attribute *modulus = find(attributes, count, TEE_ATTR_RSA_MODULUS);
    const TEE_Attribute *exponent = find(attributes, count, TEE_ATTR_RSA_PUBLIC_EXPONENT);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *n = BN_bin2bn(modulus->content.ref.buffer, (int)modulus->content.ref.length, NULL);
    BIGNUM *e = BN_bin2bn(exponent->content.ref.buffer, (int)exponent->content.ref.length, NULL);
    EVP_PKEY *key;

    ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n), 1);
    ck_assert_int_eq(OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e), 1);
    key = pkey_from("RSA", EVP_PKEY_PUBLIC_KEY, build);
    BN_free(n);
    BN_free(e);
    return key;
}

static EVP_PKEY *ecdsa_key(const TEE_Attribute *attributes, uint32_t count)
{
    const TEE_Attribute *x = find(attributes, count, TEE_ATTR_ECC_PUBLIC_VALUE_X);
    const TEE_Attribute *y = find(attributes, count, TEE_ATTR_ECC_PUBLIC_VALUE_Y);
    const TEE_Attribute *curve = find(attributes, count, TEE_ATTR_ECC_CURVE);
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    uint8_t point[POINT] = {4};

    ck_assert_uint_eq(curve->content.value.a, TEE_ECC_CURVE_NIST_P256);
    ck_assert_uint_eq(x->content.ref.length, 32);
    ck_assert_uint_eq(y->content.ref.length, 32);
    memcpy(point + 1, x->content.ref.buffer, 32);
    memcpy(point + 33, y->content.ref.buffer, 32);
    ck_assert_int_eq(OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0),
                     1);
    ck_assert_int_eq(
        OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)), 1);
    return pkey_from("EC", EVP_PKEY_PUBLIC_KEY, build);
}

TEE_Result TEE_PopulateTransientObject(TEE_ObjectHandle object, const TEE_Attribute *attributes,
                                       uint32_t count)
{
    const bool ecdsa = object->type == TEE_TYPE_ECDSA_PUBLIC_KEY;
    TEE_Result result = tee_called(POPULATE_OBJECT);

    TEE_PANIC_UNLESS(object->key == NULL);
    TEE_PANIC_UNLESS(count == (ecdsa ? 3 : 2)); /* no others */
    if (result != TEE_SUCCESS)
        return result;
    object->key = ecdsa ? ecdsa_key(attributes, count) : rsa_key(attributes, count);
    if (object->key == NULL)
        return TEE_ERROR_BAD_PARAMETERS;
    TEE_PANIC_UNLESS((uint32_t)EVP_PKEY_get_bits(object->key) <= object->max_key_size);
    return TEE_SUCCESS;
}

TEE_Result TEE_SetOperationKey(TEE_OperationHandle operation, TEE_ObjectHandle object)
{
    const bool ecdsa = object->type == TEE_TYPE_ECDSA_PUBLIC_KEY;
    TEE_Result result = tee_called(SET_OPERATION_KEY);

    TEE_PANIC_UNLESS(object->key != NULL && operation->key == NULL && operation->digest == NULL);
    TEE_PANIC_UNLESS(ecdsa == (operation->algorithm == TEE_ALG_ECDSA_SHA256));
    TEE_PANIC_UNLESS((uint32_t)EVP_PKEY_get_bits(object->key) <= operation->max_key_size);
    if (result != TEE_SUCCESS)
        return result;
    ck_assert_int_eq(EVP_PKEY_up_ref(object->key), 1);
    operation->key = object->key;
    return TEE_SUCCESS;
}

TEE_Result TEE_AsymmetricVerifyDigest(TEE_OperationHandle operation, const TEE_Attribute *params,
                                      uint32_t count, const void *digest, size_t digest_size,
                                      const void *signature, size_t signature_size)
{
    const bool ecdsa = operation->algorithm == TEE_ALG_ECDSA_SHA256;
    TEE_Result result = tee_called(VERIFY_DIGEST);

    (void)params;
    TEE_PANIC_UNLESS(operation->key != NULL && count == 0 && digest_size == 32);
    TEE_PANIC_UNLESS(signature_size ==
                     (ecdsa ? 64 : (size_t)EVP_PKEY_get_size(operation->key))); /* OP-TEE's may */
    require(!shared_has(digest, digest_size) && !shared_has(signature, signature_size),
            "digest or signature in shared memory");
    if (result != TEE_SUCCESS)
        return result;
    return digest_signature_holds(operation->key,
                                  ecdsa ? RPROCFW_SIGNTYPE_ECDSA : RPROCFW_SIGNTYPE_RSA, digest,
                                  signature, signature_size)
               ? TEE_SUCCESS
               : TEE_ERROR_SIGNATURE_INVALID;
}
