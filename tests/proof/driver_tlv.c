/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The TLV iterator over any bytes, of any length up to BOUND. The area ends where the buffer does,
 * so that a byte read beyond it is an alarm; so is one of a value that it hands out.
 */
#include <rprocfw/image.h>

#include "proof.h"

#ifndef BOUND
#error "run.sh says how many bytes of TLV area, a multiple of 8"
#endif

static uint8_t buffer[BOUND];

/* Each byte of the value is inside the area; what comes before the area is the iterator's fault. */
static void use(const struct rprocfw_tlv *tlv, const uint8_t *area)
{
    must(tlv->value - area >= RPROCFW_TLV_HEADER_SIZE);
    use_bytes(tlv->value, tlv->length);
}

int main(void)
{
    uint32_t length = Frama_C_unsigned_int_interval(0, BOUND);
    struct rprocfw_tlv_iter iter = {0};
    struct rprocfw_tlv tlv = {0};
    const uint8_t *area;

    /* One state for each length, record and outcome: what EVA knows of them holds together. */
    //@ dynamic_split length;
    area = buffer + (BOUND - (length + 7u) / 8u * 8u);
    any_bytes(buffer, sizeof(buffer));
    //@ dynamic_split iter.next;
    //@ dynamic_split iter.status;
    //@ dynamic_split tlv.offset;
    rprocfw_tlv_begin(&iter, area, length);
    while (rprocfw_tlv_next(&iter, &tlv))
        use(&tlv, area);
    return 0;
}
