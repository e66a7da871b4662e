/* SPDX-License-Identifier: BSD-2-Clause */
/* The platform callbacks over the TEE Internal Core API and the platform's PTA. */
#include "platform.h"
#include "pta.h"

enum rprocfw_status rprocfw_tee_fail(struct rprocfw_tee_call *call, enum rprocfw_status status,
                                     TEE_Result result)
{
    if (call->result == TEE_SUCCESS)
        call->result = result;
    return status;
}

/* The status of a command that nothing but the platform can judge. */
static enum rprocfw_status platform_status(struct rprocfw_tee_call *call, TEE_Result result)
{
    return result == TEE_SUCCESS ? RPROCFW_OK
                                 : rprocfw_tee_fail(call, RPROCFW_ERR_PLATFORM, result);
}

/* The one way to bytes of the container. */
static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct rprocfw_tee_call *call = ctx;

    TEE_MemMove(dst, call->container + offset, size);
    return RPROCFW_OK;
}

static TEE_Result new_digest(TEE_OperationHandle *op)
{
    *op = TEE_HANDLE_NULL;
    return TEE_AllocateOperation(op, TEE_ALG_SHA256, TEE_MODE_DIGEST, 0);
}

/* The digest of what op was given, and of size bytes of private memory; op starts anew. */
static TEE_Result finish_digest(TEE_OperationHandle op, const uint8_t *data, uint32_t size,
                                uint8_t digest[RPROCFW_SHA256_SIZE])
{
    size_t digest_size = RPROCFW_SHA256_SIZE;

    return TEE_DigestDoFinal(op, data, size, digest, &digest_size);
}

static enum rprocfw_status sha256(void *ctx, const uint8_t *data, uint32_t size,
                                  uint8_t digest[RPROCFW_SHA256_SIZE])
{
    TEE_OperationHandle op;
    TEE_Result result = new_digest(&op);

    if (result == TEE_SUCCESS)
        result = finish_digest(op, data, size, digest);
    TEE_FreeOperation(op);
    return platform_status(ctx, result);
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    enum rprocfw_status status = sha256(ctx, what->data, what->size, what->sha256);

    return status == RPROCFW_OK ? rprocfw_tee_verify(ctx, what) : (uint32_t)status;
}

/* The status of a command that writes the remote processor's memory. */
static enum rprocfw_status memory_status(struct rprocfw_tee_call *call, TEE_Result result)
{
    switch (result) {
    case TEE_SUCCESS:
        return RPROCFW_OK;
    case TEE_ERROR_SECURITY:
        return RPROCFW_ERR_SEGMENT_HASH;
    case TEE_ERROR_ACCESS_DENIED:
        return RPROCFW_ERR_DEVICE_ADDRESS;
    default:
        return rprocfw_tee_fail(call, RPROCFW_ERR_LOAD, result);
    }
}

/* The buffer holds size bytes of the segment, from position on: keep the resource table's first. */
static void keep_rsc_header(struct rprocfw_tee_call *call, const struct rprocfw_segment *segment,
                            uint32_t position, uint32_t size)
{
    uint32_t i;

    for (i = 0; i < RPROCFW_RSC_HEADER_SIZE; i++) {
        const uint32_t at = segment->rsc_offset + i - position; /* before position: wraps */

        if (at < size)
            call->rsc_header[i] = call->buffer[at];
    }
}

/* The next size bytes: read once into private memory, and from there to everybody. */
static TEE_Result load_piece(struct rprocfw_tee_call *call, const struct rprocfw_segment *segment,
                             uint32_t position, uint32_t size, TEE_OperationHandle whole,
                             TEE_OperationHandle piece)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];
    TEE_Result result;

    (void)read_container(call, segment->offset + position, call->buffer, size);
    keep_rsc_header(call, segment, position, size);
    TEE_DigestUpdate(whole, call->buffer, size);
    result = finish_digest(piece, call->buffer, size, digest);
    if (result != TEE_SUCCESS)
        return result;
    return rprocfw_pta_load_segment(call->id, call->buffer, size, segment->phdr.paddr + position,
                                    digest);
}

static TEE_Result load_pieces(struct rprocfw_tee_call *call, const struct rprocfw_segment *segment,
                              TEE_OperationHandle whole, TEE_OperationHandle piece)
{
    uint8_t digest[RPROCFW_SHA256_SIZE];
    uint32_t left = segment->phdr.filesz;
    TEE_Result result = TEE_SUCCESS;

    while (result == TEE_SUCCESS && left > 0) {
        const uint32_t size = left < sizeof(call->buffer) ? left : sizeof(call->buffer);

        result = load_piece(call, segment, segment->phdr.filesz - left, size, whole, piece);
        left -= size;
    }
    if (result == TEE_SUCCESS)
        result = finish_digest(whole, NULL, 0, digest);
    if (result == TEE_SUCCESS && TEE_MemCompare(digest, segment->sha256, sizeof(digest)) != 0)
        result = TEE_ERROR_SECURITY;
    return result;
}

/*
 * The PTA cannot read memory back. So the segment with the resource table takes the way through
 * this TA, which sees what is loaded and what was signed, and that both are the same.
 */
static TEE_Result load_and_keep_rsc_header(struct rprocfw_tee_call *call,
                                           const struct rprocfw_segment *segment)
{
    TEE_OperationHandle piece = TEE_HANDLE_NULL;
    TEE_OperationHandle whole;
    TEE_Result result = new_digest(&whole);

    if (result == TEE_SUCCESS)
        result = new_digest(&piece);
    if (result == TEE_SUCCESS) {
        result = load_pieces(call, segment, whole, piece);
        /* the PTA found each piece good by itself */
        if (result != TEE_SUCCESS)
            (void)rprocfw_pta_zero(call->id, segment->phdr.paddr, segment->phdr.filesz);
    }
    TEE_FreeOperation(piece);
    TEE_FreeOperation(whole);
    return result;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    struct rprocfw_tee_call *call = ctx;
    const struct rprocfw_phdr *phdr = &segment->phdr;

    /* The PTA does not decrypt; OP-TEE's TA says so of IMGTYPE 2. */
    if (segment->iv != NULL)
        return rprocfw_tee_fail(call, RPROCFW_ERR_LOAD, TEE_ERROR_BAD_FORMAT);
    if (phdr->filesz == 0)
        return RPROCFW_OK;
    if (segment->rsc_offset != RPROCFW_NOWHERE)
        return memory_status(call, load_and_keep_rsc_header(call, segment));
    return memory_status(call,
                         rprocfw_pta_load_segment(call->id, call->container + segment->offset,
                                                  phdr->filesz, phdr->paddr, segment->sha256));
}

/* What core asks for, segment->rsc_offset has announced: load() kept it. */
static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    const struct rprocfw_tee_call *call = ctx;

    (void)segment;
    (void)offset;
    TEE_MemMove(dst, call->rsc_header, size);
    return RPROCFW_OK;
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    const struct rprocfw_tee_call *call = ctx;

    /* Not every platform's arithmetic is wide enough to see that. */
    if (size - 1 > UINT32_MAX - da)
        return RPROCFW_ERR_DEVICE_ADDRESS;
    return rprocfw_pta_da_to_pa(call->id, da, size, pa) == TEE_SUCCESS ? RPROCFW_OK
                                                                       : RPROCFW_ERR_DEVICE_ADDRESS;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    struct rprocfw_tee_call *call = ctx;

    return memory_status(call, rprocfw_pta_zero(call->id, da, size));
}

static enum rprocfw_status start(void *ctx)
{
    struct rprocfw_tee_call *call = ctx;

    return platform_status(call, rprocfw_pta_command(call->id, RPROCFW_PTA_FIRMWARE_START));
}

static enum rprocfw_status stop(void *ctx)
{
    struct rprocfw_tee_call *call = ctx;

    return platform_status(call, rprocfw_pta_command(call->id, RPROCFW_PTA_FIRMWARE_STOP));
}

static enum rprocfw_status release(void *ctx)
{
    struct rprocfw_tee_call *call = ctx;

    return platform_status(call, rprocfw_pta_command(call->id, RPROCFW_PTA_RELEASE));
}

const struct rprocfw_platform rprocfw_tee_platform = {
    .read = read_container,
    .verify_signature = verify_signature,
    .load = load,
    .read_loaded = read_loaded,
    .da_to_pa = da_to_pa,
    .zero = zero,
    .start = start,
    .stop = stop,
    .release = release,
};
