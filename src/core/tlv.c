/* SPDX-License-Identifier: BSD-2-Clause */
/* The TLV iterator. */
#include <rprocfw/image.h>

#include "checked.h"
#include "decode.h"

/*@ requires length <= UINT32_MAX - 7;
    requires \valid_read(area + (0 .. r8(length) - 1));
    requires \valid(iter);
    assigns MEMBERS_OF_ITER(*iter);
    ensures iterates(iter) && iter->area == area && iter->length == length && iter->next == 0;
    ensures iter->status == RPROCFW_OK;
*/
void rprocfw_tlv_begin(struct rprocfw_tlv_iter *iter, const uint8_t *area, uint32_t length)
{
    iter->area = area;
    iter->length = length;
    iter->next = 0;
    iter->status = RPROCFW_OK;
}

/*@ requires \valid(iter);
    assigns iter->next, iter->status;
    ensures iter->next == iter->length && iter->status == status;
    ensures \result == 0;
*/
static bool end(struct rprocfw_tlv_iter *iter, enum rprocfw_status status)
{
    iter->next = iter->length;
    iter->status = status;
    return false;
}

/*@ requires \valid(iter) && \valid(tlv) && iterates(iter);
    requires \separated(iter, tlv, iter->area + (0 .. r8(iter->length) - 1));
    assigns iter->next, iter->status, MEMBERS_OF_TLV(*tlv);
    ensures iterates(iter);
    ensures \result == 1 ==> iter->status == \old(iter->status);
    ensures \result == 1 ==> tlv->offset == \old(iter->next) && value_inside(tlv, iter);
    ensures \result == 1 ==> tlv->type == u32_at(iter->area + tlv->offset);
    ensures \result == 1 ==> tlv->length == u32_at(iter->area + tlv->offset + 4);
    ensures \result == 1 ==> iter->next == r8(tlv->offset + RPROCFW_TLV_HEADER_SIZE + tlv->length);
    ensures \result == 1 ==> \forall integer i;
        RPROCFW_TLV_HEADER_SIZE + tlv->length <= i < iter->next - tlv->offset ==>
        iter->area[tlv->offset + i] == 0;
    ensures \result == 0 ==> iter->next >= iter->length;
    ensures \result == 0 ==> iter->status == \old(iter->status) || iter->status \in
        {RPROCFW_ERR_TLV_HEADER, RPROCFW_ERR_TLV_LENGTH, RPROCFW_ERR_TLV_PADDING};
*/
bool rprocfw_tlv_next(struct rprocfw_tlv_iter *iter, struct rprocfw_tlv *tlv)
{
    uint32_t value = 0;
    uint32_t pad = 0;

    if (iter->next >= iter->length)
        return false;
    tlv->offset = iter->next;
    if (!rprocfw_inside(iter->next, RPROCFW_TLV_HEADER_SIZE, iter->length))
        return end(iter, RPROCFW_ERR_TLV_HEADER);

    tlv->type = rprocfw_le32(iter->area + iter->next);
    tlv->length = rprocfw_le32(iter->area + iter->next + 4);
    value = iter->next + RPROCFW_TLV_HEADER_SIZE; /* inside: does not wrap */
    if (!rprocfw_inside(value, tlv->length, iter->length))
        return end(iter, RPROCFW_ERR_TLV_LENGTH);
    tlv->value = iter->area + value;
    //@ assert value == tlv->offset + RPROCFW_TLV_HEADER_SIZE;
    //@ assert inside: value_inside(tlv, iter);

    /* The padding of the last record may lie between length and the size of the area. */
    if (!rprocfw_add(value, tlv->length, &pad) || !rprocfw_align(pad, &iter->next))
        return end(iter, RPROCFW_ERR_TLV_LENGTH);
    //@ assert at: pad == value + tlv->length && iter->next == r8(pad);
    //@ assert still: value_inside(tlv, iter);
    //@ assert next: iter->next <= r8(iter->length);
    /*@ loop invariant at: value + tlv->length <= pad <= iter->next;
        loop invariant zero: \forall integer i; value + tlv->length <= i < pad ==>
            iter->area[i] == 0;
        loop assigns pad;
        loop variant iter->next - pad;
    */
    for (; pad < iter->next; pad++)
        if (iter->area[pad] != 0)
            return end(iter, RPROCFW_ERR_TLV_PADDING);
    return true;
}

/*@ assigns \nothing;
    ensures \result == 1 <==> RPROCFW_TLV_PLATFORM_FIRST <= type <= RPROCFW_TLV_PLATFORM_LAST;
*/
bool rprocfw_tlv_is_platform(uint32_t type)
{
    return type >= RPROCFW_TLV_PLATFORM_FIRST && type <= RPROCFW_TLV_PLATFORM_LAST;
}

/*@ assigns \nothing;
    ensures \result == 1 <==> type \in {RPROCFW_TLV_SIGNTYPE, RPROCFW_TLV_HASHTYPE,
        RPROCFW_TLV_NUM_IMG, RPROCFW_TLV_IMGTYPE, RPROCFW_TLV_IMGSIZE, RPROCFW_TLV_ENCTYPE,
        RPROCFW_TLV_HASHTABLE, RPROCFW_TLV_PKEYINFO, RPROCFW_TLV_ENCTABLE} ||
        RPROCFW_TLV_PLATFORM_FIRST <= type <= RPROCFW_TLV_PLATFORM_LAST;
*/
bool rprocfw_tlv_is_unique(uint32_t type)
{
    return (type >= RPROCFW_TLV_SIGNTYPE && type <= RPROCFW_TLV_ENCTYPE) ||
           (type >= RPROCFW_TLV_HASHTABLE && type <= RPROCFW_TLV_ENCTABLE) ||
           rprocfw_tlv_is_platform(type);
}
