/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of up to COUNT remote processors: any number of operations in any order, with any ids,
 * on a platform that answers anything, and containers as driver_verify.c has them.
 */
#include <rprocfw/rproc.h>

#include "container.h"

#define COUNT 2u

static struct rprocfw_rproc rproc[COUNT];
static struct rprocfw_rprocs rprocs = {
    .platform = &platform,
    .rproc = rproc,
    .count = COUNT,
};

static void operate(void)
{
    uint64_t pa;
    uint32_t size;

    signature = NOT_ASKED;
    failed = loaded = 0;
    switch (Frama_C_interval(0, 4)) {
    case 0:
        (void)!rprocfw_rproc_load(&rprocs, any_u32(), any_u32(), work, sizeof(work));
        break;
    case 1:
        (void)!rprocfw_rproc_start(&rprocs, any_u32());
        break;
    case 2:
        (void)!rprocfw_rproc_stop(&rprocs, any_u32());
        break;
    case 3:
        (void)!rprocfw_rproc_release(&rprocs, any_u32());
        break;
    default:
        if (rprocfw_rproc_rsc_table(&rprocs, any_u32(), &pa, &size) == RPROCFW_OK) {
            volatile uint64_t seen = pa + size; /* both are written */
            (void)seen;
        }
    }
}

int main(void)
{
    any_bytes(rproc, sizeof(rproc)); /* what is there before does not matter */
    choose_platform();
    /* As driver_verify.c. */
    //@ dynamic_split rprocs.used;
    //@ dynamic_split rprocs.verifier.tlv.offset;
    //@ dynamic_split rprocs.verifier.images < IMAGES;
    //@ dynamic_split rprocs.verifier.images > IMAGES;
    //@ dynamic_split rprocs.verifier.entry;
    while (Frama_C_interval(0, 1))
        operate();
    return 0;
}
