/* SPDX-License-Identifier: BSD-2-Clause */
/* The platform TLVs of a container: ids and values. */
#include <stdlib.h>
#include <string.h>

#include "manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Values ---- */

static enum rprocfw_status hold_value(struct rprocfw_yaml *r, struct rprocfw_manifest_tlv *tlv,
                                      size_t size)
{
    void *value = NULL;
    const enum rprocfw_status status =
        size > 0 ? rprocfw_manifest_hold(r, size, &value) : RPROCFW_OK;

    tlv->from = RPROCFW_MANIFEST_BYTES;
    tlv->value = value;
    tlv->size = status == RPROCFW_OK ? size : 0;
    return status;
}

/* A number of so many bytes. */
static enum rprocfw_status take_number(struct rprocfw_yaml *r, void *to, size_t size,
                                       const char *expected)
{
    struct rprocfw_manifest_tlv *tlv = to;
    uint64_t number;
    enum rprocfw_status status =
        rprocfw_yaml_number(r, false, UINT64_MAX >> (64 - 8 * size), expected, &number);

    if (status == RPROCFW_OK)
        status = hold_value(r, tlv, size);
    for (size_t i = 0; i < size && status == RPROCFW_OK; i++)
        tlv->value[i] = (uint8_t)(number >> 8 * i);
    return status;
}

static enum rprocfw_status take_u8(struct rprocfw_yaml *r, void *to)
{
    return take_number(r, to, 1, "a number of 8 bits, such as 1 or 0xff");
}

static enum rprocfw_status take_u16(struct rprocfw_yaml *r, void *to)
{
    return take_number(r, to, 2, "a number of 16 bits, such as 1 or 0xffff");
}

static enum rprocfw_status take_u32(struct rprocfw_yaml *r, void *to)
{
    return take_number(r, to, 4, "a number of 32 bits, such as 1 or 0x80100000");
}

static enum rprocfw_status take_u64(struct rprocfw_yaml *r, void *to)
{
    return take_number(r, to, 8, "a number of 64 bits, such as 1 or 0x100000000");
}

/* Other readers of YAML take nothing for null. */
static enum rprocfw_status refuse_nothing(struct rprocfw_yaml *r, const char *expected)
{
    const yaml_event_t *event = &r->event;

    if (event->type != YAML_SCALAR_EVENT || event->data.scalar.length > 0 ||
        event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return RPROCFW_OK;
    return rprocfw_yaml_complain(r, event->start_mark,
                                 "nothing, expected %s; for no bytes write ''", expected);
}

static enum rprocfw_status take_string(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "a text of one line";
    struct rprocfw_manifest_tlv *tlv = to;
    const char *text = "";
    enum rprocfw_status status = refuse_nothing(r, expected);

    if (status == RPROCFW_OK)
        status = rprocfw_manifest_any_text(r, expected, &text);
    if (status == RPROCFW_OK)
        status = hold_value(r, tlv, strlen(text));
    if (status == RPROCFW_OK && tlv->size > 0)
        memcpy(tlv->value, text, tlv->size);
    return status;
}

/* Pairs of digits, with spaces or colons between them, that go to bytes; -1: they are none. */
static int bytes_of_hex(const char *hex, uint8_t *bytes)
{
    int count = 0;

    for (; *hex != '\0'; hex++) {
        if (*hex == ' ' || *hex == ':')
            continue;
        if (rprocfw_yaml_digit(hex[0]) > 15 || rprocfw_yaml_digit(hex[1]) > 15)
            return -1;
        bytes[count++] = (uint8_t)(rprocfw_yaml_digit(hex[0]) << 4 | rprocfw_yaml_digit(hex[1]));
        hex++;
    }
    return count;
}

/* Plain ones, too, that other readers of YAML take for a number. */
static enum rprocfw_status take_hex(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "pairs of hexadecimal digits";
    uint8_t bytes[RPROCFW_MANIFEST_TEXT_MAX / 2];
    struct rprocfw_manifest_tlv *tlv = to;
    const char *text = "";
    int count;
    enum rprocfw_status status = refuse_nothing(r, expected);

    if (status == RPROCFW_OK)
        status = rprocfw_yaml_scalar(r, expected, &text);
    if (status != RPROCFW_OK)
        return status;
    count = bytes_of_hex(text, bytes);
    if (count < 0)
        return rprocfw_yaml_wrong_value(r, expected);
    status = hold_value(r, tlv, (size_t)count);
    if (status == RPROCFW_OK && tlv->value != NULL)
        memcpy(tlv->value, bytes, (size_t)count);
    return status;
}

static enum rprocfw_status take_file(struct rprocfw_yaml *r, void *to)
{
    struct rprocfw_manifest_tlv *tlv = to;
    const char *text;
    const enum rprocfw_status status = rprocfw_manifest_text(r, "a path", &text);

    tlv->from = RPROCFW_MANIFEST_FILE;
    return status == RPROCFW_OK ? rprocfw_manifest_path(r, text, &tlv->path) : status;
}

static const struct rprocfw_yaml_key value_keys[] = {
    {"u8", take_u8, 0, false},     {"u16", take_u16, 0, false},       {"u32", take_u32, 0, false},
    {"u64", take_u64, 0, false},   {"string", take_string, 0, false}, {"hex", take_hex, 0, false},
    {"file", take_file, 0, false},
};

/* ---- One TLV ---- */

struct given {
    struct rprocfw_manifest_tlv tlv;
    bool away; /* it is null: the one of defaults goes */
};

static enum rprocfw_status take_word(struct rprocfw_yaml *r, struct rprocfw_manifest_tlv *tlv)
{
    const bool boot = tlv->id == RPROCFW_TLV_BOOTADDR;
    const char *expected = boot
                               ? "auto, or one of u8, u16, u32, u64, string, hex, file with a value"
                               : "one of u8, u16, u32, u64, string, hex, file with a value";
    const char *text;
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    if (!boot || strcmp(text, "auto") != 0)
        return rprocfw_yaml_wrong_value(r, expected);
    tlv->from = RPROCFW_MANIFEST_BOOT_ADDRESS;
    return RPROCFW_OK;
}

static enum rprocfw_status take_value(struct rprocfw_yaml *r, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    struct rprocfw_yaml_seen seen = {0};
    struct given *given = to;
    enum rprocfw_status status;

    given->away = rprocfw_manifest_is_null(r);
    if (given->away)
        return RPROCFW_OK;
    if (r->event.type == YAML_SCALAR_EVENT)
        return take_word(r, &given->tlv);
    status = rprocfw_yaml_mapping_seen(r, value_keys, COUNT(value_keys), &given->tlv, &seen);
    if (status != RPROCFW_OK)
        return status;
    if (seen.keys == 0 || (seen.keys & (seen.keys - 1)) != 0)
        return rprocfw_yaml_complain(r, at,
                                     "%s, expected one of u8, u16, u32, u64, string, hex, "
                                     "file",
                                     seen.keys == 0 ? "no value" : "more than one value");
    return RPROCFW_OK;
}

/* ---- All of them ---- */

/* What a mapping says, before what defaults say is looked at. */
struct givens {
    struct given list[RPROCFW_YAML_LIST_MAX];
    size_t count;
};

static enum rprocfw_status parse_id(struct rprocfw_yaml *r, const char *text, uint32_t *id)
{
    uint64_t number = 0;
    const char *end = rprocfw_yaml_parse_number(text, &number);

    if (strcmp(text, "BOOTADDR") == 0)
        number = RPROCFW_TLV_BOOTADDR;
    else if (strcmp(text, "BOOTSEC") == 0)
        number = RPROCFW_TLV_BOOTSEC;
    else if (end == NULL || *end != '\0')
        number = 0;
    *id = number <= UINT32_MAX ? (uint32_t)number : 0;
    if (rprocfw_tlv_is_platform(*id))
        return RPROCFW_OK;
    return rprocfw_yaml_wrong_value(r, "BOOTADDR, BOOTSEC or a number from 0x10000 to 0x1ffff");
}

static enum rprocfw_status take_tlv(struct rprocfw_yaml *r, void *to)
{
    struct givens *givens = to;
    bool repeated = false;
    struct given given = {0};
    enum rprocfw_status status;
    const char *text;
    char name[32];

    status = rprocfw_yaml_literal(r, "the id of a platform TLV", &text);
    if (status == RPROCFW_OK)
        status = parse_id(r, text, &given.tlv.id);
    if (status != RPROCFW_OK)
        return status;
    if (givens->count == RPROCFW_YAML_LIST_MAX)
        return rprocfw_yaml_complain(r, r->event.start_mark, "more than %u", RPROCFW_YAML_LIST_MAX);
    for (size_t i = 0; i < givens->count; i++)
        repeated |= givens->list[i].tlv.id == given.tlv.id;
    rprocfw_print(name, sizeof(name), "%s", text);
    status = rprocfw_yaml_value(r, name, repeated, take_value, &given);
    givens->list[givens->count++] = given;
    return status;
}

/* Over what the container has of defaults: at its place, or behind. */
static void put(struct rprocfw_manifest_container *container, const struct given *given)
{
    struct rprocfw_manifest_tlv *list = container->tlv;
    size_t i;

    for (i = 0; i < container->tlv_count && list[i].id != given->tlv.id; i++)
        ;
    if (i == container->tlv_count && given->away)
        return;
    if (given->away) {
        container->tlv_count--;
        memmove(&list[i], &list[i + 1], (container->tlv_count - i) * sizeof(*list));
        return;
    }
    if (i == container->tlv_count)
        container->tlv_count++;
    list[i] = given->tlv;
}

static enum rprocfw_status merge(struct rprocfw_yaml *r, struct rprocfw_manifest_container *to,
                                 const struct givens *givens)
{
    const struct rprocfw_manifest_tlv *before = to->tlv; /* shared with other containers */
    const size_t most = to->tlv_count + givens->count;
    enum rprocfw_status status;
    void *list;

    if (givens->count == 0)
        return RPROCFW_OK;
    status = rprocfw_manifest_hold(r, most * sizeof(*before), &list);
    if (status != RPROCFW_OK)
        return status;
    if (to->tlv_count > 0)
        memcpy(list, before, to->tlv_count * sizeof(*before));
    to->tlv = list;
    for (size_t i = 0; i < givens->count; i++)
        put(to, &givens->list[i]);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_manifest_tlvs(struct rprocfw_yaml *r, void *to)
{
    struct rprocfw_manifest_container *container = to;
    struct givens *givens;
    enum rprocfw_status status;

    if (rprocfw_manifest_is_null(r)) {
        container->tlv = NULL;
        container->tlv_count = 0;
        return RPROCFW_OK;
    }
    givens = calloc(1, sizeof(*givens));
    if (givens == NULL)
        return rprocfw_no_memory(r->error);
    status = rprocfw_yaml_entries(r, take_tlv, givens);
    if (status == RPROCFW_OK)
        status = merge(r, container, givens);
    free(givens);
    return status;
}
