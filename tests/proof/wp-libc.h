/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Put before each file of core, for WP alone: memcpy, memset and memcmp as core uses them, on
 * bytes. Its memory model has no void pointers, in which Frama-C's own contracts are written.
 */
#ifndef RPROCFW_PROOF_WP_LIBC_H
#define RPROCFW_PROOF_WP_LIBC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*@ requires \valid(to + (0 .. size - 1)) && \valid_read(from + (0 .. size - 1));
    requires \separated(to + (0 .. size - 1), from + (0 .. size - 1));
    assigns to[0 .. size - 1] \from from[0 .. size - 1];
    ensures \forall integer i; 0 <= i < size ==> to[i] == from[i];
*/
extern void wp_copy(uint8_t *to, const uint8_t *from, size_t size);

/*@ requires \valid(to + (0 .. size - 1));
    assigns to[0 .. size - 1] \from value;
    ensures \forall integer i; 0 <= i < size ==> to[i] == (uint8_t)value;
*/
extern void wp_fill(uint8_t *to, int value, size_t size);

/*@ requires \valid_read(a + (0 .. size - 1)) && \valid_read(b + (0 .. size - 1));
    assigns \result \from a[0 .. size - 1], b[0 .. size - 1];
    ensures \result == 0 <==> \forall integer i; 0 <= i < size ==> a[i] == b[i];
*/
extern int wp_compare(const uint8_t *a, const uint8_t *b, size_t size);

#define memcpy wp_copy
#ifndef PROOF_MEMSET /* of verify.c it is wp_clear, see wp-platform.h */
#define PROOF_MEMSET wp_fill
#endif
#define memset PROOF_MEMSET
#define memcmp wp_compare

#endif
