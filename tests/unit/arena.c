/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of a test, freed all together. */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "suite.h"

static void **blocks;
static size_t count;
static size_t room;

void *arena_alloc(size_t size)
{
    if (count == room) {
        void **grown;

        room = room == 0 ? 64 : 2 * room;
        grown = realloc(blocks, room * sizeof(*blocks));
        require(grown != NULL, "no memory");
        blocks = grown;
    }
    blocks[count] = calloc(1, size);
    require(blocks[count] != NULL, "no memory");
    return blocks[count++];
}

struct bytes arena_copy(const void *data, uint32_t size, uint32_t extra)
{
    struct bytes copy = {arena_alloc((size_t)size + extra), size + extra};

    if (size > 0)
        memcpy(copy.data, data, size);
    return copy;
}

size_t arena_mark(void)
{
    return count;
}

void arena_release(size_t mark)
{
    while (count > mark)
        free(blocks[--count]);
    if (count == 0) {
        free(blocks);
        blocks = NULL;
        room = 0;
    }
}
