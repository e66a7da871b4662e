/* SPDX-License-Identifier: BSD-2-Clause */
/* The platform's PTA. */
#include <string.h>

#include "container.h"
#include "pta_model.h"
#include "shared.h"
#include "signature.h"
#include "suite.h"

struct pta pta;

#define NONE      TEE_PARAM_TYPE_NONE
#define VALUE_IN  TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT

static bool known(uint32_t id)
{
    return id < MAX_CORES && pta.memory[id] != NULL;
}

TEE_Result pta_open(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    pta.sessions++;
    if (types != TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE))
        return TEE_ERROR_BAD_PARAMETERS;
    if (!known(params[0].value.a))
        return TEE_ERROR_NOT_SUPPORTED;
    return pta.open_result;
}

/* The failure that the test wants of this call. */
static TEE_Result wanted(enum pta_command command)
{
    return pta.fail == command && pta.calls[command] == pta.fail_call ? pta.how : TEE_SUCCESS;
}

static TEE_Result capabilities(TEE_Param params[TEE_NUM_PARAMS])
{
    params[1].value.a = 1u & ~pta.lacks_formats;
    params[2].value.a = 1u & ~pta.lacks_protections;
    return wanted(HW_CAPABILITIES);
}

/* ---- memory ---- */

/* The memory of size bytes at a device address, both in two words; NULL: it is none. */
static uint8_t *memory_of(uint32_t id, const TEE_Param *da, uint64_t size)
{
    uint64_t pa;

    require(da->value.b == 0, "a device address of more than 32 bits");
    require(size > 0, "no bytes at %#x", da->value.a);
    if (!memory_find(pta.memory[id], da->value.a, (uint32_t)size, &pa))
        return NULL;
    return memory_at_pa(pta.memory[id], pa, (uint32_t)size);
}

static TEE_Result load_segment(TEE_Param params[TEE_NUM_PARAMS])
{
    const size_t size = params[1].memref.size;
    uint8_t *dst = memory_of(params[0].value.a, &params[2], size);
    uint8_t digest[32];
    TEE_Result result;

    require(params[3].memref.size == 32, "a digest of %zu bytes", params[3].memref.size);
    require(!shared_has(params[3].memref.buffer, 32), "a digest in shared memory");
    if (dst == NULL)
        return TEE_ERROR_ACCESS_DENIED;
    if (shared_has(params[1].memref.buffer, size))
        pta.from_shared++;
    shared_copy(dst, params[1].memref.buffer, size);
    result = wanted(LOAD_SEGMENT_SHA256);
    if (result != TEE_SUCCESS)
        return result;
    sha256(dst, size, digest);
    if (memcmp(digest, params[3].memref.buffer, 32) == 0)
        return TEE_SUCCESS;
    memset(dst, 0, size);
    return TEE_ERROR_SECURITY;
}

static TEE_Result set_memory(TEE_Param params[TEE_NUM_PARAMS])
{
    const uint32_t size = params[2].value.a;
    uint8_t *dst = memory_of(params[0].value.a, &params[1], size);

    require(params[2].value.b == 0, "more than 32 bits of bytes");
    if (dst == NULL)
        return TEE_ERROR_ACCESS_DENIED;
    memset(dst, (int)params[3].value.a, size);
    return wanted(SET_MEMORY);
}

static TEE_Result da_to_pa(TEE_Param params[TEE_NUM_PARAMS])
{
    uint64_t pa;

    require(params[1].value.b == 0 && params[2].value.b == 0, "more than 32 bits");
    /* what passes the end of the address space would look like nothing special to some */
    require(params[1].value.a <= UINT32_MAX - (params[2].value.a - 1), "%u bytes at %#x",
            params[2].value.a, params[1].value.a);
    if (!memory_find(pta.memory[params[0].value.a], params[1].value.a, params[2].value.a, &pa))
        return TEE_ERROR_ACCESS_DENIED;
    params[3].value.a = (uint32_t)pa;
    params[3].value.b = (uint32_t)(pa >> 32);
    return wanted(FIRMWARE_DA_TO_PA);
}

/* ---- the signature ---- */

static TEE_Result verify_digest(const TEE_Param params[TEE_NUM_PARAMS])
{
    const uint8_t *info = params[1].memref.buffer;
    const size_t info_size = params[1].memref.size;
    uint32_t *words = pta.key_info_words;
    bool rsa;
    unsigned i;

    for (i = 1; i < TEE_NUM_PARAMS; i++)
        require(!shared_has(params[i].memref.buffer, params[i].memref.size),
                "parameter %u in shared memory", i);
    require((uintptr_t)info % 4 == 0 && info_size >= 8 && info_size - 8 <= MAX_KEY_INFO,
            "%zu bytes of key information at %p", info_size, (const void *)info);
    memcpy(words, info, 8);
    require(words[1] == info_size - 8, "key information of %u bytes", words[1]);
    memcpy(pta.key_info, info + 8, info_size - 8);
    require(params[2].memref.size == 32, "a digest of %zu bytes", params[2].memref.size);
    rsa = words[0] == TEE_ALG_RSASSA_PKCS1_V1_5_SHA256;
    require(rsa || words[0] == TEE_ALG_ECDSA_P256, "algorithm %#x", words[0]);
    if (wanted(PTA_VERIFY_DIGEST) != TEE_SUCCESS)
        return pta.how;
    if (pta.rsa_only && !rsa)
        return TEE_ERROR_NOT_SUPPORTED;
    return pta.key == NULL ||
                   digest_signature_holds(
                       pta.key, rsa ? RPROCFW_SIGNTYPE_RSA : RPROCFW_SIGNTYPE_ECDSA,
                       params[2].memref.buffer, params[3].memref.buffer, params[3].memref.size)
               ? TEE_SUCCESS
               : TEE_ERROR_SIGNATURE_INVALID;
}

/* ---- the remote processor ---- */

static TEE_Result start(uint32_t id)
{
    if (wanted(FIRMWARE_START) != TEE_SUCCESS)
        return pta.how;
    pta.started[id] = true;
    return TEE_SUCCESS;
}

static TEE_Result stop(uint32_t id)
{
    if (wanted(FIRMWARE_STOP) != TEE_SUCCESS)
        return pta.how;
    pta.started[id] = false;
    return TEE_SUCCESS;
}

static TEE_Result release(uint32_t id)
{
    if (pta.release != TEE_SUCCESS)
        return pta.release;
    if (wanted(PTA_RELEASE) != TEE_SUCCESS)
        return pta.how;
    memory_clear(pta.memory[id]);
    return TEE_SUCCESS;
}

/* The parameter types of each command. */
static const uint32_t types_of[PTA_COMMANDS] = {
    [HW_CAPABILITIES] = TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_OUT, NONE),
    [LOAD_SEGMENT_SHA256] = TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, VALUE_IN, MEMREF_IN),
    [SET_MEMORY] = TEE_PARAM_TYPES(VALUE_IN, VALUE_IN, VALUE_IN, VALUE_IN),
    [FIRMWARE_START] = TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE),
    [FIRMWARE_STOP] = TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE),
    [FIRMWARE_DA_TO_PA] = TEE_PARAM_TYPES(VALUE_IN, VALUE_IN, VALUE_IN, VALUE_OUT),
    [PTA_VERIFY_DIGEST] = TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, MEMREF_IN, MEMREF_IN),
    [PTA_RELEASE] = TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE),
};

static TEE_Result dispatch(enum pta_command command, TEE_Param params[TEE_NUM_PARAMS])
{
    const uint32_t id = params[0].value.a;

    switch (command) {
    case HW_CAPABILITIES:
        return capabilities(params);
    case LOAD_SEGMENT_SHA256:
        return load_segment(params);
    case SET_MEMORY:
        return set_memory(params);
    case FIRMWARE_START:
        return start(id);
    case FIRMWARE_STOP:
        return stop(id);
    case FIRMWARE_DA_TO_PA:
        return da_to_pa(params);
    case PTA_VERIFY_DIGEST:
        return verify_digest(params);
    case PTA_RELEASE:
        return release(id);
    case PTA_COMMANDS:
        break;
    }
    return TEE_ERROR_NOT_IMPLEMENTED;
}

TEE_Result pta_invoke(uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    const uint32_t id = params[0].value.a;

    require(command < PTA_COMMANDS && types_of[command] != 0, "no command %u", command);
    require(types == types_of[command], "command %u: parameter types %#x", command, types);
    pta.calls[command]++;
    pta.id = id;
    if (!known(id))
        return TEE_ERROR_NOT_SUPPORTED;
    /* What the TA asks is in order: the PTA need not refuse it. */
    require(command == HW_CAPABILITIES || pta.started[id] == (command == FIRMWARE_STOP),
            "command %u while remote processor %u is %sstarted", command, id,
            pta.started[id] ? "" : "not ");
    return dispatch((enum pta_command)command, params);
}

unsigned pta_memory_calls(void)
{
    return pta.calls[LOAD_SEGMENT_SHA256] + pta.calls[SET_MEMORY] + pta.calls[PTA_RELEASE];
}
