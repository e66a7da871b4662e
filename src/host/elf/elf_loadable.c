/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which program headers a board needs: boards look a segment up in the signed table by its address,
 * take the first entry that has it, and refuse the image if that one is of another type or size.
 * What loads nothing, or nothing that stays, can be left out.
 */
#include <stdlib.h>

#include "elf_input.h"

struct place {
    uint32_t paddr;
    uint32_t number; /* of the PT_LOAD */
};

struct choosing {
    struct rprocfw_phdr *phdrs;
    size_t count;
    struct place *places; /* of PT_LOADs, by paddr, then by number */
    size_t place_count;
    uint64_t *reach; /* a Fenwick tree of the largest end, from the last PT_LOAD to the first */
};

static int by_paddr(const void *a, const void *b)
{
    const struct place *left = a;
    const struct place *right = b;

    if (left->paddr != right->paddr)
        return left->paddr > right->paddr ? 1 : -1;
    return (left->number > right->number) - (left->number < right->number);
}

static uint64_t end_of(const struct rprocfw_phdr *phdr)
{
    return (uint64_t)phdr->paddr + phdr->memsz;
}

/* From now on PT_LOAD number counts for those before it. */
static void add(struct choosing *c, uint32_t number)
{
    const uint64_t end = end_of(&c->phdrs[number]);

    for (size_t i = c->count - number; i <= c->count; i += i & (~i + 1))
        if (c->reach[i] < end)
            c->reach[i] = end;
}

/* The largest end of the added ones that are loaded after number. */
static uint64_t reach_behind(const struct choosing *c, uint32_t number)
{
    uint64_t end = 0;

    for (size_t i = c->count - number - 1; i > 0; i -= i & (~i + 1))
        if (end < c->reach[i])
            end = c->reach[i];
    return end;
}

/*
 * PT_LOADs at one address; all that start there or below were added. One of no bytes in the file
 * is not needed if its zero bytes are none, or one that is loaded later writes over all of them.
 * The last one at the address stays: it stands beside no other.
 */
static void choose(struct choosing *c, const struct place *places, size_t count)
{
    size_t left = count;

    for (size_t i = 0; i < count && left > 1; i++) {
        struct rprocfw_phdr *phdr = &c->phdrs[places[i].number];

        if (phdr->filesz != 0 ||
            (phdr->memsz != 0 && reach_behind(c, places[i].number) < end_of(phdr)))
            continue;
        phdr->type = RPROCFW_PT_NULL;
        left--;
    }
}

static void choose_all(struct choosing *c)
{
    size_t from = 0;

    while (from < c->place_count) {
        size_t to = from;

        while (to < c->place_count && c->places[to].paddr == c->places[from].paddr)
            add(c, c->places[to++].number);
        choose(c, c->places + from, to - from);
        from = to;
    }
}

enum rprocfw_status rprocfw_elf_loadable(struct rprocfw_phdr *phdrs, size_t count,
                                         struct rprocfw_error *error)
{
    struct choosing c = {
        .phdrs = phdrs,
        .count = count,
        .places = calloc(count, sizeof(*c.places)),
        .reach = calloc(count + 1, sizeof(*c.reach)),
    };
    enum rprocfw_status status = RPROCFW_OK;

    if (c.places == NULL || c.reach == NULL) {
        status = rprocfw_no_memory(error);
    } else {
        for (size_t i = 0; i < count; i++)
            if (phdrs[i].type == RPROCFW_PT_LOAD)
                c.places[c.place_count++] = (struct place){phdrs[i].paddr, (uint32_t)i};
            else
                phdrs[i].type = RPROCFW_PT_NULL;
        qsort(c.places, c.place_count, sizeof(*c.places), by_paddr);
        choose_all(&c);
    }
    free(c.places);
    free(c.reach);
    return status;
}
