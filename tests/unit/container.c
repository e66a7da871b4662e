/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers taken apart, changed and put together again. */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "container.h"
#include "suite.h"

uint32_t round8(uint32_t n)
{
    return (n + 7u) / 8u * 8u;
}

static uint8_t *within(struct bytes in, uint32_t offset, uint32_t size)
{
    require(offset <= in.size && size <= in.size - offset, "%u bytes at %u of %u", size, offset,
            in.size);
    return in.data + offset;
}

uint16_t get16(struct bytes in, uint32_t offset)
{
    const uint8_t *at = within(in, offset, 2);

    return (uint16_t)(at[0] + 256u * at[1]);
}

uint32_t get32(struct bytes in, uint32_t offset)
{
    return get16(in, offset) + 65536u * get16(in, offset + 2);
}

void put16(struct bytes in, uint32_t offset, uint32_t value)
{
    uint8_t *at = within(in, offset, 2);

    at[0] = (uint8_t)(value % 256u);
    at[1] = (uint8_t)(value / 256u);
}

void put32(struct bytes in, uint32_t offset, uint32_t value)
{
    put16(in, offset, value % 65536u);
    put16(in, offset + 2, value / 65536u);
}

/* ---- files and keys ---- */

static FILE *vector_open(const char *name)
{
    char path[4096];
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s", VECTORS, name);
    file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "%s cannot be opened", path);
    return file;
}

struct bytes vector_load(const char *name)
{
    FILE *file = vector_open(name);
    struct bytes all;
    long size;

    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    size = ftell(file);
    ck_assert_int_ge(size, 0);
    rewind(file);
    all = arena_copy(NULL, 0, (uint32_t)size);
    ck_assert_uint_eq(fread(all.data, 1, all.size, file), all.size);
    fclose(file);
    return all;
}

EVP_PKEY *vector_public_key(const char *name)
{
    FILE *file = vector_open(name);
    EVP_PKEY *key = PEM_read_PUBKEY(file, NULL, NULL, NULL);

    fclose(file);
    ck_assert_msg(key != NULL, "%s is no public key", name);
    return key;
}

/* Read once; lives as long as the process. */
static EVP_PKEY *signing_key(void)
{
    static EVP_PKEY *key;

    if (key == NULL) {
        FILE *file = vector_open("keys/rsa2048.pem");

        key = PEM_read_PrivateKey(file, NULL, NULL, NULL);
        fclose(file);
        ck_assert_ptr_nonnull(key);
    }
    return key;
}

void sha256(const uint8_t *data, size_t size, uint8_t digest[32])
{
    require(EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) == 1, "no SHA-256");
}

/* ---- the whole ---- */

void container_split(struct bytes file, struct container *c)
{
    uint32_t at = RPROCFW_HEADER_SIZE;

    memset(c, 0, sizeof(*c));
    c->header = (struct rprocfw_header){get32(file, 0), get32(file, 4), get32(file, 8),
                                        get32(file, 12), get32(file, 16)};
    while (at < RPROCFW_HEADER_SIZE + c->header.tlv_len) {
        uint32_t length = get32(file, at + 4);

        tlv_append(c, get32(file, at), within(file, at + 8, length), length);
        at += 8 + round8(length);
    }
    require(at == signature_offset(c), "the TLVs end at %u, not at %u", at, signature_offset(c));
    c->signature = arena_copy(within(file, at, c->header.sign_len), c->header.sign_len, 0);
    at += round8(c->header.sign_len);
    c->payload = arena_copy(within(file, at, c->header.img_len), c->header.img_len, 0);
    require(at + c->payload.size == file.size, "%u bytes behind the payload",
            file.size - at - c->payload.size);
}

void container_measure(struct container *c)
{
    c->header.tlv_len = signature_offset(c) - RPROCFW_HEADER_SIZE;
    c->header.sign_len = c->signature.size;
    c->header.img_len = c->payload.size;
}

void container_sign(struct container *c)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    struct bytes all;
    size_t size = 256;

    c->signature = arena_copy(NULL, 0, 256);
    c->header.sign_len = 256;
    all = container_join(c);
    ck_assert_int_eq(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, signing_key()), 1);
    ck_assert_int_eq(EVP_DigestSign(ctx, c->signature.data, &size, all.data, signature_offset(c)),
                     1);
    ck_assert_uint_eq(size, 256);
    EVP_MD_CTX_free(ctx);
}

static uint32_t join_tlv(const struct tlv *tlv, struct bytes all, uint32_t at)
{
    put32(all, at, tlv->type);
    put32(all, at + 4, tlv->length);
    at += RPROCFW_TLV_HEADER_SIZE;
    if (tlv->size > 0)
        memcpy(within(all, at, tlv->size), tlv->value, tlv->size);
    memset(within(all, at + tlv->size, round8(tlv->size) - tlv->size), tlv->padding,
           round8(tlv->size) - tlv->size);
    return at + round8(tlv->size);
}

struct bytes container_join(const struct container *c)
{
    struct bytes all = arena_copy(NULL, 0, payload_offset(c) + round8(c->payload.size));
    uint32_t at = RPROCFW_HEADER_SIZE;
    unsigned i;

    put32(all, 0, c->header.magic);
    put32(all, 4, c->header.version);
    put32(all, 8, c->header.tlv_len);
    put32(all, 12, c->header.sign_len);
    put32(all, 16, c->header.img_len);
    for (i = 0; i < c->tlv_count; i++)
        at = join_tlv(&c->tlvs[i], all, at);
    memset(within(all, at, payload_offset(c) - at), c->signature_padding, payload_offset(c) - at);
    if (c->signature.size > 0)
        memcpy(within(all, at, c->signature.size), c->signature.data, c->signature.size);
    at = payload_offset(c);
    if (c->payload.size > 0)
        memcpy(within(all, at, c->payload.size), c->payload.data, c->payload.size);
    return all;
}

/* ---- places ---- */

uint32_t record_offset(const struct container *c, unsigned index)
{
    uint32_t at = RPROCFW_HEADER_SIZE;
    unsigned i;

    for (i = 0; i < index; i++)
        at += RPROCFW_TLV_HEADER_SIZE + round8(c->tlvs[i].size);
    return at;
}

uint32_t value_offset(const struct container *c, uint32_t type)
{
    return record_offset(c, tlv_index(c, type)) + RPROCFW_TLV_HEADER_SIZE;
}

uint32_t signature_offset(const struct container *c)
{
    return record_offset(c, c->tlv_count);
}

uint32_t payload_offset(const struct container *c)
{
    return signature_offset(c) + round8(c->signature.size);
}

/* ---- records ---- */

unsigned tlv_index(const struct container *c, uint32_t type)
{
    unsigned i;

    for (i = 0; i < c->tlv_count; i++)
        if (c->tlvs[i].type == type)
            return i;
    ck_abort_msg("the container has no TLV 0x%x", type);
    return 0;
}

struct tlv *tlv_find(struct container *c, uint32_t type)
{
    return &c->tlvs[tlv_index(c, type)];
}

void tlv_insert(struct container *c, unsigned index, uint32_t type, const void *value,
                uint32_t size)
{
    require(c->tlv_count < MAX_TLVS && index <= c->tlv_count, "no room for TLV %u of %u", index,
            c->tlv_count);
    memmove(&c->tlvs[index + 1], &c->tlvs[index], (c->tlv_count - index) * sizeof(c->tlvs[0]));
    c->tlvs[index] = (struct tlv){type, size, arena_copy(value, size, 0).data, size, 0};
    c->tlv_count++;
}

void tlv_append(struct container *c, uint32_t type, const void *value, uint32_t size)
{
    tlv_insert(c, c->tlv_count, type, value, size);
}

void tlv_remove(struct container *c, unsigned index)
{
    require(index < c->tlv_count, "no TLV %u of %u", index, c->tlv_count);
    c->tlv_count--;
    memmove(&c->tlvs[index], &c->tlvs[index + 1], (c->tlv_count - index) * sizeof(c->tlvs[0]));
}

void tlv_move(struct container *c, unsigned from, unsigned to)
{
    struct tlv tlv = c->tlvs[from];

    tlv_remove(c, from);
    tlv_insert(c, to, tlv.type, tlv.value, tlv.size);
}

void tlv_resize(struct tlv *tlv, uint32_t size)
{
    uint32_t keep = size < tlv->size ? size : tlv->size;

    tlv->value = arena_copy(tlv->value, keep, size - keep).data;
    tlv->size = size;
    tlv->length = size;
}

/* ---- from images ---- */

struct bytes table_build(struct bytes image, bool encrypted)
{
    const uint32_t entry_size = encrypted ? RPROCFW_ENC_ENTRY_SIZE : RPROCFW_HASH_ENTRY_SIZE;
    const uint32_t phoff = get32(image, 28);
    const uint32_t phnum = get16(image, 44);
    struct bytes table = arena_copy(NULL, 0, phnum * entry_size);
    uint8_t *entry = table.data;
    uint32_t i;

    for (i = 0; i < phnum; i++) {
        const uint8_t *phdr = within(image, phoff + i * RPROCFW_PHDR_SIZE, RPROCFW_PHDR_SIZE);
        uint32_t filesz = get32(image, phoff + i * RPROCFW_PHDR_SIZE + 16);
        /* no bytes may be anywhere */
        uint32_t offset = filesz > 0 ? get32(image, phoff + i * RPROCFW_PHDR_SIZE + 4) : 0;

        if (encrypted && rprocfw_u32_decode(phdr) != RPROCFW_PT_LOAD)
            continue;
        memcpy(entry, phdr, RPROCFW_PHDR_SIZE);
        /* A range outside the image is what a test wants to see refused: its hash is no matter. */
        if (offset <= image.size && filesz <= image.size - offset)
            sha256(image.data + offset, filesz, entry + RPROCFW_PHDR_SIZE);
        if (encrypted)
            memset(entry + RPROCFW_HASH_ENTRY_SIZE, (int)(0xA0 + i), RPROCFW_AES_BLOCK);
        entry += entry_size;
    }
    return table;
}

/* Puts b behind a. */
static void append(struct bytes *a, struct bytes b, uint32_t padding)
{
    struct bytes both = arena_copy(a->data, a->size, b.size + padding);

    if (b.size > 0)
        memcpy(both.data + a->size, b.data, b.size);
    *a = both;
}

void container_build(struct container *c, const struct bytes *images, unsigned count,
                     bool encrypted)
{
    const uint8_t one = 1;
    const uint8_t number = (uint8_t)count;
    struct bytes types = arena_copy(NULL, 0, count);
    struct bytes sizes = arena_copy(NULL, 0, 4 * count);
    struct bytes table = {NULL, 0};
    unsigned i;

    memset(c, 0, sizeof(*c));
    c->header.magic = 0x3543A468u;
    c->header.version = 1;
    for (i = 0; i < count; i++) {
        types.data[i] = encrypted ? 2 : 1;
        put32(sizes, 4 * i, round8(images[i].size));
        append(&table, table_build(images[i], encrypted), 0);
        append(&c->payload, images[i], round8(images[i].size) - images[i].size);
    }
    tlv_append(c, RPROCFW_TLV_SIGNTYPE, &one, 1);
    tlv_append(c, RPROCFW_TLV_NUM_IMG, &number, 1);
    tlv_append(c, RPROCFW_TLV_IMGTYPE, types.data, types.size);
    tlv_append(c, RPROCFW_TLV_IMGSIZE, sizes.data, sizes.size);
    tlv_append(c, RPROCFW_TLV_HASHTYPE, &one, 1);
    if (encrypted)
        tlv_append(c, RPROCFW_TLV_ENCTYPE, &one, 1);
    tlv_append(c, encrypted ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE, table.data, table.size);
    c->signature = arena_copy(NULL, 0, 64);
    memset(c->signature.data, 0x5A, 64);
    container_measure(c);
}
