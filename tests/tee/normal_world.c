/* SPDX-License-Identifier: BSD-2-Clause */
/* The normal world: what Linux asks of the trusted application. */
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "normal_world.h"
#include "pta_model.h"
#include "shared.h"
#include "tee.h"

#define NONE      TEE_PARAM_TYPE_NONE
#define VALUE_IN  TEE_PARAM_TYPE_VALUE_INPUT
#define VALUE_OUT TEE_PARAM_TYPE_VALUE_OUTPUT
#define MEMREF_IN TEE_PARAM_TYPE_MEMREF_INPUT

static unsigned sessions;
static int session_data;

void power_on(struct memory *memory, unsigned count)
{
    static bool on;
    unsigned i;

    if (on) /* the TEE goes down in good order */
        TA_DestroyEntryPoint();
    on = true;
    ck_assert_uint_le(count, MAX_CORES);
    memset(&tee, 0, sizeof(tee));
    memset(&pta, 0, sizeof(pta));
    shared.before = NULL;
    for (i = 0; i < count; i++) {
        pta.memory[i] = &memory[i];
        memory_poison(&memory[i]);
    }
    ck_assert_uint_eq(TA_CreateEntryPoint(), TEE_SUCCESS);
}

TEE_Result open_session(uint32_t id)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};
    void *data = &session_data;
    TEE_Result result =
        TA_OpenSessionEntryPoint(TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE), params, &data);

    if (result == TEE_SUCCESS)
        sessions++;
    return result;
}

void close_session(void)
{
    ck_assert_uint_gt(sessions, 0);
    sessions--;
    TA_CloseSessionEntryPoint(&session_data);
}

TEE_Result invoke(uint32_t which, uint32_t types, TEE_Param params[TEE_NUM_PARAMS])
{
    TEE_Result result;

    require(sessions > 0, "no session is open");
    tee.log[0] = '\0';
    result = TA_InvokeCommandEntryPoint(&session_data, which, types, params);
    require(tee.handles == 0, "command %u leaves %u handles behind", which, tee.handles);
    return result;
}

TEE_Result load_fw(uint32_t id, struct bytes container)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};
    TEE_Result result;

    if (sessions == 0)
        assert_result(open_session(id), TEE_SUCCESS, "open session");
    params[1].memref.buffer = shared_give(container);
    params[1].memref.size = container.size;
    result = invoke(LOAD_FW, TEE_PARAM_TYPES(VALUE_IN, MEMREF_IN, NONE, NONE), params);
    shared_take_back();
    return result;
}

TEE_Result command(enum ta_command which, uint32_t id)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};

    return invoke(which, TEE_PARAM_TYPES(VALUE_IN, NONE, NONE, NONE), params);
}

TEE_Result get_rsc_table(uint32_t id, uint64_t *pa, uint64_t *size)
{
    TEE_Param params[TEE_NUM_PARAMS] = {{.value = {.a = id}}};
    TEE_Result result;

    memset(&params[1], 0xA5, 2 * sizeof(params[1]));
    result = invoke(GET_RSC_TABLE, TEE_PARAM_TYPES(VALUE_IN, VALUE_OUT, VALUE_OUT, NONE), params);
    *pa = (uint64_t)params[1].value.b << 32 | params[1].value.a;
    *size = (uint64_t)params[2].value.b << 32 | params[2].value.a;
    return result;
}

void result_is(const char *file, int line, TEE_Result result, TEE_Result expected, const char *what)
{
    require(result == expected, "%s:%d: %s: %#x instead of %#x; log: %s", file, line, what, result,
            expected, tee.log);
}

void assert_logged(enum rprocfw_status status)
{
    char text[32];

    snprintf(text, sizeof(text), "status %u (", (unsigned)status);
    ck_assert_msg(strstr(tee.log, text) != NULL, "no %s in the log: %s", text, tee.log);
}
