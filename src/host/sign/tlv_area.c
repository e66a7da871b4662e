/* SPDX-License-Identifier: BSD-2-Clause */
/* The TLV area of a new container while it grows. */
#include <stdlib.h>
#include <string.h>

#include "../host.h"

/* Room for size more bytes at the end, zero. NULL: no memory, or more than the format can hold. */
static uint8_t *grow(struct rprocfw_area *area, size_t size)
{
    uint8_t *bytes = area->bytes;

    if (area->status != RPROCFW_OK)
        return NULL;
    if (size > UINT32_MAX - area->size) {
        area->status = RPROCFW_ERR_USAGE;
        return NULL;
    }
    if (bytes == NULL || area->size + size > area->room) {
        area->room = 2 * (area->size + size);
        bytes = realloc(area->bytes, area->room);
        if (bytes == NULL) {
            area->status = RPROCFW_ERR_MEMORY;
            return NULL;
        }
        area->bytes = bytes;
    }
    memset(bytes + area->size, 0, size);
    area->size += size;
    return bytes + area->size - size;
}

size_t rprocfw_area_add_room(struct rprocfw_area *area, uint32_t type, size_t length)
{
    uint8_t *record;

    if (length > UINT32_MAX - 2 * RPROCFW_TLV_HEADER_SIZE)
        area->status = RPROCFW_ERR_USAGE;
    record = grow(area, RPROCFW_TLV_HEADER_SIZE + rprocfw_r8(length));
    if (record == NULL)
        return 0;
    rprocfw_u32_encode(record, type);
    rprocfw_u32_encode(record + 4, (uint32_t)length);
    return (size_t)(record - area->bytes) + RPROCFW_TLV_HEADER_SIZE;
}

void rprocfw_area_add(struct rprocfw_area *area, uint32_t type, const uint8_t *value, size_t length)
{
    const size_t at = rprocfw_area_add_room(area, type, length);

    if (area->status == RPROCFW_OK && length != 0)
        memcpy(area->bytes + at, value, length);
}

enum rprocfw_status rprocfw_area_status(const struct rprocfw_area *area,
                                        struct rprocfw_error *error)
{
    if (area->status == RPROCFW_ERR_USAGE)
        return rprocfw_error_set(error, area->status, "the TLVs need more than the format's 4 GiB");
    return area->status == RPROCFW_OK ? RPROCFW_OK : rprocfw_no_memory(error);
}
