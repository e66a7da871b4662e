/* SPDX-License-Identifier: BSD-2-Clause */
/* The header's lengths against the container's size. */
#include "checked.h"
#include "judge.h"

/* *end = at + r8(length): where the part of that length that starts at at ends. */
static bool part(uint32_t at, uint32_t length, uint32_t *end)
{
    return rprocfw_align(length, end) && rprocfw_add(at, *end, end);
}

static enum rprocfw_status fail(struct rprocfw_diag *diag, enum rprocfw_status status,
                                uint32_t offset, uint32_t found, uint32_t expected)
{
    diag->offset = offset;
    return rprocfw_fail(diag, status, found, expected);
}

enum rprocfw_status rprocfw_header_check(const struct rprocfw_header *header,
                                         uint32_t container_size, struct rprocfw_layout *layout,
                                         struct rprocfw_diag *diag)
{
    if (header->magic != RPROCFW_MAGIC)
        return fail(diag, RPROCFW_ERR_MAGIC, 0, header->magic, RPROCFW_MAGIC);
    if (header->version != RPROCFW_VERSION)
        return fail(diag, RPROCFW_ERR_VERSION, 4, header->version, RPROCFW_VERSION);
    if (header->tlv_len == 0)
        return fail(diag, RPROCFW_ERR_TLV_LEN_ZERO, 8, 0, 1);
    if (header->sign_len == 0)
        return fail(diag, RPROCFW_ERR_SIGN_LEN_ZERO, 12, 0, 1);
    if (!part(RPROCFW_HEADER_SIZE, header->tlv_len, &layout->signature) ||
        !part(layout->signature, header->sign_len, &layout->payload) ||
        !part(layout->payload, header->img_len, &layout->size))
        return fail(diag, RPROCFW_ERR_SIZE, 8, UINT32_MAX, container_size);
    if (layout->size != container_size)
        return fail(diag, RPROCFW_ERR_SIZE, 8, layout->size, container_size);
    layout->tlv_size = layout->signature - RPROCFW_HEADER_SIZE;
    return RPROCFW_OK;
}
