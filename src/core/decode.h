/* SPDX-License-Identifier: BSD-2-Clause */
/* Little-endian words, on every host and at any address: all of core's decoding goes through here.
 */
#ifndef RPROCFW_CORE_DECODE_H
#define RPROCFW_CORE_DECODE_H

#include <stdint.h>

#include "contracts.h"

/* Inlined always: a call takes more code than the load that it would replace. */
#if defined(__GNUC__)
#define RPROCFW_INLINE static inline __attribute__((always_inline))
#else
#define RPROCFW_INLINE static inline
#endif

/*@ requires \valid_read(bytes + (0 .. 1));
    assigns \nothing;
    ensures \result == u16_at(bytes);
*/
RPROCFW_INLINE uint16_t rprocfw_le16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] | bytes[1] << 8);
}

/*@ requires \valid_read(bytes + (0 .. 3));
    assigns \nothing;
    ensures \result == u32_at(bytes);
*/
RPROCFW_INLINE uint32_t rprocfw_le32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

#endif
