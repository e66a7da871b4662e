/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that the normal world shares with the TEE. */
#define _DEFAULT_SOURCE

#include <string.h>
#include <sys/mman.h>

#include "shared.h"
#include "suite.h"

struct shared shared;

static uint8_t *address; /* the TA's: shared.bytes.size bytes without any access; NULL: none */

#define ROOM (1u << 20) /* bytes for it, mapped once */

void shared_take_back(void)
{
    address = NULL;
}

void *shared_give(struct bytes bytes)
{
    static void *map;

    if (map == NULL)
        map = mmap(NULL, ROOM, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(map != MAP_FAILED && bytes.size <= ROOM, "no room for %u bytes", bytes.size);
    shared.bytes = bytes;
    shared.reads = arena_alloc(bytes.size * sizeof(*shared.reads) + 1);
    shared.accesses = 0;
    address = bytes.size == 0 ? NULL : map;
    return address;
}

bool shared_has(const void *p, size_t size)
{
    const uintptr_t at = (uintptr_t)p;
    const uintptr_t start = (uintptr_t)address;
    const uintptr_t end = start + shared.bytes.size;

    if (address == NULL || at + size <= start || at >= end)
        return false;
    require(at >= start && at + size <= end, "%zu bytes at %td of %u", size,
            (ptrdiff_t)(at - start), shared.bytes.size);
    return true;
}

void shared_copy(void *dst, const void *src, size_t size)
{
    size_t at;
    size_t i;

    require(!shared_has(dst, size), "shared memory is written");
    if (!shared_has(src, size)) {
        memmove(dst, src, size);
        return;
    }
    if (shared.before != NULL)
        shared.before(shared.accesses);
    shared.accesses++;
    at = (uintptr_t)src - (uintptr_t)address;
    for (i = at; i < at + size; i++)
        shared.reads[i]++;
    memcpy(dst, shared.bytes.data + at, size);
}
