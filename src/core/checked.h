/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Arithmetic on lengths and offsets that cannot wrap. All of core's goes through these.
 */
#ifndef RPROCFW_CORE_CHECKED_H
#define RPROCFW_CORE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

#include "contracts.h"

/* *sum = a + b; false, *sum undefined, when that is not a u32. */
/*@ requires \valid(sum);
    assigns *sum;
    ensures \result == 1 <==> a + b <= UINT32_MAX;
    ensures \result == 1 ==> *sum == a + b;
*/
static inline bool rprocfw_add(uint32_t a, uint32_t b, uint32_t *sum)
{
    *sum = a + b;
    return *sum >= a;
}

/* *up = n rounded up to RPROCFW_ALIGNMENT; false, *up undefined, when that is not a u32. */
/*@ requires \valid(up);
    assigns *up;
    ensures \result == 1 <==> n + 7 <= UINT32_MAX;
    ensures \result == 1 ==> *up == r8(n);
*/
static inline bool rprocfw_align(uint32_t n, uint32_t *up)
{
    bool fits = rprocfw_add(n, RPROCFW_ALIGNMENT - 1u, up);

    *up &= ~(RPROCFW_ALIGNMENT - 1u);
    return fits;
}

/* Is [offset, offset + size) inside [0, limit)? An empty range may start at limit. */
/*@ assigns \nothing;
    ensures \result == 1 <==> inside(offset, size, limit);
*/
static inline bool rprocfw_inside(uint32_t offset, uint32_t size, uint32_t limit)
{
    return offset <= limit && size <= limit - offset;
}

#endif
