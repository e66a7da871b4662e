/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Device tree blobs: opened, their properties, and the node of the remote processor. A blob is
 * anybody's bytes: it is checked as a whole first, and each property's length where it is read.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "blob.h"

#define VERSION 17u /* of blobs, since 2007 */

/* Nodes that are a remote processor, and whose facts are those of its board but for the memory. */
static const struct rprocfw_kind kinds[] = {
    {"st,stm32mp1-m4-tee", "stm32mp15-optee"},
    {"st,stm32mp1-m4", "stm32mp15-optee"},
    {"st,stm32mp2-m33-tee", "stm32mp257f-ev1"},
    {"st,stm32mp2-m33", "stm32mp257f-ev1"},
};

/* ---- What is wrong ---- */

void rprocfw_blob_print_node(const struct rprocfw_blob *blob, int node, char *to, size_t room)
{
    if (fdt_get_path(blob->fdt, node, to, (int)room) != 0)
        rprocfw_print(to, room, "%s", fdt_get_name(blob->fdt, node, NULL));
}

enum rprocfw_status rprocfw_blob_complain(const struct rprocfw_blob *blob, int node,
                                          const char *format, ...)
{
    char place[300];
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    rprocfw_blob_print_node(blob, node, place, sizeof(place));
    (void)rprocfw_error_set(blob->error, RPROCFW_ERR_BOARD, "%s: %s: %s", blob->path, place, text);
    return RPROCFW_ERR_BOARD;
}

/* ---- Properties ---- */

enum rprocfw_status rprocfw_blob_cells(const struct rprocfw_blob *blob, int node, const char *name,
                                       const fdt32_t **cells, size_t *count)
{
    int length;

    *cells = fdt_getprop(blob->fdt, node, name, &length);
    *count = 0;
    if (*cells == NULL)
        return RPROCFW_OK;
    if (length % (int)sizeof(**cells) != 0)
        return rprocfw_blob_complain(blob, node, "%s has %d bytes, expected cells of 4 bytes", name,
                                     length);
    *count = (size_t)length / sizeof(**cells);
    return RPROCFW_OK;
}

uint64_t rprocfw_blob_number(const fdt32_t *cells, size_t count)
{
    uint64_t number = 0;

    for (size_t i = 0; i < count; i++)
        number = number << 32 | fdt32_ld(&cells[i]);
    return number;
}

enum rprocfw_status rprocfw_blob_widths(const struct rprocfw_blob *blob, int node, size_t *address,
                                        size_t *size)
{
    const int address_cells = fdt_address_cells(blob->fdt, node);
    const int size_cells = fdt_size_cells(blob->fdt, node);

    *address = 0;
    *size = 0;
    if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
        return rprocfw_blob_complain(blob, node, "#address-cells or #size-cells is not 1 or 2");
    *address = (size_t)address_cells;
    *size = (size_t)size_cells;
    return RPROCFW_OK;
}

bool rprocfw_blob_enabled(const struct rprocfw_blob *blob, int node, bool of_optee)
{
    int length;
    const char *status =
        of_optee ? fdt_stringlist_get(blob->fdt, node, "secure-status", 0, &length) : NULL;

    if (status == NULL)
        status = fdt_stringlist_get(blob->fdt, node, "status", 0, &length);
    if (status == NULL)
        return length == -FDT_ERR_NOTFOUND;
    return strcmp(status, "okay") == 0 || strcmp(status, "ok") == 0;
}

/* ---- The node ---- */

static const struct rprocfw_kind *kind_named(const char *compatible)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(compatible, kinds[i].compatible) == 0)
            return &kinds[i];
    return NULL;
}

const struct rprocfw_kind *rprocfw_blob_kind(const struct rprocfw_blob *blob, int node)
{
    const struct rprocfw_kind *kind = NULL;
    int left;
    const char *name = fdt_getprop(blob->fdt, node, "compatible", &left);

    while (kind == NULL && name != NULL && left > 0 && memchr(name, '\0', (size_t)left) != NULL) {
        const int size = (int)strlen(name) + 1;

        kind = kind_named(name);
        name += size;
        left -= size;
    }
    return kind;
}

/* The nodes of a kind that is known, enabled or not. */
#define NAMES 8u

struct nodes {
    int node; /* the first */
    size_t count;
    char names[600]; /* paths of the first NAMES, with ", " between them */
};

static void add_node(const struct rprocfw_blob *blob, struct nodes *nodes, int node)
{
    const size_t length = strlen(nodes->names);
    char place[200];

    if (nodes->count++ == 0)
        nodes->node = node;
    if (nodes->count > NAMES)
        return; /* each takes a look at all of the tree */
    rprocfw_blob_print_node(blob, node, place, sizeof(place));
    (void)snprintf(nodes->names + length, sizeof(nodes->names) - length, "%s%s",
                   length > 0 ? ", " : "", place);
}

static void list_nodes(const struct rprocfw_blob *blob, bool of_optee, struct nodes *enabled,
                       struct nodes *disabled)
{
    *enabled = (struct nodes){0};
    *disabled = (struct nodes){0};
    for (int node = fdt_next_node(blob->fdt, -1, NULL); node >= 0;
         node = fdt_next_node(blob->fdt, node, NULL))
        if (rprocfw_blob_kind(blob, node) != NULL)
            add_node(blob, rprocfw_blob_enabled(blob, node, of_optee) ? enabled : disabled, node);
}

/* There is not one node that it can be. */
static enum rprocfw_status not_found(const struct rprocfw_blob *blob, const struct nodes *enabled,
                                     const struct nodes *disabled)
{
    char known[200] = "";

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const size_t length = strlen(known);

        (void)snprintf(known + length, sizeof(known) - length, "%s%s", i > 0 ? ", " : "",
                       kinds[i].compatible);
    }
    if (enabled->count > 1)
        return rprocfw_error_set(
            blob->error, RPROCFW_ERR_BOARD,
            "%s: more than one remote processor: %s; name one of the nodes with --rproc-node",
            blob->path, enabled->names);
    if (disabled->count > 0)
        return rprocfw_error_set(blob->error, RPROCFW_ERR_BOARD,
                                 "%s: disabled, its status is not \"okay\": %s; give the blob of a "
                                 "board that uses the remote processor",
                                 blob->path, disabled->names);
    return rprocfw_error_set(
        blob->error, RPROCFW_ERR_BOARD,
        "%s: no node is compatible with one of %s; name the node of the remote "
        "processor with --rproc-node",
        blob->path, known);
}

enum rprocfw_status rprocfw_blob_find(const struct rprocfw_blob *blob, bool of_optee, int *node)
{
    struct nodes enabled;
    struct nodes disabled;

    list_nodes(blob, of_optee, &enabled, &disabled);
    *node = enabled.node;
    return enabled.count == 1 ? RPROCFW_OK : not_found(blob, &enabled, &disabled);
}

enum rprocfw_status rprocfw_blob_find_named(const struct rprocfw_blob *blob, const char *name,
                                            int *node)
{
    struct nodes enabled;
    struct nodes disabled;

    *node = fdt_path_offset(blob->fdt, name);
    if (*node >= 0 && rprocfw_blob_enabled(blob, *node, true))
        return RPROCFW_OK;
    if (*node >= 0)
        return rprocfw_blob_complain(blob, *node,
                                     "disabled, its status is not \"okay\"; give the blob of a "
                                     "board that uses the remote processor");
    list_nodes(blob, true, &enabled, &disabled);
    return rprocfw_error_set(blob->error, RPROCFW_ERR_BOARD, "%s: no node %s%s%s", blob->path, name,
                             enabled.count > 0 ? "; there is " : "", enabled.names);
}

/* ---- The blob ---- */

/* What libfdt says of all of a blob; 0: it holds together. */
static int check_blob(const uint8_t *bytes, size_t size)
{
    if (size < sizeof(struct fdt_header))
        return -FDT_ERR_TRUNCATED;
    /* the versions before name nodes in another way, at which libfdt 1.6.1 crashes */
    if (fdt_magic(bytes) == FDT_MAGIC && fdt_version(bytes) < VERSION)
        return -FDT_ERR_BADVERSION;
    return fdt_check_full(bytes, size);
}

enum rprocfw_status rprocfw_blob_open(struct rprocfw_blob *blob, const char *path,
                                      const uint8_t *bytes, size_t size,
                                      struct rprocfw_error *error)
{
    const int found = check_blob(bytes, size);

    *blob = (struct rprocfw_blob){.fdt = bytes, .path = path, .error = error};
    if (found != 0)
        return rprocfw_error_set(error, RPROCFW_ERR_BOARD,
                                 "%s: no device tree blob, or a damaged one (%s); give one that "
                                 "dtc has made",
                                 path, fdt_strerror(found));
    return RPROCFW_OK;
}
