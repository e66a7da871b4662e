/* SPDX-License-Identifier: BSD-2-Clause */
/* What header, TLVs and keys lead to on a board, and what the container carries for nothing. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../boards/board.h"
#include "../device/device.h"
#include "findings.h"
#include "../host.h"

/* ---- Platform TLVs ---- */

static const char *tlv_name(uint32_t type, char number[16])
{
    const char *name = rprocfw_tlv_name(type);

    (void)snprintf(number, 16, "0x%08" PRIx32, type);
    return name != NULL ? name : number;
}

static void find_missing(struct rprocfw_finder *finder)
{
    const struct rprocfw_board *board = finder->board;
    char number[16];

    for (size_t i = 0; i < board->tlv_count; i++) {
        const uint32_t type = board->tlv[i].type;

        if (board->tlv[i].required && rprocfw_report_tlv(finder->report, type) == NULL)
            rprocfw_say_found(
                finder, RPROCFW_FOUND_PLATFORM_TLV_MISSING, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
                "no %s, and the board does not start without it; give it with --plat-tlv%s",
                tlv_name(type, number), type == RPROCFW_TLV_BOOTADDR ? " BOOTADDR auto" : "");
    }
}

static bool is_text(const struct rprocfw_report_tlv *tlv)
{
    for (uint32_t i = 0; i < tlv->length; i++)
        if (!isprint(tlv->value[i]))
            return false;
    return tlv->length > 0;
}

/* A value that is to be a word: written without 0x it is text. */
static void find_word(struct rprocfw_finder *finder, const struct rprocfw_report_tlv *tlv)
{
    const bool text = is_text(tlv);
    const uint32_t shown = text && tlv->length <= 32 ? tlv->length : 0;
    char number[16];

    if (tlv->length != 4)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_PLATFORM_TLV_LENGTH, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "%s has %" PRIu32 " bytes%s%.*s%s, and the board wants 4; give --plat-tlv a "
            "number with 0x",
            tlv_name(tlv->type, number), tlv->length, shown > 0 ? " (the text \"" : "", (int)shown,
            (const char *)tlv->value, shown > 0 ? "\")" : "");
    else if (text)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_PLATFORM_TLV_TEXT, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "%s is the text \"%.4s\", which the board takes for the number 0x%08" PRIx32
            "; give --plat-tlv a number with 0x",
            tlv_name(tlv->type, number), (const char *)tlv->value, rprocfw_u32_decode(tlv->value));
    else if (tlv->type == RPROCFW_TLV_BOOTSEC && rprocfw_u32_decode(tlv->value) == 0 &&
             finder->board->ta.family == RPROCFW_TA_ST)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_BOOTSEC_ZERO, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "BOOTSEC is 0, and ST's 4.0.0 starts in the secure world all the same; leave "
            "BOOTSEC out for the non-secure world");
}

static void find_platform_tlvs(struct rprocfw_finder *finder)
{
    const struct rprocfw_report *report = finder->report;
    const struct rprocfw_board *board = finder->board;
    char number[16];

    if (board == NULL)
        return;
    find_missing(finder);
    for (size_t i = 0; i < report->tlv_count; i++) {
        const struct rprocfw_report_tlv *tlv = &report->tlvs[i];
        const bool is_known = rprocfw_board_knows_tlv(board, tlv->type);

        if (!rprocfw_tlv_is_platform(tlv->type))
            continue;
        if (is_known && (tlv->type == RPROCFW_TLV_BOOTADDR || tlv->type == RPROCFW_TLV_BOOTSEC))
            find_word(finder, tlv);
        else if (!is_known && !board->any_tlv)
            rprocfw_say_found(
                finder, RPROCFW_FOUND_PLATFORM_TLV_UNKNOWN, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
                "the platform TLV %s is none that the board knows, and it refuses those; "
                "leave it out",
                tlv_name(tlv->type, number));
    }
}

/* ---- Keys ---- */

/* Of the size that the board takes apart at fixed places. */
static bool is_right_size(const struct rprocfw_report *report,
                          const struct rprocfw_report_tlv *pkeyinfo, uint32_t *expected)
{
    *expected =
        report->signtype == RPROCFW_SIGNTYPE_RSA ? RPROCFW_PKEYINFO_RSA : RPROCFW_PKEYINFO_P256;
    return pkeyinfo->length == *expected;
}

/* How sure it is what a board does with PKEYINFO. */
typedef void say_function(struct rprocfw_finder *finder, enum rprocfw_finding_kind kind,
                          uint32_t image, uint32_t segment, const char *format, ...)
    RPROCFW_PRINTF(5, 6);

static void find_other_key(struct rprocfw_finder *finder, say_function *say,
                           const struct rprocfw_report_tlv *pkeyinfo)
{
    const struct rprocfw_key *key = finder->report->signed_by;
    enum rprocfw_pkeyinfo what = RPROCFW_PKEYINFO_OPAQUE;

    if (key == NULL)
        return;
    finder->status =
        rprocfw_pkeyinfo_look(pkeyinfo->value, pkeyinfo->length, key, &what, finder->error);
    if (finder->status == RPROCFW_OK && what == RPROCFW_PKEYINFO_OTHER)
        say(finder, RPROCFW_FOUND_PKEYINFO_OTHER_KEY, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "PKEYINFO has another key than the one that signed, and boards that read it "
            "verify with that; sign with --key_info spki");
}

static void find_pkeyinfo(struct rprocfw_finder *finder)
{
    const struct rprocfw_report *report = finder->report;
    const struct rprocfw_board *board = finder->board;
    const struct rprocfw_report_tlv *pkeyinfo = rprocfw_report_tlv(report, RPROCFW_TLV_PKEYINFO);
    const bool required = board != NULL && rprocfw_board_reads_pkeyinfo(board, report->signtype);
    say_function *const say = required ? rprocfw_say_found : rprocfw_say_suspected;
    uint32_t expected;

    if (board != NULL && board->pkeyinfo == RPROCFW_BOARD_PKEYINFO_IGNORED)
        return;
    if (pkeyinfo == NULL && required)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_PKEYINFO_MISSING, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "no PKEYINFO, and the board takes the key from there; sign with --key_info "
            "spki");
    if (pkeyinfo == NULL)
        return;
    if (board != NULL && !is_right_size(report, pkeyinfo, &expected))
        say(finder, RPROCFW_FOUND_PKEYINFO_SIZE, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "PKEYINFO has %" PRIu32 " bytes, and a board that reads it wants %" PRIu32
            ": the SubjectPublicKeyInfo of %s; sign with --key_info spki",
            pkeyinfo->length, expected,
            report->signtype == RPROCFW_SIGNTYPE_RSA ? "an RSA-2048 key" : "an EC P-256 key");
    else
        find_other_key(finder, say, pkeyinfo);
}

static void find_keys(struct rprocfw_finder *finder)
{
    const struct rprocfw_report *report = finder->report;
    const struct rprocfw_board *board = finder->board;
    const char *published =
        report->signed_by != NULL ? rprocfw_key_published(report->signed_by) : NULL;

    if (board != NULL && (board->signtypes & 1u << report->signtype) == 0)
        rprocfw_say_found(
            finder, RPROCFW_FOUND_SIGNTYPE_UNSUPPORTED, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "signed with %s, which the board does not verify; sign with %s",
            report->signtype == RPROCFW_SIGNTYPE_RSA ? "RSA" : "ECDSA P-256",
            report->signtype == RPROCFW_SIGNTYPE_RSA ? "an EC P-256 key" : "an RSA key");
    if (published != NULL)
        rprocfw_say_found(finder, RPROCFW_FOUND_PUBLISHED_KEY, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
                          "signed with a published test key (%s): everybody can sign with it; sign "
                          "with a key of your own",
                          published);
    find_pkeyinfo(finder);
}

/* ---- Sizes ---- */

/* Header, TLVs and signature, and the table once more. */
static uint64_t heap_needed(const struct rprocfw_report *report)
{
    const uint32_t entry_size = report->entry_count > 0 && report->entries[0].iv != NULL
                                    ? RPROCFW_ENC_ENTRY_SIZE
                                    : RPROCFW_HASH_ENTRY_SIZE;

    return report->layout.payload + (uint64_t)entry_size * report->entry_count;
}

static void find_heap(struct rprocfw_finder *finder)
{
    const struct rprocfw_board *board = finder->board;
    const uint64_t needed = heap_needed(finder->report);
    const uint32_t heap = board != NULL ? board->ta.heap : RPROCFW_BOARD_HEAP;
    const unsigned bits = board != NULL ? board->ta.bits : 64;
    const uint32_t room = rprocfw_heap_room(heap, bits);

    if (heap != 0 && needed > room && !rprocfw_of_old_layout(finder))
        rprocfw_say_found(
            finder, RPROCFW_FOUND_TABLE_TOO_LARGE, RPROCFW_NOWHERE, RPROCFW_NOWHERE,
            "header, TLVs, signature and the hash table once more take %" PRIu64
            " bytes, and a %u-bit TA has about %" PRIu32 " in its %sheap of %" PRIu32
            "; sign with rproc-sign --loadable-only, link to fewer segments, or build "
            "the TA with a larger TA_DATA_SIZE",
            needed, bits, room, board != NULL ? "" : "default ", heap);
}

#define DEBUG_MIN 4096u /* bytes that are worth a word, if they are a tenth of the image, too */

static void find_debug(struct rprocfw_finder *finder)
{
    for (uint32_t i = 0; i < finder->report->image_count; i++) {
        const uint32_t size = finder->named[i].debug_size;

        if (size >= DEBUG_MIN && size >= finder->report->images[i].size / 10)
            rprocfw_say_found(finder, RPROCFW_FOUND_DEBUG_INFORMATION, i, RPROCFW_NOWHERE,
                              "%" PRIu32 " of its %" PRIu32
                              " bytes are debug information and symbols, which no board loads and "
                              "nobody signed; rproc-sign --strip leaves them out",
                              size, finder->report->images[i].size);
    }
}

void rprocfw_find_metadata(struct rprocfw_finder *finder)
{
    find_platform_tlvs(finder);
    find_keys(finder);
    find_heap(finder);
    find_debug(finder);
}
