/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a verification failed, and on what: read off the state in which core left it. An object of
 * its own: what decides does not depend on it, and a device need not link it. A callback may have
 * answered with any status at any time: nothing is taken to be there because of the status.
 */
#include <string.h>

#include "checked.h"
#include "decode.h"
#include "judge.h"

/*@ requires \valid(diag);
    assigns diag->offset, diag->found, diag->expected;
    ensures diag->offset == offset && diag->found == found && diag->expected == expected;
*/
static void set(struct rprocfw_diag *diag, uint32_t offset, uint32_t found, uint32_t expected)
{
    diag->offset = offset;
    diag->found = found;
    diag->expected = expected;
}

/* Bytes of metadata are named by their offset in the container. */
/*@ requires \valid_read(v) && \base_addr(bytes) == \base_addr(v->metadata);
    assigns \nothing;
*/
static uint32_t offset_of(const struct rprocfw_verifier *v, const uint8_t *bytes)
{
    return (uint32_t)(bytes - v->metadata);
}

/* Which of a group of consecutive statuses: missing, of wrong length, unknown. */
/*@ assigns \nothing;
    ensures status >= missing ==> \result == status - missing;
*/
static uint32_t about(enum rprocfw_status status, enum rprocfw_status missing)
{
    return (uint32_t)status - (uint32_t)missing;
}

/* ---- the container as a whole ---- */

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_header(const struct rprocfw_verifier *v, enum rprocfw_status status,
                           struct rprocfw_diag *diag)
{
    switch ((unsigned)status) {
    case RPROCFW_ERR_HEADER_SIZE:
        set(diag, 0, v->container_size, RPROCFW_HEADER_SIZE);
        break;
    case RPROCFW_ERR_MAGIC:
        set(diag, 0, v->header.magic, RPROCFW_MAGIC);
        break;
    case RPROCFW_ERR_VERSION:
        set(diag, 4, v->header.version, RPROCFW_VERSION);
        break;
    case RPROCFW_ERR_TLV_LEN_ZERO:
        set(diag, 8, 0, 1);
        break;
    case RPROCFW_ERR_SIGN_LEN_ZERO:
        set(diag, 12, 0, 1);
        break;
    default:
        set(diag, 8, v->layout.size, v->container_size);
        break;
    }
}

/* The record that the walk stopped at. */
/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected, diag->tlv;
*/
static void explain_record(const struct rprocfw_verifier *v, enum rprocfw_status status,
                           struct rprocfw_diag *diag)
{
    const uint32_t rest = v->header.tlv_len - v->tlv.offset; /* a record starts below tlv_len */
    const uint32_t offset = RPROCFW_HEADER_SIZE + v->tlv.offset;

    if (status == RPROCFW_ERR_TLV_HEADER) { /* v->tlv has the type of the record before */
        set(diag, offset, rest, RPROCFW_TLV_HEADER_SIZE);
        return;
    }
    set(diag, offset, v->tlv.length, rest - RPROCFW_TLV_HEADER_SIZE);
    diag->tlv = v->tlv.type;
}

/*@ requires explainable(v) && v->metadata != \null && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_sign_padding(const struct rprocfw_verifier *v, struct rprocfw_diag *diag)
{
    uint32_t i = v->layout.signature + v->header.sign_len;

    /*@ loop invariant v->layout.signature + v->header.sign_len <= i <= v->layout.payload;
        loop invariant \forall integer k;
            v->layout.signature + v->header.sign_len <= k < i ==> v->metadata[k] == 0;
        loop assigns i;
        loop variant v->layout.payload - i;
    */
    while (i < v->layout.payload && v->metadata[i] == 0)
        i++;
    if (i < v->layout.payload)
        set(diag, i, v->metadata[i], 0);
}

/* ---- values of TLVs ---- */

/* The TLVs of a fixed kind of value, by the first of their statuses. */
static const struct known {
    enum rprocfw_status missing;
    uint32_t type;
    uint32_t length; /* bytes; 0: they follow from the number of images */
    uint32_t max;
} known[] = {
    {RPROCFW_ERR_SIGNTYPE_MISSING, RPROCFW_TLV_SIGNTYPE, 1, RPROCFW_SIGNTYPE_ECDSA},
    {RPROCFW_ERR_HASHTYPE_MISSING, RPROCFW_TLV_HASHTYPE, 1, RPROCFW_HASHTYPE_SHA256},
    {RPROCFW_ERR_NUM_IMG_MISSING, RPROCFW_TLV_NUM_IMG, 1, RPROCFW_MAX_IMAGES},
    {RPROCFW_ERR_IMGTYPE_MISSING, RPROCFW_TLV_IMGTYPE, 0, RPROCFW_IMGTYPE_ELF},
    {RPROCFW_ERR_IMGSIZE_MISSING, RPROCFW_TLV_IMGSIZE, 0, 0},
    {RPROCFW_ERR_HASHTABLE_MISSING, RPROCFW_TLV_HASHTABLE, RPROCFW_HASH_ENTRY_SIZE, 0},
    {RPROCFW_ERR_ENCTYPE_MISSING, RPROCFW_TLV_ENCTYPE, 1, RPROCFW_ENCTYPE_AES_CBC},
    {RPROCFW_ERR_ENCTABLE_MISSING, RPROCFW_TLV_ENCTABLE, RPROCFW_ENC_ENTRY_SIZE, 0},
};

/* Is v->tlv a TLV of that type, which is there? */
/*@ requires \valid_read(v);
    assigns \nothing;
    ensures \result == 1 <==> v->tlv.value != \null && v->tlv.type == type;
*/
static bool is_there(const struct rprocfw_verifier *v, uint32_t type)
{
    return v->tlv.value != NULL && v->tlv.type == type;
}

/*@ requires \valid_read(v) && \valid_read(v->tlv.value + (0 .. 4 * v->images - 1));
    assigns \nothing;
    ensures \result == sum(v->tlv.value, v->images) || \result == UINT32_MAX &&
        \exists integer i; 0 < i <= v->images && sum(v->tlv.value, i) > UINT32_MAX;
*/
static uint32_t sum_of_sizes(const struct rprocfw_verifier *v)
{
    uint32_t sum = 0;
    uint32_t i;

    /*@ loop invariant i <= v->images && sum(v->tlv.value, i) == sum;
        loop assigns i, sum;
        loop variant v->images - i;
    */
    for (i = 0; i < v->images; i++)
        if (!rprocfw_add(sum, rprocfw_le32(v->tlv.value + 4 * i), &sum))
            //@ assert sum(v->tlv.value, i + 1) > UINT32_MAX;
            return UINT32_MAX;
    return sum;
}

/* v->tlv is IMGSIZE, of the right length; image is one of its images. */
/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    requires v->tlv.value != \null && v->tlv.length >= 4 * v->images && image < v->images;
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_size(const struct rprocfw_verifier *v, enum rprocfw_status status,
                         uint32_t image, struct rprocfw_diag *diag)
{
    const uint32_t offset = offset_of(v, v->tlv.value);

    if (status == RPROCFW_ERR_IMGSIZE_SUM)
        set(diag, offset, sum_of_sizes(v), v->header.img_len);
    else
        set(diag, offset, rprocfw_le32(v->tlv.value + 4 * image),
            status == RPROCFW_ERR_IMGSIZE_ZERO ? 1 : RPROCFW_ALIGNMENT);
}

/* A value that is not known, of a TLV that is there and long enough. */
/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    requires \valid_read(k) && \separated(k, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_unknown(const struct rprocfw_verifier *v, enum rprocfw_status status,
                            const struct known *k, struct rprocfw_diag *diag)
{
    const uint32_t image = v->image.index < v->images ? v->image.index : 0;
    const bool sizes = k->type == RPROCFW_TLV_IMGSIZE;

    if (!is_there(v, k->type) || (sizes && v->images == 0) ||
        v->tlv.length < (sizes ? 4u * v->images : image + 1u))
        return;
    if (sizes)
        explain_size(v, status, image, diag);
    else
        set(diag, offset_of(v, v->tlv.value), v->tlv.value[image],
            status == RPROCFW_ERR_IMGTYPE_MIXED ? v->tlv.value[0] : k->max);
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    requires \valid_read(k) && \separated(k, diag);
    assigns diag->offset, diag->found, diag->expected, diag->tlv;
*/
static void explain_known(const struct rprocfw_verifier *v, enum rprocfw_status status,
                          const struct known *k, struct rprocfw_diag *diag)
{
    const uint32_t length =
        k->length != 0 ? k->length : v->images * (k->type == RPROCFW_TLV_IMGSIZE ? 4u : 1u);
    const bool there =
        is_there(v, k->type); /* an empty table is as good as none, but it is there */

    diag->tlv = k->type;
    if (about(status, k->missing) >= RPROCFW_UNKNOWN)
        explain_unknown(v, status, k, diag);
    else
        set(diag, there ? offset_of(v, v->tlv.value) : RPROCFW_HEADER_SIZE,
            there ? v->tlv.length : 0, length);
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    requires status >= RPROCFW_ERR_SIGNTYPE_MISSING;
    assigns diag->offset, diag->found, diag->expected, diag->tlv;
*/
static void explain_value(const struct rprocfw_verifier *v, enum rprocfw_status status,
                          struct rprocfw_diag *diag)
{
    const struct known *k = &known[sizeof(known) / sizeof(known[0]) - 1];

    /*@ loop invariant \exists integer i; 0 <= i < 8 && k == &known[i];
        loop assigns k;
    */
    while (k->missing > status)
        k--;
    if (status != RPROCFW_ERR_HASHTABLE_WITH_ENC && status != RPROCFW_ERR_ENC_WITH_PLAIN) {
        explain_known(v, status, k, diag);
    } else if (v->tlv.value != NULL) {
        set(diag, offset_of(v, v->tlv.value), 1, 0);
        diag->tlv = v->tlv.type;
    }
}

/* ---- images ---- */

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_ehdr(const struct rprocfw_verifier *v, enum rprocfw_status status,
                         struct rprocfw_diag *diag)
{
    const uint32_t at = v->image.offset;
    const uint32_t phoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_PHOFF);
    uint32_t i;

    switch ((unsigned)status) {
    case RPROCFW_ERR_ELF_SIZE:
        set(diag, at, v->image.size, RPROCFW_EHDR_SIZE);
        break;
    case RPROCFW_ERR_ELF_PHNUM:
        set(diag, at + RPROCFW_EHDR_PHNUM, 0, 1);
        break;
    case RPROCFW_ERR_PHDR_ALIGN:
        set(diag, at + RPROCFW_EHDR_PHOFF, phoff, 4);
        break;
    case RPROCFW_ERR_PHDR_RANGE:
        set(diag, at + RPROCFW_EHDR_PHOFF, phoff, v->image.size);
        break;
    default:
        /*@ loop invariant i <= RPROCFW_FIXED_COUNT;
            loop assigns i, diag->offset, diag->found, diag->expected;
            loop variant RPROCFW_FIXED_COUNT - i;
        */
        for (i = 0; i < RPROCFW_FIXED_COUNT; i++)
            if (rprocfw_fixed[i].status == (uint8_t)status)
                set(diag, at + rprocfw_fixed[i].offset, rprocfw_fixed_found(v, &rprocfw_fixed[i]),
                    rprocfw_fixed[i].value);
        break;
    }
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_segment(const struct rprocfw_verifier *v, enum rprocfw_status status,
                            struct rprocfw_diag *diag)
{
    const struct rprocfw_phdr *phdr = &v->segment.phdr;
    const uint32_t at = v->image.offset + phdr->offset;

    switch ((unsigned)status) {
    case RPROCFW_ERR_PHDR_NOT_SIGNED:
        set(diag, v->at, rprocfw_le32(v->bytes), v->entry);
        break;
    case RPROCFW_ERR_ENTRY_UNUSED:
        if (v->table != NULL)
            set(diag, offset_of(v, v->table) + v->entry * v->entry_size, v->entry, v->entries);
        break;
    case RPROCFW_ERR_SEGMENT_RANGE:
        set(diag, v->image.offset, phdr->offset, v->image.size);
        break;
    case RPROCFW_ERR_SEGMENT_FILESZ:
        set(diag, at, phdr->filesz, phdr->memsz);
        break;
    case RPROCFW_ERR_SEGMENT_ADDRESS:
        set(diag, at, phdr->paddr, phdr->memsz);
        break;
    case RPROCFW_ERR_SEGMENT_BLOCK:
        set(diag, at, phdr->filesz, RPROCFW_AES_BLOCK);
        break;
    default: /* RPROCFW_ERR_SEGMENT_HASH: load_end may be what found it */
        set(diag, v->at, phdr->filesz, phdr->paddr);
        break;
    }
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_shdr(const struct rprocfw_verifier *v, enum rprocfw_status status,
                         struct rprocfw_diag *diag)
{
    const uint32_t at = v->image.offset;
    const uint32_t shoff = rprocfw_le32(v->ehdr + RPROCFW_EHDR_SHOFF);
    const uint32_t shnum = rprocfw_le16(v->ehdr + RPROCFW_EHDR_SHNUM);
    const uint32_t shstrndx = rprocfw_le16(v->ehdr + RPROCFW_EHDR_SHSTRNDX);

    switch ((unsigned)status) {
    case RPROCFW_ERR_SHDR_ALIGN:
        set(diag, at + RPROCFW_EHDR_SHOFF, shoff, 4);
        break;
    case RPROCFW_ERR_SHDR_RANGE:
        set(diag, at + RPROCFW_EHDR_SHOFF, shoff, v->image.size);
        break;
    case RPROCFW_ERR_SHSTRNDX:
        set(diag, at + RPROCFW_EHDR_SHSTRNDX, shstrndx, shnum);
        break;
    case RPROCFW_ERR_SHSTRTAB_RANGE:
        set(diag, at + shoff + shstrndx * RPROCFW_SHDR_SIZE, v->names.offset, v->image.size);
        break;
    default:
        set(diag, at + shoff + v->section * RPROCFW_SHDR_SIZE, v->rsc.name, v->names.size);
        break;
    }
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected, diag->segment;
    ensures diag->segment == RPROCFW_NOWHERE;
*/
static void explain_rsc(const struct rprocfw_verifier *v, enum rprocfw_status status,
                        struct rprocfw_diag *diag)
{
    const struct rprocfw_shdr *rsc = &v->rsc;
    const uint32_t at = v->image.offset + rsc->offset;
    const uint32_t reserved = rprocfw_le32(v->bytes + 8);

    switch ((unsigned)status) {
    case RPROCFW_ERR_RSC_SIZE:
        set(diag, at, rsc->size, RPROCFW_RSC_HEADER_SIZE);
        break;
    case RPROCFW_ERR_RSC_ALIGN:
        set(diag, at, rsc->offset, 4);
        break;
    case RPROCFW_ERR_RSC_VERSION:
        set(diag, at, rprocfw_le32(v->bytes), RPROCFW_RSC_VERSION);
        break;
    case RPROCFW_ERR_RSC_RESERVED:
        set(diag, at + 8, reserved != 0 ? reserved : rprocfw_le32(v->bytes + 12), 0);
        break;
    case RPROCFW_ERR_RSC_ENTRIES:
        set(diag, at + 4, rprocfw_le32(v->bytes + 4), RPROCFW_RSC_ROOM(rsc->size));
        break;
    case RPROCFW_ERR_RSC_TWICE:
        set(diag, at, v->rsc_tables, 1);
        break;
    default: /* RPROCFW_ERR_RSC_NOT_SIGNED: outside the image, or in no PT_LOAD of it */
        if (!rprocfw_inside(rsc->offset, rsc->size, v->image.size))
            set(diag, v->image.offset, rsc->offset, rsc->size);
        else
            set(diag, at, rsc->addr, rsc->size);
        break;
    }
    diag->segment = RPROCFW_NOWHERE; /* it is about a section */
}

/* ---- all of them ---- */

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns diag->offset, diag->found, diag->expected;
*/
static void explain_work_size(const struct rprocfw_verifier *v, struct rprocfw_diag *diag)
{
    if (v->table == NULL)
        set(diag, 0, v->work_size, v->layout.payload);
    else
        set(diag, 0, v->work_size, rprocfw_ranges_offset(v) + rprocfw_ranges_size(v));
}

/*@ requires explainable(v) && \valid(diag) && \separated(v, diag);
    assigns *diag;
    ensures diag->image == v->image.index;
    ensures diag->segment == v->segment.index || diag->segment == RPROCFW_NOWHERE;
*/
void rprocfw_explain(const struct rprocfw_verifier *v, enum rprocfw_status status,
                     struct rprocfw_diag *diag)
{
    diag->tlv = RPROCFW_NOWHERE;
    diag->image = v->image.index;
    diag->segment = v->segment.index;
    set(diag, v->at, 0, 0);

    if (status == RPROCFW_ERR_WORK_SIZE)
        explain_work_size(v, diag);
    else if (status == RPROCFW_ERR_OVERLAP && v->table != NULL)
        set(diag, offset_of(v, v->table) + v->entry * v->entry_size, v->entry, v->other);
    else if (status == RPROCFW_ERR_DEVICE_ADDRESS)
        set(diag, v->at, v->da, v->da_size);
    else if (status == RPROCFW_ERR_SIGN_PADDING && v->metadata != NULL)
        explain_sign_padding(v, diag);
    else if (status >= RPROCFW_ERR_HEADER_SIZE && status <= RPROCFW_ERR_SIZE)
        explain_header(v, status, diag);
    else if ((status >= RPROCFW_ERR_TLV_HEADER && status <= RPROCFW_ERR_TLV_DUPLICATE) ||
             status == RPROCFW_ERR_PLATFORM_TLV)
        explain_record(v, status, diag);
    else if ((status >= RPROCFW_ERR_SIGNTYPE_MISSING && status <= RPROCFW_ERR_SIGNTYPE_UNKNOWN) ||
             (status >= RPROCFW_ERR_HASHTYPE_MISSING && status <= RPROCFW_ERR_ENC_WITH_PLAIN))
        explain_value(v, status, diag);
    else if (status >= RPROCFW_ERR_ELF_SIZE && status <= RPROCFW_ERR_PHDR_RANGE)
        explain_ehdr(v, status, diag);
    else if (status >= RPROCFW_ERR_PHDR_NOT_SIGNED && status <= RPROCFW_ERR_SEGMENT_HASH)
        explain_segment(v, status, diag);
    else if (status >= RPROCFW_ERR_SHDR_ALIGN && status <= RPROCFW_ERR_SECTION_NAME)
        explain_shdr(v, status, diag);
    else if (status >= RPROCFW_ERR_RSC_NOT_SIGNED && status <= RPROCFW_ERR_RSC_TWICE)
        explain_rsc(v, status, diag);
}
