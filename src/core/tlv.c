/* SPDX-License-Identifier: BSD-2-Clause */
/* The TLV iterator. */
#include <rprocfw/image.h>

#include "checked.h"
#include "decode.h"

void rprocfw_tlv_begin(struct rprocfw_tlv_iter *iter, const uint8_t *area, uint32_t length)
{
    iter->area = area;
    iter->length = length;
    iter->next = 0;
    iter->status = RPROCFW_OK;
}

static bool end(struct rprocfw_tlv_iter *iter, enum rprocfw_status status)
{
    iter->next = iter->length;
    iter->status = status;
    return false;
}

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

    /* The padding of the last record may lie between length and the size of the area. */
    if (!rprocfw_add(value, tlv->length, &pad) || !rprocfw_align(pad, &iter->next))
        return end(iter, RPROCFW_ERR_TLV_LENGTH);
    for (; pad < iter->next; pad++)
        if (iter->area[pad] != 0)
            return end(iter, RPROCFW_ERR_TLV_PADDING);
    return true;
}

bool rprocfw_tlv_is_platform(uint32_t type)
{
    return type >= RPROCFW_TLV_PLATFORM_FIRST && type <= RPROCFW_TLV_PLATFORM_LAST;
}

bool rprocfw_tlv_is_unique(uint32_t type)
{
    return (type >= RPROCFW_TLV_SIGNTYPE && type <= RPROCFW_TLV_ENCTYPE) ||
           (type >= RPROCFW_TLV_HASHTABLE && type <= RPROCFW_TLV_ENCTABLE) ||
           rprocfw_tlv_is_platform(type);
}
