/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TA does not look at, but what keeps a firmware from starting or working. A finder looks at
 * one subject of a container that core found good, and says what it found.
 */
#ifndef RPROCFW_HOST_FINDINGS_H
#define RPROCFW_HOST_FINDINGS_H

#include <rprocfw/verify.h>

#include "../report/view.h"

/* ---- findings.c ---- */

/* Bytes of segments as a board has them loaded. */
struct rprocfw_loaded {
    /* size bytes, at most RPROCFW_LOADED_PIECE, at offset of the file bytes of a segment. */
    enum rprocfw_status (*read)(void *ctx, const struct rprocfw_segment *segment, uint32_t offset,
                                void *dst, uint32_t size, struct rprocfw_error *error);
    void *ctx;
};

#define RPROCFW_LOADED_PIECE 32u

struct rprocfw_finding_job {
    const struct rprocfw_report *report; /* lists the parts; every image was judged good */
    const struct rprocfw_view *view;
    const struct rprocfw_loaded *loaded; /* of encrypted images; NULL: they cannot be decrypted */
    const struct rprocfw_board *board;   /* NULL: only what needs no memory map */
};

/* RPROCFW_ERR_MEMORY, _CRYPTO, and what view and loaded answer: findings is empty. */
enum rprocfw_status rprocfw_findings_build(struct rprocfw_findings *findings,
                                           const struct rprocfw_finding_job *job,
                                           struct rprocfw_error *error);

/* The overlaps alone: of a container in the layout of 2020 against which nothing else is known. */
enum rprocfw_status rprocfw_findings_of_2020(struct rprocfw_findings *findings,
                                             const struct rprocfw_view *view,
                                             const struct rprocfw_board *board,
                                             struct rprocfw_error *error);

void rprocfw_findings_free(struct rprocfw_findings *findings);

/* In the order of rprocfw-checks(7). */
enum rprocfw_finding_kind {
    RPROCFW_FOUND_SEGMENT_OVERLAP,
    RPROCFW_FOUND_ZERO_FILL_OVERLAP,
    RPROCFW_FOUND_NONSECURE_IN_SECURE,
    RPROCFW_FOUND_SECURE_IN_NONSECURE,
    RPROCFW_FOUND_IMAGE_ORDER,
    RPROCFW_FOUND_VECTORS_NOT_LOADED,
    RPROCFW_FOUND_VECTORS_NOT_AT_START,
    RPROCFW_FOUND_BOOTADDR_ZERO,
    RPROCFW_FOUND_BOOTADDR_UNALIGNED,
    RPROCFW_FOUND_BOOTADDR_OUTSIDE,
    RPROCFW_FOUND_BOOTADDR_NOT_EXECUTABLE,
    RPROCFW_FOUND_BOOTADDR_NOT_VECTORS,
    RPROCFW_FOUND_STACK_OUTSIDE,
    RPROCFW_FOUND_RESET_OUTSIDE,
    RPROCFW_FOUND_RESET_NOT_THUMB,
    RPROCFW_FOUND_RSC_TABLE_UNSEEN,
    RPROCFW_FOUND_RSC_TABLE_LARGE,
    RPROCFW_FOUND_RSC_MALFORMED,
    RPROCFW_FOUND_RSC_DEVMEM,
    RPROCFW_FOUND_RSC_UNALIGNED,
    RPROCFW_FOUND_RSC_UNKNOWN,
    RPROCFW_FOUND_RSC_OUTSIDE,
    RPROCFW_FOUND_PLATFORM_TLV_MISSING,
    RPROCFW_FOUND_PLATFORM_TLV_UNKNOWN,
    RPROCFW_FOUND_PLATFORM_TLV_LENGTH,
    RPROCFW_FOUND_PLATFORM_TLV_TEXT,
    RPROCFW_FOUND_BOOTSEC_ZERO,
    RPROCFW_FOUND_PKEYINFO_MISSING,
    RPROCFW_FOUND_PKEYINFO_SIZE,
    RPROCFW_FOUND_PKEYINFO_OTHER_KEY,
    RPROCFW_FOUND_SIGNTYPE_UNSUPPORTED,
    RPROCFW_FOUND_PUBLISHED_KEY,
    RPROCFW_FOUND_TABLE_TOO_LARGE,
    RPROCFW_FOUND_DEBUG_INFORMATION,
    RPROCFW_FOUND_KINDS
};

/* What of an image only its section headers tell, which nobody signed. */
struct rprocfw_named {
    bool has_vectors;        /* there is a section .isr_vectors or .isr_vector */
    uint32_t vectors;        /* its address */
    uint32_t vectors_offset; /* its place in the image */
    bool has_rsc_table;
    uint32_t rsc_offset; /* of the resource table in the image */
    uint32_t debug_size; /* bytes of debug information and symbols */
};

struct rprocfw_finder {
    const struct rprocfw_report *report;
    const struct rprocfw_view *view;
    const struct rprocfw_loaded *loaded;
    const struct rprocfw_board *board;
    struct rprocfw_segment *segment; /* the PT_LOADs, in the order in which they are loaded */
    size_t segment_count;
    struct rprocfw_named *named; /* one an image */
    struct rprocfw_findings *findings;
    size_t room;                       /* of findings */
    size_t count[RPROCFW_FOUND_KINDS]; /* so many there are, told or not */
    enum rprocfw_status status;        /* errors stick: to be asked for once, at the end */
    struct rprocfw_error *error;
};

/*
 * Says what was found: what it is, what is expected; what to do. image and segment may be
 * RPROCFW_NOWHERE; otherwise the text begins with them. Of a kind it is said only so often, then
 * how often more.
 */
void rprocfw_say_found(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                       uint32_t image, uint32_t segment, const char *format, ...)
    RPROCFW_PRINTF(5, 6);

/* The same at the lower level that the kind has without a board: it need not be so. */
void rprocfw_say_suspected(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                           uint32_t image, uint32_t segment, const char *format, ...)
    RPROCFW_PRINTF(5, 6);

/* ---- findings_parts.c ---- */

/* Fills segment and named, which are to be freed in any case. */
enum rprocfw_status rprocfw_finder_list(struct rprocfw_finder *finder);

/* Fills segment alone, from a container in the layout of 2020. */
enum rprocfw_status rprocfw_finder_list_2020(struct rprocfw_finder *finder);

/* Is [from, from + size) within [start, start + room)? Nothing of what is empty is. */
static inline bool rprocfw_within(uint32_t from, uint32_t size, uint32_t start, uint32_t room)
{
    return size > 0 && from >= start && from - start < room && size <= room - (from - start);
}

/*
 * The segment whose file bytes lie at an address, all size of them, and *offset, where in it they
 * begin. Where they are loaded counts before where they are linked to. NULL: there is none.
 */
const struct rprocfw_segment *rprocfw_segment_at(const struct rprocfw_finder *finder,
                                                 uint32_t address, uint32_t size, uint32_t *offset);

/*
 * The segment that has size bytes at offset of an image, a section's, at the same distance from its
 * own address; *within, where in the segment they begin. NULL: there is none.
 */
const struct rprocfw_segment *rprocfw_segment_of(const struct rprocfw_finder *finder,
                                                 uint32_t image, uint32_t offset, uint32_t address,
                                                 uint32_t size, uint32_t *within);

/* size bytes at offset of the file bytes of a segment; false: they cannot be had, or had not. */
bool rprocfw_loaded_read(struct rprocfw_finder *finder, const struct rprocfw_segment *segment,
                         uint32_t offset, uint8_t *dst, uint32_t size);

/* Can the remote processor reach size bytes at a device address, all in one of the regions? */
bool rprocfw_reaches(const struct rprocfw_board *board, const struct rprocfw_board_region *region,
                     size_t count, uint32_t da, uint64_t size);

/* The value of a platform TLV that is a word. False: there is none. */
bool rprocfw_tlv_word(const struct rprocfw_report *report, uint32_t type, uint32_t *value);

/* The board is known to look at BOOTADDR, or it is not known. */
bool rprocfw_has_bootaddr(const struct rprocfw_finder *finder);

/* The board reads the layout of 2020 only: its core may be no Cortex-M, its heap is not known. */
static inline bool rprocfw_of_old_layout(const struct rprocfw_finder *finder)
{
    return finder->board != NULL && finder->board->old_layout;
}

/* ---- The finders, findings_*.c ---- */

void rprocfw_find_overlaps(struct rprocfw_finder *finder);
void rprocfw_find_worlds(struct rprocfw_finder *finder);
void rprocfw_find_boot(struct rprocfw_finder *finder);
void rprocfw_find_resources(struct rprocfw_finder *finder);
void rprocfw_find_metadata(struct rprocfw_finder *finder);

/* ---- preflight_find.c ---- */

struct rprocfw_preflight_job;

/* A new container that boards would load. */
struct rprocfw_preflight_found {
    const struct rprocfw_preflight_job *job;
    const struct rprocfw_key *key;       /* that signs it */
    const struct rprocfw_image *image;   /* all of them, as core told them */
    const struct rprocfw_loaded *loaded; /* NULL: what is encrypted cannot be read */
};

/* Warns; RPROCFW_ERR_INPUT: it would not run on the board. And what view and loaded answer. */
enum rprocfw_status rprocfw_preflight_find(const struct rprocfw_preflight_found *found,
                                           struct rprocfw_error *error);

/* ---- rsc_table.c ---- */

enum rprocfw_rsc_wrong {
    RPROCFW_RSC_MALFORMED, /* Linux refuses the table */
    RPROCFW_RSC_DEVMEM,    /* Linux does, unless there is an IOMMU */
    RPROCFW_RSC_UNALIGNED,
    RPROCFW_RSC_UNKNOWN /* Linux ignores the entry */
};

/* Memory that an entry is about. */
struct rprocfw_rsc_area {
    char what[64]; /* "trace buffer trace0", "vring 1" ..., printable */
    uint32_t da;
    uint64_t size; /* bytes, at least 1 */
};

/* Who is told what stands in a resource table. number: of the entry, from 0. */
struct rprocfw_rsc_visitor {
    void (*wrong)(void *ctx, uint32_t number, enum rprocfw_rsc_wrong wrong, const char *text);
    void (*area)(void *ctx, uint32_t number, const struct rprocfw_rsc_area *area);
    void *ctx;
};

/*
 * Walks the entries of a resource table of size bytes, at least RPROCFW_RSC_HEADER_SIZE, any of
 * which may say anything. Areas whose address Linux is to choose are not told.
 */
void rprocfw_rsc_walk(const uint8_t *table, uint32_t size,
                      const struct rprocfw_rsc_visitor *visitor);

#endif
