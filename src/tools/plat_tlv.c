/* SPDX-License-Identifier: BSD-2-Clause */
/* Platform TLVs: ids and values as the scripts read them, and two forms of our own. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hex.h"
#include "options.h"
#include "plat_tlv.h"
#include "whole.h"
#include "utf8.h"

#define VALUE_LIMIT ((size_t)16 * 1024 * 1024)

/* Digits of a base, with single underscores between them, that make a u32. */
static bool parse_digits(const char *text, unsigned base, uint32_t *number)
{
    uint64_t sum = 0;
    bool digit_before = false;

    for (; *text != '\0'; text++) {
        const unsigned digit = digit_value(*text);

        if (*text == '_' && digit_before) {
            digit_before = false;
            continue;
        }
        if (digit >= base)
            return false;
        digit_before = true;
        sum = sum * base + digit;
        if (sum > UINT32_MAX)
            return false;
    }
    *number = (uint32_t)sum;
    return digit_before;
}

/* A number as Python's int(text, 0) takes it: 10, 0x10, 0o10, 0b10; no leading zeros. */
static bool parse_number(const char *text, uint32_t *number)
{
    unsigned base = 10;

    if (text[0] == '0' && text[1] != '\0') {
        base = text[1] == 'x' || text[1] == 'X'   ? 16
               : text[1] == 'o' || text[1] == 'O' ? 8
               : text[1] == 'b' || text[1] == 'B' ? 2
                                                  : 0;
        text += 2;
        if (*text == '_') /* 0x_10 */
            text++;
    }
    return base != 0 && parse_digits(text, base, number);
}

static bool parse_id(const char *text, uint32_t *id)
{
    if (strcmp(text, "BOOTADDR") == 0)
        *id = RPROCFW_TLV_BOOTADDR;
    else if (strcmp(text, "BOOTSEC") == 0)
        *id = RPROCFW_TLV_BOOTSEC;
    else if (!parse_number(text, id))
        return false;
    return rprocfw_tlv_is_platform(*id);
}

/* Is this text that somebody may have meant as a number? Decimal digits, or digits behind a prefix
 * that is not the lower-case 0x. *number is it, if it fits. */
static bool looks_like_number(const char *text, uint32_t *number, bool *fits)
{
    const bool decimal = text[0] != '\0' && text[strspn(text, "0123456789")] == '\0';
    const bool prefixed = text[0] == '0' && text[1] != '\0' && strchr("XoObB", text[1]) != NULL &&
                          isxdigit((unsigned char)text[2]) != 0 &&
                          text[2 + strspn(text + 2, "0123456789abcdefABCDEF_")] == '\0';

    *fits = decimal ? parse_digits(text, 10, number) : prefixed && parse_number(text, number);
    return decimal || prefixed;
}

/* A warning, and how to write the number, if text looks like one. */
static void warn_of_number(const char *id, const char *text, const struct rprocfw_log *log)
{
    char message[512];
    char remedy[64];
    uint32_t number = 0;
    bool fits;

    const bool is_boot = strncmp(id, "BOOT", 4) == 0; /* BOOTADDR, BOOTSEC: always numbers */

    if (log->write == NULL || !(looks_like_number(text, &number, &fits) || is_boot))
        return;
    if (strlen(text) == 8) /* 80100000: hex without its 0x is as likely as decimal */
        fits = false;
    (void)snprintf(remedy, sizeof(remedy), "for a number write 0x%" PRIx32, number);
    (void)snprintf(message, sizeof(message),
                   "--plat-tlv %s %.100s is written as text of %zu characters, not as a number; %s",
                   id, text, strlen(text), fits ? remedy : "numbers are written 0x and hex digits");
    log->write(log->ctx, RPROCFW_LOG_WARNING, message);
}

/* An own copy of size bytes, never NULL for 0 bytes. */
static enum rprocfw_status keep(struct rprocfw_plat_tlv *tlv, const void *bytes, size_t size,
                                struct rprocfw_error *error)
{
    uint8_t *copy = malloc(size + 1);

    if (copy == NULL)
        return out_of_memory(error);
    if (size != 0)
        memcpy(copy, bytes, size);
    tlv->value = copy;
    tlv->size = size;
    return RPROCFW_OK;
}

static enum rprocfw_status from_value(struct rprocfw_plat_tlv *tlv, const char *id,
                                      const char *value, const struct rprocfw_log *log,
                                      struct rprocfw_error *error)
{
    uint32_t number;
    uint8_t bytes[4];

    if (tlv->id == RPROCFW_TLV_BOOTADDR && strcmp(value, "auto") == 0) {
        tlv->boot_address = true;
        return RPROCFW_OK;
    }
    if (strncmp(value, "0x", 2) == 0) {
        if (!parse_digits(value + 2, 16, &number))
            return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                     "--plat-tlv %s %s: not a 32-bit hex number; for other bytes "
                                     "use --plat-tlv-hex",
                                     id, value);
        rprocfw_u32_encode(bytes, number);
        return keep(tlv, bytes, sizeof(bytes), error);
    }
    if (!utf8_is_text((const uint8_t *)value, strlen(value)))
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "--plat-tlv %s: the text is not UTF-8; for other bytes use "
                                 "--plat-tlv-hex",
                                 id);
    warn_of_number(id, value, log);
    return keep(tlv, value, strlen(value), error);
}

static enum rprocfw_status from_hex(struct rprocfw_plat_tlv *tlv, const char *id, const char *hex,
                                    struct rprocfw_error *error)
{
    uint8_t *bytes = malloc(strlen(hex) / 2 + 1);
    const char *wrong;
    size_t size;

    if (bytes == NULL)
        return out_of_memory(error);
    wrong = bytes_of_hex(hex, bytes, &size);
    if (wrong != NULL) {
        free(bytes);
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "--plat-tlv-hex %s: expected pairs of hex digits, found "
                                 "\"%.2s\"",
                                 id, wrong);
    }
    tlv->value = bytes;
    tlv->size = size;
    return RPROCFW_OK;
}

static enum rprocfw_status from_file(struct rprocfw_plat_tlv *tlv, const char *path,
                                     struct rprocfw_error *error)
{
    uint8_t *bytes;
    enum rprocfw_status status = read_whole(path, VALUE_LIMIT, &bytes, &tlv->size, error);

    tlv->value = bytes;
    return status;
}

enum rprocfw_status plat_tlvs_add(struct plat_tlvs *list, enum plat_tlv_form form, const char *id,
                                  const char *value, const struct rprocfw_log *log,
                                  struct rprocfw_error *error)
{
    struct rprocfw_plat_tlv tlv = {0};
    enum rprocfw_status status = RPROCFW_OK;
    struct rprocfw_plat_tlv *grown;

    if (!parse_id(id, &tlv.id))
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "platform TLV %s: expected BOOTADDR, BOOTSEC or a number from "
                                 "0x%x to 0x%x",
                                 id, RPROCFW_TLV_PLATFORM_FIRST, RPROCFW_TLV_PLATFORM_LAST);
    grown = realloc(list->tlv, (list->count + 1) * sizeof(*grown));
    if (grown == NULL)
        return out_of_memory(error);
    list->tlv = grown;
    switch (form) {
    case PLAT_TLV_VALUE:
        status = from_value(&tlv, id, value, log, error);
        break;
    case PLAT_TLV_FILE:
        status = from_file(&tlv, value, error);
        break;
    case PLAT_TLV_HEX:
        status = from_hex(&tlv, id, value, error);
        break;
    }
    if (status == RPROCFW_OK)
        list->tlv[list->count++] = tlv;
    return status;
}

void plat_tlvs_free(struct plat_tlvs *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((void *)list->tlv[i].value); /* ours; const for the library alone */
    free(list->tlv);
    *list = (struct plat_tlvs){0};
}
