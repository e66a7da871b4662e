/* SPDX-License-Identifier: BSD-2-Clause */
/* Findings in SARIF 2.1.0, the Static Analysis Results Interchange Format of OASIS. */
#ifndef RPROCFW_TOOLS_SARIF_H
#define RPROCFW_TOOLS_SARIF_H

#include <jansson.h>

#include <rprocfw/device.h>

/* A log of one run of a tool. NULL: no memory. */
json_t *sarif_new(const char *tool);

/* Append a finding of a file. id: of rprocfw-checks(7), or what is none of them. False: no memory.
 */
bool sarif_add(json_t *log, const char *path, enum rprocfw_finding_level level, const char *id,
               const char *text);

#endif
