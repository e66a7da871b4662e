/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core in a boot loader, or in another TEE: the callbacks, the work buffer, the way from a
 * container to a coprocessor that runs. What the board has stands in board.h. The key that is
 * trusted is compiled in; rproc-key c-source --out public_key.c key.pub.pem writes it.
 */
#include <string.h>

#include "board.h"

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    memcpy(dst, ((const struct coprocessor *)ctx)->container + offset, size);
    return RPROCFW_OK;
}

static enum rprocfw_status sha256(void *ctx, const uint8_t *data, uint32_t size, uint8_t *digest)
{
    (void)ctx;
    return board_sha256(data, size, digest) ? RPROCFW_OK : RPROCFW_ERR_PLATFORM;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    if (what->signtype != rprocfw_public_key.signtype)
        return RPROCFW_ERR_SIGN_UNSUPPORTED;
    if (sha256(ctx, what->data, what->size, what->sha256) != RPROCFW_OK)
        return RPROCFW_ERR_PLATFORM;
    return board_verify(&rprocfw_public_key, what) ? RPROCFW_AUTHENTIC : RPROCFW_ERR_SIGNATURE;
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    return board_address(ctx, da, size, pa) ? RPROCFW_OK : RPROCFW_ERR_DEVICE_ADDRESS;
}

/* Copy first, then hash the copy. Core has asked da_to_pa about each address that comes here. */
static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    const uint32_t size = segment->phdr.filesz;
    uint8_t *to = board_memory(ctx, segment->phdr.paddr, size);
    uint8_t digest[RPROCFW_SHA256_SIZE];

    if (segment->iv != NULL) /* encrypted, and there is no key here to decrypt it with */
        return RPROCFW_ERR_LOAD;
    if (size == 0)
        return RPROCFW_OK;
    (void)read_container(ctx, segment->offset, to, size);
    if (sha256(ctx, to, size, digest) != RPROCFW_OK)
        return RPROCFW_ERR_PLATFORM;
    return memcmp(digest, segment->sha256, sizeof(digest)) == 0 ? RPROCFW_OK
                                                                : RPROCFW_ERR_SEGMENT_HASH;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    memcpy(dst, board_memory(ctx, segment->phdr.paddr + offset, size), size);
    return RPROCFW_OK;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    memset(board_memory(ctx, da, size), 0, size);
    return RPROCFW_OK;
}

static enum rprocfw_status release(void *ctx)
{
    board_clear(ctx);
    return RPROCFW_OK;
}

const struct rprocfw_platform boot_platform = {
    .read = read_container,
    .verify_signature = verify_signature,
    .da_to_pa = da_to_pa,
    .load = load,
    .read_loaded = read_loaded,
    .zero = zero,
    .start = board_start,
    .stop = board_stop,
    .release = release,
};

enum rprocfw_status boot_firmware(struct coprocessor *cpu)
{
    static _Alignas(uint64_t) uint8_t work[RPROCFW_WORK_SIZE(32)]; /* for 32 program headers */
    static struct rprocfw_rproc rproc;
    struct rprocfw_rprocs all = {
        .platform = &boot_platform, .ctx = cpu, .rproc = &rproc, .count = 1};
    enum rprocfw_status status;

    status = rprocfw_rproc_load(&all, 0, cpu->container_size, work, sizeof(work));
    if (status == RPROCFW_OK)
        status = rprocfw_rproc_rsc_table(&all, 0, &cpu->rsc_pa, &cpu->rsc_size);
    if (status == RPROCFW_OK)
        status = rprocfw_rproc_start(&all, 0);
    return status;
}
