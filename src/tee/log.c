/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The log, where tee_internal_api.h brings OP-TEE's macros for it. A status is logged by its number
 * (rprocfw/status.h), because its text would have to be linked; where it failed at log level 3.
 */
#include "log.h"

#ifndef EMSG
#define EMSG(...) ((void)0)
#define DMSG(...) ((void)0)
#endif

void rprocfw_tee_log_platform(uint32_t id, TEE_Result result)
{
    (void)id;
    (void)result;
    EMSG("remote processor %u: the platform cannot load it (%#x)", (unsigned)id, (unsigned)result);
}

#if defined(TRACE_LEVEL) && defined(TRACE_DEBUG) && TRACE_LEVEL >= TRACE_DEBUG
static void log_place(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    struct rprocfw_diag diag;

    /* about the state of the remote processor, not about a place in the container */
    if (status >= RPROCFW_ERR_RPROC_ID && status <= RPROCFW_ERR_OTHER_LOADED)
        return;
    rprocfw_explain(v, status, &diag);
    DMSG("at byte %u, TLV %#x, image %d, segment %d: found %#x, expected %#x",
         (unsigned)diag.offset, (unsigned)diag.tlv, (int)diag.image, (int)diag.segment,
         (unsigned)diag.found, (unsigned)diag.expected);
}
#else
static void log_place(enum rprocfw_status status, const struct rprocfw_verifier *v)
{
    (void)status;
    (void)v;
}
#endif

void rprocfw_tee_log_load(uint32_t id, enum rprocfw_status status, const struct rprocfw_verifier *v,
                          TEE_Result result)
{
    (void)id;
    (void)result;
    if (status == RPROCFW_OK) {
        DMSG("remote processor %u: loaded", (unsigned)id);
        return;
    }
    EMSG("remote processor %u: not loaded: status %u (%#x)", (unsigned)id, (unsigned)status,
         (unsigned)result);
    log_place(status, v);
}
