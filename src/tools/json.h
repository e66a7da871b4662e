/* SPDX-License-Identifier: BSD-2-Clause */
/* What all that tools say in JSON is made of. A value is NULL when there is no memory for it. */
#ifndef RPROCFW_TOOLS_JSON_H
#define RPROCFW_TOOLS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "options.h"

/* Text with names from the file system in it, which may be no UTF-8; null for NULL. */
json_t *json_path(const char *path);

/* UTF-8; null for NULL. */
json_t *json_text(const char *text);

/* Lower-case hex digits; null for NULL. */
json_t *json_hex(const uint8_t *bytes, size_t size);
json_t *json_u32(uint32_t number);

/* Write it to standard output as JSON, YAML or lines. False: no memory. */
bool print_document(const json_t *document, enum format format);

/* Name and version of the library that writes JSON. */
void print_json_libraries(void);

#endif
