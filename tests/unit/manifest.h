/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading manifests, with an environment that is the same everywhere. */
#ifndef RPROCFW_UNIT_MANIFEST_H
#define RPROCFW_UNIT_MANIFEST_H

#include "../../src/host/manifest/manifest.h"

/* Has BUILD, EMPTY and others: manifest.c. LONG has 3900 bytes. */
extern const struct rprocfw_manifest_env manifest_env;

enum rprocfw_status read_manifest(struct rprocfw_manifest **manifest, const char *path,
                                  const char *text, struct rprocfw_error *error);

/* One that is good. */
struct rprocfw_manifest *take_manifest(const char *path, const char *text);

/* What a container needs beside a key. */
#define MANIFEST_SHORT "inputs: [a], output: b"

#endif
