/* SPDX-License-Identifier: BSD-2-Clause */
/* A public key as C source: the constant of rprocfw/public_key.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host.h"

/* The name that rprocfw/public_key.h declares. */
#define DEFAULT_NAME "rprocfw_public_key"

/* ---- The name ---- */

/*
 * Keywords of C11, of C23 and of GNU C, and main, which compilers take for a function. Those that
 * start with _ are reserved with all names that do.
 */
static const char *const taken[] = {
    "alignas",  "alignof",  "asm",          "auto",     "bool",    "break",   "case",
    "char",     "const",    "constexpr",    "continue", "default", "do",      "double",
    "else",     "enum",     "extern",       "false",    "float",   "for",     "goto",
    "if",       "inline",   "int",          "long",     "main",    "nullptr", "register",
    "restrict", "return",   "short",        "signed",   "sizeof",  "static",  "static_assert",
    "struct",   "switch",   "thread_local", "true",     "typedef", "typeof",  "typeof_unqual",
    "union",    "unsigned", "void",         "volatile", "while",
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* ASCII only: not every compiler takes more. */
static bool is_identifier(const char *name)
{
    if (!is_letter(*name))
        return false;
    while (is_letter(*name) || (*name >= '0' && *name <= '9'))
        name++;
    return *name == '\0';
}

static bool is_taken(const char *name)
{
    for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
        if (strcmp(name, taken[i]) == 0)
            return true;
    return false;
}

static bool starts_with(const char *name, const char *start)
{
    return strncmp(name, start, strlen(start)) == 0;
}

static bool ends_with(const char *name, const char *end)
{
    const size_t length = strlen(name);

    return length >= strlen(end) && strcmp(name + length - strlen(end), end) == 0;
}

/* The headers that the source includes have, or may come to have, it. */
static bool is_of_headers(const char *name)
{
    if (starts_with(name, "int") || starts_with(name, "uint"))
        return ends_with(name, "_t");
    if (starts_with(name, "INT") || starts_with(name, "UINT"))
        return ends_with(name, "_C") || ends_with(name, "_MAX") || ends_with(name, "_MIN");
    return starts_with(name, "RPROCFW_");
}

enum rprocfw_status rprocfw_key_source_name(const char *name, struct rprocfw_error *error)
{
    const char *why = NULL;

    if (!is_identifier(name))
        why = "no name in C; give a letter, then letters, digits and _";
    else if (is_taken(name))
        why = "a word of the language C; give another name";
    else if (*name == '_')
        why = "reserved in C, as all names that start with _; give another name";
    else if (is_of_headers(name))
        why = "a name of the headers that the source needs; give another name";
    if (why == NULL)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE, "%s: %s", name, why);
}

/* ---- The text ---- */

#define BYTES_A_LINE 12u

static void put_comment(FILE *to, const struct rprocfw_key *key)
{
    const uint8_t *digest = rprocfw_key_spki_sha256(key);
    const char *published = rprocfw_key_published(key);

    (void)fprintf(to,
                  "/*\n * Public key %s, SHA-256 of its SubjectPublicKeyInfo in DER:\n"
                  " * ",
                  rprocfw_key_kind(key));
    for (size_t i = 0; i < RPROCFW_SHA256_SIZE; i++)
        (void)fprintf(to, "%02x", digest[i]);
    if (published != NULL)
        (void)fprintf(to,
                      "\n *\n * A published test key (%s):\n"
                      " * everybody can sign with it; use a key of your own for products.\n *",
                      published);
    (void)fputs("\n * Written by rproc-key c-source.\n */\n", to);
}

static void put_number(FILE *to, const char *name, const char *member, const uint8_t *bytes,
                       size_t size)
{
    (void)fprintf(to, "\nstatic const uint8_t %s_%s[%zu] = {", name, member, size);
    for (size_t i = 0; i < size; i++)
        (void)fprintf(to, "%s0x%02x,", i % BYTES_A_LINE == 0 ? "\n    " : " ", bytes[i]);
    (void)fputs("\n};\n", to);
}

static void put_rsa(FILE *to, const char *name, const struct rprocfw_public_key *key)
{
    put_number(to, name, "modulus", key->modulus, key->modulus_size);
    put_number(to, name, "exponent", key->exponent, key->exponent_size);
    (void)fprintf(to,
                  "\nconst struct rprocfw_public_key %s = {\n"
                  "    .signtype = RPROCFW_SIGNTYPE_RSA,\n"
                  "    .modulus = %s_modulus,\n"
                  "    .modulus_size = sizeof(%s_modulus),\n"
                  "    .exponent = %s_exponent,\n"
                  "    .exponent_size = sizeof(%s_exponent),\n"
                  "};\n",
                  name, name, name, name, name);
}

static void put_ecdsa(FILE *to, const char *name, const struct rprocfw_public_key *key)
{
    put_number(to, name, "x", key->x, RPROCFW_P256_SIGNATURE / 2);
    put_number(to, name, "y", key->y, RPROCFW_P256_SIGNATURE / 2);
    (void)fprintf(to,
                  "\nconst struct rprocfw_public_key %s = {\n"
                  "    .signtype = RPROCFW_SIGNTYPE_ECDSA,\n"
                  "    .x = %s_x,\n"
                  "    .y = %s_y,\n"
                  "};\n",
                  name, name, name);
}

static void put_source(FILE *to, const struct rprocfw_key *key, const char *name,
                       const struct rprocfw_public_key *numbers)
{
    put_comment(to, key);
    (void)fputs("#include <rprocfw/public_key.h>\n", to);
    if (strcmp(name, DEFAULT_NAME) != 0) /* compilers may want a declaration first */
        (void)fprintf(to, "\nextern const struct rprocfw_public_key %s;\n", name);
    if (numbers->signtype == RPROCFW_SIGNTYPE_RSA)
        put_rsa(to, name, numbers);
    else
        put_ecdsa(to, name, numbers);
}

/* *text is to be freed. */
static enum rprocfw_status make_source(const struct rprocfw_key *key, const char *name, char **text,
                                       size_t *size, struct rprocfw_error *error)
{
    struct rprocfw_key_numbers numbers;
    enum rprocfw_status status = rprocfw_key_numbers(key, &numbers, error);
    bool whole;
    FILE *to;

    *text = NULL;
    if (status != RPROCFW_OK)
        return status;
    to = open_memstream(text, size);
    if (to == NULL)
        return rprocfw_no_memory(error);
    put_source(to, key, name, &numbers.key);
    whole = ferror(to) == 0;
    /* glibc's fclose answers 0 where memory for the text ran out at the very end */
    if (fclose(to) != 0 || !whole || *text == NULL)
        return rprocfw_no_memory(error);
    return RPROCFW_OK;
}

/* ---- The output ---- */

static enum rprocfw_status guard(const struct rprocfw_key_source_job *job,
                                 struct rprocfw_error *error)
{
    bool same;
    enum rprocfw_status status =
        rprocfw_output_is(job->output, rprocfw_key_path(job->key), &same, error);

    if (status != RPROCFW_OK)
        return status;
    if (same)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "%s: the output is the key; name another output", job->output);
    return rprocfw_output_keep(job->output, job->keep, job->keep_count, error);
}

static enum rprocfw_status write_source(const struct rprocfw_key_source_job *job, const char *text,
                                        size_t size, struct rprocfw_error *error)
{
    struct rprocfw_output output;
    enum rprocfw_status status = rprocfw_output_open(&output, job->output, error);

    if (status == RPROCFW_OK)
        status = rprocfw_write(output.fd, rprocfw_output_name(&output), text, size, error);
    if (status == RPROCFW_OK)
        status = rprocfw_output_commit(&output, job->output_fd, error);
    rprocfw_output_discard(&output);
    return status;
}

enum rprocfw_status rprocfw_key_source(const struct rprocfw_key_source_job *job,
                                       struct rprocfw_error *error)
{
    const char *name = job->name != NULL ? job->name : DEFAULT_NAME;
    enum rprocfw_status status = rprocfw_key_source_name(name, error);
    char *text = NULL;
    size_t size = 0;

    if (status == RPROCFW_OK)
        status = guard(job, error);
    if (status == RPROCFW_OK)
        status = make_source(job->key, name, &text, &size, error);
    if (status == RPROCFW_OK) {
        rprocfw_key_warn(job->key, &job->log);
        status = write_source(job, text, size, error);
    }
    free(text);
    return status;
}
