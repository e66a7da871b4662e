/* SPDX-License-Identifier: BSD-2-Clause */
/* A small board. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "board.h"
#include "report.h"

#define SOIL 0xA5

static uint64_t work_buffer[WORK_SIZE / 8 + 1];
uint8_t *const work = (uint8_t *)work_buffer;

/* ---- Memory ---- */

static uint8_t at_0[0x20000];
static uint8_t at_10000000[0x40000];
static uint8_t at_80000000[0x2000];
static uint8_t at_80100000[0xA000];
static uint8_t at_81200000[0x2000];

/* What an independent loader puts there; large enough for any of them. */
static uint8_t model[0x40000];

static struct region {
    uint32_t da;
    uint32_t size;
    uint8_t *bytes;
    uint32_t first; /* what was written: [first, end) */
    uint32_t end;
} regions[] = {
    {0x00000000, sizeof(at_0), at_0, 0, 0},
    {0x10000000, sizeof(at_10000000), at_10000000, 0, 0},
    {0x80000000, sizeof(at_80000000), at_80000000, 0, 0},
    {0x80100000, sizeof(at_80100000), at_80100000, 0, 0},
    {0x81200000, sizeof(at_81200000), at_81200000, 0, 0},
};
#define REGIONS (sizeof(regions) / sizeof(regions[0]))

/* The region that has size bytes at da, or NULL. */
static struct region *region_of(uint32_t da, uint32_t size)
{
    size_t i;

    for (i = 0; i < REGIONS; i++)
        if (da >= regions[i].da && (uint64_t)da + size <= (uint64_t)regions[i].da + regions[i].size)
            return &regions[i];
    return NULL;
}

/* The bytes at da, which will be written; core has asked da_to_pa whether they are there. */
static uint8_t *to_write(uint32_t da, uint32_t size)
{
    struct region *region = region_of(da, size);
    uint32_t at;

    need(region != NULL, "%" PRIu32 " bytes written at %#" PRIx32, size, da);
    at = da - region->da;
    if (region->first == region->end)
        region->first = region->end = at;
    if (at < region->first)
        region->first = at;
    if (at + size > region->end)
        region->end = at + size;
    return region->bytes + at;
}

static void clear_memory(void)
{
    size_t i;

    for (i = 0; i < REGIONS; i++) {
        memset(regions[i].bytes + regions[i].first, 0, regions[i].end - regions[i].first);
        regions[i].first = regions[i].end = 0;
    }
}

/* ---- Callbacks ---- */

static void event(struct board *b, const char *format, ...) RPROCFW_PRINTF(2, 3);

static void event(struct board *b, const char *format, ...)
{
    va_list arguments;
    char line[256];

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    sha256_add(&b->events, line, strlen(line) + 1);
}

static bool inside(uint32_t offset, uint32_t size, uint32_t limit)
{
    return (uint64_t)offset + size <= limit;
}

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct board *b = ctx;

    need(inside(offset, size, b->container.size), "read of %" PRIu32 " bytes at %" PRIu32, size,
         offset);
    event(b, "read %" PRIu32 " %" PRIu32, offset, size);
    memcpy(dst, b->container.data + offset, size);
    return RPROCFW_OK;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    struct board *b = ctx;

    event(b, "signature %d of %" PRIu32 " bytes, pkeyinfo %" PRIu32, (int)what->signtype,
          what->signature_size, what->pkeyinfo != NULL ? what->pkeyinfo_size : RPROCFW_NOWHERE);
    sha256_add(&b->events, what->signature, what->signature_size);
    if (what->pkeyinfo != NULL)
        sha256_add(&b->events, what->pkeyinfo, what->pkeyinfo_size);
    sha256(what->data, what->size, what->sha256);
    return b->any_signature || stub_holds(what) ? RPROCFW_AUTHENTIC : RPROCFW_ERR_SIGNATURE;
}

static void segment_event(struct board *b, const char *word, const struct rprocfw_segment *segment)
{
    const struct rprocfw_phdr *phdr = &segment->phdr;

    event(b,
          "%s %" PRIu32 "/%" PRIu32 "/%" PRIu32 " at %" PRIu32 ": %" PRIx32 " %" PRIx32 " %" PRIx32
          " %" PRIx32 " %" PRIx32 " %" PRIx32 " %" PRIx32 " %" PRIx32 ", table %" PRIu32,
          word, segment->image, segment->index, segment->entry, segment->offset, phdr->type,
          phdr->offset, phdr->vaddr, phdr->paddr, phdr->filesz, phdr->memsz, phdr->flags,
          phdr->align, segment->rsc_offset);
    sha256_add(&b->events, segment->sha256, 32);
    if (segment->iv != NULL)
        sha256_add(&b->events, segment->iv, 16);
    need(inside(segment->offset, phdr->filesz, b->container.size), "a segment outside");
}

static enum rprocfw_status hashes_to(const uint8_t *bytes, const struct rprocfw_segment *segment)
{
    uint8_t digest[32];

    sha256(bytes, segment->phdr.filesz, digest);
    return memcmp(digest, segment->sha256, sizeof(digest)) == 0 ? RPROCFW_OK
                                                                : RPROCFW_ERR_SEGMENT_HASH;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    struct board *b = ctx;
    const uint32_t size = segment->phdr.filesz;
    uint8_t *memory;

    segment_event(b, "load", segment);
    if (segment->iv != NULL)
        return RPROCFW_ERR_LOAD; /* this board cannot decrypt */
    if (size == 0)
        return RPROCFW_OK;
    memory = to_write(segment->phdr.paddr, size);
    memcpy(memory, b->container.data + segment->offset, size);
    return hashes_to(memory, segment);
}

static enum rprocfw_status judge_in_place(void *ctx, const struct rprocfw_segment *segment)
{
    struct board *b = ctx;

    segment_event(b, "judge", segment);
    if (segment->phdr.filesz == 0)
        return RPROCFW_OK;
    return hashes_to(b->container.data + segment->offset, segment);
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    const struct region *region = region_of(segment->phdr.paddr + offset, size);

    segment_event(ctx, "read_loaded", segment);
    event(ctx, "%" PRIu32 " %" PRIu32, offset, size);
    need(inside(offset, size, segment->phdr.filesz) && region != NULL, "read_loaded outside");
    memcpy(dst, region->bytes + (segment->phdr.paddr + offset - region->da), size);
    return RPROCFW_OK;
}

static enum rprocfw_status read_in_place(void *ctx, const struct rprocfw_segment *segment,
                                         uint32_t offset, void *dst, uint32_t size)
{
    const struct board *b = ctx;

    segment_event(ctx, "read_loaded", segment);
    event(ctx, "%" PRIu32 " %" PRIu32, offset, size);
    need(inside(offset, size, segment->phdr.filesz), "read_loaded outside");
    memcpy(dst, b->container.data + segment->offset + offset, size);
    return RPROCFW_OK;
}

static void image_done(void *ctx, const struct rprocfw_image *image)
{
    event(ctx,
          "image %" PRIu32 " at %" PRIu32 ", %" PRIu32 ", entries %" PRIu32 " %" PRIu32
          ", table %d %" PRIx32 " %" PRIx32,
          image->index, image->offset, image->size, image->first_entry, image->entry_count,
          image->has_rsc_table, image->rsc_da, image->rsc_size);
}

static enum rprocfw_status load_end(void *ctx)
{
    event(ctx, "load_end");
    return RPROCFW_OK;
}

static enum rprocfw_status platform_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    struct board *b = ctx;

    event(b, "tlv %" PRIx32 " at %" PRIu32 ", %" PRIu32, tlv->type, tlv->offset, tlv->length);
    sha256_add(&b->events, tlv->value, tlv->length);
    return RPROCFW_OK;
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    event(ctx, "da_to_pa %" PRIx32 " %" PRIx32, da, size);
    if (region_of(da, size) == NULL)
        return RPROCFW_ERR_DEVICE_ADDRESS;
    *pa = PA(da);
    return RPROCFW_OK;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    event(ctx, "zero %" PRIx32 " %" PRIx32, da, size);
    memset(to_write(da, size), 0, size);
    return RPROCFW_OK;
}

static enum rprocfw_status start(void *ctx)
{
    event(ctx, "start");
    return RPROCFW_OK;
}

static enum rprocfw_status stop(void *ctx)
{
    event(ctx, "stop");
    return RPROCFW_OK;
}

static enum rprocfw_status release(void *ctx)
{
    struct board *b = ctx;

    event(b, "release");
    b->releases++;
    clear_memory();
    return RPROCFW_OK;
}

const struct rprocfw_platform platform_with_memory = {
    .read = read_container,
    .verify_signature = verify_signature,
    .load = load,
    .read_loaded = read_loaded,
    .image_done = image_done,
    .load_end = load_end,
    .platform_tlv = platform_tlv,
    .da_to_pa = da_to_pa,
    .zero = zero,
    .start = start,
    .stop = stop,
    .release = release,
};

const struct rprocfw_platform platform_in_place = {
    .read = read_container,
    .verify_signature = verify_signature,
    .load = judge_in_place,
    .read_loaded = read_in_place,
    .image_done = image_done,
    .load_end = load_end,
    .platform_tlv = platform_tlv,
};

/* ---- What tests ask ---- */

void board_begin(struct board *b, struct bytes container)
{
    clear_memory();
    memset(b, 0, sizeof(*b));
    b->container = container;
    sha256_begin(&b->events);
}

const char *board_events(const struct board *b)
{
    static char text[17];
    struct sha256 events = b->events;
    uint8_t digest[32];
    unsigned i;

    sha256_end(&events, digest);
    for (i = 0; i < 8; i++)
        snprintf(text + (size_t)2 * i, 3, "%02x", digest[i]);
    return text;
}

void board_soil(void)
{
    size_t i;

    for (i = 0; i < REGIONS; i++)
        memset(to_write(regions[i].da, regions[i].size), SOIL, regions[i].size);
}

bool board_is_clear(void)
{
    size_t i;

    for (i = 0; i < REGIONS; i++)
        if (regions[i].first != regions[i].end)
            return false;
    return true;
}

/* The PT_LOADs of an ELF file that go into a region, into model. */
static void load_model(const struct region *region, const uint8_t *elf)
{
    const uint8_t *phdr = elf + get32(elf + 28);
    uint32_t i;

    for (i = get16(elf + 44); i > 0; i--, phdr += 32) {
        const uint32_t at = get32(phdr + 12) - region->da;
        const uint32_t filesz = get32(phdr + 16);

        if (get32(phdr) != 1 || get32(phdr + 12) < region->da || at >= region->size)
            continue;
        memcpy(model + at, elf + get32(phdr + 4), filesz);
        memset(model + at + filesz, 0, get32(phdr + 20) - filesz);
    }
}

bool board_has_loaded(struct bytes container)
{
    uint32_t length = 0;
    const uint8_t *sizes = tlv_value(container, 5, &length);
    size_t i;

    need(sizes != NULL, "no IMGSIZE in a container that was loaded");
    for (i = 0; i < REGIONS; i++) {
        const uint8_t *elf = container.data + payload_offset(container);
        uint32_t k;

        memset(model, SOIL, regions[i].size);
        for (k = 0; k < length; k += 4) {
            load_model(&regions[i], elf);
            elf += get32(sizes + k);
        }
        if (memcmp(model, regions[i].bytes, regions[i].size) != 0)
            return false;
    }
    return true;
}
