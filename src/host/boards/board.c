/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards: where their facts come from, and what makes a struct rprocfw_board of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"

/* Linux takes no larger device tree blobs. */
#define FILE_MAX (2u * 1024 * 1024)

/* ---- The parts of a board ---- */

/* The list with room for one more, which is zeroed. */
static void *grow(void *list, size_t count, size_t size)
{
    uint8_t *grown = realloc(list, (count + 1) * size); /* short: a file has so many */

    if (grown != NULL)
        memset(grown + count * size, 0, size);
    return grown;
}

char **rprocfw_board_add_source(struct rprocfw_board *board)
{
    char **list = grow(board->source, board->source_count, sizeof(*list));

    if (list == NULL)
        return NULL;
    board->source = list;
    return &list[board->source_count++];
}

struct rprocfw_board_range *rprocfw_board_add_range(struct rprocfw_board *board)
{
    struct rprocfw_board_range *list = grow(board->range, board->range_count, sizeof(*list));

    if (list == NULL)
        return NULL;
    board->range = list;
    return &list[board->range_count++];
}

static struct rprocfw_board_region *add_region(struct rprocfw_board_region **region, size_t *count)
{
    struct rprocfw_board_region *list = grow(*region, *count, sizeof(*list));

    if (list == NULL)
        return NULL;
    *region = list;
    return &list[(*count)++];
}

struct rprocfw_board_region *rprocfw_board_add_region(struct rprocfw_board *board)
{
    return add_region(&board->region, &board->region_count);
}

struct rprocfw_board_region *rprocfw_board_add_seen(struct rprocfw_board *board)
{
    return add_region(&board->seen, &board->seen_count);
}

struct rprocfw_board_tlv *rprocfw_board_add_tlv(struct rprocfw_board *board)
{
    struct rprocfw_board_tlv *list = grow(board->tlv, board->tlv_count, sizeof(*list));

    if (list == NULL)
        return NULL;
    board->tlv = list;
    return &list[board->tlv_count++];
}

bool rprocfw_board_range_fits(const struct rprocfw_board_range *range)
{
    return range->size > 0 && range->size <= (UINT64_C(1) << 32) - range->da &&
           range->pa <= INT64_MAX && range->size <= INT64_MAX - range->pa;
}

bool rprocfw_board_region_fits(const struct rprocfw_board_region *region)
{
    return region->size > 0 && region->pa <= INT64_MAX && region->size <= INT64_MAX - region->pa;
}

bool rprocfw_board_reads_pkeyinfo(const struct rprocfw_board *board, unsigned signtype)
{
    return board->pkeyinfo == RPROCFW_BOARD_PKEYINFO_REQUIRED ||
           (board->pkeyinfo == RPROCFW_BOARD_PKEYINFO_UNKNOWN &&
            signtype == RPROCFW_SIGNTYPE_ECDSA);
}

bool rprocfw_board_knows_tlv(const struct rprocfw_board *board, uint32_t type)
{
    for (size_t i = 0; i < board->tlv_count; i++)
        if (board->tlv[i].type == type)
            return true;
    return false;
}

static void free_regions(struct rprocfw_board_region *region, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(region[i].name);
    free(region);
}

void rprocfw_board_forget_seen(struct rprocfw_board *board)
{
    free_regions(board->seen, board->seen_count);
    board->seen = NULL;
    board->seen_count = 0;
    board->has_seen = false;
}

void rprocfw_board_forget_memory(struct rprocfw_board *board)
{
    rprocfw_board_forget_seen(board);
    free_regions(board->region, board->region_count);
    free(board->range);
    board->region = NULL;
    board->region_count = 0;
    board->range = NULL;
    board->range_count = 0;
}

void rprocfw_board_free(struct rprocfw_board *board)
{
    if (board == NULL)
        return;
    for (size_t i = 0; i < board->source_count; i++)
        free(board->source[i]);
    free(board->source);
    rprocfw_board_forget_memory(board);
    free(board->tlv);
    free(board->title);
    free(board->name);
    free(board);
}

/* ---- Those that are shipped ---- */

const char *rprocfw_board_name(size_t number)
{
    return number < rprocfw_boards_shipped_count ? rprocfw_boards_shipped[number].name : NULL;
}

static const struct rprocfw_board_shipped *find_shipped(const char *name)
{
    for (size_t i = 0; i < rprocfw_boards_shipped_count; i++)
        if (strcmp(name, rprocfw_boards_shipped[i].name) == 0)
            return &rprocfw_boards_shipped[i];
    return NULL;
}

static enum rprocfw_status no_such_board(const char *name, struct rprocfw_error *error)
{
    char known[512] = "";

    for (size_t i = 0; i < rprocfw_boards_shipped_count; i++) {
        const size_t length = strlen(known);

        (void)snprintf(known + length, sizeof(known) - length, "%s%s", i > 0 ? ", " : "",
                       rprocfw_boards_shipped[i].name);
    }
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "%s: no board of this name; there are %s; the path of a file has a "
                             "'/' or a '.' in it",
                             name, known);
}

enum rprocfw_status rprocfw_board_take_shipped(struct rprocfw_board *board, const char *name,
                                               struct rprocfw_error *error)
{
    const struct rprocfw_board_shipped *shipped = find_shipped(name);

    if (shipped == NULL)
        return no_such_board(name, error);
    return rprocfw_board_from_yaml(board, name, shipped->bytes, shipped->size, error);
}

/* ---- Files ---- */

/* What a file is read for. */
typedef enum rprocfw_status fill(struct rprocfw_board *board,
                                 const struct rprocfw_board_source *source, const uint8_t *bytes,
                                 size_t size, struct rprocfw_error *error);

/* A node is of no use without a blob that it could be in. */
static enum rprocfw_status check_node(const struct rprocfw_board_source *source,
                                      struct rprocfw_error *error)
{
    if (source->node == NULL || source->linux_dtb != NULL)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "%s: no device tree blob that the node %s could be in; leave it out",
                             source->name, source->node);
}

/* The words of the YAML reader do not help where somebody gives the source of a device tree. */
static enum rprocfw_status fill_from_yaml(struct rprocfw_board *board, const char *path,
                                          const uint8_t *bytes, size_t size,
                                          struct rprocfw_error *error)
{
    static const char source[] = "/dts-v1/";
    const enum rprocfw_status status = rprocfw_board_from_yaml(board, path, bytes, size, error);

    if (status == RPROCFW_ERR_BOARD && memmem(bytes, size, source, sizeof(source) - 1) != NULL)
        return rprocfw_error_set(error, status,
                                 "%s: the source of a device tree; give the blob that dtc makes of "
                                 "it",
                                 path);
    return status;
}

static enum rprocfw_status fill_board(struct rprocfw_board *board,
                                      const struct rprocfw_board_source *source,
                                      const uint8_t *bytes, size_t size,
                                      struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (rprocfw_board_is_dtb(bytes, size))
        return rprocfw_board_from_dtb(board, source->name, bytes, size, source->node, error);
    status = check_node(source, error);
    return status == RPROCFW_OK ? fill_from_yaml(board, source->name, bytes, size, error) : status;
}

static enum rprocfw_status fill_seen(struct rprocfw_board *board,
                                     const struct rprocfw_board_source *source,
                                     const uint8_t *bytes, size_t size, struct rprocfw_error *error)
{
    return rprocfw_board_seen_from_dtb(board, source->linux_dtb, bytes, size, source->node, error);
}

static enum rprocfw_status fill_from(struct rprocfw_board *board, fill *what, const char *path,
                                     const struct rprocfw_board_source *source,
                                     struct rprocfw_error *error)
{
    uint8_t *bytes;
    size_t size;
    enum rprocfw_status status =
        rprocfw_input_read(path, FILE_MAX, RPROCFW_ERR_BOARD, &bytes, &size, error);

    if (status != RPROCFW_OK)
        return status;
    status = what(board, source, bytes, size, error);
    free(bytes);
    return status;
}

/* ---- Any of them ---- */

static enum rprocfw_status load(struct rprocfw_board *board,
                                const struct rprocfw_board_source *source,
                                struct rprocfw_error *error)
{
    enum rprocfw_status status;

    board->name = strdup(source->name);
    if (board->name == NULL)
        return rprocfw_no_memory(error);
    if (find_shipped(source->name) == NULL && strpbrk(source->name, "/.") != NULL) {
        status = fill_from(board, fill_board, source->name, source, error);
    } else {
        status = check_node(source, error);
        if (status == RPROCFW_OK)
            status = rprocfw_board_take_shipped(board, source->name, error);
    }
    if (status == RPROCFW_OK && source->linux_dtb != NULL)
        status = fill_from(board, fill_seen, source->linux_dtb, source, error);
    return status;
}

enum rprocfw_status rprocfw_board_load(struct rprocfw_board **out,
                                       const struct rprocfw_board_source *source,
                                       struct rprocfw_error *error)
{
    enum rprocfw_status status;

    *out = calloc(1, sizeof(**out));
    if (*out == NULL)
        return rprocfw_no_memory(error);
    status = load(*out, source, error);
    if (status != RPROCFW_OK) {
        rprocfw_board_free(*out);
        *out = NULL;
    }
    return status;
}
