/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the prediction share: one TA's LOAD on its way through its checks. */
#ifndef RPROCFW_HOST_DEVICE_STEPS_H
#define RPROCFW_HOST_DEVICE_STEPS_H

#include "device.h"

/* ---- device_checks.c ---- */

/* In the order of rprocfw-checks(7). */
enum rprocfw_check {
    CHECK_OLD_LAYOUT,
    CHECK_BUFFER_SIZE,
    CHECK_SIGN_LEN,
    CHECK_TLV_LEN,
    CHECK_HEAP,
    CHECK_MAGIC,
    CHECK_VERSION,
    CHECK_CONTAINER_SIZE,
    CHECK_SIGNTYPE_MISSING,
    CHECK_SIGNTYPE_LENGTH,
    CHECK_SIGNTYPE_VALUE,
    CHECK_SIGNATURE_ALGORITHM,
    CHECK_PKEYINFO,
    CHECK_PKEYINFO_KEY,
    CHECK_SIGNATURE,
    CHECK_HASHTYPE_MISSING,
    CHECK_HASHTYPE_LENGTH,
    CHECK_HASHTYPE_VALUE,
    CHECK_PLAT_TLV_UNKNOWN,
    CHECK_PLAT_TLV_LENGTH,
    CHECK_PLAT_TLV_TWICE,
    CHECK_ELF_SIZE,
    CHECK_ELF_MAGIC,
    CHECK_ELF_VERSION,
    CHECK_ELF_CLASS,
    CHECK_ELF_PHENTSIZE,
    CHECK_ELF_SHENTSIZE,
    CHECK_ELF_PHNUM,
    CHECK_ENCTYPE_LENGTH,
    CHECK_ENCTYPE_VALUE,
    CHECK_ENCRYPTION,
    CHECK_HASHTABLE_MISSING,
    CHECK_HASHTABLE_LENGTH,
    CHECK_ENCTABLE_MISSING,
    CHECK_ENCTABLE_LENGTH,
    CHECK_NUM_IMG_MISSING,
    CHECK_NUM_IMG_LENGTH,
    CHECK_NUM_IMG_ZERO,
    CHECK_IMGTYPE_MISSING,
    CHECK_IMGTYPE_LENGTH,
    CHECK_IMGTYPE_VALUE,
    CHECK_IMGSIZE_MISSING,
    CHECK_IMGSIZE_LENGTH,
    CHECK_IMGSIZE_ZERO,
    CHECK_PHDR_ALIGNMENT,
    CHECK_PHDR_RANGE,
    CHECK_SEGMENT_RANGE,
    CHECK_HASH_ENTRY_MISSING,
    CHECK_HASH_ENTRY_TYPE,
    CHECK_HASH_ENTRY_SIZE,
    CHECK_SEGMENT_PAYLOAD,
    CHECK_SEGMENT_ADDRESS,
    CHECK_SEGMENT_REGION,
    CHECK_SEGMENT_MAP,
    CHECK_SEGMENT_HASH,
    CHECK_ZERO_FILL_ADDRESS,
    CHECK_ZERO_FILL_REGION,
    CHECK_ZERO_FILL_MAP,
    CHECK_SHDR_ALIGNMENT,
    CHECK_SHDR_RANGE,
    CHECK_SHSTRNDX,
    CHECK_SHSTRTAB_RANGE,
    CHECK_SECTION_NAME,
    CHECK_RSC_TABLE_RANGE,
    CHECK_RSC_TABLE_SIZE,
    CHECK_RSC_TABLE_ALIGNMENT,
    CHECK_RSC_TABLE_VERSION,
    CHECK_RSC_TABLE_RESERVED,
    CHECK_RSC_TABLE_ENTRIES,
    CHECK_RSC_TABLE_ADDRESS,
    CHECK_RSC_TABLE_TWICE
};

/* Id, TEE_Result and remedy of a check that fails. */
void rprocfw_check_fill(struct rprocfw_device *answer, enum rprocfw_check check);

/* ---- device.c ---- */

/* What tells one TA from another. */
struct rprocfw_ta_rules {
    enum rprocfw_ta_family family;
    unsigned major; /* from this version on */
    unsigned minor;
    bool looks_at_all; /* of program headers, segments and sections: the whole, not a first byte */
    bool st;           /* HASHTYPE, platform TLVs, PKEYINFO, and what is encrypted */
    bool no_table;     /* what it makes of the signed table is not known */
};

/* Bytes of the view, read ahead. */
struct rprocfw_window {
    uint32_t start;
    uint32_t size; /* bytes; 0: nothing was read yet */
    uint8_t bytes[16384];
};

/* First entries of the signed table by address. */
struct rprocfw_addresses {
    const uint8_t *table; /* of which they are; NULL: of none yet */
    uint64_t *key;        /* p_paddr, then number of the entry: ascending */
    uint32_t count;
    bool distinct;  /* no two of an address */
    uint64_t bytes; /* p_filesz of all */
};

/* What core accepts goes on; a check returns false when there is nothing more to foretell. */
struct rprocfw_foretelling {
    const struct rprocfw_foretell_job *job;
    const struct rprocfw_board *board; /* NULL: not known */
    const struct rprocfw_ta_rules *rules;
    struct rprocfw_device *answer;
    enum rprocfw_status status; /* not RPROCFW_OK: nothing can be foretold, error says why */
    struct rprocfw_error *error;

    struct rprocfw_header header;
    const uint8_t *tlvs; /* tlv_len bytes */
    uint32_t payload;    /* where it starts; it has img_len bytes */

    bool encrypted;
    const uint8_t *table; /* of signed entries */
    uint32_t entries;     /* number of them */
    uint32_t entry_size;  /* bytes of one */
    uint32_t own;         /* the next entry that is a program header's own */
    uint64_t hash_left;   /* bytes to be hashed at most: an entry's are not hashed for ever */

    bool close; /* what was loaded is close to what another TA refuses */

    uint32_t images;
    uint32_t image;   /* number of the image; RPROCFW_NOWHERE: not there yet */
    uint32_t segment; /* the same, of the program header */
    uint64_t start;   /* of the image, in the container */
    uint32_t size;    /* IMGSIZE */
    struct rprocfw_ehdr ehdr;

    struct rprocfw_addresses addresses;
    struct rprocfw_window headers;
    struct rprocfw_window names;
};

/* LOAD fails here; returns false. */
bool rprocfw_foretell_fails(struct rprocfw_foretelling *f, enum rprocfw_check check,
                            const char *format, ...) RPROCFW_PRINTF(3, 4);

/* The answer depends on what is not in the container; returns false. */
bool rprocfw_foretell_cannot(struct rprocfw_foretelling *f, const char *why);

/* It could not be foretold: status, with what error has; returns false. */
bool rprocfw_foretell_broke(struct rprocfw_foretelling *f, enum rprocfw_status status);

/* size bytes, no more than a window's, at offset of the container. */
bool rprocfw_foretell_read(struct rprocfw_foretelling *f, struct rprocfw_window *window,
                           uint64_t offset, void *dst, uint32_t size);

/* ---- device_tlv.c ---- */

/* The first TLV of a type, as TAs find it: NULL if it is empty, too. */
const uint8_t *rprocfw_foretell_tlv(const struct rprocfw_foretelling *f, uint32_t type,
                                    uint32_t *length);

/* The value of a TLV of one byte; without one, or with more, it fails. */
bool rprocfw_foretell_byte(struct rprocfw_foretelling *f, uint32_t type, enum rprocfw_check missing,
                           enum rprocfw_check wrong_length, uint8_t *value);

bool rprocfw_foretell_header(struct rprocfw_foretelling *f);    /* lines 1 to 3 */
bool rprocfw_foretell_platform(struct rprocfw_foretelling *f);  /* ST's, after line 6 */
bool rprocfw_foretell_first_elf(struct rprocfw_foretelling *f); /* line 7 */
bool rprocfw_foretell_table(struct rprocfw_foretelling *f);     /* lines 8 and 9 */
bool rprocfw_foretell_num_img(struct rprocfw_foretelling *f);   /* line 10 */
bool rprocfw_foretell_image(struct rprocfw_foretelling *f);     /* lines 11 and 12 */

/* ---- device_signature.c ---- */

bool rprocfw_foretell_signature(struct rprocfw_foretelling *f); /* lines 4 to 6 */

/* Does the board verify signatures of this type, one that is known? */
bool rprocfw_foretell_algorithm(struct rprocfw_foretelling *f, uint32_t signtype);

/* ---- device_segments.c ---- */

/* Sorts the addresses of the entries, unless they are. */
bool rprocfw_foretell_sort(struct rprocfw_foretelling *f);

bool rprocfw_foretell_segments(struct rprocfw_foretelling *f); /* lines 13 to 18 */

/* ---- device_sections.c ---- */

bool rprocfw_foretell_sections(struct rprocfw_foretelling *f); /* lines 19 to 22 */

/* ---- device_2020.c ---- */

/* All that is known of a TA that reads the layout of 2020 only; never true. */
bool rprocfw_foretell_2020(struct rprocfw_foretelling *f);

#endif
