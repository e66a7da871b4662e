/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What src/tee uses of the TEE Internal Core API 1.3.1 (GlobalPlatform), with its names and
 * numbers, so that the trusted application runs in a test: tee_*.c implement it.
 */
#ifndef TEE_INTERNAL_API_H
#define TEE_INTERNAL_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t TEE_Result;

#define TEE_SUCCESS                 0x00000000u
#define TEE_ERROR_GENERIC           0xFFFF0000u
#define TEE_ERROR_ACCESS_DENIED     0xFFFF0001u
#define TEE_ERROR_BAD_FORMAT        0xFFFF0005u
#define TEE_ERROR_BAD_PARAMETERS    0xFFFF0006u
#define TEE_ERROR_BAD_STATE         0xFFFF0007u
#define TEE_ERROR_ITEM_NOT_FOUND    0xFFFF0008u
#define TEE_ERROR_NOT_IMPLEMENTED   0xFFFF0009u
#define TEE_ERROR_NOT_SUPPORTED     0xFFFF000Au
#define TEE_ERROR_NO_DATA           0xFFFF000Bu
#define TEE_ERROR_OUT_OF_MEMORY     0xFFFF000Cu
#define TEE_ERROR_SECURITY          0xFFFF000Fu
#define TEE_ERROR_TARGET_DEAD       0xFFFF3024u
#define TEE_ERROR_SIGNATURE_INVALID 0xFFFF3072u

/* ---- parameters and sessions ---- */

typedef struct {
    uint32_t timeLow;
    uint16_t timeMid;
    uint16_t timeHiAndVersion;
    uint8_t clockSeqAndNode[8];
} TEE_UUID;

typedef union {
    struct {
        void *buffer;
        size_t size;
    } memref;
    struct {
        uint32_t a;
        uint32_t b;
    } value;
} TEE_Param;

#define TEE_NUM_PARAMS 4

#define TEE_PARAM_TYPE_NONE          0u
#define TEE_PARAM_TYPE_VALUE_INPUT   1u
#define TEE_PARAM_TYPE_VALUE_OUTPUT  2u
#define TEE_PARAM_TYPE_VALUE_INOUT   3u
#define TEE_PARAM_TYPE_MEMREF_INPUT  5u
#define TEE_PARAM_TYPE_MEMREF_OUTPUT 6u
#define TEE_PARAM_TYPE_MEMREF_INOUT  7u

#define TEE_PARAM_TYPES(t0, t1, t2, t3) ((t0) | ((t1) << 4) | ((t2) << 8) | ((t3) << 12))

typedef struct tee_session *TEE_TASessionHandle;

#define TEE_TIMEOUT_INFINITE 0xFFFFFFFFu
#define TEE_HANDLE_NULL      0

TEE_Result TEE_OpenTASession(const TEE_UUID *destination, uint32_t timeout, uint32_t types,
                             TEE_Param params[TEE_NUM_PARAMS], TEE_TASessionHandle *session,
                             uint32_t *origin);
void TEE_CloseTASession(TEE_TASessionHandle session);
TEE_Result TEE_InvokeTACommand(TEE_TASessionHandle session, uint32_t timeout, uint32_t command,
                               uint32_t types, TEE_Param params[TEE_NUM_PARAMS], uint32_t *origin);

/* ---- the entry points of a trusted application ---- */

TEE_Result TA_CreateEntryPoint(void);
void TA_DestroyEntryPoint(void);
TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS],
                                    void **session);
void TA_CloseSessionEntryPoint(void *session);
TEE_Result TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types,
                                      TEE_Param params[TEE_NUM_PARAMS]);

/* ---- memory ---- */

void TEE_MemMove(void *dest, const void *src, size_t size);
int32_t TEE_MemCompare(const void *a, const void *b, size_t size);

/* ---- cryptography ---- */

typedef struct tee_operation *TEE_OperationHandle;
typedef struct tee_object *TEE_ObjectHandle;

typedef struct {
    uint32_t attributeID;
    union {
        struct {
            void *buffer;
            size_t length;
        } ref;
        struct {
            uint32_t a;
            uint32_t b;
        } value;
    } content;
} TEE_Attribute;

#define TEE_MODE_VERIFY 3u
#define TEE_MODE_DIGEST 5u

#define TEE_ALG_SHA256                   0x50000004u
#define TEE_ALG_RSASSA_PKCS1_V1_5_SHA256 0x70004830u
#define TEE_ALG_ECDSA_SHA256             0x70003042u
#define TEE_ALG_ECDSA_P256               TEE_ALG_ECDSA_SHA256 /* its older name */

#define TEE_TYPE_RSA_PUBLIC_KEY   0xA0000030u
#define TEE_TYPE_ECDSA_PUBLIC_KEY 0xA0000041u

#define TEE_ATTR_RSA_MODULUS         0xD0000130u
#define TEE_ATTR_RSA_PUBLIC_EXPONENT 0xD0000230u
#define TEE_ATTR_ECC_PUBLIC_VALUE_X  0xD0000141u
#define TEE_ATTR_ECC_PUBLIC_VALUE_Y  0xD0000241u
#define TEE_ATTR_ECC_CURVE           0xF0000441u
#define TEE_ECC_CURVE_NIST_P256      0x00000003u

TEE_Result TEE_AllocateOperation(TEE_OperationHandle *operation, uint32_t algorithm, uint32_t mode,
                                 uint32_t max_key_size);
void TEE_FreeOperation(TEE_OperationHandle operation);

void TEE_DigestUpdate(TEE_OperationHandle operation, const void *chunk, size_t size);
TEE_Result TEE_DigestDoFinal(TEE_OperationHandle operation, const void *chunk, size_t size,
                             void *hash, size_t *hash_size);

TEE_Result TEE_AllocateTransientObject(uint32_t type, uint32_t max_key_size,
                                       TEE_ObjectHandle *object);
void TEE_FreeTransientObject(TEE_ObjectHandle object);
void TEE_InitRefAttribute(TEE_Attribute *attribute, uint32_t id, const void *buffer, size_t length);
void TEE_InitValueAttribute(TEE_Attribute *attribute, uint32_t id, uint32_t a, uint32_t b);
TEE_Result TEE_PopulateTransientObject(TEE_ObjectHandle object, const TEE_Attribute *attributes,
                                       uint32_t count);
TEE_Result TEE_SetOperationKey(TEE_OperationHandle operation, TEE_ObjectHandle object);
TEE_Result TEE_AsymmetricVerifyDigest(TEE_OperationHandle operation, const TEE_Attribute *params,
                                      uint32_t count, const void *digest, size_t digest_size,
                                      const void *signature, size_t signature_size);

/* ---- the log: no part of the API; OP-TEE's header brings it, another TEE's need not ---- */

#ifdef TEST_TEE_LOG
#define TRACE_DEBUG 3
#define TRACE_LEVEL TRACE_DEBUG
#define EMSG(...)   tee_log(__VA_ARGS__)
#define DMSG(...)   tee_log(__VA_ARGS__)
__attribute__((format(printf, 1, 2))) void tee_log(const char *format, ...);
#endif

#endif
