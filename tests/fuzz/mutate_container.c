/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changes to containers. No code of the library is used but its words' decoding: a mutator that
 * shared the library's mistakes would step around them.
 */
#include <string.h>

#include <rprocfw/image.h>

#include "../cross/sha256.h"
#include "mutate.h"

/* ---- Words ---- */

static uint32_t get(const uint8_t *data, size_t at)
{
    return rprocfw_u32_decode(data + at);
}

static void set(uint8_t *data, size_t at, uint32_t value)
{
    rprocfw_u32_encode(data + at, value);
}

static uint64_t padded(uint64_t length)
{
    return (length + 7) / 8 * 8;
}

/* ---- Where things stand, as far as they do ---- */

struct places {
    uint8_t *data;
    size_t size;
    size_t tlv_end; /* behind the last record, its padding included */
    size_t payload;
    size_t num_img; /* offsets of values; 0: there is none */
    size_t signtype;
    size_t imgsize;
    uint32_t images;
    size_t table;
    uint32_t table_size;
    uint32_t entry_size;
};

static bool is_type(uint32_t type)
{
    return (type >= 1 && type <= 6) || (type >= 0x10 && type <= 0x12) ||
           (type >= RPROCFW_TLV_PLATFORM_FIRST && type <= RPROCFW_TLV_PLATFORM_LAST);
}

static void note_record(struct places *p, uint32_t type, size_t value, uint32_t length)
{
    if (type == RPROCFW_TLV_SIGNTYPE && length > 0)
        p->signtype = value;
    if (type == RPROCFW_TLV_NUM_IMG && length > 0)
        p->num_img = value;
    if (type == RPROCFW_TLV_IMGSIZE) {
        p->imgsize = value;
        p->images = length / 4;
    }
    if (type == RPROCFW_TLV_HASHTABLE || type == RPROCFW_TLV_ENCTABLE) {
        p->table = value;
        p->table_size = length;
        p->entry_size =
            type == RPROCFW_TLV_HASHTABLE ? RPROCFW_HASH_ENTRY_SIZE : RPROCFW_ENC_ENTRY_SIZE;
    }
}

/* The record at an offset fits before limit. */
static bool record_fits(const struct places *p, size_t at, size_t limit)
{
    return at + 8 <= limit && padded(get(p->data, at + 4)) <= limit - at - 8;
}

/* The records up to limit, or with any_end up to the first that looks like none. */
static void find_records(struct places *p, size_t limit, bool any_end)
{
    size_t at = RPROCFW_HEADER_SIZE;

    while (record_fits(p, at, limit) && (!any_end || is_type(get(p->data, at)))) {
        const uint32_t length = get(p->data, at + 4);

        note_record(p, get(p->data, at), at + 8, length);
        at += 8 + (size_t)padded(length);
    }
    p->tlv_end = at;
}

/* ---- Changes ---- */

static uint32_t interesting(struct fuzz_random *random, uint32_t old, size_t size)
{
    static const uint32_t values[] = {
        0, 1, 2, 7, 0x34, 0xFF, 0xFFFF, 0x8000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF8};

    switch (fuzz_draw(random, 4)) {
    case 0:
        return values[fuzz_draw(random, sizeof(values) / sizeof(values[0]))];
    case 1:
        return old + fuzz_draw(random, 17) - 8;
    case 2:
        return (uint32_t)size + fuzz_draw(random, 17) - 8;
    default:
        return old ^ 1u << fuzz_draw(random, 32);
    }
}

/*
 * A size that ends with the image, or a little before or beyond: offsets stand one word before
 * sizes in section headers, three before in program headers.
 */
static uint32_t to_the_end(const struct places *p, struct fuzz_random *random, size_t at,
                           uint32_t image_size)
{
    const size_t before = fuzz_draw(random, 2) == 0 ? 4 : 12;

    return image_size - get(p->data, at - before) + fuzz_draw(random, 5) - 2;
}

/* A word of an image's ELF header, program headers or section headers. */
static void change_elf_word(struct places *p, struct fuzz_random *random)
{
    size_t image = p->payload;
    uint32_t size = (uint32_t)(p->size - image);
    uint32_t area;
    size_t at;

    for (uint32_t i = 0; p->imgsize != 0 && i < p->images; i++) {
        size = get(p->data, p->imgsize + 4 * (size_t)i);
        if (fuzz_draw(random, 2) == 0)
            break;
        image += i + 1 < p->images ? size : 0;
    }
    if (image >= p->size || p->size - image < RPROCFW_EHDR_SIZE)
        return;
    area = fuzz_draw(random, 3);
    at = image;
    if (area == 1)
        at += get(p->data, image + RPROCFW_EHDR_PHOFF);
    if (area == 2)
        at += get(p->data, image + RPROCFW_EHDR_SHOFF);
    at += 4 * (size_t)fuzz_draw(random, area == 0 ? RPROCFW_EHDR_SIZE / 4 : 60);
    if (at > p->size - 4)
        return;
    if (area != 0 && at >= image + 12 && fuzz_draw(random, 2) == 0)
        set(p->data, at, to_the_end(p, random, at, size));
    else
        set(p->data, at, interesting(random, get(p->data, at), size));
}

/* A word of header or TLV area. */
static void change_signed_word(struct places *p, struct fuzz_random *random)
{
    const size_t words = p->tlv_end / 4;
    const size_t at = 4 * (size_t)fuzz_draw(random, (uint32_t)words);

    set(p->data, at, interesting(random, get(p->data, at), p->size));
}

/* ---- Mending ---- */

static void mend_padding(struct places *p)
{
    size_t at = RPROCFW_HEADER_SIZE;

    while (record_fits(p, at, p->tlv_end)) {
        const uint32_t length = get(p->data, at + 4);

        memset(p->data + at + 8 + length, 0, (size_t)(padded(length) - length));
        at += 8 + (size_t)padded(length);
    }
}

/* The header's five words, from where the records end; the container loses what is not padded. */
static void mend_header(struct places *p)
{
    const size_t rest = p->size - p->tlv_end;
    uint32_t sign_len = get(p->data, 12);

    if (p->signtype != 0 && p->data[p->signtype] == RPROCFW_SIGNTYPE_ECDSA)
        sign_len = RPROCFW_P256_SIGNATURE;
    else if (sign_len == 0 || padded(sign_len) > rest)
        sign_len = 256;
    if (padded(sign_len) > rest)
        return;
    p->payload = p->tlv_end + (size_t)padded(sign_len);
    p->size -= (p->size - p->payload) % 8;
    set(p->data, 0, RPROCFW_MAGIC);
    set(p->data, 4, RPROCFW_VERSION);
    set(p->data, 8, (uint32_t)(p->tlv_end - RPROCFW_HEADER_SIZE));
    set(p->data, 12, sign_len);
    set(p->data, 16, (uint32_t)(p->size - p->payload));
    memset(p->data + p->tlv_end + sign_len, 0, (size_t)(padded(sign_len) - sign_len));
}

/* The last image takes what those before it leave. */
static void mend_image_sizes(struct places *p)
{
    size_t rest = p->size - p->payload;

    if (p->imgsize == 0 || p->images == 0)
        return;
    for (uint32_t i = 0; i + 1 < p->images; i++) {
        const uint32_t size = get(p->data, p->imgsize + 4 * (size_t)i);

        if (size > rest)
            return;
        rest -= size;
    }
    set(p->data, p->imgsize + 4 * (size_t)(p->images - 1), (uint32_t)rest);
    if (p->num_img != 0)
        p->data[p->num_img] = (uint8_t)p->images;
}

/* One entry from the program header at an offset. */
static void mend_entry(struct places *p, size_t entry, size_t image, size_t image_size, size_t phdr)
{
    const uint32_t offset = get(p->data, phdr + 4);
    const uint32_t filesz = get(p->data, phdr + RPROCFW_PHDR_FILESZ);

    memcpy(p->data + entry, p->data + phdr, RPROCFW_PHDR_SIZE);
    if (offset <= image_size && filesz <= image_size - offset)
        sha256(p->data + image + offset, filesz, p->data + entry + RPROCFW_PHDR_SIZE);
}

static void mend_table(struct places *p)
{
    size_t image = p->payload;
    size_t entry = p->table;

    for (uint32_t i = 0; p->table != 0 && p->imgsize != 0 && i < p->images; i++) {
        const size_t size = get(p->data, p->imgsize + 4 * (size_t)i);
        size_t phdr;
        uint32_t count;

        if (size < RPROCFW_EHDR_SIZE || size > p->size - image)
            return;
        phdr = get(p->data, image + RPROCFW_EHDR_PHOFF);
        count =
            p->data[image + RPROCFW_EHDR_PHNUM] + 256u * p->data[image + RPROCFW_EHDR_PHNUM + 1];
        for (; count > 0 && phdr + RPROCFW_PHDR_SIZE <= size; count--, phdr += RPROCFW_PHDR_SIZE) {
            if (entry + p->entry_size > p->table + p->table_size)
                return;
            mend_entry(p, entry, image, size, image + phdr);
            entry += p->entry_size;
        }
        image += size;
    }
}

static void mend(struct places *p, struct fuzz_random *random)
{
    find_records(p, p->size, true);
    if (fuzz_draw(random, 8) != 0)
        mend_padding(p);
    if (fuzz_draw(random, 8) != 0)
        mend_header(p);
    if (p->payload == 0)
        return;
    if (fuzz_draw(random, 8) != 0)
        mend_image_sizes(p);
    if (fuzz_draw(random, 4) != 0)
        mend_table(p);
}

size_t fuzz_mutate_container(uint8_t *data, size_t size, size_t room, struct fuzz_random *random)
{
    struct places p = {.data = data, .size = size};
    const uint32_t how = fuzz_draw(random, 8);

    if (size < RPROCFW_HEADER_SIZE || how < 4) {
        p.size = LLVMFuzzerMutate(data, size, room);
    } else {
        uint64_t payload;

        find_records(&p, size, true);
        payload = p.tlv_end + padded(get(data, 12));
        p.payload = payload < size ? (size_t)payload : size;
        if (how < 6)
            change_signed_word(&p, random);
        else
            change_elf_word(&p, random);
    }
    if (p.size < RPROCFW_HEADER_SIZE || fuzz_draw(random, 16) == 0)
        return p.size;
    p = (struct places){.data = data, .size = p.size};
    mend(&p, random);
    return p.size;
}

bool fuzz_find_signature(const uint8_t *data, size_t size, struct fuzz_signature *signature)
{
    struct places p = {.data = (uint8_t *)data, .size = size};
    uint64_t offset;

    if (size < RPROCFW_HEADER_SIZE)
        return false;
    offset = RPROCFW_HEADER_SIZE + padded(get(data, 8));
    if (offset > size || get(data, 12) > size - offset)
        return false;
    find_records(&p, (size_t)offset, false);
    signature->offset = (size_t)offset;
    signature->size = get(data, 12);
    signature->signtype = p.signtype != 0 ? data[p.signtype] : 0;
    return true;
}
