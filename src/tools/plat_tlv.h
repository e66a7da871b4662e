/* SPDX-License-Identifier: BSD-2-Clause */
/* The platform TLVs of a command line. */
#ifndef RPROCFW_TOOLS_PLAT_TLV_H
#define RPROCFW_TOOLS_PLAT_TLV_H

#include <rprocfw/sign.h>

/* A growing list; owns the values. Start with {0}. */
struct plat_tlvs {
    struct rprocfw_plat_tlv *tlv;
    size_t count;
};

enum plat_tlv_form {
    PLAT_TLV_VALUE, /* 0x-hex is a u32, the rest is text; "auto" for BOOTADDR */
    PLAT_TLV_FILE,  /* the bytes of a file */
    PLAT_TLV_HEX    /* bytes as hex digits */
};

/* Add one; log gets a warning for text that looks like a number. On failure the list is as it was.
 */
enum rprocfw_status plat_tlvs_add(struct plat_tlvs *list, enum plat_tlv_form form, const char *id,
                                  const char *value, const struct rprocfw_log *log,
                                  struct rprocfw_error *error);

void plat_tlvs_free(struct plat_tlvs *list);

#endif
