/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TLVs say: each once, of its right length, with a value that this version knows. */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

/*@ requires \valid_read(v) && metadata(v);
    requires \valid(iter) && \separated(iter, v);
    assigns MEMBERS_OF_ITER(*iter);
    ensures walks(v, iter) && iter->next == 0 && iter->status == RPROCFW_OK;
*/
static void begin(const struct rprocfw_verifier *v, struct rprocfw_tlv_iter *iter)
{
    rprocfw_tlv_begin(iter, v->metadata + RPROCFW_HEADER_SIZE, v->header.tlv_len);
}

/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv);
    ensures \result == 1 ==> found(v, type);
*/
bool rprocfw_find(struct rprocfw_verifier *v, uint32_t type)
{
    struct rprocfw_tlv_iter iter;

    begin(v, &iter);
    /*@ loop invariant walks(v, &iter);
        loop assigns MEMBERS_OF_ITER(iter), MEMBERS_OF_TLV(v->tlv);
        loop variant r8(iter.length) - iter.next;
    */
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
/*@ requires verifier(v) && metadata(v) && RPROCFW_OK < missing < RPROCFW_ERR_MEMORY;
    assigns MEMBERS_OF_TLV(v->tlv);
    ensures \result == RPROCFW_OK ==> found(v, type) && v->tlv.length == length;
    ensures \result != RPROCFW_OK ==> \result \in {missing, missing + RPROCFW_WRONG_LENGTH};
*/
static enum rprocfw_status need(struct rprocfw_verifier *v, uint32_t type,
                                enum rprocfw_status missing, uint32_t length)
{
    if (!rprocfw_find(v, type))
        return missing;
    return v->tlv.length == length ? RPROCFW_OK
                                   : (enum rprocfw_status)(missing + RPROCFW_WRONG_LENGTH);
}

/* A TLV of one byte, whose value lies between 1 and max. */
/*@ requires verifier(v) && metadata(v) && RPROCFW_OK < missing < RPROCFW_ERR_MEMORY;
    assigns MEMBERS_OF_TLV(v->tlv);
    ensures \result == RPROCFW_OK ==> found(v, type) && v->tlv.length == 1 &&
        1 <= v->tlv.value[0] <= max;
*/
static enum rprocfw_status need_byte(struct rprocfw_verifier *v, uint32_t type,
                                     enum rprocfw_status missing, uint32_t max)
{
    const enum rprocfw_status status = need(v, type, missing, 1);

    if (status == RPROCFW_OK && (v->tlv.value[0] == 0 || v->tlv.value[0] > max))
        return (enum rprocfw_status)(missing + RPROCFW_UNKNOWN);
    return status;
}

/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv), v->signtype;
    ensures \result == RPROCFW_OK ==>
        RPROCFW_SIGNTYPE_RSA <= v->signtype <= RPROCFW_SIGNTYPE_ECDSA;
    ensures \result == RPROCFW_OK ==> \forall integer i;
        v->layout.signature + v->header.sign_len <= i < v->layout.payload ==> v->metadata[i] == 0;
*/
enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v)
{
    struct rprocfw_tlv_iter iter;
    enum rprocfw_status status;
    uint32_t i;

    begin(v, &iter);
    /*@ loop invariant walks(v, &iter);
        loop assigns MEMBERS_OF_ITER(iter), MEMBERS_OF_TLV(v->tlv);
        loop variant r8(iter.length) - iter.next;
    */
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
    /*@ loop invariant v->layout.signature + v->header.sign_len <= i <= v->layout.payload;
        loop invariant \forall integer k;
            v->layout.signature + v->header.sign_len <= k < i ==> v->metadata[k] == 0;
        loop assigns i;
        loop variant v->layout.payload - i;
    */
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
/*@ requires verifier(v) && metadata(v) && page < RPROCFW_NOWHERE;
    requires \valid(next) && \separated(next, v, v->metadata + (0 .. v->layout.payload - 1));
    assigns MEMBERS_OF_TLV(v->tlv), v->bytes[0 .. PAGE_TYPES / 8 - 1], *next;
    ensures *next > page;
*/
static enum rprocfw_status once_each_of(struct rprocfw_verifier *v, uint32_t page, uint32_t *next)
{
    uint8_t *seen = v->bytes; /* a bit for each type of the page */
    struct rprocfw_tlv_iter iter;

    *next = RPROCFW_NOWHERE;
    memset(seen, 0, PAGE_TYPES / 8);
    begin(v, &iter);
    /*@ loop invariant walks(v, &iter) && *next > page;
        loop assigns MEMBERS_OF_ITER(iter), MEMBERS_OF_TLV(v->tlv), *next,
            v->bytes[0 .. PAGE_TYPES / 8 - 1];
        loop variant r8(iter.length) - iter.next;
    */
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
/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv), v->bytes[0 .. PAGE_TYPES / 8 - 1];
*/
static enum rprocfw_status once_each(struct rprocfw_verifier *v)
{
    enum rprocfw_status status = RPROCFW_OK;
    uint32_t page = PAGE(RPROCFW_TLV_SIGNTYPE);

    /*@ loop assigns status, page, MEMBERS_OF_TLV(v->tlv), v->bytes[0 .. PAGE_TYPES / 8 - 1];
        loop variant RPROCFW_NOWHERE - page;
    */
    while (status == RPROCFW_OK && page != RPROCFW_NOWHERE)
        status = once_each_of(v, page, &page);
    return status;
}

/* IMGTYPE: one byte an image, all the same. *type is that byte. */
/*@ requires verifier(v) && metadata(v) && v->images >= 1;
    requires \valid(type) && \separated(type, v, v->metadata + (0 .. v->layout.payload - 1));
    assigns MEMBERS_OF_TLV(v->tlv), v->image.index, *type;
    ensures \result == RPROCFW_OK ==>
        *type == RPROCFW_IMGTYPE_ELF || *type == RPROCFW_IMGTYPE_ENCRYPTED_ELF;
    ensures \result == RPROCFW_OK ==> found(v, RPROCFW_TLV_IMGTYPE) &&
        v->tlv.length == v->images &&
        \forall integer i; 0 <= i < v->images ==> v->tlv.value[i] == *type;
*/
static enum rprocfw_status image_types(struct rprocfw_verifier *v, uint8_t *type)
{
    enum rprocfw_status status =
        need(v, RPROCFW_TLV_IMGTYPE, RPROCFW_ERR_IMGTYPE_MISSING, v->images);
    const uint8_t *types = v->tlv.value;
    uint32_t i;

    if (status != RPROCFW_OK)
        return status;
    /*@ loop invariant i <= v->images;
        loop invariant \forall integer k; 0 <= k < i ==> types[k] == types[0];
        loop invariant i > 0 ==> types[0] == RPROCFW_IMGTYPE_ELF ||
            types[0] == RPROCFW_IMGTYPE_ENCRYPTED_ELF;
        loop assigns i, v->image.index;
        loop variant v->images - i;
    */
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
/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv), v->image.index, v->image_sizes;
    ensures \result == RPROCFW_OK ==> found(v, RPROCFW_TLV_IMGSIZE) && sizes(v) &&
        v->image_sizes == v->tlv.value && v->tlv.length == 4 * v->images;
    ensures \result == RPROCFW_OK ==> \forall integer i; 0 <= i < v->images ==>
        u32_at(v->image_sizes + 4 * i) != 0 && u32_at(v->image_sizes + 4 * i) % 8 == 0;
    ensures \result == RPROCFW_OK ==> sum(v->image_sizes, v->images) == v->header.img_len;
*/
static enum rprocfw_status image_sizes(struct rprocfw_verifier *v)
{
    enum rprocfw_status status =
        need(v, RPROCFW_TLV_IMGSIZE, RPROCFW_ERR_IMGSIZE_MISSING, 4u * v->images);
    uint32_t sum = 0;
    uint32_t i;

    if (status != RPROCFW_OK)
        return status;
    v->image_sizes = v->tlv.value;
    /*@ loop invariant i <= v->images;
        loop invariant sum: sum(v->image_sizes, i) == sum;
        loop invariant each: \forall integer k; 0 <= k < i ==>
            u32_at(v->image_sizes + 4 * k) != 0 && u32_at(v->image_sizes + 4 * k) % 8 == 0;
        loop assigns i, sum, v->image.index;
        loop variant v->images - i;
    */
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
/*@ requires verifier(v) && metadata(v) && present != RPROCFW_OK;
    assigns MEMBERS_OF_TLV(v->tlv);
    ensures \result == RPROCFW_OK || \result == present;
*/
static enum rprocfw_status absent(struct rprocfw_verifier *v, uint32_t type,
                                  enum rprocfw_status present)
{
    return rprocfw_find(v, type) ? present : RPROCFW_OK;
}

/* The signed table. */
/*@ requires verifier(v) && metadata(v) && RPROCFW_OK < missing < RPROCFW_ERR_MEMORY;
    requires entry_size == RPROCFW_HASH_ENTRY_SIZE || entry_size == RPROCFW_ENC_ENTRY_SIZE;
    requires v->entry == 0;
    assigns MEMBERS_OF_TLV(v->tlv), v->table, v->entry_size, v->entries;
    ensures \result == RPROCFW_OK ==> table(v) && v->entry_size == entry_size && v->entries > 0;
    ensures \result == RPROCFW_OK ==> found(v, type) && v->table == v->tlv.value &&
        v->entries * v->entry_size == v->tlv.length;
*/
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
/*@ requires verifier(v) && metadata(v) && v->entry == 0;
    assigns MEMBERS_OF_TLV(v->tlv), v->table, v->entry_size, v->entries;
    ensures \result == RPROCFW_OK ==> table(v) && v->entries > 0;
    ensures \result == RPROCFW_OK ==> v->entry_size == (type == RPROCFW_IMGTYPE_ELF
        ? RPROCFW_HASH_ENTRY_SIZE : RPROCFW_ENC_ENTRY_SIZE);
    ensures \result == RPROCFW_OK ==> v->table == v->tlv.value && found(v,
        type == RPROCFW_IMGTYPE_ELF ? RPROCFW_TLV_HASHTABLE : RPROCFW_TLV_ENCTABLE);
*/
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
/*@ requires verifier(v) && metadata(v);
    assigns MEMBERS_OF_TLV(v->tlv);
*/
static enum rprocfw_status platform_tlvs(struct rprocfw_verifier *v)
{
    struct rprocfw_tlv_iter iter;
    enum rprocfw_status status = RPROCFW_OK;

    if (v->platform->platform_tlv == NULL)
        return status;
    begin(v, &iter);
    /*@ loop invariant walks(v, &iter);
        loop assigns MEMBERS_OF_ITER(iter), MEMBERS_OF_TLV(v->tlv), status;
        loop variant r8(iter.length) - iter.next;
    */
    while (status == RPROCFW_OK && rprocfw_tlv_next(&iter, &v->tlv))
        if (rprocfw_tlv_is_platform(v->tlv.type))
            //@ calls rprocfw_any_platform_tlv;
            status = v->platform->platform_tlv(v->ctx, &v->tlv);
    return status;
}

/*@ requires verifier(v) && metadata(v) && v->entry == 0;
    assigns MEMBERS_OF_TLV(v->tlv), v->bytes[0 .. RPROCFW_SHDR_SIZE - 1], v->images, v->image.index,
        v->image_sizes, v->table, v->entry_size, v->entries;
    ensures \result == RPROCFW_OK ==> v->authentic == RPROCFW_AUTHENTIC;
    ensures \result == RPROCFW_OK ==> v->images >= 1 && sizes(v);
    ensures \result == RPROCFW_OK ==> sum(v->image_sizes, v->images) == v->header.img_len;
    ensures \result == RPROCFW_OK ==> table(v) && v->entries > 0;
*/
enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v)
{
    enum rprocfw_status status;
    uint8_t type = 0;

    if (v->authentic != RPROCFW_AUTHENTIC) /* again: see judge.h */
        return RPROCFW_ERR_SIGNATURE;
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
