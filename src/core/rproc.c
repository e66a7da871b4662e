/* SPDX-License-Identifier: BSD-2-Clause */
/* The life of remote processors: which operation goes in which state. */
#include <string.h>

#include <rprocfw/rproc.h>

#include "judge.h"

/*@ requires life(rprocs);
    assigns \result \from *rprocs, id;
    ensures \result != \null ==> known(rprocs, \result) && \result->id == id;
    ensures \result == \null ==> \forall integer i; 0 <= i < rprocs->used ==>
        rprocs->rproc[i].id != id;
*/
static struct rprocfw_rproc *find(const struct rprocfw_rprocs *rprocs, uint32_t id)
{
    uint32_t i;

    /*@ loop invariant i <= rprocs->used;
        loop invariant \forall integer k; 0 <= k < i ==> rprocs->rproc[k].id != id;
        loop assigns i;
        loop variant rprocs->used - i;
    */
    for (i = 0; i < rprocs->used; i++)
        if (rprocs->rproc[i].id == id)
            return &rprocs->rproc[i];
    return NULL;
}

/* The remote processor of that id; NULL if it is a new one that there is no room for. */
/*@ requires life(rprocs);
    assigns rprocs->used, rprocs->rproc[rprocs->used .. rprocs->count - 1];
    ensures \forall integer i; 0 <= i < \old(rprocs->used) ==>
        rprocs->rproc[i].state == \old(rprocs->rproc[i].state);
    ensures life(rprocs);
    ensures \result != \null ==> known(rprocs, \result) && \result->id == id;
    ensures \result == \null ==> rprocs->used == rprocs->count;
    ensures rprocs->used == \old(rprocs->used) || rprocs->used == \old(rprocs->used) + 1 &&
        \result->state == RPROCFW_RPROC_OFF;
*/
static struct rprocfw_rproc *find_or_add(struct rprocfw_rprocs *rprocs, uint32_t id)
{
    struct rprocfw_rproc *rproc = find(rprocs, id);

    if (rproc == NULL && rprocs->used < rprocs->count) {
        rproc = &rprocs->rproc[rprocs->used++];
        rproc->id = id;
        rproc->state = RPROCFW_RPROC_OFF;
        rproc->released = RPROCFW_OK; /* nothing was loaded */
    }
    return rproc;
}

/* Zero the memory. What could not be zeroed has to be, before anything is loaded. */
/*@ requires life(rprocs) && known(rprocs, rproc);
    assigns rproc->released, rproc->state;
    ensures life(rprocs) && known(rprocs, rproc);
    ensures rproc->state == RPROCFW_RPROC_OFF && rproc->released == \result;
*/
static RPROCFW_NOINLINE enum rprocfw_status clear(struct rprocfw_rprocs *rprocs,
                                                  struct rprocfw_rproc *rproc)
{
    //@ calls rprocfw_any_answer;
    rproc->released = rprocs->platform->release(rprocs->ctx);
    rproc->state = RPROCFW_RPROC_OFF;
    return rproc->released;
}

/*
 * Is it the container that is loaded, with the same signed bytes? status: what its header was found
 * to be. What is not authentic is another one.
 */
/*@ requires life(rprocs) && known(rprocs, rproc);
    requires status == RPROCFW_OK ==> begun(&rprocs->verifier);
    requires work_buffer(&rprocs->verifier, work, work_size);
    requires \separated(rproc, work + (0 .. work_size - 1));
    assigns rprocs->verifier, work[0 .. work_size - 1], any_said;
    ensures life(rprocs);
    ensures \result == RPROCFW_OK ==> status == RPROCFW_OK && any_said == RPROCFW_AUTHENTIC &&
        rprocs->verifier.layout.payload == rproc->loaded_size;
    ensures \result == RPROCFW_OK ==> \forall integer i; 0 <= i < RPROCFW_SHA256_SIZE ==>
        rprocs->verifier.digest[i] == rproc->loaded[i];
*/
static enum rprocfw_status load_again(struct rprocfw_rprocs *rprocs,
                                      const struct rprocfw_rproc *rproc, enum rprocfw_status status,
                                      uint8_t *work, uint32_t work_size)
{
    struct rprocfw_verifier *v = &rprocs->verifier;

    //@ assert apart: \separated(rproc, rprocs, rprocs->platform);
    if (status == RPROCFW_OK && v->layout.payload != rproc->loaded_size)
        status = RPROCFW_ERR_SIZE;
    if (status == RPROCFW_OK)
        status = rprocfw_copy_metadata(v, work, work_size);
    //@ assert copied: life(rprocs);
    if (status == RPROCFW_OK)
        status = rprocfw_judge_records(v);
    //@ assert records: life(rprocs);
    if (status == RPROCFW_OK)
        status = rprocfw_authenticate(v);
    //@ assert authenticated: life(rprocs);
    /* for the verdict, what is not the same is not authentic */
    if (memcmp(v->digest, rproc->loaded, sizeof(rproc->loaded)) != 0)
        v->authentic = 0;
    status = rprocfw_verdict(status, v);
    return status >= RPROCFW_ERR_HEADER_SIZE && status <= RPROCFW_ERR_SIGN_UNSUPPORTED
               ? RPROCFW_ERR_OTHER_LOADED
               : status;
}

/* What the container in the work buffer brings, into memory that is clean. */
/*@ requires life(rprocs) && known(rprocs, rproc);
    requires begun(&rprocs->verifier) && metadata(&rprocs->verifier);
    requires rprocs->verifier.metadata == work;
    requires work_buffer(&rprocs->verifier, work, rprocs->verifier.work_size);
    requires \separated(rproc, work + (0 .. rprocs->verifier.work_size - 1));
    assigns rprocs->verifier, rproc->released, rproc->state,
        work[0 .. rprocs->verifier.work_size - 1], any_said, last;
    ensures life(rprocs) && known(rprocs, rproc);
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC;
*/
static enum rprocfw_status load_clean(struct rprocfw_rprocs *rprocs, struct rprocfw_rproc *rproc,
                                      uint8_t *work)
{
    enum rprocfw_status status = RPROCFW_OK;

    //@ assert apart: \separated(rproc, rprocs, rprocs->platform);
    if (rproc->released != RPROCFW_OK)
        status = clear(rprocs, rproc);
    //@ assert cleared: life(rprocs) && known(rprocs, rproc);
    if (status == RPROCFW_OK)
        status = rprocfw_judge(&rprocs->verifier, work);
    //@ assert judged: life(rprocs);
    return status;
}

/*@ requires life(rprocs) && known(rprocs, rproc);
    requires status == RPROCFW_OK ==> begun(&rprocs->verifier);
    requires work_buffer(&rprocs->verifier, work, work_size);
    requires \separated(rproc, work + (0 .. work_size - 1));
    assigns rprocs->verifier, *rproc, work[0 .. work_size - 1], any_said, last;
    ensures life(rprocs) && known(rprocs, rproc) && rproc->id == \old(rproc->id);
    ensures \result == RPROCFW_OK && good(&rprocs->verifier) ==>
        rproc->state == RPROCFW_RPROC_LOADED && any_said == RPROCFW_AUTHENTIC;
    ensures \result != RPROCFW_OK ==> rproc->state == RPROCFW_RPROC_OFF;
*/
static enum rprocfw_status load(struct rprocfw_rprocs *rprocs, struct rprocfw_rproc *rproc,
                                enum rprocfw_status status, uint8_t *work, uint32_t work_size)
{
    struct rprocfw_verifier *v = &rprocs->verifier;

    //@ assert apart: \separated(rproc, rprocs, rprocs->platform);
    if (status == RPROCFW_OK)
        status = rprocfw_copy_metadata(v, work, work_size);
    if (status == RPROCFW_OK)
        status = load_clean(rprocs, rproc, work);
    //@ assert life: life(rprocs) && known(rprocs, rproc);
    /* Each is enough: after a fault, one of them is right. */
    if (status != RPROCFW_OK || rprocfw_verdict(status, v) != RPROCFW_OK) {
        (void)clear(rprocs, rproc); /* status says more than its answer */
        return status;
    }
    rproc->loaded_size = v->layout.payload;
    memcpy(rproc->loaded, v->digest, sizeof(rproc->loaded));
    rproc->rsc_pa = v->rsc_pa;
    rproc->rsc_size = v->rsc_size;
    rproc->state = RPROCFW_RPROC_LOADED;
    return RPROCFW_OK;
}

/*
 * Not a part of its caller: what returns too early, by a fault, returns to there. What it answers
 * is no verdict yet.
 */
/*@ requires life(rprocs);
    requires \valid(work + (0 .. work_size - 1));
    requires \separated(rprocs, work + (0 .. work_size - 1));
    requires \separated(rprocs->platform, work + (0 .. work_size - 1));
    requires \separated(rprocs->rproc + (0 .. rprocs->count - 1), work + (0 .. work_size - 1));
    assigns rprocs->verifier, rprocs->used, rprocs->rproc[0 .. rprocs->count - 1],
        work[0 .. work_size - 1], any_said, last;
    ensures life(rprocs);
    ensures \result == RPROCFW_OK && good(&rprocs->verifier) ==> any_said == RPROCFW_AUTHENTIC &&
        \exists struct rprocfw_rproc *rproc; known(rprocs, rproc) && rproc->id == id &&
            rproc->state == RPROCFW_RPROC_LOADED;
*/
static RPROCFW_NOINLINE enum rprocfw_status load_any(struct rprocfw_rprocs *rprocs, uint32_t id,
                                                     uint32_t container_size, uint8_t *work,
                                                     uint32_t work_size)
{
    struct rprocfw_rproc *rproc = find_or_add(rprocs, id);
    enum rprocfw_status status;

    if (rproc == NULL)
        return RPROCFW_ERR_RPROC_COUNT;
    if (rproc->state == RPROCFW_RPROC_STARTED)
        return RPROCFW_ERR_STATE;
    status =
        rprocfw_verify_begin(&rprocs->verifier, rprocs->platform, rprocs->ctx, container_size, 0);
    if (rproc->state == RPROCFW_RPROC_LOADED)
        return load_again(rprocs, rproc, status, work, work_size);
    return load(rprocs, rproc, status, work, work_size);
}

/*@ requires life(rprocs);
    requires \valid(work + (0 .. work_size - 1));
    requires \separated(rprocs, work + (0 .. work_size - 1));
    requires \separated(rprocs->platform, work + (0 .. work_size - 1));
    requires \separated(rprocs->rproc + (0 .. rprocs->count - 1), work + (0 .. work_size - 1));
    assigns rprocs->verifier, rprocs->used, rprocs->rproc[0 .. rprocs->count - 1],
        work[0 .. work_size - 1], any_said, last;
    ensures life(rprocs);
    ensures \result == RPROCFW_OK ==> any_said == RPROCFW_AUTHENTIC &&
        \exists struct rprocfw_rproc *rproc; known(rprocs, rproc) && rproc->id == id &&
            rproc->state == RPROCFW_RPROC_LOADED;
*/
enum rprocfw_status rprocfw_rproc_load(struct rprocfw_rprocs *rprocs, uint32_t id,
                                       uint32_t container_size, uint8_t *work, uint32_t work_size)
{
    return rprocfw_verdict(load_any(rprocs, id, container_size, work, work_size),
                           &rprocs->verifier);
}

/* Reads it anew: what is compared again is no copy. */
/*@ requires \valid_read(rproc);
    assigns \nothing;
    ensures \result == rproc->state;
*/
static enum rprocfw_rproc_state state_of(const volatile struct rprocfw_rproc *rproc)
{
    return rproc->state;
}

/*
 * Start or stop: from one state to another, by a call of the platform; nothing to do if it is there
 * already.
 */
/*@ requires life(rprocs);
    requires from == RPROCFW_RPROC_LOADED || from == RPROCFW_RPROC_STARTED;
    assigns rprocs->rproc[0 .. rprocs->used - 1].state;
    ensures \forall integer i; 0 <= i < rprocs->used ==>
        rprocs->rproc[i].state == \old(rprocs->rproc[i].state) ||
        \result == RPROCFW_OK && rprocs->rproc[i].id == id &&
            \old(rprocs->rproc[i].state) == from && rprocs->rproc[i].state ==
            (from == RPROCFW_RPROC_LOADED ? RPROCFW_RPROC_STARTED : RPROCFW_RPROC_OFF);
*/
static RPROCFW_NOINLINE enum rprocfw_status change(struct rprocfw_rprocs *rprocs, uint32_t id,
                                                   enum rprocfw_rproc_state from)
{
    const struct rprocfw_platform *platform = rprocs->platform;
    const bool start = from == RPROCFW_RPROC_LOADED;
    const enum rprocfw_rproc_state to = start ? RPROCFW_RPROC_STARTED : RPROCFW_RPROC_OFF;
    struct rprocfw_rproc *rproc = find(rprocs, id);
    enum rprocfw_rproc_state state;
    enum rprocfw_status status;

    if (rproc == NULL)
        return RPROCFW_ERR_RPROC_ID;
    state = state_of(rproc);
    if (state == to)
        return RPROCFW_OK;
    if (state != from || state_of(rproc) != from) /* again: after a fault, one of them is right */
        return RPROCFW_ERR_STATE;
    //@ calls rprocfw_any_answer;
    status = start ? platform->start(rprocs->ctx) : platform->stop(rprocs->ctx);
    if (status == RPROCFW_OK)
        rproc->state = to;
    return status;
}

/*@ requires life(rprocs);
    assigns rprocs->rproc[0 .. rprocs->used - 1].state;
    ensures \forall integer i; 0 <= i < rprocs->used ==>
        rprocs->rproc[i].state == \old(rprocs->rproc[i].state) ||
        \result == RPROCFW_OK && rprocs->rproc[i].id == id &&
            \old(rprocs->rproc[i].state) == RPROCFW_RPROC_LOADED &&
            rprocs->rproc[i].state == RPROCFW_RPROC_STARTED;
*/
enum rprocfw_status rprocfw_rproc_start(struct rprocfw_rprocs *rprocs, uint32_t id)
{
    return change(rprocs, id, RPROCFW_RPROC_LOADED);
}

/*@ requires life(rprocs);
    assigns rprocs->rproc[0 .. rprocs->used - 1].state;
    ensures \forall integer i; 0 <= i < rprocs->used ==>
        rprocs->rproc[i].state == \old(rprocs->rproc[i].state) ||
        \result == RPROCFW_OK && rprocs->rproc[i].id == id &&
            \old(rprocs->rproc[i].state) == RPROCFW_RPROC_STARTED &&
            rprocs->rproc[i].state == RPROCFW_RPROC_OFF;
*/
enum rprocfw_status rprocfw_rproc_stop(struct rprocfw_rprocs *rprocs, uint32_t id)
{
    return change(rprocs, id, RPROCFW_RPROC_STARTED);
}

/* Also when it is off: what was stopped has left its memory behind. */
/*@ requires life(rprocs);
    assigns rprocs->rproc[0 .. rprocs->used - 1].state,
        rprocs->rproc[0 .. rprocs->used - 1].released;
    ensures \forall integer i; 0 <= i < rprocs->used ==>
        rprocs->rproc[i].state == \old(rprocs->rproc[i].state) ||
        rprocs->rproc[i].id == id && rprocs->rproc[i].state == RPROCFW_RPROC_OFF &&
            \old(rprocs->rproc[i].state) != RPROCFW_RPROC_STARTED;
*/
enum rprocfw_status rprocfw_rproc_release(struct rprocfw_rprocs *rprocs, uint32_t id)
{
    struct rprocfw_rproc *rproc = find(rprocs, id);

    if (rproc == NULL)
        return RPROCFW_ERR_RPROC_ID;
    return rproc->state == RPROCFW_RPROC_STARTED ? RPROCFW_ERR_STATE : clear(rprocs, rproc);
}

/*@ requires life(rprocs) && \valid(pa) && \valid(size);
    requires \separated(pa, size, rprocs, rprocs->rproc + (0 .. rprocs->count - 1));
    assigns *pa, *size;
    ensures \result == RPROCFW_OK ==> \exists integer i; 0 <= i < rprocs->used &&
        rprocs->rproc[i].id == id && rprocs->rproc[i].state != RPROCFW_RPROC_OFF &&
        *pa == rprocs->rproc[i].rsc_pa && *size == rprocs->rproc[i].rsc_size;
    ensures \result != RPROCFW_OK ==> *pa == \old(*pa) && *size == \old(*size);
*/
enum rprocfw_status rprocfw_rproc_rsc_table(const struct rprocfw_rprocs *rprocs, uint32_t id,
                                            uint64_t *pa, uint32_t *size)
{
    const struct rprocfw_rproc *rproc = find(rprocs, id);

    if (rproc == NULL)
        return RPROCFW_ERR_RPROC_ID;
    if (rproc->state == RPROCFW_RPROC_OFF)
        return RPROCFW_ERR_STATE;
    *pa = rproc->rsc_pa;
    *size = rproc->rsc_size;
    return RPROCFW_OK;
}
