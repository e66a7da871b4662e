/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of keys that are no paths: URIs, and among them those of PKCS#11 (RFC 7512). */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "../host.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Characters of a scheme (RFC 3986), which ends with a colon; 0: none. One letter is none, either.
 */
static size_t scheme_length(const char *name)
{
    size_t length = 0;

    if (!is_letter(name[0]))
        return 0;
    while (is_letter(name[length]) || is_digit(name[length]) ||
           (name[length] != '\0' && strchr("+-.", name[length]) != NULL))
        length++;
    return name[length] == ':' && length > 1 ? length : 0;
}

static bool has_scheme(const char *name, const char *scheme)
{
    const size_t length = scheme_length(name);

    return length == strlen(scheme) && strncasecmp(name, scheme, length) == 0;
}

/* What OpenSSL takes for a file as well: file:PATH, file:///PATH and file://localhost/PATH. */
const char *rprocfw_key_file(const char *name)
{
    static const char local[] = "//localhost/";

    if (scheme_length(name) == 0)
        return name;
    if (!has_scheme(name, "file"))
        return NULL;
    name += strlen("file:");
    if (strncmp(name, local, strlen(local)) == 0)
        return name + strlen(local) - 1;
    return strncmp(name, "///", 3) == 0 ? name + 2 : name;
}

bool rprocfw_uri_is_pkcs11(const char *name)
{
    return has_scheme(name, "pkcs11");
}

/* ---- The attributes of a PKCS#11 URI ---- */

/* NAME=VALUE, or another part of a URI, which has no value. */
struct attribute {
    const char *start;
    size_t size;
    const char *value;
    size_t value_size;
};

static bool is_named(const struct attribute *attribute, const char *name)
{
    const size_t length = strlen(name);

    return attribute->value != NULL && attribute->value == attribute->start + length + 1 &&
           memcmp(attribute->start, name, length) == 0;
}

static int hex(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Each % before two hexadecimal digits, which are no zero: what is decoded is a string. */
static bool is_encoded(const char *value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (value[i] != '%')
            continue;
        if (size - i < 3 || hex(value[i + 1]) < 0 || hex(value[i + 2]) < 0 ||
            (value[i + 1] == '0' && value[i + 2] == '0'))
            return false;
        i += 2;
    }
    return true;
}

/* To be freed, wiped, as a string; NULL: no memory. */
static char *decode(const char *value, size_t size)
{
    char *decoded = OPENSSL_malloc(size + 1);
    char *to = decoded;

    if (decoded == NULL)
        return NULL;
    for (size_t i = 0; i < size; i++) {
        if (value[i] == '%') {
            *to++ = (char)(hex(value[i + 1]) << 4 | hex(value[i + 2]));
            i += 2;
        } else {
            *to++ = value[i];
        }
    }
    *to = '\0';
    return decoded;
}

static void wipe(char *text)
{
    if (text != NULL)
        OPENSSL_clear_free(text, strlen(text) + 1);
}

/* ---- A whole URI ---- */

void rprocfw_uri_free(struct rprocfw_uri *uri)
{
    free(uri->name);
    wipe(uri->token);
    wipe(uri->object);
    wipe(uri->module);
    wipe(uri->pin);
    wipe(uri->pin_source);
    *uri = (struct rprocfw_uri){0};
}

/* What attributes that are looked at here go to. */
static char **place_of(struct rprocfw_uri *uri, const struct attribute *attribute)
{
    const struct {
        const char *name;
        char **place;
    } known[] = {
        {"token", &uri->token},   {"object", &uri->object},         {"module-path", &uri->module},
        {"pin-value", &uri->pin}, {"pin-source", &uri->pin_source},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (is_named(attribute, known[i].name))
            return known[i].place;
    return NULL;
}

/* The URI is not shown in messages before its PIN is out of it. */
static enum rprocfw_status malformed(const char *why, struct rprocfw_error *error)
{
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "pkcs11: %s; expected a URI as in RFC 7512, for example "
                             "'pkcs11:token=NAME;object=NAME'",
                             why);
}

static bool contains(const char *text, size_t size, const char *word)
{
    const size_t length = strlen(word);

    for (size_t i = 0; i + length <= size; i++)
        if (strncasecmp(text + i, word, length) == 0)
            return true;
    return false;
}

/* A PIN that is spelled otherwise would be shown. No other attribute has one of these words. */
static bool is_almost_pin(const struct attribute *attribute)
{
    const size_t name = attribute->value != NULL ? (size_t)(attribute->value - attribute->start - 1)
                                                 : attribute->size;

    if (is_named(attribute, "pin-value") || is_named(attribute, "pin-source"))
        return false;
    return contains(attribute->start, name, "pin") ||
           contains(attribute->start, attribute->size, "pin-value=") ||
           contains(attribute->start, attribute->size, "pin-source=");
}

static enum rprocfw_status take(struct rprocfw_uri *uri, const struct attribute *attribute,
                                struct rprocfw_error *error)
{
    char **place = place_of(uri, attribute);

    if (is_almost_pin(attribute))
        return malformed("what may be a PIN in the URI is not called pin-value or pin-source, or "
                         "stands behind a second question mark",
                         error);
    if (place == NULL)
        return RPROCFW_OK;
    if (*place != NULL)
        return malformed("an attribute stands twice in the URI", error);
    if (!is_encoded(attribute->value, attribute->value_size))
        return malformed("a % in the URI is not followed by two hexadecimal digits, or by 00",
                         error);
    *place = decode(attribute->value, attribute->value_size);
    return *place != NULL ? RPROCFW_OK : rprocfw_no_memory(error);
}

static bool is_pin(const char *at)
{
    return strncmp(at, "pin-value=", strlen("pin-value=")) == 0 ||
           strncmp(at, "pin-source=", strlen("pin-source=")) == 0;
}

/*
 * Of the path attributes ; is the end, of those behind the question mark &. A PIN behind the wrong
 * one of them is a PIN: it would be shown.
 */
static bool is_end(const char *at, bool in_query)
{
    if (*at == '\0' || *at == (in_query ? '&' : ';') || (*at == '?' && !in_query))
        return true;
    return (*at == ';' || *at == '&') && is_pin(at + 1);
}

static struct attribute next_attribute(const char *at, bool in_query)
{
    struct attribute found = {.start = at};
    const char *equals;

    while (!is_end(at + found.size, in_query))
        found.size++;
    equals = memchr(at, '=', found.size);
    if (equals != NULL) {
        found.value = equals + 1;
        found.value_size = found.size - (size_t)(found.value - at);
    }
    return found;
}

/* A name that is written, attribute by attribute. */
struct writing {
    char *to;
    bool any;      /* attribute so far */
    bool in_query; /* behind the question mark */
};

static void append(struct writing *name, const struct attribute *attribute, bool in_query)
{
    if (in_query && !name->in_query)
        *name->to++ = '?';
    else if (name->any)
        *name->to++ = in_query ? '&' : ';';
    name->any = true;
    name->in_query = in_query;
    memcpy(name->to, attribute->start, attribute->size);
    name->to += attribute->size;
}

/* name has room for as much as stands at at, and is all zero. */
static enum rprocfw_status parse(struct rprocfw_uri *uri, const char *at, char *name,
                                 struct rprocfw_error *error)
{
    struct writing writing = {.to = name};
    enum rprocfw_status status = RPROCFW_OK;
    bool in_query = false;

    while (*at != '\0' && status == RPROCFW_OK) {
        const struct attribute attribute = next_attribute(at, in_query);

        status = take(uri, &attribute, error);
        if (attribute.size > 0 && !is_named(&attribute, "pin-value") &&
            !is_named(&attribute, "pin-source"))
            append(&writing, &attribute, in_query);
        at += attribute.size;
        in_query = in_query || *at == '?';
        at += *at != '\0';
    }
    return status;
}

/* Of a TPM's URI ?pass asks for the passphrase. Who writes it there would have it shown. */
static enum rprocfw_status check_other(const char *from, struct rprocfw_error *error)
{
    const char *query = strchr(from, '?');

    if (query == NULL || !contains(query, strlen(query), "pass="))
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%.*s: a passphrase in the URI, where everybody can read it; give it "
                             "with --passphrase",
                             (int)(query - from), from);
}

enum rprocfw_status rprocfw_uri_parse(struct rprocfw_uri *uri, const char *from,
                                      struct rprocfw_error *error)
{
    const size_t start = strlen("pkcs11:");
    const size_t length = strlen(from);
    const size_t copied = rprocfw_uri_is_pkcs11(from) ? start : length;
    enum rprocfw_status status = RPROCFW_OK;

    *uri = (struct rprocfw_uri){.name = calloc(length + 1, 1)};
    if (uri->name == NULL)
        return rprocfw_no_memory(error);
    memcpy(uri->name, from, copied);
    if (copied == length && !rprocfw_uri_is_pkcs11(from))
        status = check_other(from, error);
    else if (copied < length)
        status = parse(uri, from + start, uri->name + start, error);
    if (status == RPROCFW_OK && uri->pin != NULL && uri->pin_source != NULL)
        status = malformed("pin-value and pin-source exclude each other", error);
    if (status != RPROCFW_OK)
        rprocfw_uri_free(uri);
    return status;
}
