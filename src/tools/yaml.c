/* SPDX-License-Identifier: BSD-2-Clause */
/* A tree of JSON values as YAML, through libyaml's emitter. */
#include <stdio.h>
#include <string.h>

#include <yaml.h>

#include "json.h"
#include "report_json.h"

/* Plain scalars for what YAML reads as number, true or null; strings are always quoted. */
static bool emit_scalar(yaml_emitter_t *emitter, const char *text, bool quoted)
{
    yaml_event_t event;

    return yaml_scalar_event_initialize(
               &event, NULL, NULL, (const yaml_char_t *)text, (int)strlen(text), 1, 1,
               quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1;
}

static bool emit_value(yaml_emitter_t *emitter, const json_t *value);

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_list(yaml_emitter_t *emitter, const json_t *list)
{
    yaml_event_t event;
    size_t i;
    const json_t *item;

    if (yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_SEQUENCE_STYLE) !=
            1 ||
        yaml_emitter_emit(emitter, &event) != 1)
        return false;
    json_array_foreach(list, i, item)
    {
        if (!emit_value(emitter, item))
            return false;
    }
    return yaml_sequence_end_event_initialize(&event) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_object(yaml_emitter_t *emitter, const json_t *object)
{
    yaml_event_t event;
    const char *key;
    json_t *item;

    if (yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE) != 1 ||
        yaml_emitter_emit(emitter, &event) != 1)
        return false;
    /* the macro changes nothing of it */
    json_object_foreach((json_t *)object, key, item)
    {
        if (!emit_scalar(emitter, key, false) || !emit_value(emitter, item))
            return false;
    }
    return yaml_mapping_end_event_initialize(&event) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1;
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static bool emit_value(yaml_emitter_t *emitter, const json_t *value)
{
    char number[32];

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return emit_object(emitter, value);
    case JSON_ARRAY:
        return emit_list(emitter, value);
    case JSON_STRING:
        return emit_scalar(emitter, json_string_value(value), true);
    case JSON_INTEGER:
        (void)snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return emit_scalar(emitter, number, false);
    case JSON_REAL:
        (void)snprintf(number, sizeof(number), "%.17g", json_real_value(value));
        return emit_scalar(emitter, number, false);
    case JSON_TRUE:
        return emit_scalar(emitter, "true", false);
    case JSON_FALSE:
        return emit_scalar(emitter, "false", false);
    case JSON_NULL:
        return emit_scalar(emitter, "null", false);
    }
    return false;
}

static bool emit_document(yaml_emitter_t *emitter, const json_t *document)
{
    yaml_event_t event;

    return yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1 &&
           yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 0) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1 && emit_value(emitter, document) &&
           yaml_document_end_event_initialize(&event, 1) == 1 &&
           yaml_emitter_emit(emitter, &event) == 1 &&
           yaml_stream_end_event_initialize(&event) == 1 && yaml_emitter_emit(emitter, &event) == 1;
}

bool document_print_yaml(const json_t *document)
{
    yaml_emitter_t emitter;
    bool done;

    if (yaml_emitter_initialize(&emitter) != 1)
        return false;
    yaml_emitter_set_output_file(&emitter, stdout);
    yaml_emitter_set_width(&emitter, -1);
    done = emit_document(&emitter, document);
    yaml_emitter_delete(&emitter);
    return done || ferror(stdout) != 0; /* finish_stdout reports the latter */
}
