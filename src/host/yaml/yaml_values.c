/* SPDX-License-Identifier: BSD-2-Clause */
/* Single values of YAML: texts, words, numbers. */
#include <stdlib.h>
#include <string.h>

#include "yaml_reader.h"

enum rprocfw_status rprocfw_yaml_literal(struct rprocfw_yaml *r, const char *expected,
                                         const char **text)
{
    const yaml_event_t *event = &r->event;

    *text = "";
    if (event->type != YAML_SCALAR_EVENT)
        return rprocfw_yaml_wrong_kind(r, expected);
    r->text = *text = (const char *)event->data.scalar.value;
    r->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    for (size_t i = 0; i < event->data.scalar.length; i++)
        if ((uint8_t)(*text)[i] < ' ' || (*text)[i] == 0x7f)
            return rprocfw_yaml_complain(r, event->start_mark, "a control character, expected %s",
                                         expected);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_yaml_scalar(struct rprocfw_yaml *r, const char *expected,
                                        const char **text)
{
    enum rprocfw_status status = rprocfw_yaml_literal(r, expected, text);

    if (status == RPROCFW_OK && r->file->replace != NULL)
        status = r->file->replace(r, text);
    r->text = *text;
    return status;
}

enum rprocfw_status rprocfw_yaml_wrong_value(struct rprocfw_yaml *r, const char *expected)
{
    char found[64];

    rprocfw_print(found, sizeof(found), "%s", r->text);
    return rprocfw_yaml_complain(r, r->event.start_mark, "'%s', expected %s", found, expected);
}

enum rprocfw_status rprocfw_yaml_text(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "a text of one line";
    const char *text;
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    if (text[0] == '\0')
        return rprocfw_yaml_complain(r, r->event.start_mark, "nothing, expected %s", expected);
    *(char **)to = strdup(text);
    return *(char **)to != NULL ? RPROCFW_OK : rprocfw_no_memory(r->error);
}

enum rprocfw_status rprocfw_yaml_word(struct rprocfw_yaml *r, const char *const *words,
                                      size_t count, const char *expected, size_t *number)
{
    const char *text;
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    for (*number = 0; *number < count; (*number)++)
        if (strcmp(text, words[*number]) == 0)
            return RPROCFW_OK;
    return rprocfw_yaml_wrong_value(r, expected);
}

enum rprocfw_status rprocfw_yaml_bool(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"false", "true"};
    size_t number;
    const enum rprocfw_status status = rprocfw_yaml_word(r, words, 2, "true or false", &number);

    if (status == RPROCFW_OK)
        *(bool *)to = number == 1;
    return status;
}

unsigned rprocfw_yaml_digit(char digit)
{
    if (digit >= '0' && digit <= '9')
        return (unsigned)(digit - '0');
    if (digit >= 'a' && digit <= 'f')
        return (unsigned)(digit - 'a') + 10;
    if (digit >= 'A' && digit <= 'F')
        return (unsigned)(digit - 'A') + 10;
    return 16;
}

const char *rprocfw_yaml_parse_number(const char *text, uint64_t *number)
{
    const bool hex = text[0] == '0' && text[1] == 'x';
    const unsigned base = hex ? 16 : 10;
    const char *digit = hex ? text + 2 : text;

    if (rprocfw_yaml_digit(*digit) >= base || (text[0] == '0' && rprocfw_yaml_digit(text[1]) < 10))
        return NULL; /* no digit; or octal for some readers of YAML */
    *number = 0;
    for (; rprocfw_yaml_digit(*digit) < base; digit++) {
        if (*number > (UINT64_MAX - rprocfw_yaml_digit(*digit)) / base)
            return NULL;
        *number = *number * base + rprocfw_yaml_digit(*digit);
    }
    return digit;
}

/* Multiplies by what a K, M or G says. False: it is none, or too much. */
static bool scale(const char *unit, uint64_t *number)
{
    const unsigned shift = *unit == 'K' ? 10 : *unit == 'M' ? 20 : *unit == 'G' ? 30 : 0;

    if (shift == 0)
        return *unit == '\0';
    if (unit[1] != '\0' || *number > UINT64_MAX >> shift)
        return false;
    *number <<= shift;
    return true;
}

enum rprocfw_status rprocfw_yaml_number(struct rprocfw_yaml *r, bool units, uint64_t maximum,
                                        const char *expected, uint64_t *number)
{
    const char *text;
    const char *end;
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, &text);

    if (status != RPROCFW_OK)
        return status;
    if (!r->plain)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "a text, expected %s without quotation marks", expected);
    end = rprocfw_yaml_parse_number(text, number);
    if (end == NULL || (units ? !scale(end, number) : *end != '\0') || *number > maximum)
        return rprocfw_yaml_wrong_value(r, expected);
    return RPROCFW_OK;
}
