/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of one remote processor beside what rprocfw/rproc.h says of it: any number of operations
 * in any order, with any ids, on a platform that answers anything, and containers as
 * driver_verify.c has them.
 */
#include <rprocfw/rproc.h>

#include "container.h"

static struct rprocfw_rproc rproc;
static struct rprocfw_rprocs rprocs = {.platform = &platform, .rproc = &rproc, .count = 1};
static enum rprocfw_rproc_state is = RPROCFW_RPROC_OFF; /* by what was answered */
static int started;                                     /* start or stop was called, */
static int stopped;                                     /* in the operation that goes on */

static enum rprocfw_status on_start(void *ctx)
{
    (void)ctx;
    must(is == RPROCFW_RPROC_LOADED);
    started = 1;
    return any_status();
}

static enum rprocfw_status on_stop(void *ctx)
{
    (void)ctx;
    must(is == RPROCFW_RPROC_STARTED);
    stopped = 1;
    return any_status();
}

static enum rprocfw_status on_release(void *ctx)
{
    (void)ctx;
    must(is != RPROCFW_RPROC_STARTED);
    loaded = 0;
    released = 1;
    unclean = Frama_C_interval(0, 1);
    //@ split unclean;
    return unclean ? any_failure() : RPROCFW_OK;
}

static void rsc_table(void)
{
    uint64_t pa;
    uint32_t size;

    if (rprocfw_rproc_rsc_table(&rprocs, any_u32(), &pa, &size) == RPROCFW_OK) {
        volatile uint64_t seen = pa + size; /* both are written */
        (void)seen;
        must(is != RPROCFW_RPROC_OFF);
    }
}

int main(void)
{
    enum rprocfw_status status = RPROCFW_OK;

    choose_platform();
    platform.start = on_start;
    platform.stop = on_stop;
    platform.release = on_release;
    /* A state for each value: what EVA knows of it holds together. */
    //@ dynamic_split is;
    //@ dynamic_split unclean;
    //@ dynamic_split loaded;
    //@ dynamic_split released;
    //@ dynamic_split rprocs.used;
    //@ dynamic_split rproc.state;
    //@ dynamic_split rproc.released == RPROCFW_OK;
    //@ dynamic_split status == RPROCFW_OK;
    while (Frama_C_interval(0, 1)) {
        signature = NOT_ASKED;
        //@ split signature;
        failed = loaded = released = started = stopped = 0;
        switch (Frama_C_interval(0, 4)) {
        case 0:
            status = rprocfw_rproc_load(&rprocs, any_u32(), any_u32(), work, sizeof(work));
            if (status == RPROCFW_OK) {
                must(signature == GOOD);
                must(failed == 0);
                must(is != RPROCFW_RPROC_STARTED);
                must(is == RPROCFW_RPROC_OFF || loaded == 0);
                is = RPROCFW_RPROC_LOADED;
            } else if (is == RPROCFW_RPROC_OFF) {
                must(loaded == 0);
            } else {
                must(loaded == 0 && released == 0);
            }
            break;
        case 1:
            status = rprocfw_rproc_start(&rprocs, any_u32());
            if (status == RPROCFW_OK) {
                must(is == RPROCFW_RPROC_STARTED || started == 1);
                is = RPROCFW_RPROC_STARTED;
            }
            break;
        case 2:
            status = rprocfw_rproc_stop(&rprocs, any_u32());
            if (status == RPROCFW_OK) {
                must(is == RPROCFW_RPROC_OFF || stopped == 1);
                is = RPROCFW_RPROC_OFF;
            }
            break;
        case 3:
            rsc_table();
            break;
        default:
            status = rprocfw_rproc_release(&rprocs, any_u32());
            if (released)
                is = RPROCFW_RPROC_OFF;
            break;
        }
        if (rprocs.used == 1) {
            must(rproc.state == is);
        }
        status = RPROCFW_OK;
    }
    return 0;
}
