/* SPDX-License-Identifier: BSD-2-Clause */
/* A device: all callbacks of struct rprocfw_platform. */
#include <string.h>

#include "container.h"
#include "device.h"
#include "signature.h"
#include "suite.h"

/* ---- the container ---- */

/* Bytes of it are about to be read, or loaded: counts decides. */
static const uint8_t *access_bytes(struct device *d, uint32_t offset, uint32_t size,
                                   unsigned *counts)
{
    uint32_t i;

    require(offset <= d->container.size && size <= d->container.size - offset,
            "%u bytes at %u of a container of %u", size, offset, d->container.size);
    if (d->before != NULL)
        d->before(d, d->access);
    d->access++;
    for (i = offset; i < offset + size; i++)
        counts[i]++;
    return d->container.data + offset;
}

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    struct device *d = ctx;
    enum rprocfw_status status = calls_count(&d->calls, READ);
    const uint8_t *src = access_bytes(d, offset, size, d->reads);

    if (status == RPROCFW_OK)
        memcpy(dst, src, size);
    return status;
}

/* ---- the signed part ---- */

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    struct device *d = ctx;
    enum rprocfw_status status = calls_count(&d->calls, VERIFY_SIGNATURE);

    ck_assert_uint_eq(d->calls.of[VERIFY_SIGNATURE], 1);
    ck_assert(what->signtype == RPROCFW_SIGNTYPE_RSA || what->signtype == RPROCFW_SIGNTYPE_ECDSA);
    sha256(what->data, what->size, what->sha256);
    if (status != RPROCFW_OK)
        return status;
    return d->key == NULL || signature_holds(d->key, what) ? RPROCFW_AUTHENTIC
                                                           : RPROCFW_ERR_SIGNATURE;
}

/* Every callback that believes what was signed begins here. */
static enum rprocfw_status authentic(struct device *d, enum callback which)
{
    require(d->calls.of[VERIFY_SIGNATURE] == 1, "callback %d before the signature held",
            (int)which);
    return calls_count(&d->calls, which);
}

static enum rprocfw_status platform_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    struct device *d = ctx;
    enum rprocfw_status status = authentic(d, PLATFORM_TLV);
    struct rprocfw_tlv *seen = &d->tlvs[d->tlv_count];

    ck_assert_uint_lt(d->tlv_count, MAX_PLATFORMS);
    ck_assert_uint_eq(d->write_count, 0);
    *seen = *tlv;
    seen->value = arena_copy(tlv->value, tlv->length, 0).data;
    d->tlv_count++;
    return status;
}

/* ---- memory ---- */

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    struct device *d = ctx;
    enum rprocfw_status status = authentic(d, DA_TO_PA);

    require(size > 0, "da_to_pa of no bytes at %#x", da);
    if (status != RPROCFW_OK)
        return status;
    return memory_find(d->memory, da, size, pa) ? RPROCFW_OK : RPROCFW_ERR_DEVICE_ADDRESS;
}

/* Where size bytes are about to be written; da_to_pa has answered for them. */
static uint8_t *write_at(struct device *d, uint32_t da, uint32_t size, bool zero)
{
    uint64_t pa = 0;

    require(memory_find(d->memory, da, size, &pa), "write of %u bytes at %#x", size, da);
    require(d->write_count < MAX_WRITES, "more than %u writes", MAX_WRITES);
    d->writes[d->write_count++] = (struct write){pa, size, zero};
    return memory_at_pa(d->memory, pa, size);
}

/* Of an encrypted segment the ciphertext is kept: that is what the digest is of. */
static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    struct device *d = ctx;
    const uint32_t size = segment->phdr.filesz;
    enum rprocfw_status status = authentic(d, LOAD);
    uint8_t digest[RPROCFW_SHA256_SIZE];
    const uint8_t *src;
    uint8_t *dst;

    require(segment->phdr.type == RPROCFW_PT_LOAD && size <= segment->phdr.memsz,
            "load of what is no PT_LOAD");
    if (size == 0)
        return status;
    src = access_bytes(d, segment->offset, size, d->loads);
    dst = write_at(d, segment->phdr.paddr, size, false);
    memcpy(dst, src, size); /* and if it fails, it has written already */
    if (status != RPROCFW_OK)
        return status;
    sha256(dst, size, digest);
    return memcmp(digest, segment->sha256, sizeof(digest)) == 0 ? RPROCFW_OK
                                                                : RPROCFW_ERR_SEGMENT_HASH;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    struct device *d = ctx;
    enum rprocfw_status status = authentic(d, READ_LOADED);

    ck_assert_uint_gt(d->write_count, 0);
    ck_assert_uint_eq(offset, segment->rsc_offset);
    ck_assert_uint_eq(size, RPROCFW_RSC_HEADER_SIZE);
    ck_assert(offset <= segment->phdr.filesz && size <= segment->phdr.filesz - offset);
    if (status == RPROCFW_OK)
        memcpy(dst, memory_at(d->memory, segment->phdr.paddr + offset, size), size);
    return status;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    struct device *d = ctx;
    enum rprocfw_status status = authentic(d, ZERO);

    require(size > 0 && d->calls.of[LOAD] > 0, "zero of %u bytes at %#x", size, da);
    memset(write_at(d, da, size, true), 0, size);
    return status;
}

/* ---- the remote processor ---- */

static enum rprocfw_status start(void *ctx)
{
    struct device *d = ctx;

    return calls_count(&d->calls, START);
}

static enum rprocfw_status stop(void *ctx)
{
    struct device *d = ctx;

    return calls_count(&d->calls, STOP);
}

static enum rprocfw_status release(void *ctx)
{
    struct device *d = ctx;
    enum rprocfw_status status = calls_count(&d->calls, RELEASE);

    if (status == RPROCFW_OK)
        memory_clear(d->memory);
    return status;
}

/* ---- operations ---- */

void device_start_up(struct device *d, struct memory *memory, uint32_t rprocs)
{
    static const struct rprocfw_platform all = {
        .read = read_container,
        .verify_signature = verify_signature,
        .load = load,
        .read_loaded = read_loaded,
        .platform_tlv = platform_tlv,
        .da_to_pa = da_to_pa,
        .zero = zero,
        .start = start,
        .stop = stop,
        .release = release,
    };

    ck_assert_uint_le(rprocs, MAX_RPROCS);
    memset(d, 0, sizeof(*d));
    memset(d->rproc, 0xA5, sizeof(d->rproc));
    d->platform = all;
    d->rprocs.platform = &d->platform;
    d->rprocs.ctx = d;
    d->rprocs.rproc = d->rproc;
    d->rprocs.count = rprocs;
    d->memory = memory;
    memory_poison(memory);
}

static void forget(struct device *d)
{
    calls_forget(&d->calls);
    d->access = 0;
    d->write_count = 0;
    d->tlv_count = 0;
}

/* Of a container that was cut or changed, too: the table's length as it stands there. */
static uint32_t table_entries(struct bytes container, uint32_t tlv_len)
{
    uint32_t at = RPROCFW_HEADER_SIZE;

    while (at + 8 <= RPROCFW_HEADER_SIZE + tlv_len && at + 8 <= container.size) {
        const uint32_t type = get32(container, at);
        const uint32_t length = get32(container, at + 4);

        if (length > container.size)
            break;
        if (type == RPROCFW_TLV_HASHTABLE)
            return length / RPROCFW_HASH_ENTRY_SIZE;
        if (type == RPROCFW_TLV_ENCTABLE)
            return length / RPROCFW_ENC_ENTRY_SIZE;
        at += 8 + round8(length);
    }
    return 0;
}

uint32_t device_work_size(struct bytes container)
{
    uint32_t tlv_len;
    uint32_t sign_len;

    if (container.size < RPROCFW_HEADER_SIZE)
        return RPROCFW_HEADER_SIZE;
    tlv_len = get32(container, 8);
    sign_len = get32(container, 12);
    if (tlv_len > container.size || sign_len > container.size)
        return RPROCFW_HEADER_SIZE;
    return RPROCFW_HEADER_SIZE + round8(tlv_len) + round8(sign_len) + 4 +
           (table_entries(container, tlv_len) + 1) * (uint32_t)sizeof(struct rprocfw_range);
}

enum rprocfw_status device_load(struct device *d, uint32_t id, struct bytes container)
{
    struct bytes work = d->work;

    forget(d);
    d->container = container;
    d->reads = arena_alloc(container.size * sizeof(*d->reads) + 1);
    d->loads = arena_alloc(container.size * sizeof(*d->loads) + 1);
    if (work.data == NULL)
        work = arena_copy(NULL, 0, device_work_size(container));
    memset(work.data, 0x5A, work.size);
    d->status = rprocfw_rproc_load(&d->rprocs, id, container.size, work.data, work.size);
    rprocfw_explain(&d->rprocs.verifier, d->status, &d->diag);
    return d->status;
}

enum rprocfw_status device_start(struct device *d, uint32_t id)
{
    forget(d);
    return d->status = rprocfw_rproc_start(&d->rprocs, id);
}

enum rprocfw_status device_stop(struct device *d, uint32_t id)
{
    forget(d);
    return d->status = rprocfw_rproc_stop(&d->rprocs, id);
}

enum rprocfw_status device_release(struct device *d, uint32_t id)
{
    forget(d);
    return d->status = rprocfw_rproc_release(&d->rprocs, id);
}

enum rprocfw_status device_rsc_table(struct device *d, uint32_t id)
{
    forget(d);
    d->status = rprocfw_rproc_rsc_table(&d->rprocs, id, &d->rsc_pa, &d->rsc_size);
    return d->status;
}

/* ---- for tests ---- */

enum rprocfw_rproc_state device_state(const struct device *d, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < d->rprocs.used; i++)
        if (d->rproc[i].id == id)
            return d->rproc[i].state;
    ck_abort_msg("remote processor %u is not known", id);
    return RPROCFW_RPROC_OFF;
}

unsigned device_memory_calls(const struct device *d)
{
    return d->calls.of[LOAD] + d->calls.of[ZERO] + d->calls.of[RELEASE];
}

void device_ended(const char *file, int line, const struct device *d, enum rprocfw_status status)
{
    const struct rprocfw_diag *diag = &d->diag;

    ck_assert_msg(d->status == status,
                  "%s:%d: %s instead of %s (last load: offset %u, tlv %#x, image %d, segment %d, "
                  "found %#x, expected %#x)",
                  file, line, status_name(d->status), status_name(status), diag->offset, diag->tlv,
                  (int)diag->image, (int)diag->segment, diag->found, diag->expected);
}
