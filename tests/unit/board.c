/* SPDX-License-Identifier: BSD-2-Clause */
/* A board that records what core asks of it. */
#include <string.h>

#include <check.h>

#include "board.h"
#include "container.h"
#include "signature.h"
#include "suite.h"

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct board *b = ctx;
    enum rprocfw_status status = calls_count(&b->calls, READ);
    uint32_t i;

    require(offset <= b->container.size && size <= b->container.size - offset,
            "read of %u bytes at %u of %u", size, offset, b->container.size);
    if (status != RPROCFW_OK)
        return status;
    for (i = offset; i < offset + size; i++)
        b->reads[i]++;
    memcpy(dst, b->container.data + offset, size);
    return RPROCFW_OK;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    struct board *b = ctx;
    enum rprocfw_status status = calls_count(&b->calls, VERIFY_SIGNATURE);

    ck_assert(b->load_count == 0);
    b->asked = *what;
    if (what->pkeyinfo != NULL)
        b->asked_pkeyinfo = (uint32_t)(what->pkeyinfo - what->data);
    if (status != RPROCFW_OK)
        return status;
    if (b->key != NULL && !signature_holds(b->key, what))
        return RPROCFW_ERR_SIGNATURE;
    return b->says_ok ? RPROCFW_OK : RPROCFW_AUTHENTIC;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    struct board *b = ctx;
    const struct rprocfw_phdr *phdr = &segment->phdr;
    enum rprocfw_status status = calls_count(&b->calls, LOAD);
    struct loaded *loaded;
    uint8_t digest[32];

    require(b->calls.of[VERIFY_SIGNATURE] == 1, "load before the signature held");
    require(b->load_count < MAX_LOADS, "more than %u loads", MAX_LOADS);
    require(phdr->type == RPROCFW_PT_LOAD && segment->offset <= b->container.size &&
                phdr->filesz <= b->container.size - segment->offset,
            "load of what is no PT_LOAD");
    if (status != RPROCFW_OK)
        return status;
    if (b->fault)
        b->v.authentic = 0;
    if (b->loads == NULL)
        b->loads = arena_alloc(MAX_LOADS * sizeof(*b->loads));
    loaded = &b->loads[b->load_count];
    *loaded = (struct loaded){
        .phdr = *phdr,
        .image = segment->image,
        .index = segment->index,
        .entry = segment->entry,
        .offset = segment->offset,
        .memory = arena_copy(b->container.data + segment->offset, phdr->filesz, 0),
        .encrypted = segment->iv != NULL,
    };
    if (segment->iv != NULL)
        memcpy(loaded->iv, segment->iv, sizeof(loaded->iv));
    sha256(loaded->memory.data, phdr->filesz, digest);
    loaded->bad_hash = phdr->filesz > 0 && memcmp(digest, segment->sha256, sizeof(digest)) != 0;
    b->load_count++;
    return loaded->bad_hash && !b->defer ? RPROCFW_ERR_SEGMENT_HASH : RPROCFW_OK;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    struct board *b = ctx;
    enum rprocfw_status status = calls_count(&b->calls, READ_LOADED);
    unsigned i;

    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < b->load_count; i++) {
        const struct loaded *loaded = &b->loads[i];

        if (loaded->entry != segment->entry)
            continue;
        ck_assert_uint_eq(loaded->image, segment->image);
        ck_assert_uint_eq(loaded->offset, segment->offset);
        ck_assert_int_eq(memcmp(&loaded->phdr, &segment->phdr, sizeof(loaded->phdr)), 0);
        ck_assert_uint_le(offset, loaded->memory.size);
        ck_assert_uint_le(size, loaded->memory.size - offset);
        if (loaded->bad_hash)
            return RPROCFW_ERR_SEGMENT_HASH;
        memcpy(dst, loaded->memory.data + offset, size);
        return RPROCFW_OK;
    }
    ck_abort_msg("read_loaded of entry %u, which was not loaded", segment->entry);
    return RPROCFW_ERR_LOAD;
}

static void image_done(void *ctx, const struct rprocfw_image *image)
{
    struct board *b = ctx;

    require(!b->calls.failed && b->image_count < MAX_IMAGES, "image %u is done", image->index);
    b->images[b->image_count++] = *image;
}

static enum rprocfw_status load_end(void *ctx)
{
    struct board *b = ctx;
    enum rprocfw_status status = calls_count(&b->calls, LOAD_END);
    unsigned i;

    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < b->load_count; i++)
        if (b->loads[i].bad_hash)
            return RPROCFW_ERR_SEGMENT_HASH;
    return RPROCFW_OK;
}

static void forget(struct board *b, struct bytes container)
{
    b->container = container;
    b->reads = arena_alloc(container.size);
    b->loads = NULL;
    b->images = arena_alloc(MAX_IMAGES * sizeof(*b->images));
    b->load_count = 0;
    b->image_count = 0;
    calls_forget(&b->calls);
    memset(&b->asked, 0, sizeof(b->asked));
    b->asked_pkeyinfo = 0;
    memset(&b->v, 0xA5, sizeof(b->v));
}

static enum rprocfw_status ended(struct board *b, enum rprocfw_status status)
{
    b->status = status;
    rprocfw_explain(&b->v, status, &b->diag);
    return status;
}

enum rprocfw_status board_verify(struct board *b, struct bytes container, unsigned options)
{
    static const struct rprocfw_platform needed_only = {
        .read = read_container,
        .verify_signature = verify_signature,
        .load = load,
        .read_loaded = read_loaded,
    };
    struct rprocfw_platform with_all = needed_only;
    enum rprocfw_status status;
    struct bytes work;
    uint32_t i;

    with_all.image_done = image_done;
    with_all.load_end = load_end;
    forget(b, container);
    status = rprocfw_verify_begin(&b->v, b->no_optional ? &needed_only : &with_all, b,
                                  container.size, options);
    if (status != RPROCFW_OK)
        return ended(b, status);
    require(b->v.layout.payload <= container.size, "the payload starts at %u of %u",
            b->v.layout.payload, container.size);
    work = arena_copy(NULL, 0, b->v.layout.payload - b->work_missing);
    memset(work.data, 0xA5, work.size);
    status = rprocfw_verify_finish(&b->v, work.data, work.size);
    for (i = b->v.layout.payload; i < work.size; i++)
        require(work.data[i] == 0xA5, "byte %u of the work buffer was written", i);
    return ended(b, status);
}

void board_judged(const char *file, int line, const struct board *b, enum rprocfw_status status,
                  uint32_t offset, uint32_t tlv, uint32_t image, uint32_t segment)
{
    const struct rprocfw_diag *d = &b->diag;
    const bool where =
        d->offset == offset && d->tlv == tlv && d->image == image && d->segment == segment;

    ck_assert_msg(b->status == status,
                  "%s:%d: %s instead of %s (offset %u, tlv %#x, image %d, segment %d, found %#x, "
                  "expected %#x)",
                  file, line, status_name(b->status), status_name(status), d->offset, d->tlv,
                  (int)d->image, (int)d->segment, d->found, d->expected);
    ck_assert_msg(status == RPROCFW_OK || where,
                  "%s:%d: %s at offset %u, tlv %#x, image %d, segment %d instead of offset %u, "
                  "tlv %#x, image %d, segment %d",
                  file, line, status_name(status), d->offset, d->tlv, (int)d->image,
                  (int)d->segment, offset, tlv, (int)image, (int)segment);
}

bool board_same_outcome(const struct board *a, const struct board *b)
{
    unsigned i;

    if (a->status != b->status || a->load_count != b->load_count ||
        a->image_count != b->image_count || a->v.rsc_tables != b->v.rsc_tables)
        return false;
    for (i = 0; i < a->load_count; i++) {
        const struct loaded *x = &a->loads[i];
        const struct loaded *y = &b->loads[i];

        if (memcmp(&x->phdr, &y->phdr, sizeof(x->phdr)) != 0 || x->encrypted != y->encrypted ||
            memcmp(x->iv, y->iv, sizeof(x->iv)) != 0 ||
            memcmp(x->memory.data, y->memory.data, x->memory.size) != 0)
            return false;
    }
    for (i = 0; i < a->image_count; i++) {
        const struct rprocfw_image *x = &a->images[i];
        const struct rprocfw_image *y = &b->images[i];

        if (x->has_rsc_table != y->has_rsc_table || x->rsc_da != y->rsc_da ||
            x->rsc_size != y->rsc_size)
            return false;
    }
    return true;
}
