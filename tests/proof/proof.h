/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the drivers share: bytes and answers of which nothing is known. The builtins are the
 * analyser's own; a driver is never compiled to a program.
 */
#ifndef RPROCFW_PROOF_H
#define RPROCFW_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <__fc_builtin.h>

#include <rprocfw/status.h>

#define ROUND8(n) (((n) + 7u) / 8u * 8u)

/* Any status but that all is well, of core's or not. */
static inline enum rprocfw_status any_failure(void)
{
    return (enum rprocfw_status)Frama_C_unsigned_int_interval(1, UINT32_MAX);
}

/* Any status; that all is well and that it is not are two states. */
static inline enum rprocfw_status any_status(void)
{
    if (Frama_C_interval(0, 1))
        return RPROCFW_OK;
    return any_failure();
}

/* Any bytes. That there is room for them is checked: an alarm if not. */
static inline void any_bytes(void *bytes, uint32_t size)
{
    Frama_C_make_unknown(bytes, size);
}

static inline uint32_t any_u32(void)
{
    return Frama_C_unsigned_int_interval(0, UINT32_MAX);
}

/* What a callback may do with bytes that it is given: an alarm if they are not there. */
static inline void use_bytes(const uint8_t *bytes, uint32_t size)
{
    volatile uint8_t seen;

    if (size == 0)
        return;
    seen = bytes[0];
    seen = bytes[size - 1];
    (void)seen;
}

/*
 * An alarm unless it holds. Not an annotation that names what it is about: EVA looks at a call
 * again only if what the code reads is different.
 */
static inline void must(bool hold)
{
    if (!hold) {
        //@ check it_must_hold: \false;
    }
}

#endif
