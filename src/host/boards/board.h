/* SPDX-License-Identifier: BSD-2-Clause */
/* What the sources of boards share: they fill a struct rprocfw_board. Not installed. */
#ifndef RPROCFW_HOST_BOARD_H
#define RPROCFW_HOST_BOARD_H

#include <rprocfw/board.h>

#include "../host.h"

/* What OP-TEE's build gives its TA, and what it can map, unless it is told otherwise. */
#define RPROCFW_BOARD_HEAP      4096u
#define RPROCFW_BOARD_MAP_LIMIT (10u * 1024 * 1024)

/* One more, zeroed, at the end of a list, which may move. NULL: no memory. */
char **rprocfw_board_add_source(struct rprocfw_board *board);
struct rprocfw_board_range *rprocfw_board_add_range(struct rprocfw_board *board);
struct rprocfw_board_region *rprocfw_board_add_region(struct rprocfw_board *board);
struct rprocfw_board_region *rprocfw_board_add_seen(struct rprocfw_board *board);
struct rprocfw_board_tlv *rprocfw_board_add_tlv(struct rprocfw_board *board);

/* More in a device tree is a mistake; in YAML, see yaml_reader.h. */
#define RPROCFW_BOARD_LIST_MAX 64u

/* Can these numbers be a range, a region? */
bool rprocfw_board_range_fits(const struct rprocfw_board_range *range);
bool rprocfw_board_region_fits(const struct rprocfw_board_region *region);

/* Has OP-TEE's TA a device address for it? Others ask later, for what is to go there. */
bool rprocfw_board_region_in_range(const struct rprocfw_board *board,
                                   const struct rprocfw_board_region *region);

/*
 * Does the board take the key of such a signature from PKEYINFO? Where that is not known, it does
 * with ECDSA: a key in the TEE is RSA.
 */
bool rprocfw_board_reads_pkeyinfo(const struct rprocfw_board *board, unsigned signtype);

/* Is it a platform TLV that the board's TA knows? */
bool rprocfw_board_knows_tlv(const struct rprocfw_board *board, uint32_t type);

/* As if the board had none: what memory it has, what Linux sees of it. */
void rprocfw_board_forget_memory(struct rprocfw_board *board);
void rprocfw_board_forget_seen(struct rprocfw_board *board);

/* Fills board, which is zeroed but for its name, with one that is shipped. */
enum rprocfw_status rprocfw_board_take_shipped(struct rprocfw_board *board, const char *name,
                                               struct rprocfw_error *error);

/* ---- board_yaml.c ---- */

/* Fills board, which is zeroed; path is for messages. */
enum rprocfw_status rprocfw_board_from_yaml(struct rprocfw_board *board, const char *path,
                                            const uint8_t *bytes, size_t size,
                                            struct rprocfw_error *error);

/* ---- board_dtb.c ---- */

bool rprocfw_board_is_dtb(const uint8_t *bytes, size_t size);

/*
 * The same from OP-TEE's device tree blob; bytes are aligned as malloc does. name: the path of
 * the remote processor's node; NULL: it is found by its compatible.
 */
enum rprocfw_status rprocfw_board_from_dtb(struct rprocfw_board *board, const char *path,
                                           const uint8_t *bytes, size_t size, const char *name,
                                           struct rprocfw_error *error);

/* What Linux sees, from its blob, in place of what the board says of that. */
enum rprocfw_status rprocfw_board_seen_from_dtb(struct rprocfw_board *board, const char *path,
                                                const uint8_t *bytes, size_t size, const char *name,
                                                struct rprocfw_error *error);

/* ---- board_shipped.c, which the build makes of src/boards ---- */

struct rprocfw_board_shipped {
    const char *name;
    const uint8_t *bytes; /* YAML */
    size_t size;
};

extern const struct rprocfw_board_shipped rprocfw_boards_shipped[];
extern const size_t rprocfw_boards_shipped_count;

#endif
