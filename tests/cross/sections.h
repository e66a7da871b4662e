/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the program, each a section of its output. */
#ifndef RPROCFW_CROSS_SECTIONS_H
#define RPROCFW_CROSS_SECTIONS_H

#include "board.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void section_sha256(void);    /* the tests' own SHA-256 against known answers */
void section_decode(void);    /* headers and words, decoded and encoded, at any address */
void section_tlv(void);       /* the TLV iterator over cuts of an area */
void section_device(void);    /* every row of device.tsv, verified and loaded */
void section_expected(void);  /* what the scripts wrote, verified and loaded */
void section_mutations(void); /* every byte of metadata and ELF headers changed */
void section_overlap(void);   /* segments at random, against a model that compares each with each */
void section_work(void);      /* work buffers of every alignment, and one byte too small */

/* The container judged where it lies, with a work buffer of any alignment. */
enum rprocfw_status verify(struct board *b, struct rprocfw_verifier *v, unsigned options);

/*
 * The life of a remote processor with this container: loaded, started, stopped, released, each in
 * each state. other is a container with other metadata.
 */
struct life {
    enum rprocfw_status status; /* of load */
    char outcome[256];          /* the same in words, with its place */
    uint32_t rsc_da;            /* both 0 without a table */
    uint32_t rsc_size;
};
void live(struct board *b, struct bytes container, struct bytes other, struct life *life);

#endif
