/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that are to be accepted, and what is to come of them. */
#include <string.h>

#include "container.h"
#include "elf_image.h"
#include "generator.h"
#include "suite.h"

/* What random numbers are for: those of the shape do not depend on the bytes. */
enum { OF_SHAPE, OF_WRITING, OF_CONTENT };

/* ---- images ---- */

static uint32_t some_image_count(struct random *r)
{
    const uint32_t kind = random_below(r, 2000);

    if (kind == 0)
        return RPROCFW_MAX_IMAGES - random_below(r, 2);
    if (kind < 1000)
        return 1;
    return kind < 1750 ? 2 : 3 + random_below(r, 6);
}

/* One of the images has a resource table, or none; one has a vector table, two, or none. */
static void draft_images(struct generated *g, struct random *r)
{
    const uint32_t table = random_below(r, g->image_count + 1);
    const uint32_t vectors = random_below(r, 2 * g->image_count);
    uint32_t i;

    g->images = arena_alloc(g->image_count * sizeof(*g->images));
    g->table_image = NONE;
    for (i = 0; i < g->image_count; i++) {
        const struct wanted_elf wanted = {
            .small = g->image_count > 8,
            .encrypted = g->encrypted,
            .table = i == table,
            .vectors = i == vectors || (i > vectors && random_once_in(r, 8)),
        };

        elf_draft(&g->images[i], r, &wanted);
        if (g->images[i].table.phdr != NONE)
            g->table_image = i;
    }
}

/* ---- addresses ---- */

/* Zero-fill that file bytes loaded later may cover. */
struct hole {
    uint32_t window;
    uint32_t start;
    uint32_t size; /* bytes; 0: there is none */
};

struct placing {
    struct random *r;
    uint32_t windows;
    uint32_t used[MAX_WINDOWS]; /* bytes of each window */
    struct hole hole;
};

/* The window of each PT_LOAD goes into vaddr, the place in it into paddr, until all are known. */
static void place_load(struct placing *p, struct rprocfw_phdr *phdr)
{
    struct hole *hole = &p->hole;
    uint32_t *used;

    if (phdr->memsz <= hole->size && random_once_in(p->r, 2)) {
        phdr->vaddr = hole->window;
        phdr->paddr = hole->start + random_below(p->r, hole->size - phdr->memsz + 1);
        hole->size = 0;
        return;
    }
    phdr->vaddr = random_below(p->r, p->windows);
    used = &p->used[phdr->vaddr];
    *used += random_once_in(p->r, 2) ? 0 : random_below(p->r, 48);
    phdr->paddr = *used;
    *used += phdr->memsz;
    if (phdr->memsz > phdr->filesz)
        *hole = (struct hole){phdr->vaddr, phdr->paddr + phdr->filesz, phdr->memsz - phdr->filesz};
}

/* The last one ends where the addresses do: device addresses and physical ones. */
#define TOP 3u

static void set_windows(struct generated *g, struct placing *p)
{
    static const uint32_t das[] = {0, 0x10000000, 0x80000000, 0};
    static const uint64_t pas[] = {0x38000000, 0x500000000, 0x80000000, 0};
    const uint32_t first = random_below(p->r, COUNT(das));
    uint32_t i;

    memset(&g->memory, 0, sizeof(g->memory));
    for (i = 0; i < p->windows; i++) {
        const uint32_t base = (first + i) % COUNT(das);
        const uint32_t size =
            p->used[i] + 1 + (random_once_in(p->r, 2) ? 0 : random_below(p->r, 64));
        struct window w = {das[base], pas[base], size};

        if (base == TOP) {
            w.da = 0 - size;
            w.pa = 0 - (uint64_t)size;
        }
        g->memory.windows[i] = w;
        g->memory.regions[i] = (struct region){w.pa, size, NULL};
    }
}

/* Device addresses, of which virtual ones often differ. */
static void set_addresses(struct generated *g, struct random *r)
{
    uint32_t i;
    uint32_t n;

    for (i = 0; i < g->image_count; i++) {
        for (n = 0; n < g->images[i].phnum; n++) {
            struct rprocfw_phdr *phdr = &g->images[i].phdrs[n];

            if (phdr->type != PT_LOAD)
                continue;
            phdr->paddr += g->memory.windows[phdr->vaddr].da;
            phdr->vaddr = random_once_in(r, 2) ? phdr->paddr : random_below(r, 0xE0000000);
        }
    }
}

static void place(struct generated *g, struct random *r)
{
    struct placing p = {.r = r, .windows = 1 + random_below(r, MAX_WINDOWS)};
    uint32_t i;
    uint32_t n;

    for (i = 0; i < g->image_count; i++)
        for (n = 0; n < g->images[i].phnum; n++)
            if (g->images[i].phdrs[n].type == PT_LOAD)
                place_load(&p, &g->images[i].phdrs[n]);
    set_windows(g, &p);
    set_addresses(g, r);
}

/* ---- TLVs ---- */

static void make_plat_tlvs(struct generated *g, struct random *r, uint32_t vector_tables)
{
    uint32_t i;

    g->plat_tlv_count = random_once_in(r, 2) ? 0 : random_below(r, MADE_PLAT_TLVS + 1);
    for (i = 0; i < g->plat_tlv_count; i++) {
        struct rprocfw_plat_tlv *tlv = &g->plat_tlvs[i];

        tlv->id = RPROCFW_TLV_PLATFORM_FIRST + random_below(r, random_once_in(r, 2) ? 4 : 0x10000);
        tlv->size = random_once_in(r, 2) ? 4 : random_below(r, MADE_VALUE / 2 + 1);
        random_fill(r, g->plat_values[i], MADE_VALUE);
        tlv->value = tlv->size > 0 ? g->plat_values[i] : NULL;
        tlv->boot_address = vector_tables == 1 && !g->encrypted && random_once_in(r, 4);
    }
}

static void make_pkeyinfo(struct generated *g, struct random *r)
{
    g->has_pkeyinfo = random_once_in(r, 3);
    g->pkeyinfo_size = random_below(r, random_once_in(r, 2) ? 12 : MADE_PKEYINFO - 60);
    random_fill(r, g->pkeyinfo, sizeof(g->pkeyinfo));
}

/* Each id once, at the place of its first value, with its last one. */
static void expect_plat_tlv(struct generated *g, uint32_t number, uint32_t vectors)
{
    struct container *c = &g->expected;
    const struct rprocfw_plat_tlv *tlv = &g->plat_tlvs[number];
    uint8_t address[4];
    struct tlv made = {.type = tlv->id, .value = g->plat_values[number]};
    uint32_t i;

    made.size = (uint32_t)tlv->size;
    if (tlv->boot_address) {
        rprocfw_u32_encode(address, vectors);
        made.value = address;
        made.size = sizeof(address);
    }
    for (i = 0; i < c->tlv_count && c->tlvs[i].type != tlv->id; i++)
        ;
    if (i < c->tlv_count)
        tlv_remove(c, i);
    tlv_insert(c, i, made.type, made.value, made.size);
}

static void make_tlvs(struct generated *g, struct random *r)
{
    uint32_t vector_tables = 0;
    uint32_t vectors = 0;
    uint32_t i;

    for (i = 0; i < g->image_count; i++) {
        if (!g->images[i].has_vectors)
            continue;
        vector_tables++;
        vectors = g->images[i].vectors;
    }
    make_pkeyinfo(g, r);
    make_plat_tlvs(g, r, vector_tables);
    if (g->order == RPROCFW_ORDER_ST) /* the table behind SIGNTYPE; ENCTYPE stays where it is */
        tlv_move(
            &g->expected,
            tlv_index(&g->expected, g->encrypted ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE),
            1);
    if (g->has_pkeyinfo)
        tlv_append(&g->expected, RPROCFW_TLV_PKEYINFO, g->pkeyinfo, g->pkeyinfo_size);
    for (i = 0; i < g->plat_tlv_count; i++)
        expect_plat_tlv(g, i, vectors);
    tlv_find(&g->expected, RPROCFW_TLV_SIGNTYPE)->value[0] =
        (uint8_t)rprocfw_key_signtype(g->key->key);
    g->expected.signature = arena_copy(NULL, 0, rprocfw_key_signature_size(g->key->key));
    container_measure(&g->expected);
}

/* ---- all of it ---- */

static const struct test_key *some_key(struct random *r, bool encrypted)
{
    const uint32_t kind = random_below(r, 200);

    if (kind < 188)
        return &keys[0]; /* P-256: it takes the least time */
    if (kind < 193 || encrypted)
        return &keys[1];
    if (kind < 198)
        return &keys[2];
    return kind < 199 ? &keys[3] : &keys[4];
}

/* A PT_LOAD that has the table's bytes, at the address that its section says. */
static bool has_table(const struct rprocfw_phdr *phdr, const struct made_table *table,
                      uint32_t offset)
{
    const uint32_t distance = offset - phdr->offset;

    return phdr->type == PT_LOAD && offset >= phdr->offset && distance <= phdr->filesz &&
           table->size <= phdr->filesz - distance &&
           (table->da == phdr->vaddr + distance || table->da == phdr->paddr + distance);
}

void generated_expect_table(struct generated *g)
{
    const struct made_elf *elf;
    uint32_t offset;
    uint32_t i;

    g->table_size = 0;
    g->table_pa = 0;
    if (g->table_image == NONE)
        return;
    elf = &g->images[g->table_image];
    offset = elf->parts[elf->table.part].offset + elf->table.distance;
    for (i = 0; i < elf->phnum && !has_table(&elf->phdrs[i], &elf->table, offset); i++)
        ;
    if (i == elf->phnum ||
        !memory_find(&g->memory, elf->phdrs[i].paddr, elf->phdrs[i].filesz, &g->table_pa))
        return;
    g->table_pa += offset - elf->phdrs[i].offset;
    g->table_size = elf->table.size;
}

void generate(struct generated *g, uint64_t seed, uint32_t number, uint32_t release,
              const struct test_key *key)
{
    struct random shape = random_begin(seed, number, OF_SHAPE);
    struct random writing = random_begin(seed, number, OF_WRITING);
    struct random content = random_begin(seed, number, OF_CONTENT + release);
    struct bytes files[MADE_IMAGES];
    uint32_t i;

    memset(g, 0, sizeof(*g));
    g->seed = seed;
    g->number = number;
    g->encrypted = random_once_in(&shape, 25);
    g->key = some_key(&shape, g->encrypted);
    if (key != NULL)
        g->key = key;
    g->order = random_once_in(&shape, 2) ? RPROCFW_ORDER_ST : RPROCFW_ORDER_OPTEE;
    g->image_count = some_image_count(&shape);
    draft_images(g, &shape);
    place(g, &shape);
    for (i = 0; i < g->image_count; i++) {
        elf_write(&g->images[i], &writing, &content);
        files[i] = g->images[i].file;
    }
    container_build(&g->expected, files, g->image_count, g->encrypted);
    make_tlvs(g, &shape);
    generated_expect_table(g);
    require((g->table_size > 0) == (g->table_image != NONE), "the resource table is in no segment");
}
