/* SPDX-License-Identifier: BSD-2-Clause */
/* What the TLVs say: each once, of its right length, with a value that this version knows. */
#include "checked.h"
#include "judge.h"

/* The place in v for the value of a known TLV, or NULL. */
static struct rprocfw_value *slot(struct rprocfw_verifier *v, uint32_t type)
{
    switch (type) {
    case RPROCFW_TLV_SIGNTYPE:
        return &v->signtype;
    case RPROCFW_TLV_HASHTYPE:
        return &v->hashtype;
    case RPROCFW_TLV_NUM_IMG:
        return &v->num_img;
    case RPROCFW_TLV_IMGTYPE:
        return &v->imgtype;
    case RPROCFW_TLV_IMGSIZE:
        return &v->imgsize;
    case RPROCFW_TLV_ENCTYPE:
        return &v->enctype;
    case RPROCFW_TLV_HASHTABLE:
        return &v->hashtable;
    case RPROCFW_TLV_PKEYINFO:
        return &v->pkeyinfo;
    case RPROCFW_TLV_ENCTABLE:
        return &v->enctable;
    default:
        return NULL;
    }
}

static enum rprocfw_status fail_tlv(struct rprocfw_verifier *v, enum rprocfw_status status,
                                    uint32_t type, uint32_t found, uint32_t expected)
{
    const struct rprocfw_value *value = slot(v, type);

    v->diag.tlv = type;
    /* of a missing one, where the area starts */
    return rprocfw_fail(v, status, value->offset != 0 ? value->offset : RPROCFW_HEADER_SIZE, found,
                        expected);
}

/* Offset in the container of a record of the TLV area. */
static uint32_t in_container(const struct rprocfw_tlv *tlv)
{
    return RPROCFW_HEADER_SIZE + tlv->offset; /* below layout.signature: does not wrap */
}

static enum rprocfw_status fail_record(struct rprocfw_verifier *v, enum rprocfw_status status,
                                       const struct rprocfw_tlv *tlv)
{
    const uint32_t rest = v->header.tlv_len - tlv->offset; /* a record starts below tlv_len */

    /* there was no room for a type and a length: *tlv has those of the record before */
    if (status == RPROCFW_ERR_TLV_HEADER)
        return rprocfw_fail(v, status, in_container(tlv), rest, RPROCFW_TLV_HEADER_SIZE);
    v->diag.tlv = tlv->type;
    return rprocfw_fail(v, status, in_container(tlv), tlv->length, rest - RPROCFW_TLV_HEADER_SIZE);
}

/* Every TLV of one byte comes through here: there, one byte long, its value between 1 and max. */
static enum rprocfw_status one_byte(struct rprocfw_verifier *v, uint32_t type,
                                    enum rprocfw_status missing, uint8_t max)
{
    /* status.h numbers missing, length and value of each such TLV one after the other. */
    const enum rprocfw_status length = (enum rprocfw_status)(missing + 1);
    const enum rprocfw_status unknown = (enum rprocfw_status)(missing + 2);
    const struct rprocfw_value *value = slot(v, type);
    uint8_t byte;

    if (value->offset == 0)
        return fail_tlv(v, missing, type, 0, 1);
    if (value->length != 1)
        return fail_tlv(v, length, type, value->length, 1);
    byte = v->metadata[value->offset];
    if (byte == 0 || byte > max)
        return fail_tlv(v, unknown, type, byte, max);
    return RPROCFW_OK;
}

_Static_assert(RPROCFW_ERR_SIGNTYPE_UNKNOWN == RPROCFW_ERR_SIGNTYPE_MISSING + 2, "one_byte");
_Static_assert(RPROCFW_ERR_HASHTYPE_UNKNOWN == RPROCFW_ERR_HASHTYPE_MISSING + 2, "one_byte");
_Static_assert(RPROCFW_ERR_NUM_IMG_ZERO == RPROCFW_ERR_NUM_IMG_MISSING + 2, "one_byte");
_Static_assert(RPROCFW_ERR_ENCTYPE_UNKNOWN == RPROCFW_ERR_ENCTYPE_MISSING + 2, "one_byte");

enum rprocfw_status rprocfw_judge_records(struct rprocfw_verifier *v)
{
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv = {.type = RPROCFW_NOWHERE};
    enum rprocfw_status status;
    uint32_t i;

    rprocfw_tlv_begin(&iter, v->metadata + RPROCFW_HEADER_SIZE, v->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv)) {
        struct rprocfw_value *value = slot(v, tlv.type);

        if (value == NULL || value->offset != 0) /* a second one: once_each, if it is signed */
            continue;
        value->offset = in_container(&tlv) + RPROCFW_TLV_HEADER_SIZE;
        value->length = tlv.length;
    }
    if (iter.status != RPROCFW_OK)
        return fail_record(v, iter.status, &tlv);

    status =
        one_byte(v, RPROCFW_TLV_SIGNTYPE, RPROCFW_ERR_SIGNTYPE_MISSING, RPROCFW_SIGNTYPE_ECDSA);
    if (status != RPROCFW_OK)
        return status;

    /* sign_len fits: the layout has its aligned size in front of the payload */
    for (i = v->layout.signature + v->header.sign_len; i < v->layout.payload; i++)
        if (v->metadata[i] != 0)
            return rprocfw_fail(v, RPROCFW_ERR_SIGN_PADDING, i, v->metadata[i], 0);
    return RPROCFW_OK;
}

/* A set of the numbers 0 to 255, one bit each. */
#define SET_SIZE 32

static bool contains(const uint8_t set[SET_SIZE], uint32_t number)
{
    return (set[number / 8] >> number % 8 & 1) != 0;
}

static void insert(uint8_t set[SET_SIZE], uint32_t number)
{
    set[number / 8] |= (uint8_t)(1u << number % 8);
}

/* Types are told apart 256 at a time, those of one page: a set of all of them has no room here. */
static uint32_t page_of(uint32_t type)
{
    return type >> 8;
}

/* Of the types of one page none twice that may be there once. */
static enum rprocfw_status once_each_of(struct rprocfw_verifier *v, uint32_t page)
{
    uint8_t seen[SET_SIZE] = {0};
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;

    rprocfw_tlv_begin(&iter, v->metadata + RPROCFW_HEADER_SIZE, v->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv)) {
        if (page_of(tlv.type) != page || !rprocfw_tlv_is_unique(tlv.type))
            continue;
        if (contains(seen, tlv.type & 0xFF))
            return fail_record(v, RPROCFW_ERR_TLV_DUPLICATE, &tlv);
        insert(seen, tlv.type & 0xFF);
    }
    return RPROCFW_OK;
}

/* No known or platform TLV twice. One walk for each page that is there: linear in the records. */
static enum rprocfw_status once_each(struct rprocfw_verifier *v)
{
    const uint32_t platform = page_of(RPROCFW_TLV_PLATFORM_FIRST);
    uint8_t pages[SET_SIZE] = {0};
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;
    enum rprocfw_status status = once_each_of(v, page_of(RPROCFW_TLV_SIGNTYPE));
    uint32_t i;

    rprocfw_tlv_begin(&iter, v->metadata + RPROCFW_HEADER_SIZE, v->header.tlv_len);
    while (rprocfw_tlv_next(&iter, &tlv))
        if (tlv.type >= RPROCFW_TLV_PLATFORM_FIRST && tlv.type <= RPROCFW_TLV_PLATFORM_LAST)
            insert(pages, page_of(tlv.type) - platform);
    for (i = 0; i < 8 * SET_SIZE && status == RPROCFW_OK; i++)
        if (contains(pages, i))
            status = once_each_of(v, platform + i);
    return status;
}

/* IMGTYPE: one byte an image, all the same. *type is that byte. */
static enum rprocfw_status image_types(struct rprocfw_verifier *v, uint32_t images, uint8_t *type)
{
    const uint8_t *types = v->metadata + v->imgtype.offset;
    uint32_t i;

    if (v->imgtype.offset == 0)
        return fail_tlv(v, RPROCFW_ERR_IMGTYPE_MISSING, RPROCFW_TLV_IMGTYPE, 0, images);
    if (v->imgtype.length != images)
        return fail_tlv(v, RPROCFW_ERR_IMGTYPE_LENGTH, RPROCFW_TLV_IMGTYPE, v->imgtype.length,
                        images);
    for (i = 0; i < images; i++) {
        v->diag.image = i;
        if (types[i] != RPROCFW_IMGTYPE_ELF && types[i] != RPROCFW_IMGTYPE_ENCRYPTED_ELF)
            return fail_tlv(v, RPROCFW_ERR_IMGTYPE_UNKNOWN, RPROCFW_TLV_IMGTYPE, types[i],
                            RPROCFW_IMGTYPE_ELF);
        if (types[i] != types[0])
            return fail_tlv(v, RPROCFW_ERR_IMGTYPE_MIXED, RPROCFW_TLV_IMGTYPE, types[i], types[0]);
    }
    v->diag.image = RPROCFW_NOWHERE;
    *type = types[0];
    return RPROCFW_OK;
}

/* IMGSIZE: four bytes an image, each a multiple of 8 and not 0, together img_len. */
static enum rprocfw_status image_sizes(struct rprocfw_verifier *v, uint32_t images)
{
    const uint8_t *sizes = v->metadata + v->imgsize.offset;
    uint32_t sum = 0;
    uint32_t i;

    if (v->imgsize.offset == 0)
        return fail_tlv(v, RPROCFW_ERR_IMGSIZE_MISSING, RPROCFW_TLV_IMGSIZE, 0, 4 * images);
    if (v->imgsize.length != 4 * images)
        return fail_tlv(v, RPROCFW_ERR_IMGSIZE_LENGTH, RPROCFW_TLV_IMGSIZE, v->imgsize.length,
                        4 * images);
    for (i = 0; i < images; i++) {
        uint32_t size = rprocfw_u32_decode(sizes + 4 * i);

        v->diag.image = i;
        if (size == 0)
            return fail_tlv(v, RPROCFW_ERR_IMGSIZE_ZERO, RPROCFW_TLV_IMGSIZE, 0, 1);
        if (size % RPROCFW_ALIGNMENT != 0)
            return fail_tlv(v, RPROCFW_ERR_IMGSIZE_UNALIGNED, RPROCFW_TLV_IMGSIZE, size,
                            RPROCFW_ALIGNMENT);
        if (!rprocfw_add(sum, size, &sum))
            return fail_tlv(v, RPROCFW_ERR_IMGSIZE_SUM, RPROCFW_TLV_IMGSIZE, UINT32_MAX,
                            v->header.img_len);
    }
    v->diag.image = RPROCFW_NOWHERE;
    /* So img_len is a multiple of 8 as well: nothing lies between the last image and the end. */
    if (sum != v->header.img_len)
        return fail_tlv(v, RPROCFW_ERR_IMGSIZE_SUM, RPROCFW_TLV_IMGSIZE, sum, v->header.img_len);
    return RPROCFW_OK;
}

/* The signed table; missing and length are the statuses for it. */
static enum rprocfw_status set_table(struct rprocfw_verifier *v, uint32_t type, uint32_t entry_size,
                                     enum rprocfw_status missing, enum rprocfw_status length)
{
    v->table = *slot(v, type);
    v->entry_size = entry_size;
    if (v->table.offset == 0 || v->table.length == 0)
        return fail_tlv(v, missing, type, 0, entry_size);
    if (v->table.length % entry_size != 0)
        return fail_tlv(v, length, type, v->table.length, entry_size);
    return RPROCFW_OK;
}

static enum rprocfw_status plain_table(struct rprocfw_verifier *v)
{
    if (v->enctype.offset != 0)
        return fail_tlv(v, RPROCFW_ERR_ENC_WITH_PLAIN, RPROCFW_TLV_ENCTYPE, 1, 0);
    if (v->enctable.offset != 0)
        return fail_tlv(v, RPROCFW_ERR_ENC_WITH_PLAIN, RPROCFW_TLV_ENCTABLE, 1, 0);
    return set_table(v, RPROCFW_TLV_HASHTABLE, RPROCFW_HASH_ENTRY_SIZE,
                     RPROCFW_ERR_HASHTABLE_MISSING, RPROCFW_ERR_HASHTABLE_LENGTH);
}

static enum rprocfw_status encrypted_table(struct rprocfw_verifier *v)
{
    enum rprocfw_status status;

    if (v->hashtable.offset != 0)
        return fail_tlv(v, RPROCFW_ERR_HASHTABLE_WITH_ENC, RPROCFW_TLV_HASHTABLE, 1, 0);
    status = one_byte(v, RPROCFW_TLV_ENCTYPE, RPROCFW_ERR_ENCTYPE_MISSING, RPROCFW_ENCTYPE_AES_CBC);
    if (status != RPROCFW_OK)
        return status;
    return set_table(v, RPROCFW_TLV_ENCTABLE, RPROCFW_ENC_ENTRY_SIZE, RPROCFW_ERR_ENCTABLE_MISSING,
                     RPROCFW_ERR_ENCTABLE_LENGTH);
}

enum rprocfw_status rprocfw_judge_values(struct rprocfw_verifier *v)
{
    enum rprocfw_status status = once_each(v);
    uint32_t images;
    uint8_t type = 0;

    if (status == RPROCFW_OK)
        status = one_byte(v, RPROCFW_TLV_HASHTYPE, RPROCFW_ERR_HASHTYPE_MISSING,
                          RPROCFW_HASHTYPE_SHA256);
    if (status == RPROCFW_OK)
        status = one_byte(v, RPROCFW_TLV_NUM_IMG, RPROCFW_ERR_NUM_IMG_MISSING, RPROCFW_MAX_IMAGES);
    if (status != RPROCFW_OK)
        return status;
    images = v->metadata[v->num_img.offset];
    status = image_types(v, images, &type);
    if (status == RPROCFW_OK)
        status = image_sizes(v, images);
    if (status != RPROCFW_OK)
        return status;
    return type == RPROCFW_IMGTYPE_ELF ? plain_table(v) : encrypted_table(v);
}
