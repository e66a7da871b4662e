/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What of a container's header and TLVs is not as it would be, in words. Of the container nothing
 * is trusted; what it has to say is shown as numbers, or as text if it is plain ASCII.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "signing.h"

/* ---- A TLV in words ---- */

/* Longer texts are not shown. */
#define SHOWN_TEXT 64u

struct words {
    char text[SHOWN_TEXT + 4];
};

static struct words name_of(uint32_t type)
{
    const char *name = rprocfw_tlv_name(type);
    struct words words;

    if (name != NULL)
        (void)snprintf(words.text, sizeof(words.text), "%s", name);
    else
        (void)snprintf(words.text, sizeof(words.text), "0x%" PRIx32, type);
    return words;
}

static bool is_text(const struct rprocfw_tlv *tlv)
{
    for (uint32_t i = 0; i < tlv->length; i++)
        if (tlv->value[i] < ' ' || tlv->value[i] > '~')
            return false;
    return tlv->length != 0 && tlv->length <= SHOWN_TEXT;
}

static bool is_number(const struct rprocfw_tlv *tlv)
{
    return tlv->length == 2 || tlv->length == 4 || tlv->length == 8;
}

static struct words value_of(const struct rprocfw_tlv *tlv)
{
    const bool is_boot = tlv->type == RPROCFW_TLV_BOOTADDR || tlv->type == RPROCFW_TLV_BOOTSEC;
    struct words words;
    size_t at;

    if (tlv->length == 1) {
        (void)snprintf(words.text, sizeof(words.text), "%u", tlv->value[0]);
    } else if (is_number(tlv) && (is_boot || !is_text(tlv))) {
        at = (size_t)snprintf(words.text, sizeof(words.text), "0x");
        for (uint32_t i = tlv->length; i > 0; i--)
            at += (size_t)snprintf(words.text + at, sizeof(words.text) - at, "%02x",
                                   tlv->value[i - 1]);
    } else if (is_text(tlv)) {
        (void)snprintf(words.text, sizeof(words.text), "\"%.*s\"", (int)tlv->length,
                       (const char *)tlv->value);
    } else {
        (void)snprintf(words.text, sizeof(words.text), "%" PRIu32 " bytes long", tlv->length);
    }
    return words;
}

/* ---- The signed table ---- */

static uint32_t table_type(const struct rprocfw_metadata *wanted)
{
    return wanted->entry_size == RPROCFW_ENC_ENTRY_SIZE ? RPROCFW_TLV_ENCTABLE
                                                        : RPROCFW_TLV_HASHTABLE;
}

/* The table, and the one wanted, differ first at byte at. */
static void tell_entry(const struct rprocfw_metadata *wanted, const uint8_t *table, size_t at,
                       char text[RPROCFW_DIFFERENCE_ROOM])
{
    static const char *const member[] = {"p_type",   "p_offset", "p_vaddr", "p_paddr",
                                         "p_filesz", "p_memsz",  "p_flags", "p_align"};
    const struct words name = name_of(table_type(wanted));
    const size_t number = at / wanted->entry_size;
    const size_t within = at % wanted->entry_size;

    if (within < RPROCFW_PHDR_SIZE) {
        const size_t word = at - within % 4;

        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM,
                      "entry %zu of TLV %s has %s 0x%" PRIx32 " and would have 0x%" PRIx32, number,
                      name.text, member[within / 4], rprocfw_u32_decode(table + word),
                      rprocfw_u32_decode(wanted->table + word));
        return;
    }
    rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "entry %zu of TLV %s has another %s", number,
                  name.text, within < RPROCFW_PHDR_SIZE + RPROCFW_SHA256_SIZE ? "SHA-256" : "IV");
}

static bool phdrs_differ(const struct rprocfw_metadata *wanted, const uint8_t *table,
                         char text[RPROCFW_DIFFERENCE_ROOM])
{
    for (size_t i = 0; i < wanted->entries; i++) {
        size_t at = i * wanted->entry_size;
        const size_t end = at + RPROCFW_PHDR_SIZE;

        while (at < end && table[at] == wanted->table[at])
            at++;
        if (at < end) {
            tell_entry(wanted, table, at, text);
            return true;
        }
    }
    return false;
}

/* ---- Records ---- */

static bool value_differs(const struct rprocfw_tlv *wanted, const struct rprocfw_tlv *found,
                          char text[RPROCFW_DIFFERENCE_ROOM])
{
    const struct words name = name_of(wanted->type);
    const struct words is = value_of(found);
    const struct words would_be = value_of(wanted);
    uint32_t at = 0;

    if (strcmp(is.text, would_be.text) != 0) {
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "TLV %s is %s and would be %s", name.text,
                      is.text, would_be.text);
        return true;
    }
    while (at < wanted->length && found->value[at] == wanted->value[at])
        at++;
    if (at == wanted->length)
        return false;
    rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "TLV %s differs from its byte %" PRIu32 " on",
                  name.text, at);
    return true;
}

static bool table_differs(const struct rprocfw_metadata *metadata, const struct rprocfw_tlv *wanted,
                          const struct rprocfw_tlv *found, char text[RPROCFW_DIFFERENCE_ROOM])
{
    if (wanted->length == found->length)
        return phdrs_differ(metadata, found->value, text);
    if (found->length % metadata->entry_size != 0)
        return value_differs(wanted, found, text);
    rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "%s %zu program headers and would have %zu",
                  metadata->images == 1 ? "image 0 has" : "the images have",
                  found->length / metadata->entry_size, metadata->entries);
    return true;
}

static bool sizes_differ(const struct rprocfw_tlv *wanted, const struct rprocfw_tlv *found,
                         char text[RPROCFW_DIFFERENCE_ROOM])
{
    if (wanted->length != found->length)
        return value_differs(wanted, found, text);
    for (uint32_t i = 0; i < wanted->length / 4; i++) {
        const uint32_t has = rprocfw_u32_decode(found->value + (size_t)4 * i);
        const uint32_t would_have = rprocfw_u32_decode(wanted->value + (size_t)4 * i);

        if (has == would_have)
            continue;
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM,
                      "image %" PRIu32 " has %" PRIu32 " bytes and would have %" PRIu32, i, has,
                      would_have);
        return true;
    }
    return false;
}

/* Of one type. */
static bool record_differs(const struct rprocfw_metadata *metadata,
                           const struct rprocfw_tlv *wanted, const struct rprocfw_tlv *found,
                           char text[RPROCFW_DIFFERENCE_ROOM])
{
    if (wanted->type == table_type(metadata))
        return table_differs(metadata, wanted, found, text);
    if (wanted->type == RPROCFW_TLV_IMGSIZE)
        return sizes_differ(wanted, found, text);
    return value_differs(wanted, found, text);
}

/* Is there a record of that type among the next ones? */
static bool comes(struct rprocfw_tlv_iter iter, uint32_t type)
{
    struct rprocfw_tlv tlv;

    while (rprocfw_tlv_next(&iter, &tlv))
        if (tlv.type == type)
            return true;
    return false;
}

/* A walk, and the record that it has come to. */
struct walk {
    struct rprocfw_tlv_iter iter;
    struct rprocfw_tlv tlv;
    bool more; /* there is one */
};

static void step(struct walk *walk)
{
    walk->more = rprocfw_tlv_next(&walk->iter, &walk->tlv);
}

/*
 * They have come to records of two types, or one of them to its end. If one is instead of the
 * other, that with the lower type is told: ENCTYPE, not a table.
 */
static void tell_other(const struct walk *wanted, const struct walk *found,
                       char text[RPROCFW_DIFFERENCE_ROOM])
{
    const bool missing = wanted->more && (!found->more || !comes(found->iter, wanted->tlv.type));
    const bool extra = found->more && (!wanted->more || !comes(wanted->iter, found->tlv.type));
    const bool is_wanted = missing && (!extra || wanted->tlv.type < found->tlv.type);
    const struct words is = name_of(found->tlv.type);
    const struct words would_be = name_of(wanted->tlv.type);

    if (is_wanted)
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "TLV %s is not there and would be %s",
                      would_be.text, value_of(&wanted->tlv).text);
    else if (extra)
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "TLV %s is %s and would not be there", is.text,
                      value_of(&found->tlv).text);
    else
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM,
                      "the order of the TLVs is another: %s is where %s would be", is.text,
                      would_be.text);
}

bool rprocfw_tlvs_differ(const struct rprocfw_metadata *metadata, const uint8_t *area,
                         uint32_t tlv_len, char text[RPROCFW_DIFFERENCE_ROOM])
{
    struct walk wanted = {.more = false};
    struct walk found = {.more = false};

    rprocfw_tlv_begin(&wanted.iter, metadata->bytes + RPROCFW_HEADER_SIZE,
                      metadata->header.tlv_len);
    rprocfw_tlv_begin(&found.iter, area, tlv_len);
    for (;;) {
        step(&wanted);
        step(&found);
        if (found.iter.status != RPROCFW_OK) {
            rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "its TLVs are damaged at byte %u: %s",
                          RPROCFW_HEADER_SIZE + found.tlv.offset,
                          rprocfw_status_text(found.iter.status));
            return true;
        }
        if (!wanted.more && !found.more)
            return false;
        if (!wanted.more || !found.more || wanted.tlv.type != found.tlv.type) {
            tell_other(&wanted, &found, text);
            return true;
        }
        if (record_differs(metadata, &wanted.tlv, &found.tlv, text))
            return true;
    }
}

/* ---- All bytes ---- */

bool rprocfw_headers_differ(const struct rprocfw_header *wanted, const struct rprocfw_header *found,
                            char text[RPROCFW_DIFFERENCE_ROOM])
{
    const struct {
        const char *what;
        uint32_t found;
        uint32_t wanted;
    } words[] = {
        {"magic number", found->magic, wanted->magic},
        {"version", found->version, wanted->version},
        {"size of its TLVs", found->tlv_len, wanted->tlv_len},
        {"size of its signature", found->sign_len, wanted->sign_len},
        {"size of its images", found->img_len, wanted->img_len},
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (words[i].found == words[i].wanted)
            continue;
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM,
                      "the %s, says its header, is %" PRIu32 " and would be %" PRIu32,
                      words[i].what, words[i].found, words[i].wanted);
        return true;
    }
    return false;
}

bool rprocfw_signed_bytes_differ(const struct rprocfw_metadata *wanted, const uint8_t *found,
                                 char text[RPROCFW_DIFFERENCE_ROOM])
{
    const size_t table = (size_t)(wanted->table - wanted->bytes);
    size_t at = 0;

    while (at < wanted->layout.signature && found[at] == wanted->bytes[at])
        at++;
    if (at == wanted->layout.signature)
        return false;
    if (at >= table && at - table < wanted->entries * wanted->entry_size)
        tell_entry(wanted, found + table, at - table, text);
    else
        rprocfw_print(text, RPROCFW_DIFFERENCE_ROOM, "byte %zu is 0x%02x and would be 0x%02x", at,
                      found[at], wanted->bytes[at]);
    return true;
}
