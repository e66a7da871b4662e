/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of boards, as text and as JSON, which has the names of rprocfw-board(5). */
#include <inttypes.h>
#include <stdio.h>

#include <rprocfw/error.h>

#include "board_list.h"
#include "json.h"
#include "print.h"
#include "report_json.h"

static const char *family_name(enum rprocfw_ta_family family)
{
    switch (family) {
    case RPROCFW_TA_OPTEE:
        return "optee";
    case RPROCFW_TA_ST:
        return "st";
    }
    return "";
}

static const char *world_name(enum rprocfw_world world)
{
    switch (world) {
    case RPROCFW_WORLD_ANY:
        return "any";
    case RPROCFW_WORLD_SECURE:
        return "secure";
    case RPROCFW_WORLD_NONSECURE:
        return "nonsecure";
    }
    return "";
}

static const char *pkeyinfo_name(enum rprocfw_board_pkeyinfo pkeyinfo)
{
    switch (pkeyinfo) {
    case RPROCFW_BOARD_PKEYINFO_IGNORED:
        return "ignored";
    case RPROCFW_BOARD_PKEYINFO_REQUIRED:
        return "required";
    case RPROCFW_BOARD_PKEYINFO_UNKNOWN:
        return "unknown";
    }
    return "";
}

static bool verifies(const struct rprocfw_board *board, enum rprocfw_signtype signtype)
{
    return (board->signtypes & 1u << signtype) != 0;
}

/* ---- Text ---- */

struct ta_text {
    char text[48];
};

static struct ta_text ta_text(const struct rprocfw_ta *ta)
{
    struct ta_text to;

    (void)snprintf(to.text, sizeof(to.text), "%s %u.%u, %u-bit",
                   ta->family == RPROCFW_TA_ST ? "ST" : "OP-TEE", ta->major, ta->minor, ta->bits);
    return to;
}

static void print_line(const struct rprocfw_board *board)
{
    (void)printf("%-22s %-20s ", board->name, ta_text(&board->ta).text);
    print_text(stdout, board->title);
    (void)putchar('\n');
}

static void print_tlvs(const struct rprocfw_board *board)
{
    (void)fputs("  platform TLVs:", stdout);
    for (size_t i = 0; i < board->tlv_count; i++) {
        const struct rprocfw_board_tlv *tlv = &board->tlv[i];
        const char *name = rprocfw_tlv_name(tlv->type);

        if (name != NULL)
            (void)printf(" %s", name);
        else
            (void)printf(" 0x%08" PRIx32, tlv->type);
        if (tlv->type == RPROCFW_TLV_BOOTADDR && board->bootaddr_alignment > 1)
            (void)printf(" (a multiple of %" PRIu32 ")", board->bootaddr_alignment);
        (void)fputs(tlv->required ? " required," : ",", stdout);
    }
    (void)printf(" others are %s\n", board->any_tlv ? "ignored" : "refused");
}

static void print_regions(const char *title, const struct rprocfw_board_region *list, size_t count)
{
    (void)printf("  %s: physical address, size, name\n", title);
    for (size_t i = 0; i < count; i++) {
        (void)printf("    0x%08" PRIx64 " 0x%08" PRIx64 " ", list[i].pa, list[i].size);
        print_text(stdout, list[i].name);
        if (list[i].world != RPROCFW_WORLD_ANY)
            (void)printf(" (%s)", world_name(list[i].world));
        (void)putchar('\n');
    }
}

static void print_ranges(const struct rprocfw_board *board)
{
    (void)puts("  ranges: device address, physical address, size");
    for (size_t i = 0; i < board->range_count; i++)
        (void)printf("    0x%08" PRIx32 " 0x%08" PRIx64 " 0x%08" PRIx64 "\n", board->range[i].da,
                     board->range[i].pa, board->range[i].size);
}

static void print_board(const struct rprocfw_board *board)
{
    print_text(stdout, board->name);
    (void)fputs(": ", stdout);
    print_text(stdout, board->title);
    (void)printf("\n  TA: %s, heap %" PRIu32 " bytes", ta_text(&board->ta).text, board->ta.heap);
    if (board->ta.map_limit != 0)
        (void)printf(", maps %" PRIu32 " bytes", board->ta.map_limit);
    (void)puts(board->old_layout ? ", for the layout of 2020" : "");
    (void)printf("  signatures:%s%s, PKEYINFO: %s, encrypted images: %s\n",
                 verifies(board, RPROCFW_SIGNTYPE_RSA) ? " RSA" : "",
                 verifies(board, RPROCFW_SIGNTYPE_ECDSA) ? " ECDSA" : "",
                 pkeyinfo_name(board->pkeyinfo), board->encrypted ? "yes" : "no");
    print_tlvs(board);
    print_ranges(board);
    print_regions("regions", board->region, board->region_count);
    if (board->has_seen)
        print_regions("Linux sees", board->seen, board->seen_count);
    for (size_t i = 0; i < board->source_count; i++) {
        (void)fputs("  source: ", stdout);
        print_text(stdout, board->source[i]);
        (void)putchar('\n');
    }
}

/* ---- JSON: NULL is no memory ---- */

static json_t *json_ta(const struct rprocfw_ta *ta)
{
    char version[32];

    (void)snprintf(version, sizeof(version), "%u.%u", ta->major, ta->minor);
    return json_pack("{s:s, s:s, s:i, s:o, s:o}", "family", family_name(ta->family), "version",
                     version, "bits", (int)ta->bits, "heap", json_u32(ta->heap), "map_limit",
                     json_u32(ta->map_limit));
}

/* array with one more, or NULL; it may be NULL. */
static json_t *with(json_t *array, json_t *item)
{
    if (json_array_append_new(array, item) == 0)
        return array;
    json_decref(array);
    return NULL;
}

static json_t *json_signatures(const struct rprocfw_board *board)
{
    json_t *array = json_array();

    if (verifies(board, RPROCFW_SIGNTYPE_RSA))
        array = with(array, json_string("rsa"));
    if (verifies(board, RPROCFW_SIGNTYPE_ECDSA))
        array = with(array, json_string("ecdsa"));
    return array;
}

static json_t *json_region(const struct rprocfw_board_region *region)
{
    return json_pack("{s:o, s:I, s:I}", "name", json_path(region->name), "pa",
                     (json_int_t)region->pa, "size", (json_int_t)region->size);
}

static json_t *json_regions(const struct rprocfw_board *board)
{
    json_t *array = json_array();

    for (size_t i = 0; i < board->region_count; i++) {
        json_t *region = json_region(&board->region[i]);

        if (json_object_set_new(region, "world", json_string(world_name(board->region[i].world))) !=
            0) {
            json_decref(region);
            region = NULL;
        }
        array = with(array, region);
    }
    return array;
}

static json_t *json_seen(const struct rprocfw_board *board)
{
    json_t *array = board->has_seen ? json_array() : json_null();

    for (size_t i = 0; i < board->seen_count; i++)
        array = with(array, json_region(&board->seen[i]));
    return array;
}

static json_t *json_ranges(const struct rprocfw_board *board)
{
    json_t *array = json_array();

    for (size_t i = 0; i < board->range_count; i++)
        array = with(array, json_pack("{s:o, s:I, s:I}", "da", json_u32(board->range[i].da), "pa",
                                      (json_int_t)board->range[i].pa, "size",
                                      (json_int_t)board->range[i].size));
    return array;
}

static json_t *json_tlvs(const struct rprocfw_board *board)
{
    json_t *array = json_array();

    for (size_t i = 0; i < board->tlv_count; i++)
        array = with(array, json_pack("{s:o, s:b}", "type", json_u32(board->tlv[i].type),
                                      "required", board->tlv[i].required));
    return array;
}

static json_t *json_sources(const struct rprocfw_board *board)
{
    json_t *array = json_array();

    for (size_t i = 0; i < board->source_count; i++)
        array = with(array, json_path(board->source[i]));
    return array;
}

static json_t *json_board(const struct rprocfw_board *board)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:o, s:b, s:s, s:o, s:s, s:o, s:o, s:o, s:o}",
                     "name", json_path(board->name), "title", json_path(board->title), "sources",
                     json_sources(board), "ta", json_ta(&board->ta), "layout",
                     board->old_layout ? "2020" : "today", "signatures", json_signatures(board),
                     "encrypted", board->encrypted, "pkeyinfo", pkeyinfo_name(board->pkeyinfo),
                     "platform_tlvs", json_tlvs(board), "other_platform_tlvs",
                     board->any_tlv ? "ignored" : "refused", "bootaddr_alignment",
                     json_u32(board->bootaddr_alignment), "ranges", json_ranges(board), "regions",
                     json_regions(board), "linux", json_seen(board));
}

/* ---- One, or those that are shipped ---- */

/* boards: NULL for text. */
static int show(const struct rprocfw_board *board, bool whole, json_t *boards, const char *tool)
{
    if (boards != NULL)
        return json_array_append_new(boards, json_board(board)) == 0 ? EXIT_DONE : no_memory(tool);
    if (whole)
        print_board(board);
    else
        print_line(board);
    return EXIT_DONE;
}

static int show_shipped(json_t *boards, const char *tool)
{
    const char *name;
    int status = EXIT_DONE;

    for (size_t i = 0; (name = rprocfw_board_name(i)) != NULL && status == EXIT_DONE; i++) {
        const struct rprocfw_board_source source = {.name = name};
        struct rprocfw_error error;
        struct rprocfw_board *board;

        if (rprocfw_board_load(&board, &source, &error) != RPROCFW_OK)
            return fail(tool, &error);
        status = show(board, false, boards, tool);
        rprocfw_board_free(board);
    }
    return status;
}

static int show_document(const struct rprocfw_board *board, enum format format, const char *tool)
{
    json_t *boards = json_array();
    json_t *document;
    int status;

    if (boards == NULL)
        return no_memory(tool);
    status = board != NULL ? show(board, true, boards, tool) : show_shipped(boards, tool);
    document = json_pack("{s:i, s:o}", "schema", 1, "boards", boards);
    if (status == EXIT_DONE && (document == NULL || !print_document(document, format)))
        status = no_memory(tool);
    json_decref(document);
    return status;
}

/* A profile to be edited. It has no name but its file's, and nothing that is not known. */
static int show_profile(const struct rprocfw_board *board, const char *tool)
{
    json_t *profile = json_board(board);
    bool done = profile != NULL;

    if (done)
        done = json_object_del(profile, "name") == 0;
    if (done && !board->has_seen)
        done = json_object_del(profile, "linux") == 0;
    if (done && board->bootaddr_alignment == 0)
        done = json_object_del(profile, "bootaddr_alignment") == 0;
    if (done && board->tlv_count == 0)
        done = json_object_del(profile, "platform_tlvs") == 0;
    done = done && document_print_profile(profile);
    json_decref(profile);
    return done ? EXIT_DONE : no_memory(tool);
}

int board_list(const struct rprocfw_board *board, enum format format, const char *tool)
{
    int status;

    if (format == FORMAT_YAML)
        status = show_profile(board, tool);
    else if (format != FORMAT_TEXT)
        status = show_document(board, format, tool);
    else
        status = board != NULL ? show(board, true, NULL, tool) : show_shipped(NULL, tool);
    return finish_stdout(tool, status);
}
