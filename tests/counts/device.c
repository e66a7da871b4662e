/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One load, as a device has it, with callbacks that count and do nothing else that takes time: what
 * is left is core. Usage: device CONTAINER; prints what core moved.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rprocfw/rproc.h>

static struct {
    uint8_t *bytes;
    uint32_t size;
} container;

static struct {
    uint64_t reads;
    uint64_t read_bytes;
    uint64_t metadata_bytes; /* of these: in front of the payload */
    uint64_t hashed_bytes;   /* of the private copy */
    uint64_t segments;
    uint64_t segment_bytes; /* each is read once where it is hashed and loaded */
    uint64_t loaded_reads;
    uint64_t loaded_bytes;
} count;

static uint32_t payload; /* where it starts */

static enum rprocfw_status read_bytes(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    memcpy(dst, container.bytes + offset, size);
    count.reads++;
    count.read_bytes += size;
    if (offset < payload)
        count.metadata_bytes += size;
    return RPROCFW_OK;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    memset(what->sha256, 0, RPROCFW_SHA256_SIZE);
    count.hashed_bytes += what->size;
    return RPROCFW_AUTHENTIC;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    (void)ctx;
    count.segments++;
    count.segment_bytes += segment->phdr.filesz;
    return RPROCFW_OK;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    memcpy(dst, container.bytes + segment->offset + offset, size);
    count.loaded_reads++;
    count.loaded_bytes += size;
    return RPROCFW_OK;
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    (void)ctx;
    (void)size;
    *pa = da;
    return RPROCFW_OK;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    (void)ctx;
    (void)da;
    (void)size;
    return RPROCFW_OK;
}

static enum rprocfw_status nothing(void *ctx)
{
    (void)ctx;
    return RPROCFW_OK;
}

static const struct rprocfw_platform platform = {
    .read = read_bytes,
    .verify_signature = verify_signature,
    .load = load,
    .read_loaded = read_loaded,
    .da_to_pa = da_to_pa,
    .zero = zero,
    .start = nothing,
    .stop = nothing,
    .release = nothing,
};

static int read_container(const char *path)
{
    FILE *file = fopen(path, "rb");
    long size;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) <= 0)
        return -1;
    rewind(file);
    container.size = (uint32_t)size;
    container.bytes = malloc((size_t)size);
    if (container.bytes == NULL || fread(container.bytes, 1, (size_t)size, file) != (size_t)size)
        return -1;
    return fclose(file);
}

static int find_payload(void)
{
    struct rprocfw_header header;
    struct rprocfw_layout layout;

    rprocfw_header_decode(container.bytes, &header);
    if (rprocfw_header_check(&header, container.size, &layout) != RPROCFW_OK)
        return -1;
    payload = layout.payload;
    return 0;
}

int main(int argc, char **argv)
{
    static _Alignas(uint64_t) uint8_t work[RPROCFW_WORK_SIZE(26)];
    static struct rprocfw_rproc rproc[1];
    static struct rprocfw_rprocs rprocs = {.platform = &platform, .rproc = rproc, .count = 1};

    if (argc != 2 || read_container(argv[1]) != 0 || find_payload() != 0)
        return 2;
    if (rprocfw_rproc_load(&rprocs, 0, container.size, work, sizeof(work)) != RPROCFW_OK)
        return 1;
    (void)printf(
        "metadata: %u\nmetadata read: %llu\nmetadata hashed: %llu\nheaders read: %llu\n"
        "reads: %llu\nsegments: %llu\nsegment bytes: %llu\nreads of what was loaded: %llu\n"
        "bytes of what was loaded: %llu\n",
        payload, (unsigned long long)count.metadata_bytes, (unsigned long long)count.hashed_bytes,
        (unsigned long long)(count.read_bytes - count.metadata_bytes),
        (unsigned long long)count.reads, (unsigned long long)count.segments,
        (unsigned long long)count.segment_bytes, (unsigned long long)count.loaded_reads,
        (unsigned long long)count.loaded_bytes);
    free(container.bytes);
    return 0;
}
