/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trusted application: its entry points, and what each command asks of core. Its memory is all
 * here; there is no heap but what the TEE's library takes for an operation.
 */
#include <rprocfw/rproc.h>

#include "commands.h"
#include "log.h"
#include "platform.h"
#include "pta.h"

/* Program headers that a container may have, over all images. */
#ifndef CFG_RPROCFW_PHDRS
#define CFG_RPROCFW_PHDRS 32
#endif

/* Remote processors. */
#ifndef CFG_RPROCFW_COUNT
#define CFG_RPROCFW_COUNT 2
#endif

#define NONE      TEE_PARAM_TYPE_NONE
#define VALUE_IN  TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT
#define ID_ONLY   TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE)

static _Alignas(uint64_t) uint8_t work[RPROCFW_WORK_SIZE(CFG_RPROCFW_PHDRS)];
static struct rprocfw_rproc rproc[CFG_RPROCFW_COUNT];
static struct rprocfw_tee_call call;
static struct rprocfw_rprocs rprocs = {
    .platform = &rprocfw_tee_platform,
    .ctx = &call,
    .rproc = rproc,
    .count = CFG_RPROCFW_COUNT,
};
static size_t sessions;

static void begin(uint32_t id, const void *container)
{
    call.id = id;
    call.container = container;
    call.result = TEE_SUCCESS;
}

/* What the TA answers; where it was not core that refused, the answer of whoever did. */
static TEE_Result end(enum rprocfw_status status)
{
    const bool not_judged = status == RPROCFW_ERR_LOAD || status == RPROCFW_ERR_PLATFORM;

    call.container = NULL;
    if (not_judged && call.result != TEE_SUCCESS)
        return call.result;
    return rprocfw_status_tee_result(status);
}

/* Can the PTA load what core judges? Asked first: an unknown id is not to take one's place. */
static TEE_Result ask_platform(uint32_t id)
{
    uint32_t formats = 0;
    uint32_t protections = 0;
    TEE_Result result = rprocfw_pta_capabilities(id, &formats, &protections);

    if (result != TEE_SUCCESS)
        return result;
    if ((formats & RPROCFW_PTA_FORMAT_ELF) == 0 ||
        (protections & RPROCFW_PTA_PROTECTION_HASH_TABLE) == 0)
        return TEE_ERROR_NOT_IMPLEMENTED;
    return TEE_SUCCESS;
}

static TEE_Result load(uint32_t types, const TEE_Param params[TEE_NUM_PARAMS])
{
    enum rprocfw_status status;
    uint32_t size;
    TEE_Result result;

    if (types != TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, NONE, NONE))
        return TEE_ERROR_BAD_PARAMETERS;
    size = (uint32_t)params[1].memref.size;
    if (size != params[1].memref.size || (params[1].memref.buffer == NULL && size != 0))
        return TEE_ERROR_BAD_PARAMETERS;
    result = ask_platform(params[0].value.a);
    if (result != TEE_SUCCESS) {
        rprocfw_tee_log_platform(params[0].value.a, result);
        return result;
    }
    begin(params[0].value.a, params[1].memref.buffer);
    status = rprocfw_rproc_load(&rprocs, call.id, size, work, sizeof(work));
    result = end(status);
    rprocfw_tee_log_load(call.id, status, &rprocs.verifier, result);
    return result;
}

/* START_FW, STOP_FW, RELEASE_FW. */
static TEE_Result change(enum rprocfw_status (*operation)(struct rprocfw_rprocs *, uint32_t),
                         uint32_t types, const TEE_Param params[TEE_NUM_PARAMS])
{
    if (types != ID_ONLY)
        return TEE_ERROR_BAD_PARAMETERS;
    begin(params[0].value.a, NULL);
    return end(operation(&rprocs, call.id));
}

static TEE_Result get_rsc_table(uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    enum rprocfw_status status;
    uint64_t pa = 0;
    uint32_t size = 0;

    if (types != TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_OUT, NONE))
        return TEE_ERROR_BAD_PARAMETERS;
    begin(params[0].value.a, NULL);
    status = rprocfw_rproc_rsc_table(&rprocs, call.id, &pa, &size);
    if (status == RPROCFW_OK) {
        params[1].value.a = (uint32_t)pa;
        params[1].value.b = (uint32_t)(pa >> 32);
        params[2].value.a = size;
        params[2].value.b = 0;
    }
    return end(status);
}

TEE_Result TA_CreateEntryPoint(void)
{
    return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[TEE_NUM_PARAMS],
                                    void **session)
{
    (void)session;
    if (types != ID_ONLY)
        return TEE_ERROR_BAD_PARAMETERS;
    if (sessions == 0) {
        TEE_Result result = rprocfw_pta_open(types, params);

        if (result != TEE_SUCCESS)
            return result;
    }
    sessions++;
    return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *session)
{
    (void)session;
    sessions--;
    if (sessions == 0)
        rprocfw_pta_close();
}

TEE_Result TA_InvokeCommandEntryPoint(void *session, uint32_t command, uint32_t types,
                                      TEE_Param params[TEE_NUM_PARAMS])
{
    (void)session;
    switch (command) {
    case RPROCFW_TA_LOAD_FW:
        return load(types, params);
    case RPROCFW_TA_START_FW:
        return change(rprocfw_rproc_start, types, params);
    case RPROCFW_TA_STOP_FW:
        return change(rprocfw_rproc_stop, types, params);
    case RPROCFW_TA_GET_RSC_TABLE:
        return get_rsc_table(types, params);
    case RPROCFW_TA_GET_COREDUMP:
        return TEE_ERROR_NOT_IMPLEMENTED;
    case RPROCFW_TA_RELEASE_FW:
        return change(rprocfw_rproc_release, types, params);
    default:
        return TEE_ERROR_BAD_PARAMETERS;
    }
}
