/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What core asks of its surroundings (struct rprocfw_platform), answered with the TEE Internal Core
 * API and the platform's PTA.
 */
#ifndef RPROCFW_TEE_PLATFORM_H
#define RPROCFW_TEE_PLATFORM_H

#include <tee_internal_api.h>

#include <rprocfw/verify.h>

/* Also the longest key information: its header and a PKEYINFO. */
#define RPROCFW_TEE_BUFFER 1024u

/* One command of the TA. */
struct rprocfw_tee_call {
    uint32_t id; /* of the remote processor */

    /* LOAD_FW: memory that the normal world may write at any time. */
    const uint8_t *container;

    /* What the TEE or the PTA answered when it refused something; of several, the first. */
    TEE_Result result;

    /* The start of the resource table in the segment that was loaded last. */
    uint8_t rsc_header[RPROCFW_RSC_HEADER_SIZE];

    /* Private memory for what is handed on: key information, or a piece of a segment. */
    _Alignas(uint32_t) uint8_t buffer[RPROCFW_TEE_BUFFER];
};

/* Its ctx is a struct rprocfw_tee_call. */
extern const struct rprocfw_platform rprocfw_tee_platform;

/* The TEE or the PTA answered result, which core is to pass on as status. Returns status. */
enum rprocfw_status rprocfw_tee_fail(struct rprocfw_tee_call *call, enum rprocfw_status status,
                                     TEE_Result result);

/*
 * RPROCFW_AUTHENTIC only if the signature over what->sha256, which is written, is one of the
 * device's key: the platform's in verify_pta.c, the one compiled in in verify_key.c. One of them is
 * linked.
 */
uint32_t rprocfw_tee_verify(struct rprocfw_tee_call *call, const struct rprocfw_signed *what);

#endif
