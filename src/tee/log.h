/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TA writes into the TEE's log, if it has one. */
#ifndef RPROCFW_TEE_LOG_H
#define RPROCFW_TEE_LOG_H

#include <tee_internal_api.h>

#include <rprocfw/verify.h>

/* The platform cannot load anything for this remote processor. */
void rprocfw_tee_log_platform(uint32_t id, TEE_Result result);

/* How LOAD_FW ended; v is core's. */
void rprocfw_tee_log_load(uint32_t id, enum rprocfw_status status, const struct rprocfw_verifier *v,
                          TEE_Result result);

#endif
