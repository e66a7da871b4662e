/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is known of a board: which trusted application (TA) loads its remote processor's firmware,
 * and the remote processor's memory. A profile comes with the library, from a YAML file
 * (rprocfw-board(5)), or from the device tree blob of the board's OP-TEE. It decides nothing about
 * authenticity: it foretells what the board will say.
 */
#ifndef RPROCFW_BOARD_H
#define RPROCFW_BOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rprocfw/error.h>
#include <rprocfw/format.h>

/* Whose remoteproc TA. */
enum rprocfw_ta_family {
    RPROCFW_TA_OPTEE, /* OP-TEE's ta/remoteproc */
    RPROCFW_TA_ST     /* ST's, of its OP-TEE */
};

struct rprocfw_ta {
    enum rprocfw_ta_family family;
    unsigned major; /* version of the OP-TEE that it comes with: 4.10 is 4 and 10 */
    unsigned minor;
    unsigned bits;      /* 32 or 64: how the TA is built */
    uint32_t heap;      /* bytes: TA_DATA_SIZE */
    uint32_t map_limit; /* bytes of a segment that the TEE can map; 0: not known */
};

/* Memory of the remote processor as both sides see it: part of the bus's dma-ranges. */
struct rprocfw_board_range {
    uint32_t da;   /* device address */
    uint64_t pa;   /* physical address */
    uint64_t size; /* bytes, at least 1; da + size is at most 2^32, pa + size at most 2^63 - 1 */
};

enum rprocfw_world { RPROCFW_WORLD_ANY, RPROCFW_WORLD_SECURE, RPROCFW_WORLD_NONSECURE };

/* A memory region by its physical address: a carveout of the remote processor, or what Linux has.
 */
struct rprocfw_board_region {
    char *name;
    uint64_t pa;
    uint64_t size; /* bytes, at least 1; pa + size is at most 2^63 - 1 */
    enum rprocfw_world world;
};

/* A platform TLV that the board's TA knows. */
struct rprocfw_board_tlv {
    uint32_t type;
    bool required; /* without it the remote processor does not load, or does not start */
};

/* The public half of the signing key in PKEYINFO. */
enum rprocfw_board_pkeyinfo {
    RPROCFW_BOARD_PKEYINFO_IGNORED,  /* the key is in the TEE */
    RPROCFW_BOARD_PKEYINFO_REQUIRED, /* it is compared with a hash in the board's fuses */
    RPROCFW_BOARD_PKEYINFO_UNKNOWN   /* either: the board's builder decides */
};

struct rprocfw_board {
    char *name;    /* "stm32mp15-optee", or the path of its file */
    char *title;   /* for people, one line */
    char **source; /* where its facts come from */
    size_t source_count;
    struct rprocfw_ta ta;
    bool old_layout;    /* the TA reads the layout of 2020 only */
    unsigned signtypes; /* those that the board verifies, or-ed: 1 << enum rprocfw_signtype */
    bool encrypted;     /* it loads encrypted images */
    enum rprocfw_board_pkeyinfo pkeyinfo;
    struct rprocfw_board_range *range; /* da to pa */
    size_t range_count;
    struct rprocfw_board_region *region; /* where segments may lie: each within one */
    size_t region_count;
    struct rprocfw_board_region *seen; /* what Linux sees of it */
    size_t seen_count;
    bool has_seen;                 /* seen is known */
    struct rprocfw_board_tlv *tlv; /* platform TLVs that the TA knows */
    size_t tlv_count;
    bool any_tlv;                /* it loads with others, too, and ignores them */
    uint32_t bootaddr_alignment; /* bytes; 0: there is no BOOTADDR */
};

/* Where a board's facts are. */
struct rprocfw_board_source {
    const char *name;      /* of a shipped profile; or, with a '/' or a '.' in it, the path of a
                              file: YAML, or the device tree blob of OP-TEE */
    const char *node;      /* path of the remote processor's node in the blobs; NULL: it is found by
                              its compatible. In Linux's blob it may be elsewhere */
    const char *linux_dtb; /* path of Linux's device tree blob; NULL: what the profile says */
};

/*
 * *out is to be freed with rprocfw_board_free; NULL on failure. RPROCFW_ERR_BOARD: a file says
 * something that it may not, in YAML with line and column; _USAGE: no such profile, or a node
 * without a device tree blob; _FILE, _MEMORY.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_board_load(struct rprocfw_board **out, const struct rprocfw_board_source *source,
                   struct rprocfw_error *error);

RPROCFW_API void rprocfw_board_free(struct rprocfw_board *board); /* may be NULL */

/* Names of the shipped profiles, by number from 0 on; NULL: no such number. */
RPROCFW_API const char *rprocfw_board_name(size_t number);

/* Where bytes for a device address would lie. */
enum rprocfw_board_place {
    RPROCFW_PLACE_INSIDE,
    RPROCFW_PLACE_NO_RANGE, /* not within one range, or of no size */
    RPROCFW_PLACE_NO_REGION /* within one range, but not within one region */
};

/*
 * Looks size bytes at da up as the board's TA does, in the order of ranges and regions; neighbours
 * are not merged. OP-TEE's gives each region the device address that the first range over all of it
 * says, and no other; ST's takes the first range over all of the bytes.
 *
 * INSIDE: *region is the number of the region, *pa the physical address. Both may be NULL, and are
 * left alone otherwise.
 */
RPROCFW_API enum rprocfw_board_place rprocfw_board_find(const struct rprocfw_board *board,
                                                        uint32_t da, uint32_t size, size_t *region,
                                                        uint64_t *pa);

#endif
