/* SPDX-License-Identifier: BSD-2-Clause */
/* A public key as C source: the constant of rprocfw/public_key.h, or those of OP-TEE. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../host.h"

/* The name that rprocfw/public_key.h declares. */
#define DEFAULT_NAME "rprocfw_public_key"

/* What the names start with in OP-TEE's code for STM32MP. */
#define OPTEE_PREFIX "rproc_pub_key"

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

static void put_number(FILE *to, const char *linkage, const char *name, const char *member,
                       const uint8_t *bytes, size_t size)
{
    (void)fprintf(to, "\n%sconst uint8_t %s_%s[%zu] = {", linkage, name, member, size);
    for (size_t i = 0; i < size; i++)
        (void)fprintf(to, "%s0x%02x,", i % BYTES_A_LINE == 0 ? "\n    " : " ", bytes[i]);
    (void)fputs("\n};\n", to);
}

static void put_rsa(FILE *to, const char *name, const struct rprocfw_public_key *key)
{
    put_number(to, "static ", name, "modulus", key->modulus, key->modulus_size);
    put_number(to, "static ", name, "exponent", key->exponent, key->exponent_size);
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
    put_number(to, "static ", name, "x", key->x, RPROCFW_P256_SIGNATURE / 2);
    put_number(to, "static ", name, "y", key->y, RPROCFW_P256_SIGNATURE / 2);
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

/* ---- For OP-TEE ---- */

/* An exponent as OP-TEE has it; false: it is too large. */
static bool small_exponent(const struct rprocfw_public_key *key, uint32_t *exponent)
{
    *exponent = 0;
    if (key->exponent_size > sizeof(*exponent))
        return false;
    for (uint32_t i = 0; i < key->exponent_size; i++)
        *exponent = *exponent << 8 | key->exponent[i];
    return true;
}

/* The names and types of OP-TEE's rproc_pub_key.h and ta_pub_key.h. */
static void put_optee(FILE *to, const struct rprocfw_key *key, const char *prefix,
                      const struct rprocfw_public_key *numbers, uint32_t exponent)
{
    put_comment(to, key);
    (void)fprintf(to,
                  "#include <stddef.h>\n"
                  "#include <stdint.h>\n"
                  "\n"
                  "extern const uint32_t %s_exponent;\n"
                  "extern const uint8_t %s_modulus[];\n"
                  "extern const size_t %s_modulus_size;\n"
                  "\n"
                  "const uint32_t %s_exponent = %" PRIu32 "u;\n",
                  prefix, prefix, prefix, prefix, exponent);
    put_number(to, "", prefix, "modulus", numbers->modulus, numbers->modulus_size);
    (void)fprintf(to, "\nconst size_t %s_modulus_size = sizeof(%s_modulus);\n", prefix, prefix);
}

static enum rprocfw_status check_optee(const struct rprocfw_key *key,
                                       const struct rprocfw_public_key *numbers, uint32_t *exponent,
                                       struct rprocfw_error *error)
{
    if (numbers->signtype != RPROCFW_SIGNTYPE_RSA)
        return rprocfw_error_set(
            error, RPROCFW_ERR_KEY,
            "%s: an %s key; OP-TEE's platforms have constants for RSA keys only",
            rprocfw_key_path(key), rprocfw_key_kind(key));
    if (!small_exponent(numbers, exponent))
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: an %s key whose public exponent has %" PRIu32
                                 " bytes; OP-TEE's constant has 4, make a key with the usual "
                                 "exponent, 65537",
                                 rprocfw_key_path(key), rprocfw_key_kind(key),
                                 numbers->exponent_size);
    return RPROCFW_OK;
}

/* ---- Either ---- */

enum rprocfw_status rprocfw_key_source(const struct rprocfw_key_export_job *job, char **text,
                                       size_t *size, struct rprocfw_error *error)
{
    const bool optee = job->form == RPROCFW_KEY_SOURCE_OPTEE;
    const char *usual = optee ? OPTEE_PREFIX : DEFAULT_NAME;
    const char *name = job->name != NULL ? job->name : usual;
    struct rprocfw_key_numbers numbers;
    enum rprocfw_status status = rprocfw_key_numbers(job->key, &numbers, error);
    uint32_t exponent = 0;
    bool whole;
    FILE *to;

    *text = NULL;
    if (status == RPROCFW_OK && optee)
        status = check_optee(job->key, &numbers.key, &exponent, error);
    if (status != RPROCFW_OK)
        return status;
    to = open_memstream(text, size);
    if (to == NULL)
        return rprocfw_no_memory(error);
    if (optee)
        put_optee(to, job->key, name, &numbers.key, exponent);
    else
        put_source(to, job->key, name, &numbers.key);
    whole = ferror(to) == 0;
    /* glibc's fclose answers 0 where memory for the text ran out at the very end */
    if (fclose(to) != 0 || !whole || *text == NULL)
        return rprocfw_no_memory(error);
    return RPROCFW_OK;
}
