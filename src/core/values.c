/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TLVs say: each once, of its right length, with a value that this version knows. */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

static void begin(const struct rprocfw_verifier *v, struct rprocfw_tlv_iter *iter)
{
    rprocfw_tlv_begin(iter, v->metadata + RPROCFW_HEADER_SIZE, v->header.tlv_len);
}

bool rprocfw_find(struct rprocfw_verifier *v, uint32_t type)
{
    struct rprocfw_tlv_iter iter;

    begin(v, &iter);
    while (rprocfw_tlv_next(&iter, &v->tlv))
        if (v->tlv.type == type)
            return true;
    return false;
}

_Static_assert(RPROCFW_ERR_SIGNTYPE_LENGTH == RPROCFW_ERR_SIGNTYPE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_SIGNTYPE_UNKNOWN == RPROCFW_ERR_SIGNTYPE_MISSING + RPROCFW_UNKNOWN, "");
_Static_assert(RPROCFW_ERR_HASHTYPE_LENGTH == RPROCFW_ERR_HASHTYPE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_HASHTYPE_UNKNOWN == RPROCFW_ERR_HASHTYPE_MISSING + RPROCFW_UNKNOWN, "");
_Static_assert(RPROCFW_ERR_NUM_IMG_LENGTH == RPROCFW_ERR_NUM_IMG_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_NUM_IMG_ZERO == RPROCFW_ERR_NUM_IMG_MISSING + RPROCFW_UNKNOWN, "");
_Static_assert(RPROCFW_ERR_IMGTYPE_LENGTH == RPROCFW_ERR_IMGTYPE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_IMGTYPE_UNKNOWN == RPROCFW_ERR_IMGTYPE_MISSING + RPROCFW_UNKNOWN, "");
_Static_assert(RPROCFW_ERR_IMGSIZE_LENGTH == RPROCFW_ERR_IMGSIZE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_HASHTABLE_LENGTH == RPROCFW_ERR_HASHTABLE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_ENCTYPE_LENGTH == RPROCFW_ERR_ENCTYPE_MISSING + RPROCFW_WRONG_LENGTH,
               "");
_Static_assert(RPROCFW_ERR_ENCTYPE_UNKNOWN == RPROCFW_ERR_ENCTYPE_MISSING + RPROCFW_UNKNOWN, "");
_Static_assert(RPROCFW_ERR_ENCTABLE_LENGTH == RPROCFW_ERR_ENCTABLE_MISSING + RPROCFW_WRONG_LENGTH,
               "");

/* A TLV is there and its value has length bytes: v->tlv. */
static enum rprocfw_status need(struct rprocfw_verifier *v, uint32_t type,
                                enum rprocfw_status missing, uint32_t length)
{
    if (!rprocfw_find(v, type))
        return missing;
    return v->tlv.length == length ? RPROCFW_OK
                                   : (enum rprocfw_status)(missing + RPROCFW_WRONG_LENGTH);
}

/* A TLV of one byte, whose value lies between 1 and max. */
static enum rprocfw_status need_byte(struct rprocfw_verifier *v, uint32_t type,
                                     enum rprocfw_status missing, uint32_t max)
{
    const enum rprocfw_status status = need(v, type, missing, 1);

    if (status == RPROCFW_OK && (v->tlv.value[0] == 0 || v->tlv.value[0] > max))
        return (enum rprocfw_status)(missing + RPROCFW_UNKNOWN);
    return status;
}

enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v)
{
    struct rprocfw_tlv_iter iter;
    enum rprocfw_status status;
    uint32_t i;

    begin(v, &iter);
    while (rprocfw_tlv_next(&iter, &v->tlv))
        ;
    status = iter.status;
    if (status == RPROCFW_OK)
        status = need_byte(v, RPROCFW_TLV_SIGNTYPE, RPROCFW_ERR_SIGNTYPE_MISSING,
                           RPROCFW_SIGNTYPE_ECDSA);
    if (status != RPROCFW_OK)
        return status;
    v->signtype = v->tlv.value[0];

    /* sign_len fits: the layout has its aligned size in front of the payload */
    for (i = v->layout.signature + v->header.sign_len; i < v->layout.payload; i++)
        if (v->metadata[i] != 0)
            return RPROCFW_ERR_SIGN_PADDING;
    return RPROCFW_OK;
}

/* Types are told apart 256 at a time, those of one page: a set of all of them has no room here. */
#define PAGE_TYPES 256u
#define PAGE(type) ((type) / PAGE_TYPES)
_Static_assert(PAGE_TYPES / 8 <= sizeof(((struct rprocfw_verifier *)0)->bytes),
               "room for the bits");

/*
 * Of the types of one page none twice that may be there once. *next is the page of the lowest such
 * type above it, RPROCFW_NOWHERE without one.
 */
static enum rprocfw_status once_each_of(struct rprocfw_verifier *v, uint32_t page, uint32_t *next)
{
    uint8_t *seen = v->bytes; /* a bit for each type of the page */
    struct rprocfw_tlv_iter iter;

    *next = RPROCFW_NOWHERE;
    memset(seen, 0, PAGE_TYPES / 8);
    begin(v, &iter);
    while (rprocfw_tlv_next(&iter, &v->tlv)) {
        uint8_t *byte = &seen[v->tlv.type % PAGE_TYPES / 8];
        const unsigned bit = 1u << v->tlv.type % 8;

        if (!rprocfw_tlv_is_unique(v->tlv.type))
            continue;
        if (PAGE(v->tlv.type) > page && PAGE(v->tlv.type) < *next)
            *next = PAGE(v->tlv.type);
        if (PAGE(v->tlv.type) != page)
            continue;
        if ((*byte & bit) != 0)
            return RPROCFW_ERR_TLV_DUPLICATE;
        *byte |= (uint8_t)bit;
    }
    return RPROCFW_OK;
}

/* No known or platform TLV twice. One walk for each page that is there: linear in the records. */
static enum rprocfw_status once_each(struct rprocfw_verifier *v)
{
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t page = PAGE(RPROCFW_TLV_SIGNTYPE);

    while (status == RPROCFW_OK && page != RPROCFW_NOWHERE)
        status = once_each_of(v, page, &page);
    return status;
}

/* IMGTYPE: one byte an image, all the same. *type is that byte. */
static enum rprocfw_status image_types(struct rprocfw_verifier *v, uint8_t *type)
{
    enum rprocfw_status status =
        need(v, RPROCFW_TLV_IMGTYPE, RPROCFW_ERR_IMGTYPE_MISSING, v->images);
    const uint8_t *types = v->tlv.value;
    uint32_t i;

    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < v->images; i++) {
        v->image.index = i;
        if (types[i] != RPROCFW_IMGTYPE_ELF && types[i] != RPROCFW_IMGTYPE_ENCRYPTED_ELF)
            return RPROCFW_ERR_IMGTYPE_UNKNOWN;
        if (types[i] != types[0])
            return RPROCFW_ERR_IMGTYPE_MIXED;
    }
    v->image.index = RPROCFW_NOWHERE;
    *type = types[0];
    return RPROCFW_OK;
}

/* IMGSIZE: four bytes an image, each a multiple of 8 and not 0, together img_len. */
static enum rprocfw_status image_sizes(struct rprocfw_verifier *v)
{
    enum rprocfw_status status =
        need(v, RPROCFW_TLV_IMGSIZE, RPROCFW_ERR_IMGSIZE_MISSING, 4u * v->images);
    uint32_t sum = 0;
    uint32_t i;

    if (status != RPROCFW_OK)
        return status;
    v->image_sizes = v->tlv.value;
    for (i = 0; i < v->images; i++) {
        const uint32_t size = rprocfw_le32(v->image_sizes + 4 * i);

        v->image.index = i;
        if (size == 0)
            return RPROCFW_ERR_IMGSIZE_ZERO;
        if (size % RPROCFW_ALIGNMENT != 0)
            return RPROCFW_ERR_IMGSIZE_UNALIGNED;
        if (!rprocfw_add(sum, size, &sum))
            return RPROCFW_ERR_IMGSIZE_SUM;
    }
    v->image.index = RPROCFW_NOWHERE;
    /* So img_len is a multiple of 8 as well: nothing lies between the last image and the end. */
    return sum == v->header.img_len ? RPROCFW_OK : RPROCFW_ERR_IMGSIZE_SUM;
}

/* A TLV that has no place beside the images' type. */
static enum rprocfw_status absent(struct rprocfw_verifier *v, uint32_t type,
                                  enum rprocfw_status present)
{
    return rprocfw_find(v, type) ? present : RPROCFW_OK;
}

/* The signed table. */
static enum rprocfw_status set_table(struct rprocfw_verifier *v, uint32_t type, uint32_t entry_size,
                                     enum rprocfw_status missing)
{
    if (!rprocfw_find(v, type) || v->tlv.length == 0)
        return missing;
    v->table = v->tlv.value;
    v->entry_size = entry_size;
    /* by constants: not every processor can divide, and core calls no routine for it */
    v->entries = entry_size == RPROCFW_HASH_ENTRY_SIZE ? v->tlv.length / RPROCFW_HASH_ENTRY_SIZE
                                                       : v->tlv.length / RPROCFW_ENC_ENTRY_SIZE;
    return v->entries * entry_size == v->tlv.length
               ? RPROCFW_OK
               : (enum rprocfw_status)(missing + RPROCFW_WRONG_LENGTH);
}

/* The TLVs that go with the images' type. */
static enum rprocfw_status judge_type(struct rprocfw_verifier *v, uint8_t type)
{
    const bool plain = type == RPROCFW_IMGTYPE_ELF;
    enum rprocfw_status status;

    if (plain) {
        status = absent(v, RPROCFW_TLV_ENCTYPE, RPROCFW_ERR_ENC_WITH_PLAIN);
        if (status == RPROCFW_OK)
            status = absent(v, RPROCFW_TLV_ENCTABLE, RPROCFW_ERR_ENC_WITH_PLAIN);
    } else {
        status = absent(v, RPROCFW_TLV_HASHTABLE, RPROCFW_ERR_HASHTABLE_WITH_ENC);
        if (status == RPROCFW_OK)
            status = need_byte(v, RPROCFW_TLV_ENCTYPE, RPROCFW_ERR_ENCTYPE_MISSING,
                               RPROCFW_ENCTYPE_AES_CBC);
    }
    if (status != RPROCFW_OK)
        return status;
    return set_table(v, plain ? RPROCFW_TLV_HASHTABLE : RPROCFW_TLV_ENCTABLE,
                     plain ? RPROCFW_HASH_ENTRY_SIZE : RPROCFW_ENC_ENTRY_SIZE,
                     plain ? RPROCFW_ERR_HASHTABLE_MISSING : RPROCFW_ERR_ENCTABLE_MISSING);
}

/* What is the platform's to judge. */
static enum rprocfw_status platform_tlvs(struct rprocfw_verifier *v)
{
    struct rprocfw_tlv_iter iter;
    enum rprocfw_status status = RPROCFW_OK;

    if (v->platform->platform_tlv == NULL)
        return status;
    begin(v, &iter);
    while (status == RPROCFW_OK && rprocfw_tlv_next(&iter, &v->tlv))
        if (rprocfw_tlv_is_platform(v->tlv.type))
            status = v->platform->platform_tlv(v->ctx, &v->tlv);
    return status;
}

enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v)
{
    enum rprocfw_status status = rprocfw_verdict(RPROCFW_OK, v); /* again: see judge.h */
    uint8_t type = 0;

    if (status == RPROCFW_OK)
        status = once_each(v);
    if (status == RPROCFW_OK)
        status = need_byte(v, RPROCFW_TLV_HASHTYPE, RPROCFW_ERR_HASHTYPE_MISSING,
                           RPROCFW_HASHTYPE_SHA256);
    if (status == RPROCFW_OK)
        status = need_byte(v, RPROCFW_TLV_NUM_IMG, RPROCFW_ERR_NUM_IMG_MISSING, RPROCFW_MAX_IMAGES);
    if (status != RPROCFW_OK)
        return status;
    v->images = v->tlv.value[0];
    status = image_types(v, &type);
    if (status == RPROCFW_OK)
        status = image_sizes(v);
    if (status == RPROCFW_OK)
        status = judge_type(v, type);
    if (status == RPROCFW_OK)
        status = platform_tlvs(v);
    return status;
}
