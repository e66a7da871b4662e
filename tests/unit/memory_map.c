/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory of a remote processor. */
#include <string.h>

#include "container.h"
#include "elf_image.h"
#include "memory_map.h"
#include "suite.h"

static bool inside(uint64_t at, uint32_t size, uint64_t start, uint32_t room)
{
    return at >= start && at - start <= room && size <= room - (at - start);
}

void memory_poison(struct memory *m)
{
    struct region *r;
    uint32_t i;

    for (r = m->regions; r < m->regions + MAX_REGIONS && r->size > 0; r++) {
        if (r->bytes == NULL)
            r->bytes = arena_alloc(r->size);
        for (i = 0; i < r->size; i++)
            r->bytes[i] = (uint8_t)(0x80 | (i * 5 + 1));
    }
}

/* The region that has all of these bytes; NULL if none has. */
static const struct region *region_of(const struct memory *m, uint64_t pa, uint32_t size)
{
    const struct region *r;

    for (r = m->regions; r < m->regions + MAX_REGIONS; r++)
        if (inside(pa, size, r->pa, r->size))
            return r;
    return NULL;
}

bool memory_find(const struct memory *m, uint32_t da, uint32_t size, uint64_t *pa)
{
    const struct window *w;

    for (w = m->windows; w < m->windows + MAX_WINDOWS; w++) {
        if (!inside(da, size, w->da, w->size))
            continue;
        *pa = w->pa + (da - w->da);
        return region_of(m, *pa, size) != NULL;
    }
    return false;
}

uint8_t *memory_at_pa(const struct memory *m, uint64_t pa, uint32_t size)
{
    const struct region *r = region_of(m, pa, size);

    require(r != NULL, "%u bytes at %#llx are no memory", size, (unsigned long long)pa);
    return r->bytes + (pa - r->pa);
}

uint8_t *memory_at(const struct memory *m, uint32_t da, uint32_t size)
{
    uint64_t pa = 0;

    require(memory_find(m, da, size, &pa), "%u bytes at device address %#x are no memory", size,
            da);
    return memory_at_pa(m, pa, size);
}

void memory_clear(struct memory *m)
{
    struct region *r;

    for (r = m->regions; r < m->regions + MAX_REGIONS && r->size > 0; r++)
        memset(r->bytes, 0, r->size);
}

bool memory_is_clear(const struct memory *m)
{
    const struct region *r;

    for (r = m->regions; r < m->regions + MAX_REGIONS && r->size > 0; r++)
        if (r->bytes[0] != 0 || memcmp(r->bytes, r->bytes + 1, r->size - 1) != 0)
            return false;
    return true;
}

struct memory memory_copy(const struct memory *m)
{
    struct memory copy = *m;
    struct region *r;

    for (r = copy.regions; r < copy.regions + MAX_REGIONS && r->size > 0; r++)
        r->bytes = arena_copy(r->bytes, r->size, 0).data;
    return copy;
}

bool memory_equal(const struct memory *a, const struct memory *b)
{
    unsigned i;

    for (i = 0; i < MAX_REGIONS && a->regions[i].size > 0; i++)
        if (memcmp(a->regions[i].bytes, b->regions[i].bytes, a->regions[i].size) != 0)
            return false;
    return true;
}

static void load_image(struct memory *m, struct bytes image)
{
    const uint32_t phoff = get32(image, E_PHOFF);
    const uint32_t phnum = get16(image, E_PHNUM);
    uint32_t i;

    for (i = 0; i < phnum; i++) {
        const uint32_t at = phoff + 32 * i;
        const uint32_t offset = get32(image, at + P_OFFSET);
        const uint32_t da = get32(image, at + P_PADDR);
        const uint32_t filesz = get32(image, at + P_FILESZ);
        const uint32_t memsz = get32(image, at + P_MEMSZ);

        if (get32(image, at + P_TYPE) != PT_LOAD)
            continue;
        require(offset <= image.size && filesz <= image.size - offset && filesz <= memsz,
                "program header %u is no segment of the image", i);
        if (filesz > 0)
            memcpy(memory_at(m, da, filesz), image.data + offset, filesz);
        if (memsz > filesz)
            memset(memory_at(m, da + filesz, memsz - filesz), 0, memsz - filesz);
    }
}

void memory_load(struct memory *m, struct bytes container)
{
    struct container c;
    const struct tlv *sizes;
    uint32_t at = 0;
    uint32_t i;

    container_split(container, &c);
    sizes = tlv_find(&c, RPROCFW_TLV_IMGSIZE);
    for (i = 0; i < sizes->size; i += 4) {
        const uint32_t size = get32((struct bytes){sizes->value, sizes->size}, i);

        load_image(m, (struct bytes){c.payload.data + at, size});
        at += size;
    }
}
