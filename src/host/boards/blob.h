/* SPDX-License-Identifier: BSD-2-Clause */
/* Device tree blobs. Not installed. */
#ifndef RPROCFW_HOST_BLOB_H
#define RPROCFW_HOST_BLOB_H

#include <libfdt.h>

#include "../host.h"

struct rprocfw_blob {
    const void *fdt;
    const char *path; /* of its file */
    struct rprocfw_error *error;
};

/* bytes are aligned as malloc does, and live as long as the blob. RPROCFW_ERR_BOARD. */
enum rprocfw_status rprocfw_blob_open(struct rprocfw_blob *blob, const char *path,
                                      const uint8_t *bytes, size_t size,
                                      struct rprocfw_error *error);

/* The path of a node, or if that is too long its name. */
void rprocfw_blob_print_node(const struct rprocfw_blob *blob, int node, char *to, size_t room);

/* "PATH: NODE: TEXT"; returns RPROCFW_ERR_BOARD. */
enum rprocfw_status rprocfw_blob_complain(const struct rprocfw_blob *blob, int node,
                                          const char *format, ...) RPROCFW_PRINTF(3, 4);

/* The cells of a property. None: it is empty, or not there. */
enum rprocfw_status rprocfw_blob_cells(const struct rprocfw_blob *blob, int node, const char *name,
                                       const fdt32_t **cells, size_t *count);

/* Of one or two cells. */
uint64_t rprocfw_blob_number(const fdt32_t *cells, size_t count);

/* How many cells an address, a size has below a node: 1 or 2. */
enum rprocfw_status rprocfw_blob_widths(const struct rprocfw_blob *blob, int node, size_t *address,
                                        size_t *size);

/* "okay", or not there? OP-TEE looks at another property first. */
bool rprocfw_blob_enabled(const struct rprocfw_blob *blob, int node, bool of_optee);

/* A node that is a remote processor: all but its memory is what a shipped board says. */
struct rprocfw_kind {
    const char *compatible;
    const char *board;
};

/* By the first of its compatibles that is known; NULL: none is. */
const struct rprocfw_kind *rprocfw_blob_kind(const struct rprocfw_blob *blob, int node);

/* The one node of a remote processor that is enabled. */
enum rprocfw_status rprocfw_blob_find(const struct rprocfw_blob *blob, bool of_optee, int *node);

/* The one of OP-TEE's that is asked for by its path. */
enum rprocfw_status rprocfw_blob_find_named(const struct rprocfw_blob *blob, const char *name,
                                            int *node);

#endif
