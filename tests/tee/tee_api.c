/* SPDX-License-Identifier: BSD-2-Clause */
/* The TEE: memory, sessions, the log. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <check.h>

#include "pta_model.h"
#include "shared.h"
#include "tee.h"

struct tee tee;

TEE_Result tee_called(enum tee_function function)
{
    tee.calls[function]++;
    if (tee.fail == function && tee.calls[function] == tee.fail_call)
        return tee.how;
    return TEE_SUCCESS;
}

void tee_log(const char *format, ...)
{
    const size_t used = strlen(tee.log);
    va_list arguments;
    int size;

    va_start(arguments, format);
    size = vsnprintf(tee.log + used, sizeof(tee.log) - used, format, arguments);
    va_end(arguments);
    require(size >= 0 && used + (size_t)size + 1 < sizeof(tee.log), "the log is full");
    tee.log[used + (size_t)size] = '\n';
    tee.log[used + (size_t)size + 1] = '\0';
}

/* ---- memory ---- */

void TEE_MemMove(void *dest, const void *src, size_t size)
{
    shared_copy(dest, src, size);
}

int32_t TEE_MemCompare(const void *a, const void *b, size_t size)
{
    require(!shared_has(a, size) && !shared_has(b, size), "shared memory is compared");
    return memcmp(a, b, size);
}

/* ---- sessions ---- */

static struct tee_session {
    bool open;
} pta_session;

TEE_Result TEE_OpenTASession(const TEE_UUID *destination, uint32_t timeout, uint32_t types,
                             TEE_Param params[TEE_NUM_PARAMS], TEE_TASessionHandle *session,
                             uint32_t *origin)
{
    static const TEE_UUID uuid = {
        0x54af4a68, 0x19be, 0x40d7, {0xbb, 0xe6, 0x89, 0x50, 0x35, 0x0a, 0x87, 0x44}};
    TEE_Result result;

    (void)origin;
    ck_assert_uint_eq(timeout, TEE_TIMEOUT_INFINITE);
    ck_assert_msg(!pta_session.open, "a second session with the PTA");
    if (memcmp(destination, &uuid, sizeof(uuid)) != 0)
        return TEE_ERROR_ITEM_NOT_FOUND;
    result = pta_open(types, params);
    if (result != TEE_SUCCESS)
        return result;
    pta_session.open = true;
    *session = &pta_session;
    return TEE_SUCCESS;
}

void TEE_CloseTASession(TEE_TASessionHandle session)
{
    TEE_PANIC_UNLESS(session == &pta_session && session->open);
    session->open = false;
}

/* cppcheck-suppress constParameter ; the API has it so */
TEE_Result TEE_InvokeTACommand(TEE_TASessionHandle session, uint32_t timeout, uint32_t command,
                               uint32_t types, TEE_Param params[TEE_NUM_PARAMS], uint32_t *origin)
{
    (void)origin;
    TEE_PANIC_UNLESS(session == &pta_session && session->open);
    require(timeout == TEE_TIMEOUT_INFINITE, "a timeout of %u", timeout);
    return pta_invoke(command, types, params);
}
