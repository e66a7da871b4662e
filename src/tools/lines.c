/* SPDX-License-Identifier: BSD-2-Clause */
/* A tree of JSON values as lines, for programs that read no JSON. */
#include <stdio.h>

#include "lines.h"
#include "print.h"

/* Where a value stands in the tree. */
struct place {
    const struct place *in; /* NULL: in the document itself */
    const char *name;       /* of a member; NULL: an item of an array */
    size_t index;
};

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static void put_place(const struct place *place)
{
    if (place->in != NULL) {
        put_place(place->in);
        (void)fputc('.', stdout);
    }
    if (place->name != NULL)
        (void)fputs(place->name, stdout);
    else
        (void)printf("%zu", place->index);
}

static void put_scalar(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        print_text(stdout, json_string_value(value));
        break;
    case JSON_INTEGER:
        (void)printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        (void)printf("%.17g", json_real_value(value));
        break;
    case JSON_TRUE:
        (void)fputs("true", stdout);
        break;
    case JSON_FALSE:
        (void)fputs("false", stdout);
        break;
    case JSON_NULL:
    case JSON_ARRAY:
    case JSON_OBJECT:
        break; /* none */
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the documents of report_json.c */
static void put_value(const json_t *value, const struct place *place)
{
    struct place inner = {.in = place};
    json_t *item;

    if (json_is_object(value)) {
        /* the macro changes nothing of it */
        json_object_foreach((json_t *)value, inner.name, item)
        {
            put_value(item, &inner);
        }
    } else if (json_is_array(value)) {
        json_array_foreach(value, inner.index, item)
        {
            put_value(item, &inner);
        }
    } else if (!json_is_null(value)) {
        put_place(place);
        (void)fputc('=', stdout);
        put_scalar(value);
        (void)fputc('\n', stdout);
    }
}

void print_lines(const json_t *document)
{
    put_value(document, NULL);
}
