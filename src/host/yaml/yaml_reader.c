/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * YAML event by event, with the place of what is wrong. What a key may hold is said by tables of
 * the callers; unknown keys and repeated ones are refused, and so is what can make one thing of
 * two: aliases, anchors, tags.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yaml_reader.h"

#define DEPTH_MAX 16u  /* levels of a value that nobody looks at */
#define TAGS_MAX  100u /* directives for tags */

/* ---- What is wrong ---- */

enum rprocfw_status rprocfw_yaml_complain(struct rprocfw_yaml *r, yaml_mark_t at,
                                          const char *format, ...)
{
    char text[600];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    return rprocfw_error_set(r->error, r->file->wrong, "%s:%zu:%zu: %s%s%s", r->file->path,
                             at.line + 1, at.column + 1, r->where, r->where[0] != '\0' ? ": " : "",
                             text);
}

/* libyaml marks no place where bytes are no text, but says how many stand before it. */
static yaml_mark_t mark_of(const struct rprocfw_yaml_file *file, size_t offset)
{
    yaml_mark_t at = {0};

    for (size_t i = 0; i < offset && i < file->size; i++) {
        at.line += file->bytes[i] == '\n';
        at.column = file->bytes[i] == '\n' ? 0 : at.column + ((file->bytes[i] & 0xC0) != 0x80);
    }
    return at;
}

/* libyaml's words. */
static enum rprocfw_status not_yaml(struct rprocfw_yaml *r)
{
    const yaml_parser_t *parser = &r->parser;

    if (parser->error == YAML_MEMORY_ERROR)
        return rprocfw_no_memory(r->error);
    r->where[0] = '\0';
    if (parser->error == YAML_READER_ERROR)
        return rprocfw_yaml_complain(r, mark_of(r->file, parser->problem_offset), "no YAML: %s",
                                     parser->problem);
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

enum rprocfw_status rprocfw_yaml_wrong_kind(struct rprocfw_yaml *r, const char *expected)
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

/* ---- Mappings and lists ---- */

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
    char known[400];

    rprocfw_print(name, sizeof(name), "%s", found);
    list_keys(known, sizeof(known), keys, count, UINT32_MAX);
    return rprocfw_yaml_complain(r, r->event.start_mark, "unknown key '%s'; there are %s", name,
                                 known);
}

enum rprocfw_status rprocfw_yaml_value(struct rprocfw_yaml *r, const char *key, bool repeated,
                                       rprocfw_yaml_take *take, void *to)
{
    const size_t length = strlen(r->where);
    enum rprocfw_status status;

    (void)snprintf(r->where + length, sizeof(r->where) - length, "%s%s", length > 0 ? "." : "",
                   key);
    if (repeated)
        return rprocfw_yaml_complain(r, r->event.start_mark, "the key stands there twice");
    status = rprocfw_yaml_next(r);
    if (status == RPROCFW_OK)
        status = take(r, to);
    if (status == RPROCFW_OK)
        r->where[length] = '\0';
    return status;
}

enum rprocfw_status rprocfw_yaml_entries(struct rprocfw_yaml *r, rprocfw_yaml_take *entry, void *to)
{
    enum rprocfw_status status;

    if (r->event.type != YAML_MAPPING_START_EVENT)
        return rprocfw_yaml_wrong_kind(r, "keys and values");
    for (status = rprocfw_yaml_next(r);
         status == RPROCFW_OK && r->event.type != YAML_MAPPING_END_EVENT;) {
        status = entry(r, to);
        if (status == RPROCFW_OK)
            status = rprocfw_yaml_next(r);
    }
    return status;
}

/* A mapping whose keys are known. */
struct known {
    const struct rprocfw_yaml_key *keys;
    size_t count;
    struct rprocfw_yaml_seen *seen;
    char *to;
};

static enum rprocfw_status take_known(struct rprocfw_yaml *r, void *to)
{
    const struct known *known = to;
    struct rprocfw_yaml_seen *seen = known->seen;
    enum rprocfw_status status;
    const char *name;
    bool repeated;
    size_t i;

    status = rprocfw_yaml_literal(r, "a key", &name);
    if (status != RPROCFW_OK)
        return status;
    for (i = 0; i < known->count && strcmp(name, known->keys[i].name) != 0; i++)
        ;
    if (i == known->count)
        return unknown_key(r, known->keys, known->count, name);
    repeated = (seen->keys & (1u << i)) != 0;
    seen->keys |= 1u << i;
    seen->at[i] = r->event.start_mark;
    return rprocfw_yaml_value(r, known->keys[i].name, repeated, known->keys[i].take,
                              known->to + known->keys[i].offset);
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

enum rprocfw_status rprocfw_yaml_mapping_seen(struct rprocfw_yaml *r,
                                              const struct rprocfw_yaml_key *keys, size_t count,
                                              void *to, struct rprocfw_yaml_seen *seen)
{
    struct known known = {.keys = keys, .count = count, .seen = seen, .to = to};
    const yaml_mark_t at = r->event.start_mark;
    const enum rprocfw_status status = rprocfw_yaml_entries(r, take_known, &known);

    return status == RPROCFW_OK ? check_missing(r, at, keys, count, seen->keys) : status;
}

enum rprocfw_status rprocfw_yaml_mapping(struct rprocfw_yaml *r,
                                         const struct rprocfw_yaml_key *keys, size_t count,
                                         void *to)
{
    struct rprocfw_yaml_seen seen = {0};

    return rprocfw_yaml_mapping_seen(r, keys, count, to, &seen);
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
        return rprocfw_yaml_wrong_kind(r, "a list");
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

static enum rprocfw_status skip_entry(struct rprocfw_yaml *r, void *to)
{
    char name[64];
    const char *key;
    const enum rprocfw_status status = rprocfw_yaml_literal(r, "a key", &key);

    if (status != RPROCFW_OK)
        return status;
    rprocfw_print(name, sizeof(name), "%s", key);
    return rprocfw_yaml_value(r, name, false, rprocfw_yaml_skip, to);
}

enum rprocfw_status rprocfw_yaml_skip(struct rprocfw_yaml *r, void *to)
{
    enum rprocfw_status status = RPROCFW_OK;

    if (r->event.type == YAML_SCALAR_EVENT)
        return RPROCFW_OK;
    if (++r->depth > DEPTH_MAX)
        return rprocfw_yaml_complain(r, r->event.start_mark, "more than %u levels", DEPTH_MAX);
    if (r->event.type == YAML_MAPPING_START_EVENT)
        status = rprocfw_yaml_entries(r, skip_entry, to);
    else
        status = rprocfw_yaml_list(r, 0, rprocfw_yaml_skip, to);
    r->depth--;
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

/* libyaml compares each of them with all others, before it says that there is one. */
static bool has_many_tags(const struct rprocfw_yaml_file *file)
{
    static const char directive[] = "%TAG";
    const size_t size = sizeof(directive) - 1;
    const uint8_t *at = file->bytes;
    const uint8_t *end = at + file->size;

    for (unsigned count = 0; count <= TAGS_MAX; count++) {
        at = memmem(at, (size_t)(end - at), directive, size);
        if (at == NULL)
            return false;
        at += size;
    }
    return true;
}

/* Some editors put a mark before UTF-8, which libyaml takes for a column of the first line. */
static void skip_mark(struct rprocfw_yaml_file *file)
{
    static const uint8_t mark[] = {0xEF, 0xBB, 0xBF};

    if (file->size < sizeof(mark) || memcmp(file->bytes, mark, sizeof(mark)) != 0)
        return;
    file->bytes += sizeof(mark);
    file->size -= sizeof(mark);
}

enum rprocfw_status rprocfw_yaml_read(const struct rprocfw_yaml_file *file,
                                      rprocfw_yaml_take *document, void *to,
                                      struct rprocfw_error *error)
{
    struct rprocfw_yaml_file text = *file;
    struct rprocfw_yaml r = {.file = &text, .error = error};
    enum rprocfw_status status;

    if (file->size > RPROCFW_YAML_SIZE_MAX)
        return rprocfw_error_set(error, file->wrong, "%s: %zu bytes of YAML, expected at most %u",
                                 file->path, file->size, RPROCFW_YAML_SIZE_MAX);
    if (has_many_tags(file))
        return rprocfw_error_set(error, file->wrong,
                                 "%s: more than %u directives %%TAG; leave them "
                                 "out, tags are of no use here",
                                 file->path, TAGS_MAX);
    if (yaml_parser_initialize(&r.parser) == 0)
        return rprocfw_no_memory(error);
    skip_mark(&text);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, text.bytes, text.size);
    status = take_document(&r, document, to);
    yaml_event_delete(&r.event);
    yaml_parser_delete(&r.parser);
    return status;
}
