/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of the verdict. */
#include <string.h>

#include "judge.h"

/*@ requires \valid(v) && any_platform(platform) && \separated(v, platform);
    assigns *v;
    ensures v->platform == platform && v->options == options;
    ensures v->authentic == 0 && v->metadata == \null && v->table == \null;
    ensures \result == RPROCFW_OK ==> begun(v) && v->container_size == container_size;
*/
enum rprocfw_status rprocfw_verify_begin(struct rprocfw_verifier *v,
                                         const struct rprocfw_platform *platform, void *ctx,
                                         uint32_t container_size, unsigned options)
{
    enum rprocfw_status status;

    memset(v, 0, sizeof(*v));
    v->platform = platform;
    v->ctx = ctx;
    //@ assert verifier: verifier(v);
    v->options = options;
    v->container_size = container_size;
    v->image.index = RPROCFW_NOWHERE;
    v->segment.index = RPROCFW_NOWHERE;
    if (container_size < RPROCFW_HEADER_SIZE)
        return RPROCFW_ERR_HEADER_SIZE;
    //@ calls rprocfw_any_read;
    status = platform->read(ctx, 0, v->bytes, RPROCFW_HEADER_SIZE);
    if (status != RPROCFW_OK)
        return status;
    rprocfw_header_decode(v->bytes, &v->header);
    return rprocfw_header_check(&v->header, container_size, &v->layout);
}

/*@ requires begun(v) && metadata(v) && v->metadata == work;
    requires work_buffer(v, work, v->work_size);
    assigns *v, work[r8(v->layout.payload) .. v->work_size - 1], any_said, last;
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC;
*/
enum rprocfw_status rprocfw_judge(struct rprocfw_verifier *v, uint8_t *work)
{
    enum rprocfw_status status = rprocfw_judge_records(v);

    v->entries = 1; /* of which none is walked: no verdict is good before the table is found */
    if (status == RPROCFW_OK)
        status = rprocfw_authenticate(v);
    //@ assert copied: metadata(v);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_values(v);
    //@ assert verifier: verifier(v);
    //@ assert metadata: metadata(v);
    if (status == RPROCFW_OK && v->platform->da_to_pa != NULL)
        status = rprocfw_judge_memory(v, work);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_images(v);
    if (status == RPROCFW_OK && v->platform->load_end != NULL) {
        v->at = v->layout.payload;
        //@ calls rprocfw_any_answer;
        status = v->platform->load_end(v->ctx);
    }
    return status;
}

/* Not a part of its caller: what returns too early, by a fault, returns to there. */
/*@ requires begun(v) && work_buffer(v, work, work_size);
    assigns *v, work[0 .. work_size - 1], any_said, last;
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC;
*/
static RPROCFW_NOINLINE enum rprocfw_status finish(struct rprocfw_verifier *v, uint8_t *work,
                                                   uint32_t work_size)
{
    enum rprocfw_status status = rprocfw_copy_metadata(v, work, work_size);

    return status == RPROCFW_OK ? rprocfw_judge(v, work) : status;
}

/*@ requires begun(v) && work_buffer(v, work, work_size);
    assigns *v, work[0 .. work_size - 1], any_said, last;
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC;
    ensures \result == RPROCFW_OK ==> good(v);
*/
enum rprocfw_status rprocfw_verify_finish(struct rprocfw_verifier *v, uint8_t *work,
                                          uint32_t work_size)
{
    return rprocfw_verdict(finish(v, work, work_size), v);
}
