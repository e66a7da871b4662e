/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Put before each file of core: rprocfw_inside, with one state for each offset and each answer. So
 * EVA knows in each of them by how much the size is bounded. The answer is core's own.
 */
#ifndef RPROCFW_PROOF_SPLIT_H
#define RPROCFW_PROOF_SPLIT_H

#include "checked.h"

static inline bool proof_inside(uint32_t offset, uint32_t size, uint32_t limit)
{
    //@ split offset;
    //@ split offset <= limit;
    //@ split size <= limit - offset;
    return rprocfw_inside(offset, size, limit);
}
#define rprocfw_inside proof_inside

#endif
