/* SPDX-License-Identifier: BSD-2-Clause */
/* Boards from YAML, shipped ones and others: the keys of rprocfw-board(5). */
#include <stdlib.h>
#include <string.h>

#include "../yaml/yaml_reader.h"
#include "board.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a file is read into. */
struct profile {
    struct rprocfw_board board; /* first: the offsets of its keys are those of the board */
    yaml_mark_t mark[RPROCFW_YAML_LIST_MAX]; /* where in the file each region stands */
};

/* ---- Single values ---- */

static enum rprocfw_status take_u32_number(struct rprocfw_yaml *r, bool units, const char *expected,
                                           void *to)
{
    uint64_t number;
    const enum rprocfw_status status = rprocfw_yaml_number(r, units, UINT32_MAX, expected, &number);

    if (status == RPROCFW_OK)
        *(uint32_t *)to = (uint32_t)number;
    return status;
}

static enum rprocfw_status take_size32(struct rprocfw_yaml *r, void *to)
{
    return take_u32_number(r, true, "a number of bytes below 4G, such as 4096 or 4K", to);
}

static enum rprocfw_status take_size64(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_number(r, true, INT64_MAX, "a number of bytes, such as 0x20000 or 128K",
                               to);
}

static enum rprocfw_status take_da(struct rprocfw_yaml *r, void *to)
{
    return take_u32_number(r, false, "a device address of 32 bits, such as 0x10000000", to);
}

static enum rprocfw_status take_pa(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_number(r, false, INT64_MAX, "a physical address, such as 0x10000000", to);
}

static enum rprocfw_status take_bits(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "32 or 64";
    uint64_t number;
    const enum rprocfw_status status = rprocfw_yaml_number(r, false, 64, expected, &number);

    if (status != RPROCFW_OK)
        return status;
    if (number != 32 && number != 64)
        return rprocfw_yaml_wrong_value(r, expected);
    *(unsigned *)to = (unsigned)number;
    return RPROCFW_OK;
}

/* "4.10", which some readers of YAML take for 4.1: it is text. */
static enum rprocfw_status take_version(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "a version, such as 4.10";
    struct rprocfw_ta *ta = to;
    uint64_t major = 0;
    uint64_t minor = 0;
    const char *text;
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    text = rprocfw_yaml_parse_number(text, &major);
    if (text != NULL && *text == '.')
        text = rprocfw_yaml_parse_number(text + 1, &minor);
    else
        text = NULL;
    if (text == NULL || *text != '\0' || major > 999 || minor > 999)
        return rprocfw_yaml_wrong_value(r, expected);
    ta->major = (unsigned)major;
    ta->minor = (unsigned)minor;
    return RPROCFW_OK;
}

static enum rprocfw_status take_family(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {[RPROCFW_TA_OPTEE] = "optee", [RPROCFW_TA_ST] = "st"};
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "optee or st", &number);

    if (status == RPROCFW_OK)
        *(enum rprocfw_ta_family *)to = (enum rprocfw_ta_family)number;
    return status;
}

static enum rprocfw_status take_world(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {[RPROCFW_WORLD_ANY] = "any",
                                        [RPROCFW_WORLD_SECURE] = "secure",
                                        [RPROCFW_WORLD_NONSECURE] = "nonsecure"};
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "any, secure or nonsecure", &number);

    if (status == RPROCFW_OK)
        *(enum rprocfw_world *)to = (enum rprocfw_world)number;
    return status;
}

static enum rprocfw_status take_pkeyinfo(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {[RPROCFW_BOARD_PKEYINFO_IGNORED] = "ignored",
                                        [RPROCFW_BOARD_PKEYINFO_REQUIRED] = "required",
                                        [RPROCFW_BOARD_PKEYINFO_UNKNOWN] = "unknown"};
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "ignored, required or unknown", &number);

    if (status == RPROCFW_OK)
        *(enum rprocfw_board_pkeyinfo *)to = (enum rprocfw_board_pkeyinfo)number;
    return status;
}

static enum rprocfw_status take_layout(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"today", "2020"};
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "today or 2020", &number);

    if (status == RPROCFW_OK)
        *(bool *)to = number == 1;
    return status;
}

static enum rprocfw_status take_signature(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"rsa", "ecdsa"};
    static const unsigned bits[] = {1u << RPROCFW_SIGNTYPE_RSA, 1u << RPROCFW_SIGNTYPE_ECDSA};
    unsigned *signtypes = to;
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "rsa or ecdsa", &number);

    if (status != RPROCFW_OK)
        return status;
    if ((*signtypes & bits[number]) != 0)
        return rprocfw_yaml_complain(r, r->event.start_mark, "%s stands there twice",
                                     words[number]);
    *signtypes |= bits[number];
    return RPROCFW_OK;
}

static enum rprocfw_status take_others(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"refused", "ignored"};
    size_t number;
    const enum rprocfw_status status =
        rprocfw_yaml_word(r, words, COUNT(words), "ignored or refused", &number);

    if (status == RPROCFW_OK)
        *(bool *)to = number == 1;
    return status;
}

static enum rprocfw_status take_tlv_type(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "BOOTADDR, BOOTSEC or a number from 0x10000 to 0x1ffff";
    uint32_t *type = to;
    const char *text;
    enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    if (strcmp(text, "BOOTADDR") == 0) {
        *type = RPROCFW_TLV_BOOTADDR;
        return RPROCFW_OK;
    }
    if (strcmp(text, "BOOTSEC") == 0) {
        *type = RPROCFW_TLV_BOOTSEC;
        return RPROCFW_OK;
    }
    status = take_u32_number(r, false, expected, type);
    if (status == RPROCFW_OK &&
        (*type < RPROCFW_TLV_PLATFORM_FIRST || *type > RPROCFW_TLV_PLATFORM_LAST))
        status = rprocfw_yaml_wrong_value(r, expected);
    return status;
}

/* ---- The keys ---- */

static enum rprocfw_status take_source(struct rprocfw_yaml *r, void *to)
{
    char **source = rprocfw_board_add_source(to);

    return source != NULL ? rprocfw_yaml_text(r, source) : rprocfw_no_memory(r->error);
}

static enum rprocfw_status take_sources(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_list(r, 1, take_source, to);
}

static enum rprocfw_status take_signatures(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_list(r, 1, take_signature, to);
}

static const struct rprocfw_yaml_key ta_keys[] = {
    {"family", take_family, offsetof(struct rprocfw_ta, family), true},
    {"version", take_version, 0, true},
    {"bits", take_bits, offsetof(struct rprocfw_ta, bits), true},
    {"heap", take_size32, offsetof(struct rprocfw_ta, heap), false},
    {"map_limit", take_size32, offsetof(struct rprocfw_ta, map_limit), false},
};

static enum rprocfw_status take_ta(struct rprocfw_yaml *r, void *to)
{
    struct rprocfw_ta *ta = to;

    ta->heap = RPROCFW_BOARD_HEAP;
    ta->map_limit = RPROCFW_BOARD_MAP_LIMIT;
    return rprocfw_yaml_mapping(r, ta_keys, COUNT(ta_keys), ta);
}

static const struct rprocfw_yaml_key range_keys[] = {
    {"da", take_da, offsetof(struct rprocfw_board_range, da), true},
    {"pa", take_pa, offsetof(struct rprocfw_board_range, pa), true},
    {"size", take_size64, offsetof(struct rprocfw_board_range, size), true},
};

static enum rprocfw_status take_range(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    struct rprocfw_board_range *range = rprocfw_board_add_range(to);
    enum rprocfw_status status;

    if (range == NULL)
        return rprocfw_no_memory(r->error);
    status = rprocfw_yaml_mapping(r, range_keys, COUNT(range_keys), range);
    if (status == RPROCFW_OK && !rprocfw_board_range_fits(range))
        return rprocfw_yaml_complain(
            r, at, "no bytes, or more than there are device or physical addresses");
    return status;
}

static enum rprocfw_status take_ranges(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_list(r, 1, take_range, to);
}

static const struct rprocfw_yaml_key region_keys[] = {
    {"name", rprocfw_yaml_text, offsetof(struct rprocfw_board_region, name), true},
    {"pa", take_pa, offsetof(struct rprocfw_board_region, pa), true},
    {"size", take_size64, offsetof(struct rprocfw_board_region, size), true},
    {"world", take_world, offsetof(struct rprocfw_board_region, world), false},
};
#define SEEN_KEYS (COUNT(region_keys) - 1) /* Linux is in one world */

/* A region of list, its last one: its name is not that of another. */
static enum rprocfw_status check_region(struct rprocfw_yaml *r, yaml_mark_t at,
                                        const struct rprocfw_board_region *list, size_t count)
{
    const struct rprocfw_board_region *region = &list[count - 1];

    if (!rprocfw_board_region_fits(region))
        return rprocfw_yaml_complain(r, at, "no bytes, or more than there are physical addresses");
    for (size_t i = 0; i + 1 < count; i++)
        if (strcmp(list[i].name, region->name) == 0)
            return rprocfw_yaml_complain(r, at, "the name '%s' stands there twice", region->name);
    return RPROCFW_OK;
}

static enum rprocfw_status take_region(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    struct profile *profile = to;
    struct rprocfw_board *board = &profile->board;
    struct rprocfw_board_region *region = rprocfw_board_add_region(board);
    enum rprocfw_status status;

    if (region == NULL)
        return rprocfw_no_memory(r->error);
    profile->mark[board->region_count - 1] = at;
    status = rprocfw_yaml_mapping(r, region_keys, COUNT(region_keys), region);
    return status == RPROCFW_OK ? check_region(r, at, board->region, board->region_count) : status;
}

static enum rprocfw_status take_regions(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_list(r, 1, take_region, to);
}

static enum rprocfw_status take_seen(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    struct rprocfw_board *board = to;
    struct rprocfw_board_region *region = rprocfw_board_add_seen(board);
    enum rprocfw_status status;

    if (region == NULL)
        return rprocfw_no_memory(r->error);
    status = rprocfw_yaml_mapping(r, region_keys, SEEN_KEYS, region);
    return status == RPROCFW_OK ? check_region(r, at, board->seen, board->seen_count) : status;
}

static enum rprocfw_status take_linux(struct rprocfw_yaml *r, void *to)
{
    struct rprocfw_board *board = to;

    board->has_seen = true;
    return rprocfw_yaml_list(r, 0, take_seen, to);
}

static const struct rprocfw_yaml_key tlv_keys[] = {
    {"type", take_tlv_type, offsetof(struct rprocfw_board_tlv, type), true},
    {"required", rprocfw_yaml_bool, offsetof(struct rprocfw_board_tlv, required), false},
};

static enum rprocfw_status take_tlv(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    struct rprocfw_board *board = to;
    struct rprocfw_board_tlv *tlv = rprocfw_board_add_tlv(board);
    enum rprocfw_status status;

    if (tlv == NULL)
        return rprocfw_no_memory(r->error);
    status = rprocfw_yaml_mapping(r, tlv_keys, COUNT(tlv_keys), tlv);
    for (size_t i = 0; i + 1 < board->tlv_count && status == RPROCFW_OK; i++)
        if (board->tlv[i].type == tlv->type)
            return rprocfw_yaml_complain(r, at, "the type 0x%x stands there twice", tlv->type);
    return status;
}

static enum rprocfw_status take_tlvs(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_yaml_list(r, 0, take_tlv, to);
}

static const struct rprocfw_yaml_key board_keys[] = {
    {"title", rprocfw_yaml_text, offsetof(struct rprocfw_board, title), true},
    {"sources", take_sources, 0, true},
    {"ta", take_ta, offsetof(struct rprocfw_board, ta), true},
    {"layout", take_layout, offsetof(struct rprocfw_board, old_layout), false},
    {"signatures", take_signatures, offsetof(struct rprocfw_board, signtypes), true},
    {"encrypted", rprocfw_yaml_bool, offsetof(struct rprocfw_board, encrypted), true},
    {"pkeyinfo", take_pkeyinfo, offsetof(struct rprocfw_board, pkeyinfo), true},
    {"platform_tlvs", take_tlvs, 0, false},
    {"other_platform_tlvs", take_others, offsetof(struct rprocfw_board, any_tlv), true},
    {"bootaddr_alignment", take_size32, offsetof(struct rprocfw_board, bootaddr_alignment), false},
    {"ranges", take_ranges, 0, true},
    {"regions", take_regions, 0, true},
    {"linux", take_linux, 0, false},
};

/* A region without a device address: OP-TEE does not start with such a device tree. */
static enum rprocfw_status check_addresses(struct rprocfw_yaml *r, const struct profile *profile)
{
    const struct rprocfw_board *board = &profile->board;

    for (size_t i = 0; i < board->region_count; i++)
        if (!rprocfw_board_region_in_range(board, &board->region[i]))
            return rprocfw_yaml_complain(r, profile->mark[i],
                                         "regions[%zu]: %s is within no range: OP-TEE has no "
                                         "device address for it",
                                         i, board->region[i].name);
    return RPROCFW_OK;
}

static enum rprocfw_status take_board(struct rprocfw_yaml *r, void *to)
{
    const enum rprocfw_status status = rprocfw_yaml_mapping(r, board_keys, COUNT(board_keys), to);

    return status == RPROCFW_OK ? check_addresses(r, to) : status;
}

enum rprocfw_status rprocfw_board_from_yaml(struct rprocfw_board *board, const char *path,
                                            const uint8_t *bytes, size_t size,
                                            struct rprocfw_error *error)
{
    struct profile profile = {.board = *board};
    const struct rprocfw_yaml_file file = {
        .path = path, .bytes = bytes, .size = size, .wrong = RPROCFW_ERR_BOARD};
    const enum rprocfw_status status = rprocfw_yaml_read(&file, take_board, &profile, error);

    *board = profile.board; /* after a failure, too: to be freed */
    return status;
}
