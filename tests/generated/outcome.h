/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What may come of a changed container: it is refused, or accepted with the same memory and the
 * same resource table. With one exception, which the format brings with it: section headers and
 * names are not signed. If they, and only they, say something else, the table may be hidden, of
 * another size, or another one, which must lie in bytes that a signed PT_LOAD has loaded.
 */
#ifndef RPROCFW_GENERATED_OUTCOME_H
#define RPROCFW_GENERATED_OUTCOME_H

#include "generator.h"

enum outcome { REFUSED, SAME, HIDDEN_TABLE, OTHER_TABLE, OUTCOMES };

/* The memory of g, which was poisoned, after a container that is accepted. */
struct memory memory_after(const struct generated *g, struct bytes container);

/* Of an accepted container: is is the memory, pa and size are those of the resource table. */
enum outcome outcome_of(const struct generated *g, struct bytes container, const struct memory *is,
                        const struct memory *expected, uint64_t pa, uint32_t size);

#endif
