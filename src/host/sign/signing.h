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

/* ---- judge.c ---- */

/* What to call the new container in messages. */
const char *rprocfw_signing_output(const struct rprocfw_signing *s);

/*
 * Core verifies what was written, or would have been, with its signature if it is there; then
 * boards are asked, once. What is said of inputs counts only if they stayed as they were.
 */
enum rprocfw_status rprocfw_signing_judge(struct rprocfw_signing *s);

#endif
