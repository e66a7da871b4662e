/* SPDX-License-Identifier: BSD-2-Clause */
/* A tree of JSON values as YAML, through libyaml's emitter. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <yaml.h>

#include "json.h"
#include "report_json.h"

struct writer {
    yaml_emitter_t emitter;
    bool addresses;
};

/* Plain scalars for what YAML reads as number, true or null; strings are always quoted. */
static bool emit_scalar(struct writer *w, const char *text, bool quoted)
{
    yaml_event_t event;

    return yaml_scalar_event_initialize(
               &event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
               quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1;
}

static bool emit_value(struct writer *w, const json_t *value);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_list(struct writer *w, const json_t *list)
{
    yaml_event_t event;
    size_t i;
    const json_t *item;

    if (yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE) !=
            1 ||
        yaml_emitter_emit(&w->emitter, &event) != 1)
        return false;
    json_array_foreach(list, i, item)
    {
        if (!emit_value(w, item))
            return false;
    }
    return yaml_sequence_end_event_initialize(&event) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_object(struct writer *w, const json_t *object)
{
    yaml_event_t event;
    const char *key;
    json_t *item;

    if (yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) != 1 ||
        yaml_emitter_emit(&w->emitter, &event) != 1)
        return false;
    /* the macro changes nothing of it */
    json_object_foreach((json_t *)object, key, item)
    {
        if (!emit_scalar(w, key, false) || !emit_value(w, item))
            return false;
    }
    return yaml_mapping_end_event_initialize(&event) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1;
}

#define ADDRESS_MIN 4096 /* a page: what is less is a count, or the like */

static void print_integer(const struct writer *w, char *text, size_t size, json_int_t integer)
{
    if (w->addresses && integer >= ADDRESS_MIN)
        (void)snprintf(text, size, "0x%08" PRIx64, (uint64_t)integer);
    else
        (void)snprintf(text, size, "%" JSON_INTEGER_FORMAT, integer);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_value(struct writer *w, const json_t *value)
{
    char number[32];

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return emit_object(w, value);
    case JSON_ARRAY:
        return emit_list(w, value);
    case JSON_STRING:
        return emit_scalar(w, json_string_value(value), true);
    case JSON_INTEGER:
        print_integer(w, number, sizeof(number), json_integer_value(value));
        return emit_scalar(w, number, false);
    case JSON_REAL:
        (void)snprintf(number, sizeof(number), "%.17g", json_real_value(value));
        return emit_scalar(w, number, false);
    case JSON_TRUE:
        return emit_scalar(w, "true", false);
    case JSON_FALSE:
        return emit_scalar(w, "false", false);
    case JSON_NULL:
        return emit_scalar(w, "null", false);
    }
    return false;
}

static bool emit_document(struct writer *w, const json_t *document)
{
    yaml_event_t event;

    return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1 &&
           yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 0) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1 && emit_value(w, document) &&
           yaml_document_end_event_initialize(&event, 1) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1 &&
           yaml_stream_end_event_initialize(&event) == 1 &&
           yaml_emitter_emit(&w->emitter, &event) == 1;
}

static bool print_yaml(const json_t *document, bool addresses)
{
    struct writer w = {.addresses = addresses};
    bool done;

    if (yaml_emitter_initialize(&w.emitter) != 1)
        return false;
    yaml_emitter_set_output_file(&w.emitter, stdout);
    yaml_emitter_set_width(&w.emitter, -1);
    done = emit_document(&w, document);
    yaml_emitter_delete(&w.emitter);
    return done || ferror(stdout) != 0; /* finish_stdout reports the latter */
}

bool document_print_yaml(const json_t *document)
{
    return print_yaml(document, false);
}

bool document_print_profile(const json_t *profile)
{
    return print_yaml(profile, true);
}
