/* SPDX-License-Identifier: BSD-2-Clause */
/* The header's lengths against the container's size. */
#include <rprocfw/image.h>

#include "checked.h"

/* *end = at + r8(length): where the part of that length ends that starts at at. */
/*@ requires \valid(end);
    assigns *end;
    ensures \result == 1 <==> at + r8(length) <= UINT32_MAX;
    ensures \result == 1 ==> *end == at + r8(length);
*/
static bool part(uint32_t at, uint32_t length, uint32_t *end)
{
    return rprocfw_align(length, end) && rprocfw_add(at, *end, end);
}

/*@ requires \valid_read(header);
    requires \valid(layout);
    requires \separated(header, layout);
    assigns MEMBERS_OF_LAYOUT(*layout);
    ensures \result == RPROCFW_OK ==> header->magic == RPROCFW_MAGIC &&
        header->version == RPROCFW_VERSION && header->tlv_len != 0 && header->sign_len != 0 &&
        layout_of(header, layout) && layout->size == container_size;
    ensures \result != RPROCFW_OK ==> \result \in {RPROCFW_ERR_MAGIC, RPROCFW_ERR_VERSION,
        RPROCFW_ERR_TLV_LEN_ZERO, RPROCFW_ERR_SIGN_LEN_ZERO, RPROCFW_ERR_SIZE};
    ensures \result == RPROCFW_ERR_SIZE ==> layout->size == \min(UINT32_MAX,
        RPROCFW_HEADER_SIZE + r8(header->tlv_len) + r8(header->sign_len) + r8(header->img_len));
*/
enum rprocfw_status rprocfw_header_check(const struct rprocfw_header *header,
                                         uint32_t container_size, struct rprocfw_layout *layout)
{
    if (header->magic != RPROCFW_MAGIC)
        return RPROCFW_ERR_MAGIC;
    if (header->version != RPROCFW_VERSION)
        return RPROCFW_ERR_VERSION;
    if (header->tlv_len == 0)
        return RPROCFW_ERR_TLV_LEN_ZERO;
    if (header->sign_len == 0)
        return RPROCFW_ERR_SIGN_LEN_ZERO;
    if (!part(RPROCFW_HEADER_SIZE, header->tlv_len, &layout->signature) ||
        !part(layout->signature, header->sign_len, &layout->payload) ||
        !part(layout->payload, header->img_len, &layout->size)) {
        layout->size = UINT32_MAX;
        return RPROCFW_ERR_SIZE;
    }
    layout->tlv_size = layout->signature - RPROCFW_HEADER_SIZE;
    return layout->size == container_size ? RPROCFW_OK : RPROCFW_ERR_SIZE;
}
