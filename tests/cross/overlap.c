/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where PT_LOADs go: a signed table of segments at random, some of which overlap or lie outside,
 * with a region that a second device address leads to; against a model that compares each with
 * each. The image behind the table is too small for an ELF header, so when all PT_LOADs may be
 * loaded that is what the container is refused for.
 */
#include <inttypes.h>
#include <string.h>

#include "report.h"
#include "sections.h"

#define MAX_ENTRIES 24u
#define ROUNDS      4000u
#define SIGNATURE   8u
#define IMAGE       8u
#define TLVS        (5u * 16u + 8u)
#define MAX_SIZE    (20u + TLVS + 64u * MAX_ENTRIES + SIGNATURE + IMAGE)

/* ---- Memory: regions beside each other, two of which lead to what another one has ---- */

static const struct region {
    uint32_t da;
    uint32_t size;
    uint64_t pa;
} regions[] = {
    {0x1000, 0x400, 0x7FFFFFE00u}, /* across a multiple of 2^32 */
    {0x1400, 0x200, 0x800000200u},
    {0x1600, 0x100, 0x8000003C0u},        /* begins with what its neighbour ends with */
    {0x2000, 0x200, 0xFFFFFFFFFFFFFE00u}, /* up to the end of physical addresses */
    {0xFFFFFC00u, 0x400, 0x7FFFFFE00u},   /* the first once more, up to the end of addresses */
};

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    size_t i;

    (void)ctx;
    for (i = 0; i < COUNT(regions); i++) {
        const struct region *region = &regions[i];

        if (da < region->da || (uint64_t)da + size > (uint64_t)region->da + region->size)
            continue;
        *pa = region->pa + (da - region->da);
        return RPROCFW_OK;
    }
    return RPROCFW_ERR_DEVICE_ADDRESS;
}

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct bytes *container = ctx;

    need(offset <= container->size && size <= container->size - offset, "read outside");
    memcpy(dst, container->data + offset, size);
    return RPROCFW_OK;
}

static uint32_t accept_signature(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    (void)what;
    return RPROCFW_AUTHENTIC;
}

static enum rprocfw_status load_nothing(void *ctx, const struct rprocfw_segment *segment)
{
    (void)ctx;
    (void)segment;
    need(false, "a segment is loaded");
    return RPROCFW_ERR_LOAD;
}

static const struct rprocfw_platform platform = {
    .read = read_container,
    .verify_signature = accept_signature,
    .load = load_nothing,
    .da_to_pa = da_to_pa,
};

/* ---- Segments at random ---- */

struct segment {
    bool load;
    uint32_t da;
    uint32_t filesz;
    uint32_t memsz;
};

static struct segment segments[MAX_ENTRIES];
static uint32_t count;

/* Xorshift (Marsaglia 2003): the same numbers on every machine. */
static uint32_t below(uint32_t limit)
{
    static uint32_t state = 2463534242u;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

/* Few large ones in some rounds, many small ones in others: about half of all are to be good. */
static void choose_segments(void)
{
    const uint32_t largest = 4u << below(6);
    uint32_t i;

    count = 1 + below(MAX_ENTRIES);
    for (i = 0; i < count; i++) {
        const struct region *region = &regions[below(COUNT(regions))];
        struct segment *segment = &segments[i];

        segment->load = below(8) != 0;
        segment->da = region->da + below(region->size - largest);
        segment->filesz = below(4) == 0 ? 0 : below(largest);
        segment->memsz = segment->filesz;
        if (below(3) == 0)
            segment->memsz = below(8) == 0 ? segment->filesz / 2 : below(2 * largest);
        if (below(24) == 0) { /* some of these run past the end, others up to it */
            segment->da = region->da + region->size - below(largest);
            if (below(2) == 0)
                segment->filesz = region->da + region->size - segment->da;
        }
    }
}

/* ---- The model: each byte range against each ---- */

struct range {
    uint64_t pa;
    uint32_t size; /* 0: nothing */
    bool inside;
};

static struct range range_of(uint32_t da, uint32_t size)
{
    struct range range = {0, size, true};

    range.inside = size == 0 || da_to_pa(NULL, da, size, &range.pa) == RPROCFW_OK;
    return range;
}

static struct range file_range(const struct segment *segment)
{
    return range_of(segment->da, segment->load ? segment->filesz : 0);
}

/* Zero-fill that would start past the end of the address space is refused with its image. */
static struct range zero_range(const struct segment *segment)
{
    const uint32_t da = segment->da + segment->filesz;

    if (!segment->load || segment->memsz <= segment->filesz || da < segment->da)
        return range_of(0, 0);
    return range_of(da, segment->memsz - segment->filesz);
}

static bool touch(struct range a, struct range b)
{
    /* Not by where they end: the last byte may be the last of all. */
    return a.size > 0 && b.size > 0 && a.inside && b.inside &&
           (a.pa >= b.pa ? a.pa - b.pa < b.size : b.pa - a.pa < a.size);
}

/* Zero-fill may come to lie over the file bytes in front of it, too. */
static bool overwrites(const struct segment *later, const struct segment *earlier)
{
    const struct range file = file_range(earlier);

    return (later != earlier && touch(file_range(later), file)) || touch(zero_range(later), file);
}

static bool is_outside(const struct segment *segment)
{
    return !file_range(segment).inside || !zero_range(segment).inside;
}

static bool any_outside(void)
{
    uint32_t i;

    for (i = 0; i < count; i++)
        if (is_outside(&segments[i]))
            return true;
    return false;
}

static bool any_overlap(void)
{
    uint32_t i;
    uint32_t k;

    for (i = 0; i < count; i++)
        for (k = 0; k <= i; k++)
            if (overwrites(&segments[i], &segments[k]))
                return true;
    return false;
}

/* ---- The container ---- */

static uint8_t *add_tlv(uint8_t *at, uint32_t type, uint32_t length, uint32_t value)
{
    put32(at, type);
    put32(at + 4, length);
    put32(at + 8, value);
    return at + 8 + round8(length);
}

static struct bytes build(void)
{
    static uint8_t data[MAX_SIZE];
    uint8_t *at = data + 20;
    uint32_t i;

    memset(data, 0, sizeof(data));
    put32(data, RPROCFW_MAGIC);
    put32(data + 4, RPROCFW_VERSION);
    put32(data + 8, TLVS + 64 * count);
    put32(data + 12, SIGNATURE);
    put32(data + 16, IMAGE);
    at = add_tlv(at, RPROCFW_TLV_SIGNTYPE, 1, RPROCFW_SIGNTYPE_RSA);
    at = add_tlv(at, RPROCFW_TLV_HASHTYPE, 1, RPROCFW_HASHTYPE_SHA256);
    at = add_tlv(at, RPROCFW_TLV_NUM_IMG, 1, 1);
    at = add_tlv(at, RPROCFW_TLV_IMGTYPE, 1, RPROCFW_IMGTYPE_ELF);
    at = add_tlv(at, RPROCFW_TLV_IMGSIZE, 4, IMAGE);
    put32(at, RPROCFW_TLV_HASHTABLE);
    put32(at + 4, 64 * count);
    at += 8;
    for (i = 0; i < count; i++, at += 64) {
        put32(at, segments[i].load ? RPROCFW_PT_LOAD : 4);
        put32(at + 12, segments[i].da);
        put32(at + 16, segments[i].filesz);
        put32(at + 20, segments[i].memsz);
    }
    return (struct bytes){data, (uint32_t)(at - data) + SIGNATURE + IMAGE};
}

/* Number offset's entry of the signed table; count if it is in none. */
static uint32_t entry_at(uint32_t offset)
{
    const uint32_t table = 20 + TLVS;

    return offset >= table && (offset - table) % 64 == 0 ? (offset - table) / 64 : count;
}

struct tally {
    unsigned good;
    unsigned overlaps;
    unsigned outside;
};

/* A refusal names the segments: what it names must be so. That none is missed is seen in the rest.
 */
static void judge(unsigned round, struct tally *tally)
{
    struct bytes container = build();
    struct rprocfw_verifier v;
    struct rprocfw_diag diag;
    enum rprocfw_status status = rprocfw_verify_begin(&v, &platform, &container, container.size, 0);
    uint32_t entry;

    if (status == RPROCFW_OK)
        status = rprocfw_verify_finish(&v, work, WORK_SIZE);
    report("%u: %s", round, outcome(status, &v));
    rprocfw_explain(&v, status, &diag);
    entry = entry_at(diag.offset);
    if (status == RPROCFW_ERR_ELF_SIZE) {
        tally->good++;
        check(!any_overlap() && !any_outside(), "round %u is not refused", round);
    } else if (status == RPROCFW_ERR_OVERLAP) {
        tally->overlaps++;
        check(entry < count && diag.found == entry && diag.expected <= entry &&
                  overwrites(&segments[entry], &segments[diag.expected]),
              "round %u: %" PRIu32 " does not overwrite %" PRIu32, round, diag.found,
              diag.expected);
    } else {
        tally->outside++;
        check(status == RPROCFW_ERR_DEVICE_ADDRESS && entry < count && is_outside(&segments[entry]),
              "round %u: %s", round, outcome(status, &v));
    }
}

void section_overlap(void)
{
    struct tally tally = {0, 0, 0};
    unsigned round;

    report_begin("overlap");
    for (round = 0; round < ROUNDS; round++) {
        choose_segments();
        judge(round, &tally);
    }
    report_line("%u good, %u overlaps, %u outside", tally.good, tally.overlaps, tally.outside);
    check(tally.good > ROUNDS / 8 && tally.overlaps > ROUNDS / 8 && tally.outside > ROUNDS / 16,
          "too few of a kind");
    report_end();
}
