/* SPDX-License-Identifier: BSD-2-Clause */
/* Names for the numbers of a report, the same in text and in JSON. */
#ifndef RPROCFW_TOOLS_WORDS_H
#define RPROCFW_TOOLS_WORDS_H

#include <rprocfw/report.h>

/* Each returns NULL for a number that has no name. */
const char *segment_type_name(uint32_t p_type); /* "LOAD", "NOTE" ... */
const char *machine_name(uint16_t e_machine);   /* "ARM" ... */
const char *image_type_name(uint8_t imgtype);   /* "elf", "encrypted-elf" */
const char *algorithm_name(uint8_t signtype);   /* "RSASSA-PKCS1-v1_5-SHA256" ... */
const char *verdict_name(enum rprocfw_verdict verdict);
const char *finding_level(enum rprocfw_finding_level level); /* "note", "warning", "error" */

/* Bits of the key that made the signature, from the key or else from the signature's size; 0 if
 * nothing tells. */
unsigned signature_bits(const struct rprocfw_report *report);

/* "RWE" with - for what is not set. */
void segment_flags(uint32_t p_flags, char text[4]);

#endif
