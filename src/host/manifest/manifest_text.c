/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts of manifests: variables of the environment in them, and where they are kept. */
#include <stdlib.h>
#include <string.h>

#include "manifest.h"

/* ---- What is kept ---- */

enum rprocfw_status rprocfw_manifest_hold(struct rprocfw_yaml *r, size_t size, void **to)
{
    struct manifest *manifest = manifest_reading_of(r)->manifest;
    struct manifest_held *held;

    *to = NULL;
    /* a few bytes of the file can stand for many: a long value of a variable, a list of defaults */
    if (size > RPROCFW_MANIFEST_MEMORY_MAX - manifest->size)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "more than %u bytes are needed for the manifest; make several "
                                     "of it",
                                     RPROCFW_MANIFEST_MEMORY_MAX);
    held = calloc(1, sizeof(*held) + size);
    if (held == NULL)
        return rprocfw_no_memory(r->error);
    held->next = manifest->held;
    manifest->held = held;
    manifest->size += size;
    *to = held->bytes;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_manifest_keep(struct rprocfw_yaml *r, const char *text, char **to)
{
    const size_t length = strlen(text);
    void *copy;
    const enum rprocfw_status status = rprocfw_manifest_hold(r, length + 1, &copy);

    if (copy != NULL)
        memcpy(copy, text, length);
    *to = copy;
    return status;
}

/* ---- Variables ---- */

size_t rprocfw_manifest_variable(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    const size_t length = strspn(text, letters);

    if ((text[0] >= '0' && text[0] <= '9') || length > RPROCFW_MANIFEST_VARIABLE_MAX)
        return 0;
    return length;
}

static bool is_listed(const struct manifest_reading *reading, const char *name)
{
    for (size_t i = 0; i < reading->variables.count; i++)
        if (strcmp(reading->variables.text[i], name) == 0)
            return true;
    return false;
}

/* The value of the variable at *from, behind "${", which goes behind its '}'; NULL: it is refused.
 */
static const char *find_value(struct rprocfw_yaml *r, const char **from)
{
    const struct manifest_reading *reading = manifest_reading_of(r);
    const struct rprocfw_manifest_env *env = reading->env;
    const size_t length = rprocfw_manifest_variable(*from);
    const yaml_mark_t at = r->event.start_mark;
    char name[RPROCFW_MANIFEST_VARIABLE_MAX + 1] = "";
    const char *value;

    if (length == 0 || (*from)[length] != '}') {
        (void)rprocfw_yaml_complain(r, at,
                                    "${ without a name and }, expected ${NAME}; write $${ "
                                    "for ${ itself");
        return NULL;
    }
    memcpy(name, *from, length);
    *from += length + 1;
    if (!is_listed(reading, name)) {
        (void)rprocfw_yaml_complain(r, at, "${%s} is not listed; add %s to env", name, name);
        return NULL;
    }
    value = env != NULL ? env->get(env->ctx, name) : NULL;
    if (value == NULL)
        (void)rprocfw_yaml_complain(r, at, "the environment has no %s; set it", name);
    for (const char *c = value; c != NULL && *c != '\0'; c++)
        if ((uint8_t)*c < ' ' || *c == 0x7f) {
            (void)rprocfw_yaml_complain(r, at, "the value of %s has a control character", name);
            return NULL;
        }
    return value;
}

/* Appends to the text of the reading. */
static enum rprocfw_status append(struct rprocfw_yaml *r, size_t *length, const char *text,
                                  size_t size)
{
    char *to = manifest_reading_of(r)->text;

    if (size > RPROCFW_MANIFEST_TEXT_MAX - *length)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "a text of more than %u bytes; make it shorter",
                                     RPROCFW_MANIFEST_TEXT_MAX);
    memcpy(to + *length, text, size);
    *length += size;
    to[*length] = '\0';
    return RPROCFW_OK;
}

static enum rprocfw_status append_value(struct rprocfw_yaml *r, size_t *length, const char **from)
{
    const char *value = find_value(r, from);

    if (value == NULL)
        return r->error->status;
    r->plain = true; /* it may be a number, and in {} and [] it needs quotation marks */
    return append(r, length, value, strlen(value));
}

enum rprocfw_status rprocfw_manifest_replace(struct rprocfw_yaml *r, const char **text)
{
    char *to = manifest_reading_of(r)->text;
    enum rprocfw_status status = RPROCFW_OK;
    const char *from = *text;
    size_t length = 0;

    *to = '\0';
    *text = to;
    while (*from != '\0' && status == RPROCFW_OK) {
        const size_t plain = strcspn(from, "$");

        if (plain > 0) {
            status = append(r, &length, from, plain);
            from += plain;
        } else if (from[1] == '{') {
            from += 2;
            status = append_value(r, &length, &from);
        } else { /* "$$" is one; and so is one by itself */
            status = append(r, &length, "$", 1);
            from += from[1] == '$' ? 2 : 1;
        }
    }
    return status;
}

/* ---- What a plain value is ---- */

static bool is_word_of(const char *text, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(text, *words) == 0)
            return true;
    return false;
}

bool rprocfw_manifest_is_null(const struct rprocfw_yaml *r)
{
    static const char *const words[] = {"null", "Null", "NULL", "~", NULL};
    const yaml_event_t *event = &r->event;

    return event->type == YAML_SCALAR_EVENT &&
           event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
           is_word_of((const char *)event->data.scalar.value, words);
}

static const char digits[] = "0123456789";

/* A number as YAML 1.2 has it: 10, -1, 0x1f, 0o17, 1.5, 1e3, .inf */
static bool is_number(const char *text)
{
    static const char *const words[] = {".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN", NULL};
    size_t whole;
    size_t part = 0;

    if (strncmp(text, "0x", 2) == 0 || strncmp(text, "0o", 2) == 0)
        return text[2] != '\0' &&
               text[2 + strspn(text + 2, text[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567")] ==
                   '\0';
    text += *text == '-' || *text == '+';
    if (is_word_of(text, words))
        return true;
    whole = strspn(text, digits);
    text += whole;
    if (*text == '.') {
        part = strspn(text + 1, digits);
        text += 1 + part;
    }
    if (whole + part > 0 && (*text == 'e' || *text == 'E')) {
        text += 1 + (text[1] == '-' || text[1] == '+');
        part = strspn(text, digits);
        text += part;
        whole = 0;
    }
    return whole + part > 0 && *text == '\0';
}

/* What YAML has a plain text for; NULL: a text. */
static const char *other_than_text(const struct rprocfw_yaml *r)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE", NULL};
    const char *text = (const char *)r->event.data.scalar.value;

    if (r->event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
        return NULL;
    if (rprocfw_manifest_is_null(r))
        return "null";
    return is_word_of(text, words) ? "true or false" : is_number(text) ? "a number" : NULL;
}

enum rprocfw_status rprocfw_manifest_any_text(struct rprocfw_yaml *r, const char *expected,
                                              const char **text)
{
    const enum rprocfw_status status = rprocfw_yaml_scalar(r, expected, text);
    const char *other = status == RPROCFW_OK ? other_than_text(r) : NULL;

    if (other == NULL)
        return status;
    return rprocfw_yaml_complain(r, r->event.start_mark,
                                 "%s, expected %s; a text that reads like that is put into "
                                 "quotation marks",
                                 other, expected);
}

enum rprocfw_status rprocfw_manifest_text(struct rprocfw_yaml *r, const char *expected,
                                          const char **text)
{
    const enum rprocfw_status status = rprocfw_manifest_any_text(r, expected, text);

    if (status != RPROCFW_OK || (*text)[0] != '\0')
        return status;
    return rprocfw_yaml_complain(r, r->event.start_mark, "nothing, expected %s", expected);
}
