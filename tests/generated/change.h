/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One change of a good container, of any kind. Whatever it is, no change may make a device load
 * other bytes: not even one of header and TLVs that is signed again, because the images do not
 * change with them. But for one kind: program header and table changed together, and signed, are
 * another container, which a device loads as it is or not at all.
 */
#ifndef RPROCFW_GENERATED_CHANGE_H
#define RPROCFW_GENERATED_CHANGE_H

#include "generator.h"

enum change_kind {
    BITS,
    BYTES,
    LENGTHS,
    ELF_FIELDS,
    TABLE_PLACE,
    CUT,
    EXTENDED,
    CUT_AND_MEASURED,
    TLV_SWAPPED,
    TLV_MOVED,
    TLV_DOUBLED,
    TLV_REMOVED,
    TLV_RESIZED,
    TLV_RETYPED,
    ENTRIES,
    PHDR_AND_ENTRY,
    SEGMENTS_SWAPPED,
    BYTES_MOVED,
    OTHER_METADATA,
    OTHER_SIGNATURE,
    OTHER_TABLE_TLV,
    OTHER_IMAGE,
    OTHER_BYTES,
    OTHER_PAYLOAD,
    CHANGE_KINDS,
    WHILE_LOADED = CHANGE_KINDS, /* one of those, while the container is read */
    COUNTED_KINDS
};

extern const char *const change_names[COUNTED_KINDS];

struct change {
    enum change_kind kind;
    bool signed_again;
    struct bytes bytes;
    const struct generated *means; /* what it says when it is accepted */
};

/* folder takes the files of another container, when there is to be one. */
struct change change_container(const struct generated *g, struct bytes good, const char *folder);

#endif
