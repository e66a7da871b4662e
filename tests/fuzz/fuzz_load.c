/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A load of any bytes by a hostile platform: reads that give other bytes each time, callbacks that
 * fail, device addresses that lead anywhere. What it does follows from the last bytes of the input.
 * Signature and hashes are stubbed to success. Core must stay inside the container and its buffers,
 * load only what it asked a place for, and release once after a failure.
 */
#include <stdlib.h>
#include <string.h>

#include <rprocfw/rproc.h>

#include "fuzz.h"

enum mood { CHANGES_BYTES = 1, FAILS = 2, SCATTERS = 4 };

/* Device addresses that core asked a place for, and may write once. */
struct range {
    uint32_t da;
    uint32_t size; /* bytes; 0: written */
};

struct hostile {
    const uint8_t *data;
    uint32_t size;
    uint32_t mood;
    uint32_t random; /* xorshift */
    struct range *placed;
    unsigned room; /* ranges in placed */
    unsigned placed_count;
    unsigned released;
    bool loaded; /* nothing is to be written any more */
};

static uint32_t draw(struct hostile *h)
{
    h->random ^= h->random << 13;
    h->random ^= h->random >> 17;
    h->random ^= h->random << 5;
    return h->random;
}

static enum rprocfw_status answer(struct hostile *h)
{
    /* of core's own statuses, too */
    return (h->mood & FAILS) != 0 && draw(h) % 64 == 0 ? (enum rprocfw_status)(1 + draw(h) % 255)
                                                       : RPROCFW_OK;
}

static enum rprocfw_status read_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct hostile *h = ctx;

    FUZZ_HOLDS(offset <= h->size && size <= h->size - offset);
    memcpy(dst, h->data + offset, size);
    if ((h->mood & CHANGES_BYTES) != 0 && size > 0 && draw(h) % 8 == 0)
        ((uint8_t *)dst)[draw(h) % size] = (uint8_t)draw(h);
    return answer(h);
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    const enum rprocfw_status status = answer(ctx);
    uint8_t *digest = what->sha256;
    uint32_t i;

    memset(digest, 0, RPROCFW_SHA256_SIZE);
    for (i = 0; i < what->size; i++)
        digest[i % RPROCFW_SHA256_SIZE] =
            (uint8_t)(31 * digest[i % RPROCFW_SHA256_SIZE] + what->data[i]);
    return status == RPROCFW_OK && what->signature_size != 0 ? RPROCFW_AUTHENTIC : status;
}

/* It was asked for. */
static bool write_once(struct hostile *h, uint32_t da, uint32_t size)
{
    unsigned i;

    FUZZ_HOLDS(!h->loaded);
    for (i = 0; i < h->placed_count; i++) {
        if (h->placed[i].da != da || h->placed[i].size != size)
            continue;
        h->placed[i].size = 0;
        return true;
    }
    return false;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    const struct rprocfw_phdr *phdr = &segment->phdr;
    struct hostile *h = ctx;

    FUZZ_HOLDS(segment->offset <= h->size && phdr->filesz <= h->size - segment->offset);
    FUZZ_HOLDS(phdr->filesz == 0 || write_once(h, phdr->paddr, phdr->filesz));
    return answer(h);
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    FUZZ_HOLDS(offset == segment->rsc_offset && offset <= segment->phdr.filesz &&
               size <= segment->phdr.filesz - offset);
    return read_bytes(ctx, segment->offset + offset, dst, size);
}

static enum rprocfw_status platform_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    FUZZ_HOLDS(rprocfw_tlv_is_platform(tlv->type));
    return answer(ctx);
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    struct hostile *h = ctx;

    FUZZ_HOLDS(size != 0 && h->placed_count < h->room);
    h->placed[h->placed_count++] = (struct range){da, size};
    *pa = da;
    if ((h->mood & SCATTERS) != 0)
        *pa = (uint64_t)draw(h) << (draw(h) % 33) | draw(h);
    return answer(h);
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    struct hostile *h = ctx;

    FUZZ_HOLDS(size != 0 && size - 1 <= UINT32_MAX - da);
    FUZZ_HOLDS(write_once(h, da, size));
    return answer(h);
}

static enum rprocfw_status change(void *ctx)
{
    return answer(ctx);
}

static enum rprocfw_status release(void *ctx)
{
    struct hostile *h = ctx;

    h->released++;
    return answer(h);
}

static const struct rprocfw_platform platform = {
    .read = read_bytes,
    .verify_signature = verify_signature,
    .load = load,
    .read_loaded = read_loaded,
    .platform_tlv = platform_tlv,
    .da_to_pa = da_to_pa,
    .zero = zero,
    .start = change,
    .stop = change,
    .release = release,
};

/* Whatever comes of it, nothing is written, and what is loaded stays. */
static void load_again(struct rprocfw_rprocs *rprocs, struct hostile *h, uint8_t *work,
                       uint32_t work_size)
{
    enum rprocfw_status status;
    struct rprocfw_diag diag;

    h->loaded = true;
    status = rprocfw_rproc_load(rprocs, 1, h->size, work, work_size);
    rprocfw_explain(&rprocs->verifier, status, &diag);
    FUZZ_HOLDS(status == RPROCFW_OK || h->mood != 0);
    FUZZ_HOLDS(h->released == 0 && rprocs->rproc->state == RPROCFW_RPROC_LOADED);
}

static void live(struct rprocfw_rprocs *rprocs, struct hostile *h, uint8_t *work,
                 uint32_t work_size)
{
    enum rprocfw_status status = rprocfw_rproc_load(rprocs, 1, h->size, work, work_size);
    struct rprocfw_diag diag;
    uint64_t pa;
    uint32_t size;

    rprocfw_explain(&rprocs->verifier, status, &diag);
    FUZZ_HOLDS((h->released != 0) == (status != RPROCFW_OK) && h->released <= 1);
    FUZZ_HOLDS((rprocs->rproc->state == RPROCFW_RPROC_LOADED) == (status == RPROCFW_OK));
    FUZZ_HOLDS((rprocfw_rproc_rsc_table(rprocs, 1, &pa, &size) == RPROCFW_OK) ==
               (status == RPROCFW_OK));
    if (status == RPROCFW_OK)
        load_again(rprocs, h, work, work_size);
    FUZZ_HOLDS(rprocfw_rproc_start(rprocs, 1) != RPROCFW_OK || status == RPROCFW_OK);
    if (rprocfw_rproc_stop(rprocs, 1) == RPROCFW_OK)
        (void)!rprocfw_rproc_release(rprocs, 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hostile h = {.data = data, .size = (uint32_t)size, .random = 1};
    struct rprocfw_rproc rproc;
    struct rprocfw_rprocs rprocs = {.platform = &platform, .ctx = &h, .rproc = &rproc, .count = 1};
    uint32_t work_size;
    uint8_t *work;

    if (size < 4)
        return 0;
    /* The mood follows from bytes that a container seldom cares for. */
    h.mood = data[size - 1] % 8;
    h.random = 1u + data[size - 2] + 256u * data[size - 3];
    work_size = (uint32_t)size * 2 + 128; /* ranges take less than the table has */
    work_size -= work_size % 8;
    work = malloc(work_size);
    FUZZ_HOLDS(work != NULL);
    /* of each entry file bytes and zero-fill, and the resource table's segment */
    h.room = 2 * (unsigned)size / RPROCFW_HASH_ENTRY_SIZE + 2;
    h.placed = malloc(h.room * sizeof(*h.placed));
    FUZZ_HOLDS(h.placed != NULL);
    live(&rprocs, &h, work, work_size);
    free(h.placed);
    free(work);
    return 0;
}
