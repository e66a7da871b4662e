/* SPDX-License-Identifier: BSD-2-Clause */
/* The platform's pseudo TA, command by command. */
#include <rprocfw/format.h>

#include "pta.h"

#define NONE      TEE_PARAM_TYPE_NONE
#define VALUE_IN  TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT
#define MEMREF(bytes, length)                                    \
    {                                                            \
        .memref = {.buffer = (void *)(bytes), .size = (length) } \
    } /* an input: it is only read */

static TEE_TASessionHandle session;

TEE_Result rprocfw_pta_open(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    static const TEE_UUID uuid = RPROCFW_PTA_UUID;

    return TEE_OpenTASession(&uuid, TEE_TIMEOUT_INFINITE, types, params, &session, NULL);
}

void rprocfw_pta_close(void)
{
    TEE_CloseTASession(session);
}

static TEE_Result invoke(uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    return TEE_InvokeTACommand(session, TEE_TIMEOUT_INFINITE, command, types, params, NULL);
}

TEE_Result rprocfw_pta_capabilities(uint32_t id, uint32_t *formats, uint32_t *protections)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};
    TEE_Result result = invoke(RPROCFW_PTA_HW_CAPABILITIES,
                               TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_OUT, NONE), params);

    *formats = params[1].value.a;
    *protections = params[2].value.a;
    return result;
}

TEE_Result rprocfw_pta_load_segment(uint32_t id, const uint8_t *bytes, uint32_t size, uint32_t da,
                                    const uint8_t *sha256)
{
    TEE_Param params[TEE_NUM_PARAMS] = {
        {.value = {.a = id}},
        MEMREF(bytes, size),
        {.value = {.a = da}},
        MEMREF(sha256, RPROCFW_SHA256_SIZE),
    };

    return invoke(RPROCFW_PTA_LOAD_SEGMENT_SHA256,
                  TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, VALUE_IN, MEMREF_IN), params);
}

TEE_Result rprocfw_pta_zero(uint32_t id, uint32_t da, uint32_t size)
{
    TEE_Param params[TEE_NUM_PARAMS] = {
        {.value = {.a = id}},
        {.value = {.a = da}},
        {.value = {.a = size}},
        {.value = {.a = 0}},
    };

    return invoke(RPROCFW_PTA_SET_MEMORY, TEE_PARAM_TYPES(VALUE_IN, VALUE_IN, VALUE_IN, VALUE_IN),
                  params);
}

TEE_Result rprocfw_pta_da_to_pa(uint32_t id, uint32_t da, uint32_t size, uint64_t *pa)
{
    TEE_Param params[TEE_NUM_PARAMS] = {
        {.value = {.a = id}},
        {.value = {.a = da}},
        {.value = {.a = size}},
    };
    TEE_Result result = invoke(RPROCFW_PTA_FIRMWARE_DA_TO_PA,
                               TEE_PARAM_TYPES(VALUE_IN, VALUE_IN, VALUE_IN, VALUE_OUT), params);

    *pa = (uint64_t)params[3].value.b << 32 | params[3].value.a;
    return result;
}

TEE_Result rprocfw_pta_verify_digest(uint32_t id, const uint8_t *key_info, uint32_t key_info_size,
                                     const uint8_t *digest, const uint8_t *signature,
                                     uint32_t signature_size)
{
    TEE_Param params[TEE_NUM_PARAMS] = {
        {.value = {.a = id}},
        MEMREF(key_info, key_info_size),
        MEMREF(digest, RPROCFW_SHA256_SIZE),
        MEMREF(signature, signature_size),
    };

    return invoke(RPROCFW_PTA_VERIFY_DIGEST,
                  TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, MEMREF_IN, MEMREF_IN), params);
}

TEE_Result rprocfw_pta_command(uint32_t id, uint32_t command)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};

    return invoke(command, TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE), params);
}
