/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of a TA that reads the layout of 2020: that it reads no other, the signatures that
 * the board verifies, the ELF file, and memory. Its releases differ in how they check signature and
 * hash table: that is not foretold.
 */
#include <inttypes.h>

#include "device_steps.h"

static bool take_header(struct rprocfw_foretelling *f)
{
    struct rprocfw_header_2020 header;
    uint8_t bytes[RPROCFW_HEADER_2020_SIZE];

    if (!rprocfw_foretell_read(f, &f->headers, 0, bytes, sizeof(bytes)))
        return false;
    rprocfw_header_2020_decode(bytes, &header);
    f->entries = 0; /* none that is looked at */
    f->own = 0;
    f->encrypted = false;
    f->payload = header.img_offset;
    f->header.img_len = header.img_len;
    f->start = header.img_offset;
    f->size = header.img_len;
    if (header.sign_type == RPROCFW_SIGNTYPE_RSA || header.sign_type == RPROCFW_SIGNTYPE_ECDSA)
        return rprocfw_foretell_algorithm(f, header.sign_type);
    return rprocfw_foretell_fails(f, CHECK_SIGNATURE_ALGORITHM,
                                  "the header's signature type is %" PRIu32
                                  ", neither RSA (1) nor ECDSA (2)",
                                  header.sign_type);
}

bool rprocfw_foretell_2020(struct rprocfw_foretelling *f)
{
    if (f->job->kind != RPROCFW_KIND_CONTAINER_2020)
        return rprocfw_foretell_fails(f, CHECK_OLD_LAYOUT,
                                      "the board's TA reads the layout of 2020 only, and this is "
                                      "another");
    if (!take_header(f) || !rprocfw_foretell_first_elf(f))
        return false;
    f->image = 0;
    return rprocfw_foretell_segments(f) && rprocfw_foretell_sections(f) &&
           rprocfw_foretell_cannot(f, "the board verifies such signatures, and what is loaded lies "
                                      "in its memory; but how its TA checks signature and hash "
                                      "table is not known here");
}
