/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the signer share: one signing on its way. */
#ifndef RPROCFW_HOST_SIGNING_H
#define RPROCFW_HOST_SIGNING_H

#include "../host.h"

/* Start with a job, outputs that are not open, and where errors go. */
struct rprocfw_signing {
    const struct rprocfw_sign_job *job;
    struct rprocfw_contents *contents;
    struct rprocfw_metadata metadata;
    struct rprocfw_output output;
    struct rprocfw_output tbs; /* what is to be signed, if nobody signs now */
    struct rprocfw_hold hold;  /* from the moment on that two outputs get their names */
    bool is_signed;            /* the signature is there */
    bool judged;               /* core has found good what there is */
    struct rprocfw_image image[RPROCFW_MAX_IMAGES]; /* as core told them */
    struct rprocfw_error *error;
};

/* ---- sign.c ---- */

/* Its contents, open, and its metadata as far as they are known before the payload is written; no
 * output is a file that is still needed. To be ended, after a failure too. */
enum rprocfw_status rprocfw_signing_begin(struct rprocfw_signing *s);
void rprocfw_signing_end(struct rprocfw_signing *s);

/* ---- difference.c ---- */

/*
 * What of a container's header and TLVs is not as it would be, for people. False: nothing is, and
 * text is as it was.
 *
 * The TLVs, which nobody has looked at: area holds r8(tlv_len) bytes. Of the signed table only
 * program headers count: digests and IVs are not known before the payload has passed by.
 */
bool rprocfw_tlvs_differ(const struct rprocfw_metadata *wanted, const uint8_t *area,
                         uint32_t tlv_len, char text[RPROCFW_DIFFERENCE_ROOM]);
bool rprocfw_headers_differ(const struct rprocfw_header *wanted, const struct rprocfw_header *found,
                            char text[RPROCFW_DIFFERENCE_ROOM]);

/* All bytes that are signed; of the container there are as many. */
bool rprocfw_signed_bytes_differ(const struct rprocfw_metadata *wanted, const uint8_t *found,
                                 char text[RPROCFW_DIFFERENCE_ROOM]);

/* ---- judge.c ---- */

/* What to call the new container in messages. */
const char *rprocfw_signing_output(const struct rprocfw_signing *s);

/*
 * Core verifies what was written, or would have been, with its signature if it is there; then
 * boards are asked, once. What is said of inputs counts only if they stayed as they were.
 */
enum rprocfw_status rprocfw_signing_judge(struct rprocfw_signing *s);

#endif
