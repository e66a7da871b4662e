/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * YAML event by event, with the place of what is wrong. What a key may hold is said by tables of
 * the callers; unknown keys and repeated ones are refused, and so is what can make one thing of
 * two: aliases, anchors, tags.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "yaml_reader.h"

/* ---- What is wrong ---- */

enum rprocfw_status rprocfw_yaml_complain(struct rprocfw_yaml *r, yaml_mark_t at,
                                          const char *format, ...)
{
    char text[600];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    (void)rprocfw_error_set(r->error, RPROCFW_ERR_BOARD, "%s:%zu:%zu: %s%s%s", r->path, at.line + 1,
                            at.column + 1, r->where, r->where[0] != '\0' ? ": " : "", text);
    return RPROCFW_ERR_BOARD;
}

/* libyaml's words. */
static enum rprocfw_status not_yaml(struct rprocfw_yaml *r)
{
    const yaml_parser_t *parser = &r->parser;

    if (parser->error == YAML_MEMORY_ERROR)
        return rprocfw_no_memory(r->error);
    r->where[0] = '\0';
    if (parser->error == YAML_READER_ERROR)
        return rprocfw_error_set(r->error, RPROCFW_ERR_BOARD, "%s: no YAML: byte %zu: %s", r->path,
                                 parser->problem_offset, parser->problem);
    return rprocfw_yaml_complain(r, parser->problem_mark, "no YAML: %s%s%s", parser->problem,
                                 parser->context != NULL ? ", " : "",
                                 parser->context != NULL ? parser->context : "");
}

static const char *kind_of(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_MAPPING_START_EVENT:
        return "a mapping";
    case YAML_SEQUENCE_START_EVENT:
        return "a list";
    case YAML_SCALAR_EVENT:
        return "a single value";
    default:
        return "nothing";
    }
}

static enum rprocfw_status wrong_kind(struct rprocfw_yaml *r, const char *expected)
{
    return rprocfw_yaml_complain(r, r->event.start_mark, "%s, expected %s", kind_of(&r->event),
                                 expected);
}

/* ---- Events ---- */

/* Does it have what makes one thing of two in a file, or another of it than it looks? */
static const char *find_decoration(const yaml_event_t *event)
{
    const yaml_char_t *anchor = NULL;
    const yaml_char_t *tag = NULL;

    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return "an alias";
    case YAML_SCALAR_EVENT:
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
        break;
    case YAML_SEQUENCE_START_EVENT:
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
        break;
    case YAML_MAPPING_START_EVENT:
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
        break;
    default:
        break;
    }
    return anchor != NULL ? "an anchor" : tag != NULL ? "a tag" : NULL;
}

enum rprocfw_status rprocfw_yaml_next(struct rprocfw_yaml *r)
{
    const char *decoration;

    yaml_event_delete(&r->event);
    if (yaml_parser_parse(&r->parser, &r->event) == 0)
        return not_yaml(r);
    decoration = find_decoration(&r->event);
    if (decoration != NULL)
        return rprocfw_yaml_complain(r, r->event.start_mark, "%s; write the value itself",
                                     decoration);
    return RPROCFW_OK;
}

/* ---- Single values ---- */

enum rprocfw_status rprocfw_yaml_scalar(struct rprocfw_yaml *r, const char *expected,
                                        const char **text)
{
    const yaml_event_t *event = &r->event;

    *text = "";
    if (event->type != YAML_SCALAR_EVENT)
        return wrong_kind(r, expected);
    *text = (const char *)event->data.scalar.value;
    for (size_t i = 0; i < event->data.scalar.length; i++)
        if ((uint8_t)(*text)[i] < ' ' || (*text)[i] == 0x7f)
            return rprocfw_yaml_complain(r, event->start_mark, "a control character, expected %s",
                                         expected);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_yaml_wrong_value(struct rprocfw_yaml *r, const char *expected)
{
    char found[64];

    rprocfw_print(found, sizeof(found), "%s", (const char *)r->event.data.scalar.value);
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

static unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return 16;
}

const char *rprocfw_yaml_parse_number(const char *text, uint64_t *number)
{
    const bool hex = text[0] == '0' && text[1] == 'x';
    const unsigned base = hex ? 16 : 10;
    const char *digit = hex ? text + 2 : text;

    if (digit_of(*digit) >= base || (text[0] == '0' && digit_of(text[1]) < 10))
        return NULL; /* no digit; or octal for some readers of YAML */
    *number = 0;
    for (; digit_of(*digit) < base; digit++) {
        if (*number > (UINT64_MAX - digit_of(*digit)) / base)
            return NULL;
        *number = *number * base + digit_of(*digit);
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
    if (r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "a text, expected %s without quotation marks", expected);
    end = rprocfw_yaml_parse_number(text, number);
    if (end == NULL || (units ? !scale(end, number) : *end != '\0') || *number > maximum)
        return rprocfw_yaml_wrong_value(r, expected);
    return RPROCFW_OK;
}

/* ---- Mappings and lists ---- */

/* Makes where longer; to be cut to its old length afterwards. */
static void enter(struct rprocfw_yaml *r, const char *name)
{
    const size_t length = strlen(r->where);

    (void)snprintf(r->where + length, sizeof(r->where) - length, "%s%s", length > 0 ? "." : "",
                   name);
}

/* The names of the keys that are, or are not, in seen. */
static void list_keys(char *to, size_t room, const struct rprocfw_yaml_key *keys, size_t count,
                      uint32_t seen)
{
    to[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const size_t length = strlen(to);

        if ((seen & (1u << i)) != 0)
            (void)snprintf(to + length, room - length, "%s%s", length > 0 ? ", " : "",
                           keys[i].name);
    }
}

static enum rprocfw_status unknown_key(struct rprocfw_yaml *r, const struct rprocfw_yaml_key *keys,
                                       size_t count, const char *found)
{
    char name[64];
    char known[300];

    rprocfw_print(name, sizeof(name), "%s", found);
    list_keys(known, sizeof(known), keys, count, UINT32_MAX);
    return rprocfw_yaml_complain(r, r->event.start_mark, "unknown key '%s'; there are %s", name,
                                 known);
}

/* A key, which is the event, and its value. */
static enum rprocfw_status take_entry(struct rprocfw_yaml *r, const struct rprocfw_yaml_key *keys,
                                      size_t count, uint32_t *seen, void *to)
{
    const size_t length = strlen(r->where);
    enum rprocfw_status status;
    const char *name;
    size_t i;

    status = rprocfw_yaml_scalar(r, "a key", &name);
    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < count && strcmp(name, keys[i].name) != 0; i++)
        ;
    if (i == count)
        return unknown_key(r, keys, count, name);
    enter(r, keys[i].name);
    if ((*seen & (1u << i)) != 0)
        return rprocfw_yaml_complain(r, r->event.start_mark, "the key stands there twice");
    *seen |= 1u << i;
    status = rprocfw_yaml_next(r);
    if (status == RPROCFW_OK)
        status = keys[i].take(r, (char *)to + keys[i].offset);
    if (status == RPROCFW_OK)
        r->where[length] = '\0';
    return status;
}

static enum rprocfw_status check_missing(struct rprocfw_yaml *r, yaml_mark_t at,
                                         const struct rprocfw_yaml_key *keys, size_t count,
                                         uint32_t seen)
{
    uint32_t missing = 0;
    char names[300];

    for (size_t i = 0; i < count; i++)
        if (keys[i].required && (seen & (1u << i)) == 0)
            missing |= 1u << i;
    if (missing == 0)
        return RPROCFW_OK;
    list_keys(names, sizeof(names), keys, count, missing);
    return rprocfw_yaml_complain(r, at, "missing: %s", names);
}

enum rprocfw_status rprocfw_yaml_mapping(struct rprocfw_yaml *r,
                                         const struct rprocfw_yaml_key *keys, size_t count,
                                         void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    uint32_t seen = 0;
    enum rprocfw_status status;

    if (r->event.type != YAML_MAPPING_START_EVENT)
        return wrong_kind(r, "keys and values");
    for (status = rprocfw_yaml_next(r);
         status == RPROCFW_OK && r->event.type != YAML_MAPPING_END_EVENT;) {
        status = take_entry(r, keys, count, &seen, to);
        if (status == RPROCFW_OK)
            status = rprocfw_yaml_next(r);
    }
    return status == RPROCFW_OK ? check_missing(r, at, keys, count, seen) : status;
}

static enum rprocfw_status take_item(struct rprocfw_yaml *r, size_t number, rprocfw_yaml_take *item,
                                     void *to)
{
    const size_t length = strlen(r->where);
    enum rprocfw_status status;

    if (number == RPROCFW_YAML_LIST_MAX)
        return rprocfw_yaml_complain(r, r->event.start_mark, "more than %u", RPROCFW_YAML_LIST_MAX);
    (void)snprintf(r->where + length, sizeof(r->where) - length, "[%zu]", number);
    status = item(r, to);
    if (status == RPROCFW_OK)
        r->where[length] = '\0';
    return status;
}

enum rprocfw_status rprocfw_yaml_list(struct rprocfw_yaml *r, size_t minimum,
                                      rprocfw_yaml_take *item, void *to)
{
    const yaml_mark_t at = r->event.start_mark;
    size_t number = 0;
    enum rprocfw_status status;

    if (r->event.type != YAML_SEQUENCE_START_EVENT)
        return wrong_kind(r, "a list");
    for (status = rprocfw_yaml_next(r);
         status == RPROCFW_OK && r->event.type != YAML_SEQUENCE_END_EVENT;) {
        status = take_item(r, number++, item, to);
        if (status == RPROCFW_OK)
            status = rprocfw_yaml_next(r);
    }
    if (status == RPROCFW_OK && number < minimum)
        return rprocfw_yaml_complain(r, at, "an empty list");
    return status;
}

/* ---- The document ---- */

static enum rprocfw_status take_document(struct rprocfw_yaml *r, rprocfw_yaml_take *document,
                                         void *to)
{
    enum rprocfw_status status = rprocfw_yaml_next(r); /* the start of the stream */

    if (status == RPROCFW_OK)
        status = rprocfw_yaml_next(r);
    if (status == RPROCFW_OK && r->event.type == YAML_DOCUMENT_START_EVENT)
        status = rprocfw_yaml_next(r);
    if (status == RPROCFW_OK)
        status = document(r, to);
    if (status == RPROCFW_OK)
        status = rprocfw_yaml_next(r); /* the end of the document */
    if (status == RPROCFW_OK)
        status = rprocfw_yaml_next(r);
    if (status == RPROCFW_OK && r->event.type != YAML_STREAM_END_EVENT)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "a second document; leave one of them in the file");
    return status;
}

enum rprocfw_status rprocfw_yaml_read(const char *path, const uint8_t *bytes, size_t size,
                                      rprocfw_yaml_take *document, void *to,
                                      struct rprocfw_error *error)
{
    struct rprocfw_yaml r = {.path = path, .error = error};
    enum rprocfw_status status;

    if (size > RPROCFW_YAML_SIZE_MAX)
        return rprocfw_error_set(error, RPROCFW_ERR_BOARD,
                                 "%s: %zu bytes of YAML, expected at most %u", path, size,
                                 RPROCFW_YAML_SIZE_MAX);
    if (yaml_parser_initialize(&r.parser) == 0)
        return rprocfw_no_memory(error);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, bytes, size);
    status = take_document(&r, document, to);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}
