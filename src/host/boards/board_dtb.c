/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Boards from device tree blobs: of OP-TEE, what memory the remote processor has; of Linux, what it
 * sees of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "board.h"

/* ---- Memory ---- */

/* The name before the '@', or all of it if another region has that. */
static char *region_name(const struct rprocfw_blob *blob, int node,
                         const struct rprocfw_board_region *list, size_t count)
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
static enum rprocfw_status read_reg(const struct rprocfw_blob *blob, int node,
                                    struct rprocfw_board_region *region)
{
    const int parent = fdt_parent_offset(blob->fdt, node);
    const fdt32_t *cells;
    size_t address;
    size_t size;
    size_t count;
    enum rprocfw_status status = rprocfw_blob_cells(blob, node, "reg", &cells, &count);

    if (status != RPROCFW_OK)
        return status;
    if (parent < 0)
        return rprocfw_blob_complain(blob, node, "no memory region");
    status = rprocfw_blob_widths(blob, parent, &address, &size);
    if (status != RPROCFW_OK)
        return status;
    if (count < address + size)
        return rprocfw_blob_complain(blob, node,
                                     "reg has %zu cells, expected %zu for the address and the size",
                                     count, address + size);
    region->pa = rprocfw_blob_number(cells, address);
    region->size = rprocfw_blob_number(cells + address, size);
    if (!rprocfw_board_region_fits(region))
        return rprocfw_blob_complain(blob, node,
                                     "reg has no bytes, or more than there are addresses");
    return RPROCFW_OK;
}

/* A region of the board, or with seen one that Linux sees. */
static enum rprocfw_status add_region(const struct rprocfw_blob *blob, int node,
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

static enum rprocfw_status read_regions(const struct rprocfw_blob *blob, int node,
                                        struct rprocfw_board *board, bool seen)
{
    static const char property[] = "memory-region";
    const fdt32_t *phandles;
    size_t count;
    enum rprocfw_status status = rprocfw_blob_cells(blob, node, property, &phandles, &count);

    if (status != RPROCFW_OK)
        return status;
    if (count == 0 || count > RPROCFW_BOARD_LIST_MAX)
        return rprocfw_blob_complain(blob, node, "%s names %zu regions, expected 1 to %u", property,
                                     count, RPROCFW_BOARD_LIST_MAX);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        const uint32_t phandle = fdt32_ld(&phandles[i]);
        const int at = fdt_node_offset_by_phandle(blob->fdt, phandle);

        if (at < 0)
            return rprocfw_blob_complain(blob, node, "%s: no node has the phandle 0x%x", property,
                                         phandle);
        /* what is not reserved is not there for the remote processor either */
        if (!seen || rprocfw_blob_enabled(blob, at, false))
            status = add_region(blob, at, board, seen);
    }
    return status;
}

/* ---- Addresses ---- */

static enum rprocfw_status add_range(const struct rprocfw_blob *blob, int bus,
                                     struct rprocfw_board *board,
                                     const struct rprocfw_board_range *range)
{
    struct rprocfw_board_range *added;

    if (!rprocfw_board_range_fits(range))
        return rprocfw_blob_complain(blob, bus,
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
static enum rprocfw_status add_ranges(const struct rprocfw_blob *blob, int bus,
                                      const fdt32_t *cells, size_t count, size_t width,
                                      struct rprocfw_board *board)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (count % width != 0 || count / width > RPROCFW_BOARD_LIST_MAX)
        return rprocfw_blob_complain(
            blob, bus, "dma-ranges has %zu cells, expected entries of %zu, at most %u", count,
            width, RPROCFW_BOARD_LIST_MAX);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i += width) {
        const struct rprocfw_board_range range = {
            .da = fdt32_ld(&cells[i]),
            .pa = rprocfw_blob_number(&cells[i + 1], width - 2),
            .size = fdt32_ld(&cells[i + width - 1]),
        };

        status = add_range(blob, bus, board, &range);
    }
    return status;
}

/* The dma-ranges of the bus that the remote processor is on. */
static enum rprocfw_status read_ranges(const struct rprocfw_blob *blob, int node,
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
        return rprocfw_blob_complain(blob, node, "no remote processor, but the root");
    status = rprocfw_blob_cells(blob, bus, "dma-ranges", &cells, &count);
    if (status != RPROCFW_OK)
        return status;
    if (count == 0) /* not there, or empty */
        return add_range(blob, bus, board, &identity);
    status = rprocfw_blob_widths(blob, above, &address, &size);
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
static enum rprocfw_status take_facts(const struct rprocfw_blob *blob, int node,
                                      struct rprocfw_board *board)
{
    const struct rprocfw_kind *kind = rprocfw_blob_kind(blob, node);
    const bool wide = fdt_address_cells(blob->fdt, 0) == 2;
    const char *other = wide ? "imx8mp-m7" : "stm32mp15-optee"; /* OP-TEE's TA of so many bits */
    char place[200];
    char **source;

    rprocfw_blob_print_node(blob, node, place, sizeof(place));
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
static enum rprocfw_status check_addresses(const struct rprocfw_blob *blob, int node,
                                           const struct rprocfw_board *board)
{
    for (size_t i = 0; i < board->region_count; i++)
        if (!rprocfw_board_region_in_range(board, &board->region[i]))
            return rprocfw_blob_complain(blob, node,
                                         "the region %s is within no entry of the bus's dma-ranges",
                                         board->region[i].name);
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
    struct rprocfw_blob blob;
    int node;
    enum rprocfw_status status = rprocfw_blob_open(&blob, path, bytes, size, error);

    if (status == RPROCFW_OK)
        status = name != NULL ? rprocfw_blob_find_named(&blob, name, &node)
                              : rprocfw_blob_find(&blob, true, &node);
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
    struct rprocfw_blob blob;
    int node = -1;
    enum rprocfw_status status = rprocfw_blob_open(&blob, path, bytes, size, error);

    if (status != RPROCFW_OK)
        return status;
    if (name != NULL) /* Linux's tree may have it elsewhere */
        node = fdt_path_offset(blob.fdt, name);
    if (node < 0)
        status = rprocfw_blob_find(&blob, false, &node);
    rprocfw_board_forget_seen(board);
    board->has_seen = true;
    return status == RPROCFW_OK ? read_regions(&blob, node, board, true) : status;
}
