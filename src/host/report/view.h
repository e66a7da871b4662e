/* SPDX-License-Identifier: BSD-2-Clause */
/* A container that can be read, wherever it is: in a file, or where the signer has it. */
#ifndef RPROCFW_HOST_VIEW_H
#define RPROCFW_HOST_VIEW_H

#include <rprocfw/report.h>
#include <rprocfw/verify.h>

struct rprocfw_view {
    /* size bytes at offset, within the view's size. */
    enum rprocfw_status (*read)(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                struct rprocfw_error *error);
    void *ctx;
    uint32_t size; /* bytes */
};

/* ---- report_list.c ---- */

/*
 * Fills header, layout, metadata, signature, tlvs, entries, images and signtype of a report, in
 * which they are empty. RPROCFW_ERR_MEMORY, and what the view answers.
 */
enum rprocfw_status rprocfw_report_list(struct rprocfw_report *report,
                                        const struct rprocfw_view *view,
                                        struct rprocfw_error *error);

/* Core found an image good. */
void rprocfw_report_note(struct rprocfw_report *report, const struct rprocfw_image *image);

/* The first TLV of a type; NULL: there is none. */
const struct rprocfw_report_tlv *rprocfw_report_tlv(const struct rprocfw_report *report,
                                                    uint32_t type);

/* ---- sections.c ---- */

#define RPROCFW_SECTION_NAME 32u
#define RPROCFW_SHT_NOBITS   8u /* sh_type of what has no bytes in the file */

struct rprocfw_section {
    struct rprocfw_shdr shdr;
    char name[RPROCFW_SECTION_NAME]; /* cut if it is longer; empty if it is outside its table */
};

/* A walk over the section headers of an image that core found good; the members are private. */
struct rprocfw_sections {
    const struct rprocfw_view *view;
    const struct rprocfw_report_image *image;
    struct rprocfw_shdr names; /* the section name table */
    uint32_t next;
};

/* view and image must outlive the walk. */
enum rprocfw_status rprocfw_sections_begin(struct rprocfw_sections *sections,
                                           const struct rprocfw_view *view,
                                           const struct rprocfw_report_image *image,
                                           struct rprocfw_error *error);
bool rprocfw_sections_left(const struct rprocfw_sections *sections);
enum rprocfw_status rprocfw_sections_next(struct rprocfw_sections *sections,
                                          struct rprocfw_section *section,
                                          struct rprocfw_error *error);

/* ---- coverage.c ---- */

/* Fills report->ranges and report->unsigned_ranges, from all that is in report before; images that
 * are not judged are ranges as they are. */
enum rprocfw_status rprocfw_coverage(struct rprocfw_report *report, const struct rprocfw_view *view,
                                     struct rprocfw_error *error);

#endif
