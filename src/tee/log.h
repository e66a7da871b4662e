/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Log lines, where tee_internal_api.h brings OP-TEE's macros for them. A status is logged by its
 * number, see rprocfw/status.h: its text would have to be linked.
 */
#ifndef RPROCFW_TEE_LOG_H
#define RPROCFW_TEE_LOG_H

#include <tee_internal_api.h>

#include <rprocfw/status.h>

#ifdef EMSG
#define LOG_ERROR(...) EMSG(__VA_ARGS__)
#define LOG_DEBUG(...) DMSG(__VA_ARGS__)
#else
#define LOG_ERROR(...) ((void)0)
#define LOG_DEBUG(...) ((void)0)
#endif

static inline void log_load(uint32_t id, enum rprocfw_status status,
                            const struct rprocfw_diag *diag, TEE_Result result)
{
    (void)id;
    (void)diag;
    (void)result;
    if (status == RPROCFW_OK)
        LOG_DEBUG("remote processor %u: loaded", (unsigned)id);
    else if (status >= RPROCFW_ERR_RPROC_ID && status <= RPROCFW_ERR_OTHER_LOADED)
        LOG_ERROR("remote processor %u: not loaded: status %u (%#x)", (unsigned)id,
                  (unsigned)status, (unsigned)result); /* it was not about the container */
    else
        LOG_ERROR("remote processor %u: not loaded: status %u at byte %u, TLV %#x, image %d, "
                  "segment %d: found %#x, expected %#x (%#x)",
                  (unsigned)id, (unsigned)status, (unsigned)diag->offset, (unsigned)diag->tlv,
                  (int)diag->image, (int)diag->segment, (unsigned)diag->found,
                  (unsigned)diag->expected, (unsigned)result);
}

#endif
