/* SPDX-License-Identifier: BSD-2-Clause */
/* The one mapping from a report to a tree of values, written as JSON, YAML or lines. */
#ifndef RPROCFW_TOOLS_REPORT_JSON_H
#define RPROCFW_TOOLS_REPORT_JSON_H

#include <jansson.h>

#include <rprocfw/report.h>

/* {"schema": 1, "files": []}; NULL: no memory. */
json_t *document_new(void);

/* Append what rproc-verify says of a file. False: no memory. */
bool document_add_verdict(json_t *document, const struct rprocfw_report *report);

/* Append everything in a file, the verdict's members among it. False: no memory. */
bool document_add_dump(json_t *document, const struct rprocfw_report *report);

/* The TLVs of a container. NULL: no memory. */
json_t *report_json_tlvs(const struct rprocfw_report *report);

/* Add all ranges of the file that was appended last. False: no memory. */
bool document_add_coverage(json_t *document, const struct rprocfw_report *report);

/* Add what the manifest's container name says of the file that was appended last; difference:
 * empty, it is the same. False: no memory. */
bool document_add_manifest(json_t *document, const char *name, const char *difference);

/* Append a file that could not be judged. False: no memory. */
bool document_add_error(json_t *document, const char *path, const struct rprocfw_error *error);

/* Write the document to standard output as YAML. False: no memory. */
bool document_print_yaml(const json_t *document);

/* The same with addresses and sizes in hexadecimal, for people to edit. */
bool document_print_profile(const json_t *profile);

#endif
