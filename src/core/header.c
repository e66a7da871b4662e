/* SPDX-License-Identifier: BSD-2-Clause */
/* The header's lengths against the container's size. */
#include <rprocfw/image.h>

#include "checked.h"

static enum rprocfw_status fail(struct rprocfw_diag *diag, enum rprocfw_status status,
                                uint32_t offset, uint32_t found, uint32_t expected)
{
    diag->offset = offset;
    diag->found = found;
    diag->expected = expected;
    return status;
}

enum rprocfw_status rprocfw_header_check(const struct rprocfw_header *header,
                                         uint32_t container_size, struct rprocfw_layout *layout,
                                         struct rprocfw_diag *diag)
{
    uint32_t sign_size;
    uint32_t img_size;

    if (header->magic != RPROCFW_MAGIC)
        return fail(diag, RPROCFW_ERR_MAGIC, 0, header->magic, RPROCFW_MAGIC);
    if (header->version != RPROCFW_VERSION)
        return fail(diag, RPROCFW_ERR_VERSION, 4, header->version, RPROCFW_VERSION);
    if (header->tlv_len == 0)
        return fail(diag, RPROCFW_ERR_TLV_LEN_ZERO, 8, 0, 1);
    if (header->sign_len == 0)
        return fail(diag, RPROCFW_ERR_SIGN_LEN_ZERO, 12, 0, 1);
    if (!rprocfw_align(header->tlv_len, &layout->tlv_size) ||
        !rprocfw_add(RPROCFW_HEADER_SIZE, layout->tlv_size, &layout->signature) ||
        !rprocfw_align(header->sign_len, &sign_size) ||
        !rprocfw_add(layout->signature, sign_size, &layout->payload) ||
        !rprocfw_align(header->img_len, &img_size) ||
        !rprocfw_add(layout->payload, img_size, &layout->size))
        return fail(diag, RPROCFW_ERR_SIZE, 8, UINT32_MAX, container_size);
    if (layout->size != container_size)
        return fail(diag, RPROCFW_ERR_SIZE, 8, layout->size, container_size);
    return RPROCFW_OK;
}
