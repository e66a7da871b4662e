/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boards from device tree blobs: of OP-TEE, what memory the remote processor has; of Linux, what it
 * sees of it. A blob is anybody's bytes: it is checked as a whole first, and each property's length
 * where it is read.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "board.h"

#define VERSION 17u /* of blobs, since 2007 */

struct blob {
    const void *fdt;
    const char *path; /* of its file */
    struct rprocfw_error *error;
};

/* Nodes that are a remote processor, and whose facts are those of its board but for the memory. */
static const struct kind {
    const char *compatible;
    const char *board;
} kinds[] = {
    {"st,stm32mp1-m4-tee", "stm32mp15-optee"},
    {"st,stm32mp1-m4", "stm32mp15-optee"},
    {"st,stm32mp2-m33-tee", "stm32mp257f-ev1"},
    {"st,stm32mp2-m33", "stm32mp257f-ev1"},
};

/* ---- What is wrong ---- */

/* The path of a node, or if that is too long its name. */
static void print_node(const struct blob *blob, int node, char *to, size_t room)
{
    if (fdt_get_path(blob->fdt, node, to, (int)room) != 0)
        rprocfw_print(to, room, "%s", fdt_get_name(blob->fdt, node, NULL));
}

static enum rprocfw_status complain(const struct blob *blob, int node, const char *format, ...)
    RPROCFW_PRINTF(3, 4);

static enum rprocfw_status complain(const struct blob *blob, int node, const char *format, ...)
{
    char place[300];
    char text[400];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    print_node(blob, node, place, sizeof(place));
    (void)rprocfw_error_set(blob->error, RPROCFW_ERR_BOARD, "%s: %s: %s", blob->path, place, text);
    return RPROCFW_ERR_BOARD;
}

/* ---- Properties ---- */

/* The cells of a property. None: it is empty, or not there. */
static enum rprocfw_status get_cells(const struct blob *blob, int node, const char *name,
                                     const fdt32_t **cells, size_t *count)
{
    int length;

    *cells = fdt_getprop(blob->fdt, node, name, &length);
    *count = 0;
    if (*cells == NULL)
        return RPROCFW_OK;
    if (length % (int)sizeof(**cells) != 0)
        return complain(blob, node, "%s has %d bytes, expected cells of 4 bytes", name, length);
    *count = (size_t)length / sizeof(**cells);
    return RPROCFW_OK;
}

/* Of one or two cells. */
static uint64_t number_of(const fdt32_t *cells, size_t count)
{
    uint64_t number = 0;

    for (size_t i = 0; i < count; i++)
        number = number << 32 | fdt32_ld(&cells[i]);
    return number;
}

/* How many cells an address, a size has below a node. */
static enum rprocfw_status get_widths(const struct blob *blob, int node, size_t *address,
                                      size_t *size)
{
    const int address_cells = fdt_address_cells(blob->fdt, node);
    const int size_cells = fdt_size_cells(blob->fdt, node);

    *address = 0;
    *size = 0;
    if (address_cells < 1 || address_cells > 2 || size_cells < 1 || size_cells > 2)
        return complain(blob, node, "#address-cells or #size-cells is not 1 or 2");
    *address = (size_t)address_cells;
    *size = (size_t)size_cells;
    return RPROCFW_OK;
}

/* "okay", or not there? OP-TEE looks at another property first. */
static bool is_enabled(const struct blob *blob, int node, bool of_optee)
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

/* By the first of its compatibles that is known; NULL: none is. */
static const struct kind *kind_of(const struct blob *blob, int node)
{
    const char *compatible;

    for (int i = 0;
         (compatible = fdt_stringlist_get(blob->fdt, node, "compatible", i, NULL)) != NULL; i++)
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
            if (strcmp(compatible, kinds[k].compatible) == 0)
                return &kinds[k];
    return NULL;
}

/* The nodes of a kind that is known, enabled or not. */
struct nodes {
    int node; /* the first */
    size_t count;
    char names[400]; /* paths, with ", " between them */
};

static void add_node(const struct blob *blob, struct nodes *nodes, int node)
{
    const size_t length = strlen(nodes->names);
    char place[200];

    if (nodes->count++ == 0)
        nodes->node = node;
    print_node(blob, node, place, sizeof(place));
    (void)snprintf(nodes->names + length, sizeof(nodes->names) - length, "%s%s",
                   length > 0 ? ", " : "", place);
}

static void list_nodes(const struct blob *blob, bool of_optee, struct nodes *enabled,
                       struct nodes *disabled)
{
    *enabled = (struct nodes){0};
    *disabled = (struct nodes){0};
    for (int node = fdt_next_node(blob->fdt, -1, NULL); node >= 0;
         node = fdt_next_node(blob->fdt, node, NULL))
        if (kind_of(blob, node) != NULL)
            add_node(blob, is_enabled(blob, node, of_optee) ? enabled : disabled, node);
}

/* There is not one node that it can be. */
static enum rprocfw_status not_found(const struct blob *blob, const struct nodes *enabled,
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

static enum rprocfw_status find_node(const struct blob *blob, bool of_optee, int *node)
{
    struct nodes enabled;
    struct nodes disabled;

    list_nodes(blob, of_optee, &enabled, &disabled);
    *node = enabled.node;
    return enabled.count == 1 ? RPROCFW_OK : not_found(blob, &enabled, &disabled);
}

/* The one that is asked for by its path. */
static enum rprocfw_status find_named(const struct blob *blob, const char *name, int *node)
{
    struct nodes enabled;
    struct nodes disabled;

    *node = fdt_path_offset(blob->fdt, name);
    if (*node >= 0 && is_enabled(blob, *node, true))
        return RPROCFW_OK;
    if (*node >= 0)
        return complain(blob, *node,
                        "disabled, its status is not \"okay\"; give the blob of a "
                        "board that uses the remote processor");
    list_nodes(blob, true, &enabled, &disabled);
    return rprocfw_error_set(blob->error, RPROCFW_ERR_BOARD, "%s: no node %s%s%s", blob->path, name,
                             enabled.count > 0 ? "; there is " : "", enabled.names);
}

/* ---- Memory ---- */

/* The name before the '@', or all of it if another region has that. */
static char *region_name(const struct blob *blob, int node, const struct rprocfw_board_region *list,
                         size_t count)
{
    const char *name = fdt_get_name(blob->fdt, node, NULL);
    const size_t length = strcspn(name, "@");

    for (size_t i = 0; i < count; i++)
        if (list[i].name != NULL && strncmp(list[i].name, name, length) == 0 &&
            list[i].name[length] == '\0')
            return strdup(name);
    return strndup(name, length);
}

/* The first entry of the node's reg: OP-TEE looks at no other. */
static enum rprocfw_status read_reg(const struct blob *blob, int node,
                                    struct rprocfw_board_region *region)
{
    const int parent = fdt_parent_offset(blob->fdt, node);
    const fdt32_t *cells;
    size_t address;
    size_t size;
    size_t count;
    enum rprocfw_status status = get_cells(blob, node, "reg", &cells, &count);

    if (status != RPROCFW_OK)
        return status;
    if (parent < 0)
        return complain(blob, node, "no memory region");
    status = get_widths(blob, parent, &address, &size);
    if (status != RPROCFW_OK)
        return status;
    if (count < address + size)
        return complain(blob, node, "reg has %zu cells, expected %zu for the address and the size",
                        count, address + size);
    region->pa = number_of(cells, address);
    region->size = number_of(cells + address, size);
    if (!rprocfw_board_region_fits(region))
        return complain(blob, node, "reg has no bytes, or more than there are addresses");
    return RPROCFW_OK;
}

/* A region of the board, or with seen one that Linux sees. */
static enum rprocfw_status add_region(const struct blob *blob, int node,
                                      struct rprocfw_board *board, bool seen)
{
    struct rprocfw_board_region *region =
        seen ? rprocfw_board_add_seen(board) : rprocfw_board_add_region(board);

    if (region == NULL)
        return rprocfw_no_memory(blob->error);
    region->name = seen ? region_name(blob, node, board->seen, board->seen_count)
                        : region_name(blob, node, board->region, board->region_count);
    if (region->name == NULL)
        return rprocfw_no_memory(blob->error);
    return read_reg(blob, node, region);
}

static enum rprocfw_status read_regions(const struct blob *blob, int node,
                                        struct rprocfw_board *board, bool seen)
{
    static const char property[] = "memory-region";
    const fdt32_t *phandles;
    size_t count;
    enum rprocfw_status status = get_cells(blob, node, property, &phandles, &count);

    if (status != RPROCFW_OK)
        return status;
    if (count == 0 || count > RPROCFW_BOARD_LIST_MAX)
        return complain(blob, node, "%s names %zu regions, expected 1 to %u", property, count,
                        RPROCFW_BOARD_LIST_MAX);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        const uint32_t phandle = fdt32_ld(&phandles[i]);
        const int at = fdt_node_offset_by_phandle(blob->fdt, phandle);

        if (at < 0)
            return complain(blob, node, "%s: no node has the phandle 0x%x", property, phandle);
        /* what is not reserved is not there for the remote processor either */
        if (!seen || is_enabled(blob, at, false))
            status = add_region(blob, at, board, seen);
    }
    return status;
}

/* ---- Addresses ---- */

static enum rprocfw_status add_range(const struct blob *blob, int bus, struct rprocfw_board *board,
                                     const struct rprocfw_board_range *range)
{
    struct rprocfw_board_range *added;

    if (!rprocfw_board_range_fits(range))
        return complain(blob, bus,
                        "dma-ranges: entry %zu has no bytes, or more than there are "
                        "addresses",
                        board->range_count);
    added = rprocfw_board_add_range(board);
    if (added == NULL)
        return rprocfw_no_memory(blob->error);
    *added = *range;
    return RPROCFW_OK;
}

/* Entries of width cells: a cell of device address, the physical address, a cell of size. */
static enum rprocfw_status add_ranges(const struct blob *blob, int bus, const fdt32_t *cells,
                                      size_t count, size_t width, struct rprocfw_board *board)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (count % width != 0 || count / width > RPROCFW_BOARD_LIST_MAX)
        return complain(blob, bus, "dma-ranges has %zu cells, expected entries of %zu, at most %u",
                        count, width, RPROCFW_BOARD_LIST_MAX);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i += width) {
        const struct rprocfw_board_range range = {
            .da = fdt32_ld(&cells[i]),
            .pa = number_of(&cells[i + 1], width - 2),
            .size = fdt32_ld(&cells[i + width - 1]),
        };

        status = add_range(blob, bus, board, &range);
    }
    return status;
}

/* The dma-ranges of the bus that the remote processor is on. */
static enum rprocfw_status read_ranges(const struct blob *blob, int node,
                                       struct rprocfw_board *board)
{
    static const struct rprocfw_board_range identity = {.size = UINT64_C(1) << 32};
    const int bus = fdt_parent_offset(blob->fdt, node);
    const int above = bus > 0 ? fdt_parent_offset(blob->fdt, bus) : bus;
    const fdt32_t *cells;
    size_t address;
    size_t size;
    size_t count;
    enum rprocfw_status status;

    if (bus < 0)
        return complain(blob, node, "no remote processor, but the root");
    status = get_cells(blob, bus, "dma-ranges", &cells, &count);
    if (status != RPROCFW_OK)
        return status;
    if (count == 0) /* not there, or empty */
        return add_range(blob, bus, board, &identity);
    status = get_widths(blob, above, &address, &size);
    if (status != RPROCFW_OK)
        return status;
    return add_ranges(blob, bus, cells, count, address + 2, board);
}

/* ---- The board ---- */

/* To be freed; NULL: no memory. */
static char *join(const char *a, const char *between, const char *b)
{
    char *text;

    return asprintf(&text, "%s%s%s", a, between, b) < 0 ? NULL : text;
}

/* All but its memory is what the board of this kind is known for. */
static enum rprocfw_status take_facts(const struct blob *blob, int node,
                                      struct rprocfw_board *board)
{
    const struct kind *kind = kind_of(blob, node);
    const bool wide = fdt_address_cells(blob->fdt, 0) == 2;
    const char *other = wide ? "imx8mp-m7" : "stm32mp15-optee"; /* OP-TEE's TA of so many bits */
    char place[200];
    char **source;

    print_node(blob, node, place, sizeof(place));
    if (rprocfw_board_take_shipped(board, kind != NULL ? kind->board : other, blob->error) !=
        RPROCFW_OK)
        return blob->error->status;
    rprocfw_board_forget_memory(board);
    source = rprocfw_board_add_source(board);
    if (source == NULL)
        return rprocfw_no_memory(blob->error);
    *source = join(blob->path, ": ", place);
    free(board->title);
    board->title = join(place, ", ", kind != NULL ? kind->compatible : "of no kind that is known");
    if (*source == NULL || board->title == NULL)
        return rprocfw_no_memory(blob->error);
    return RPROCFW_OK;
}

/* OP-TEE does not start with a region that has no device address. */
static enum rprocfw_status check_addresses(const struct blob *blob, int node,
                                           const struct rprocfw_board *board)
{
    for (size_t i = 0; i < board->region_count; i++)
        if (!rprocfw_board_region_in_range(board, &board->region[i]))
            return complain(blob, node, "the region %s is within no entry of the bus's dma-ranges",
                            board->region[i].name);
    return RPROCFW_OK;
}

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

static enum rprocfw_status open_blob(struct blob *blob, const char *path, const uint8_t *bytes,
                                     size_t size, struct rprocfw_error *error)
{
    const int found = check_blob(bytes, size);

    *blob = (struct blob){.fdt = bytes, .path = path, .error = error};
    if (found != 0)
        return rprocfw_error_set(error, RPROCFW_ERR_BOARD,
                                 "%s: no device tree blob, or a damaged one (%s); give one that "
                                 "dtc has made",
                                 path, fdt_strerror(found));
    return RPROCFW_OK;
}

bool rprocfw_board_is_dtb(const uint8_t *bytes, size_t size)
{
    return size >= sizeof(fdt32_t) && fdt_magic(bytes) == FDT_MAGIC;
}

enum rprocfw_status rprocfw_board_from_dtb(struct rprocfw_board *board, const char *path,
                                           const uint8_t *bytes, size_t size, const char *name,
                                           struct rprocfw_error *error)
{
    struct blob blob;
    int node;
    enum rprocfw_status status = open_blob(&blob, path, bytes, size, error);

    if (status == RPROCFW_OK)
        status = name != NULL ? find_named(&blob, name, &node) : find_node(&blob, true, &node);
    if (status == RPROCFW_OK)
        status = take_facts(&blob, node, board);
    if (status == RPROCFW_OK)
        status = read_ranges(&blob, node, board);
    if (status == RPROCFW_OK)
        status = read_regions(&blob, node, board, false);
    if (status == RPROCFW_OK)
        status = check_addresses(&blob, node, board);
    return status;
}

enum rprocfw_status rprocfw_board_seen_from_dtb(struct rprocfw_board *board, const char *path,
                                                const uint8_t *bytes, size_t size, const char *name,
                                                struct rprocfw_error *error)
{
    struct blob blob;
    int node = -1;
    enum rprocfw_status status = open_blob(&blob, path, bytes, size, error);

    if (status != RPROCFW_OK)
        return status;
    if (name != NULL) /* Linux's tree may have it elsewhere */
        node = fdt_path_offset(blob.fdt, name);
    if (node < 0)
        status = find_node(&blob, false, &node);
    rprocfw_board_forget_seen(board);
    board->has_seen = true;
    return status == RPROCFW_OK ? read_regions(&blob, node, board, true) : status;
}
