/* SPDX-License-Identifier: BSD-2-Clause */
/* The TLV iterator over an area that ends at every byte, at addresses of every alignment. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "sections.h"

/* What a record at offset of an area of length bytes must come to. */
static enum rprocfw_status model(const uint8_t *area, uint32_t length, uint32_t offset)
{
    uint32_t i;

    if (length - offset < 8)
        return RPROCFW_ERR_TLV_HEADER;
    if (get32(area + offset + 4) > length - offset - 8)
        return RPROCFW_ERR_TLV_LENGTH;
    for (i = get32(area + offset + 4); i % 8 != 0; i++)
        if (area[offset + 8 + i] != 0)
            return RPROCFW_ERR_TLV_PADDING;
    return RPROCFW_OK;
}

/* Walk the first length bytes of an area. */
static void walk(const uint8_t *area, uint32_t length)
{
    enum rprocfw_status status = RPROCFW_OK;
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;
    uint32_t offset = 0;

    rprocfw_tlv_begin(&iter, area, length);
    while (rprocfw_tlv_next(&iter, &tlv)) {
        status = model(area, length, offset);
        if (!check(
                status == RPROCFW_OK && tlv.offset == offset && tlv.type == get32(area + offset) &&
                    tlv.length == get32(area + offset + 4) && tlv.value == area + offset + 8,
                "of %" PRIu32 " bytes the record at %" PRIu32 ": type %" PRIx32 ", length %" PRIu32,
                length, tlv.offset, tlv.type, tlv.length))
            return;
        report("%" PRIu32 ": %" PRIx32 " at %" PRIu32 ", %" PRIu32, length, tlv.type, tlv.offset,
               tlv.length);
        offset += 8 + round8(tlv.length);
    }
    if (offset < length) {
        status = model(area, length, offset);
        check(status != RPROCFW_OK, "of %" PRIu32 " bytes the record at %" PRIu32 " is missing",
              length, offset);
    }
    check(iter.status == status, "of %" PRIu32 " bytes: %s", length,
          rprocfw_status_name(iter.status));
    report("%" PRIu32 ": %s", length, rprocfw_status_name(iter.status));
}

/* Every end, at every alignment; an area always has the bytes up to the next multiple of 8. */
static void cut(const uint8_t *area, uint32_t size)
{
    static uint8_t shifted[1024];
    uint32_t length;
    uint32_t shift;

    need(size + 8 <= sizeof(shifted), "an area of %" PRIu32 " bytes", size);
    for (shift = 0; shift < 8; shift++) {
        memcpy(shifted + shift, area, size);
        for (length = 0; length <= size; length++)
            walk(shifted + shift, length);
    }
}

void section_tlv(void)
{
    struct bytes container = file_load("expected", "rsa2048_all", ".sig");
    uint8_t *area = container.data + 20;
    const uint32_t size = round8(get32(container.data + 8));
    uint32_t at;

    report_begin("tlv");
    cut(area, size);
    for (at = 0; at < size; at++) {
        area[at] ^= 0x80;
        walk(area, size);
        area[at] ^= 0x80;
    }
    report_end();
    free(container.data);
}
