/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the drivers share: bytes and answers of which nothing is known. The builtins are the
 * analyser's own; a driver is never compiled to a program.
 */
#ifndef RPROCFW_PROOF_H
#define RPROCFW_PROOF_H

#include <stddef.h>
#include <stdint.h>

#include <__fc_builtin.h>

#include <rprocfw/status.h>

/* Any status, of core's or not: all values of an enum rprocfw_status are possible. */
static inline enum rprocfw_status any_status(void)
{
    return (enum rprocfw_status)Frama_C_unsigned_int_interval(0, UINT32_MAX);
}

/* Any bytes. That there is room for them is checked: an alarm if not. */
static inline void any_bytes(void *bytes, uint32_t size)
{
    Frama_C_make_unknown(bytes, size);
}

#endif
