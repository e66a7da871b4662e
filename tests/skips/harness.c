/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What tests/skips/skip.py runs: a program without a C library that gives core a container, by the
 * device's path and by the host's. It starts nowhere: the debugger sets the program counter to one
 * of the scenarios at the end of this file, and takes the outcome when it stops in done().
 */
#include <rprocfw/rproc.h>

#define ID        7u
#define IMAGE     256u /* offsets in the image, and its size */
#define HEADERS   52u
#define SECTION   116u
#define SEGMENT_0 160u
#define SEGMENT_1 192u
#define SEGMENT   32u /* file bytes of each */
#define SIGNATURE RPROCFW_SHA256_SIZE

/* What was accepted; the script's words for these are in skip.py. */
enum accepted {
    ANSWERED_OK,  /* rprocfw_verify_finish or rprocfw_rproc_load */
    HANDED_OVER,  /* bytes to the load, the zero or the platform_tlv callback */
    SAID_LOADED,  /* state, afterwards */
    STARTED,      /* the start callback was called */
    SAID_STARTED, /* rprocfw_rproc_start answered RPROCFW_OK */
    ACCEPTED_KINDS
};

/*
 * A word for each, 0 or that: twice, each on a page of its own, and nothing that memory has by
 * chance, so that a run that goes astray, and stores where it should not, leaves one of them alone.
 */
#define YES  0x9E3779B9u
#define PAGE 1024u /* words */
static volatile uint32_t accepted[2][PAGE] __attribute__((section("outcome")));

static uint8_t container[1024];
static uint32_t container_size;
static uint8_t first_byte; /* of the segments: other bytes, another container */
static _Alignas(uint64_t) uint8_t work[RPROCFW_WORK_SIZE(2)];
static uint8_t memory[4 * SEGMENT];
static struct rprocfw_verifier verifier;
static struct rprocfw_rproc rproc[1];

void scenario_begins(void);
void done(void);

/* Not inline: while core runs, no register is to hold the place. */
static __attribute__((noinline)) void note(enum accepted what)
{
    accepted[0][what] = YES;
    accepted[1][what] = YES;
}

static void forget(void)
{
    unsigned i;

    for (i = 0; i < ACCEPTED_KINDS; i++)
        accepted[0][i] = accepted[1][i] = 0;
}

/* ---- what core needs of a C library; the compiler is told not to make calls of them again ---- */

void *memcpy(void *dst, const void *src, size_t size)
{
    uint8_t *to = dst;
    const uint8_t *from = src;

    while (size-- > 0)
        *to++ = *from++;
    return dst;
}

void *memset(void *dst, int value, size_t size)
{
    uint8_t *to = dst;

    while (size-- > 0)
        *to++ = (uint8_t)value;
    return dst;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const uint8_t *left = a;
    const uint8_t *right = b;

    for (; size > 0; size--, left++, right++)
        if (*left != *right)
            return *left < *right ? -1 : 1;
    return 0;
}

/* ---- the platform ---- */

/* No hash that anybody should use: 32 bytes that follow from all that is given, in few steps. */
static void digest(const uint8_t *data, uint32_t size, uint8_t out[RPROCFW_SHA256_SIZE])
{
    uint32_t state = 2166136261u;
    uint32_t i;

    for (i = 0; i < size; i++)
        state = (state ^ data[i]) * 16777619u;
    for (i = 0; i < RPROCFW_SHA256_SIZE; i++) {
        state = (state ^ i) * 16777619u;
        out[i] = (uint8_t)(state >> 24);
    }
}

static enum rprocfw_status read_container(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    if (offset > container_size || size > container_size - offset)
        return RPROCFW_ERR_READ;
    memcpy(dst, container + offset, size);
    return RPROCFW_OK;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    uint8_t right[SIGNATURE];

    (void)ctx;
    if (what->signature_size != sizeof(right))
        return RPROCFW_ERR_SIGNATURE;
    digest(what->data, what->size, right);
    memcpy(what->sha256, right, RPROCFW_SHA256_SIZE);
    return memcmp(right, what->signature, sizeof(right)) == 0 ? RPROCFW_AUTHENTIC
                                                              : RPROCFW_ERR_SIGNATURE;
}

/* A device address is an offset in memory. */
static bool is_inside(uint32_t da, uint32_t size)
{
    return da <= sizeof(memory) && size <= sizeof(memory) - da;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    const uint32_t size = segment->phdr.filesz;
    uint8_t found[RPROCFW_SHA256_SIZE];

    note(HANDED_OVER);
    if (!is_inside(segment->phdr.paddr, size))
        return RPROCFW_ERR_LOAD;
    if (read_container(ctx, segment->offset, memory + segment->phdr.paddr, size) != RPROCFW_OK)
        return RPROCFW_ERR_READ;
    digest(memory + segment->phdr.paddr, size, found);
    return memcmp(found, segment->sha256, sizeof(found)) == 0 ? RPROCFW_OK
                                                              : RPROCFW_ERR_SEGMENT_HASH;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    (void)ctx;
    memcpy(dst, memory + segment->phdr.paddr + offset, size);
    return RPROCFW_OK;
}

static enum rprocfw_status platform_tlv(void *ctx, const struct rprocfw_tlv *tlv)
{
    (void)ctx;
    (void)tlv;
    note(HANDED_OVER);
    return RPROCFW_OK;
}

static enum rprocfw_status da_to_pa(void *ctx, uint32_t da, uint32_t size, uint64_t *pa)
{
    (void)ctx;
    *pa = da;
    return is_inside(da, size) ? RPROCFW_OK : RPROCFW_ERR_DEVICE_ADDRESS;
}

static enum rprocfw_status zero(void *ctx, uint32_t da, uint32_t size)
{
    (void)ctx;
    note(HANDED_OVER);
    if (!is_inside(da, size))
        return RPROCFW_ERR_DEVICE_ADDRESS;
    memset(memory + da, 0, size);
    return RPROCFW_OK;
}

static enum rprocfw_status start(void *ctx)
{
    (void)ctx;
    note(STARTED);
    return RPROCFW_OK;
}

static enum rprocfw_status stop(void *ctx)
{
    (void)ctx;
    return RPROCFW_OK;
}

static enum rprocfw_status release(void *ctx)
{
    (void)ctx;
    memset(memory, 0, sizeof(memory));
    return RPROCFW_OK;
}

static const struct rprocfw_platform device = {
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

/* A host's, which puts off its answers. */
static enum rprocfw_status put_off;

static enum rprocfw_status load_later(void *ctx, const struct rprocfw_segment *segment)
{
    const enum rprocfw_status status = load(ctx, segment);

    if (put_off == RPROCFW_OK)
        put_off = status;
    return RPROCFW_OK;
}

static enum rprocfw_status load_end(void *ctx)
{
    (void)ctx;
    return put_off;
}

static const struct rprocfw_platform host = {
    .read = read_container,
    .verify_signature = verify_signature,
    .load = load_later,
    .read_loaded = read_loaded,
    .platform_tlv = platform_tlv,
    .load_end = load_end,
};

static struct rprocfw_rprocs rprocs;

/* ---- the container: one image of two segments, the second with zero-fill ---- */

static void put32(uint8_t *at, uint32_t value)
{
    rprocfw_u32_encode(at, value);
}

static void put_phdr(uint8_t *at, uint32_t offset, uint32_t paddr, uint32_t memsz)
{
    put32(at, RPROCFW_PT_LOAD);
    put32(at + 4, offset);
    put32(at + RPROCFW_PHDR_PADDR, paddr);
    put32(at + RPROCFW_PHDR_FILESZ, SEGMENT);
    put32(at + RPROCFW_PHDR_MEMSZ, memsz);
}

static void put_image(uint8_t *image)
{
    uint32_t i;

    put32(image, RPROCFW_ELFMAG);
    image[RPROCFW_EHDR_CLASS] = RPROCFW_ELFCLASS32;
    image[RPROCFW_EHDR_DATA] = RPROCFW_ELFDATA2LSB;
    image[RPROCFW_EHDR_VERSION] = RPROCFW_EV_CURRENT;
    put32(image + RPROCFW_EHDR_PHOFF, HEADERS);
    put32(image + RPROCFW_EHDR_SHOFF, SECTION);
    image[RPROCFW_EHDR_PHENTSIZE] = RPROCFW_PHDR_SIZE;
    image[RPROCFW_EHDR_PHNUM] = 2;
    image[RPROCFW_EHDR_SHENTSIZE] = RPROCFW_SHDR_SIZE;
    image[RPROCFW_EHDR_SHNUM] = 1; /* the name table, which is its own name */
    put_phdr(image + HEADERS, SEGMENT_0, 0, SEGMENT);
    put_phdr(image + HEADERS + RPROCFW_PHDR_SIZE, SEGMENT_1, SEGMENT, 2 * SEGMENT);
    put32(image + SECTION + 16, SEGMENT_0); /* sh_offset, sh_size */
    put32(image + SECTION + 20, SEGMENT);
    for (i = SEGMENT_0; i < SEGMENT_1 + SEGMENT; i++)
        image[i] = (uint8_t)(first_byte + i - SEGMENT_0);
}

/* Returns where the next record goes. */
static uint8_t *put_tlv(uint8_t *at, uint32_t type, uint32_t length, uint32_t value)
{
    put32(at, type);
    put32(at + 4, length);
    put32(at + 8, value);
    return at + RPROCFW_TLV_HEADER_SIZE + ((length + 7) & ~7u);
}

static uint8_t *put_entry(uint8_t *at, const uint8_t *phdr, const uint8_t *bytes)
{
    memcpy(at, phdr, RPROCFW_PHDR_SIZE);
    digest(bytes, SEGMENT, at + RPROCFW_PHDR_SIZE);
    return at + RPROCFW_HASH_ENTRY_SIZE;
}

static void put_container(void)
{
    static uint8_t image[IMAGE];
    uint8_t *at = container + RPROCFW_HEADER_SIZE;
    uint32_t signed_size;

    memset(image, 0, sizeof(image));
    put_image(image);
    at = put_tlv(at, RPROCFW_TLV_SIGNTYPE, 1, RPROCFW_SIGNTYPE_RSA);
    at = put_tlv(at, RPROCFW_TLV_HASHTYPE, 1, RPROCFW_HASHTYPE_SHA256);
    at = put_tlv(at, RPROCFW_TLV_NUM_IMG, 1, 1);
    at = put_tlv(at, RPROCFW_TLV_IMGTYPE, 1, RPROCFW_IMGTYPE_ELF);
    at = put_tlv(at, RPROCFW_TLV_IMGSIZE, 4, IMAGE);
    at = put_tlv(at, RPROCFW_TLV_PLATFORM_FIRST, 4, 0x80100000u);
    (void)put_tlv(at, RPROCFW_TLV_HASHTABLE, 2 * RPROCFW_HASH_ENTRY_SIZE, 0);
    at = put_entry(at + RPROCFW_TLV_HEADER_SIZE, image + HEADERS, image + SEGMENT_0);
    at = put_entry(at, image + HEADERS + RPROCFW_PHDR_SIZE, image + SEGMENT_1);
    signed_size = (uint32_t)(at - container);
    rprocfw_header_encode(container,
                          &(struct rprocfw_header){.magic = RPROCFW_MAGIC,
                                                   .version = RPROCFW_VERSION,
                                                   .tlv_len = signed_size - RPROCFW_HEADER_SIZE,
                                                   .sign_len = SIGNATURE,
                                                   .img_len = IMAGE});
    digest(container, signed_size, at);
    memcpy(at + SIGNATURE, image, IMAGE);
    container_size = signed_size + SIGNATURE + IMAGE;
}

/* ---- scenarios ---- */

static void reset(void)
{
    forget();
    put_off = RPROCFW_OK;
    memset(container, 0, sizeof(container));
    memset(work, 0, sizeof(work));
    memset(memory, 0, sizeof(memory));
    memset(&verifier, 0, sizeof(verifier));
    memset(&rproc, 0, sizeof(rproc));
    rprocs =
        (struct rprocfw_rprocs){.platform = &device, .ctx = container, .rproc = rproc, .count = 1};
    first_byte = 0x10;
    put_container();
}

/*
 * Each changes one byte, which is not 0: skip.py would see a good container accepted. Done again,
 * by a run that goes astray, it changes nothing.
 */
static void spoil_signature(void)
{
    container[container_size - IMAGE - 1] = 0;
}

static void spoil_segment(uint32_t offset)
{
    container[container_size - IMAGE + offset] = 0;
}

/* What core answers is looked at by a caller's caller: a skip may make core return to there. */
static __attribute__((noinline)) enum rprocfw_status finish(void)
{
    return rprocfw_verify_finish(&verifier, work, sizeof(work));
}

static __attribute__((noinline)) enum rprocfw_status load_container(void)
{
    return rprocfw_rproc_load(&rprocs, ID, container_size, work, sizeof(work));
}

static __attribute__((noinline)) enum rprocfw_status start_rproc(void)
{
    return rprocfw_rproc_start(&rprocs, ID);
}

static void judge(const struct rprocfw_platform *platform)
{
    enum rprocfw_status status;

    scenario_begins();
    status = rprocfw_verify_begin(&verifier, platform, container, container_size, 0);
    if (status == RPROCFW_OK && finish() == RPROCFW_OK)
        note(ANSWERED_OK);
    done();
}

static void load_and_start(void)
{
    scenario_begins();
    if (load_container() == RPROCFW_OK)
        note(ANSWERED_OK);
    if (rproc->state == RPROCFW_RPROC_LOADED)
        note(SAID_LOADED);
    if (start_rproc() == RPROCFW_OK)
        note(SAID_STARTED);
    done();
}

static void load_good(void)
{
    volatile enum rprocfw_status status;

    status = rprocfw_rproc_load(&rprocs, ID, container_size, work, sizeof(work));
    (void)status;
}

static void start_and_stop(void)
{
    volatile enum rprocfw_status status;

    status = rprocfw_rproc_start(&rprocs, ID);
    status = rprocfw_rproc_stop(&rprocs, ID);
    (void)status;
}

/* In place of the good one; what that left behind is no help to it. */
static void put_another(void)
{
    forget();
    first_byte = 0x11;
    put_container();
}

#define SCENARIO __attribute__((used)) void

SCENARIO good_verify(void)
{
    reset();
    judge(&device);
}

SCENARIO good_load(void)
{
    reset();
    load_and_start();
}

SCENARIO signature_verify(void)
{
    reset();
    spoil_signature();
    judge(&device);
}

SCENARIO signature_load(void)
{
    reset();
    spoil_signature();
    load_and_start();
}

SCENARIO signature_reload(void)
{
    reset();
    load_good();
    start_and_stop();
    put_another();
    spoil_signature();
    load_and_start();
}

/* The good one stays loaded, and is started then. */
SCENARIO signature_loaded(void)
{
    reset();
    load_good();
    put_another();
    spoil_signature();
    load_and_start();
}

SCENARIO segment_verify(void)
{
    reset();
    spoil_segment(SEGMENT_1);
    judge(&device);
}

SCENARIO segment_load(void)
{
    reset();
    spoil_segment(SEGMENT_0);
    load_and_start();
}

SCENARIO segment_later(void)
{
    reset();
    spoil_segment(SEGMENT_0);
    judge(&host);
}

__attribute__((noinline)) void scenario_begins(void)
{
    __asm__ volatile("" ::: "memory");
}

/* That it does not return is not to be known where it is called. */
__attribute__((noinline)) void done(void)
{
    static volatile const bool forever = true;

    while (forever)
        ;
}

__attribute__((used)) void _start(void)
{
    done();
}
