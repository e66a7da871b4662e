/* SPDX-License-Identifier: BSD-2-Clause */
/* The keys of a container. With null each is as if nobody had said anything. */
#include <string.h>

#include "manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Lists ---- */

enum rprocfw_status rprocfw_manifest_list(struct rprocfw_yaml *r, rprocfw_yaml_take *item,
                                          struct rprocfw_manifest_texts *to)
{
    struct manifest_reading *reading = manifest_reading_of(r);
    enum rprocfw_status status;
    void *list;

    *to = (struct rprocfw_manifest_texts){0};
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    reading->list_count = 0;
    status =
        r->event.type == YAML_SCALAR_EVENT ? item(r, NULL) : rprocfw_yaml_list(r, 0, item, NULL);
    if (status != RPROCFW_OK || reading->list_count == 0)
        return status;
    status = rprocfw_manifest_hold(r, reading->list_count * sizeof(char *), &list);
    if (status != RPROCFW_OK)
        return status;
    memcpy(list, reading->list, reading->list_count * sizeof(char *));
    *to = (struct rprocfw_manifest_texts){.text = list, .count = reading->list_count};
    return RPROCFW_OK;
}

void rprocfw_manifest_add(struct rprocfw_yaml *r, char *text)
{
    struct manifest_reading *reading = manifest_reading_of(r);

    reading->list[reading->list_count++] = text; /* lists are no longer than that */
}

static enum rprocfw_status take_input(struct rprocfw_yaml *r, void *to)
{
    enum rprocfw_status status;
    const char *text;
    char *path;

    (void)to;
    if (manifest_reading_of(r)->list_count == RPROCFW_MANIFEST_INPUTS_MAX)
        return rprocfw_yaml_complain(r, r->event.start_mark, "more than %u",
                                     RPROCFW_MANIFEST_INPUTS_MAX);
    status = rprocfw_manifest_text(r, "the path of an ELF file", &text);
    if (status != RPROCFW_OK)
        return status;
    if (strcmp(text, "-") == 0)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "'-', expected the path of an ELF "
                                     "file; a file of this name is ./-");
    status = rprocfw_manifest_path(r, text, &path);
    if (status == RPROCFW_OK)
        rprocfw_manifest_add(r, path);
    return status;
}

static enum rprocfw_status take_inputs(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_manifest_list(r, take_input, to);
}

static enum rprocfw_status take_provider(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "NAME or NAME:PATH";
    enum rprocfw_status status;
    const char *text;
    size_t name;
    char *provider;

    (void)to;
    status = rprocfw_manifest_text(r, expected, &text);
    if (status != RPROCFW_OK)
        return status;
    name = strcspn(text, ":");
    if (name == 0 || (text[name] == ':' && text[name + 1] == '\0'))
        return rprocfw_yaml_wrong_value(r, expected);
    status = text[name] == ':' ? rprocfw_manifest_path_behind(r, text, name + 1, &provider)
                               : rprocfw_manifest_keep(r, text, &provider);
    if (status == RPROCFW_OK)
        rprocfw_manifest_add(r, provider);
    return status;
}

static enum rprocfw_status take_providers(struct rprocfw_yaml *r, void *to)
{
    return rprocfw_manifest_list(r, take_provider, to);
}

/* ---- Texts ---- */

/* *text is NULL for null. */
static enum rprocfw_status text_or_null(struct rprocfw_yaml *r, const char *expected, char **to,
                                        const char **text)
{
    *to = NULL;
    *text = NULL;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    return rprocfw_manifest_text(r, expected, text);
}

static enum rprocfw_status take_text(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a text of one line", to, &text);

    return status == RPROCFW_OK && text != NULL ? rprocfw_manifest_keep(r, text, to) : status;
}

static enum rprocfw_status take_path(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a path", to, &text);

    return status == RPROCFW_OK && text != NULL ? rprocfw_manifest_path(r, text, to) : status;
}

static enum rprocfw_status take_output(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a path", to, &text);

    if (status != RPROCFW_OK || text == NULL)
        return status;
    if (strcmp(text, "-") == 0)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "'-', expected a path; a file of this name is ./-");
    return rprocfw_manifest_path(r, text, to);
}

static enum rprocfw_status take_key_name(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a path or a URI", to, &text);

    return status == RPROCFW_OK && text != NULL ? rprocfw_manifest_key_name(r, text, to) : status;
}

static enum rprocfw_status take_command(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a program and its arguments", to, &text);

    return status == RPROCFW_OK && text != NULL ? rprocfw_manifest_command(r, text, to) : status;
}

static enum rprocfw_status take_board(struct rprocfw_yaml *r, void *to)
{
    const char *text;
    const enum rprocfw_status status = text_or_null(r, "a board's name or a path", to, &text);

    if (status != RPROCFW_OK || text == NULL)
        return status;
    return strpbrk(text, "/.") != NULL ? rprocfw_manifest_path(r, text, to)
                                       : rprocfw_manifest_keep(r, text, to);
}

/* What follows prefix in text; NULL: text does not start with it, or nothing follows. */
static const char *after(const char *text, const char *prefix)
{
    const size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 && text[length] != '\0' ? text + length : NULL;
}

static bool is_descriptor(const char *text)
{
    uint64_t number;
    const char *end = rprocfw_yaml_parse_number(text, &number);

    return end != NULL && *end == '\0' && text[1] != 'x' && number <= 0xFFFF;
}

static enum rprocfw_status take_passphrase(struct rprocfw_yaml *r, void *to)
{
    static const char expected[] = "env:VAR, file:PATH, fd:N, stdin or prompt";
    const char *text;
    const char *number;
    const enum rprocfw_status status = text_or_null(r, expected, to, &text);

    if (status != RPROCFW_OK || text == NULL)
        return status;
    if (after(text, "file:") != NULL)
        return rprocfw_manifest_path_behind(r, text, strlen("file:"), to);
    number = after(text, "fd:");
    if (after(text, "env:") == NULL && strcmp(text, "stdin") != 0 && strcmp(text, "prompt") != 0 &&
        (number == NULL || !is_descriptor(number)))
        /* not shown: it may be the passphrase itself */
        return rprocfw_yaml_complain(r, r->event.start_mark, "expected %s", expected);
    return rprocfw_manifest_keep(r, text, to);
}

/* to is the container: it has two fields of it. */
static enum rprocfw_status take_key_info(struct rprocfw_yaml *r, void *to)
{
    struct rprocfw_manifest_container *container = to;
    const char *text;
    const enum rprocfw_status status =
        text_or_null(r, "spki or a path", &container->key_info, &text);

    if (status != RPROCFW_OK)
        return status;
    container->key_info_spki = text != NULL && strcmp(text, "spki") == 0;
    if (text == NULL || container->key_info_spki)
        return RPROCFW_OK;
    return rprocfw_manifest_path(r, text, &container->key_info);
}

/* ---- Words and numbers ---- */

static enum rprocfw_status take_flag(struct rprocfw_yaml *r, void *to)
{
    enum rprocfw_status status;

    *(bool *)to = false;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    status = rprocfw_yaml_bool(r, to);
    if (status == RPROCFW_OK && !r->plain)
        return rprocfw_yaml_complain(r, r->event.start_mark,
                                     "a text, expected true or false without quotation marks");
    return status;
}

/* The number of one of count words; 0, which is what nothing else is, for null. */
static enum rprocfw_status word_or_null(struct rprocfw_yaml *r, const char *const *words,
                                        size_t count, const char *expected, size_t *number)
{
    *number = 0;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    return rprocfw_yaml_word(r, words, count, expected, number);
}

static enum rprocfw_status take_key_type(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"RSA", "ECC"};
    size_t number;
    enum rprocfw_status status;

    *(char **)to = NULL;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    status = rprocfw_yaml_word(r, words, COUNT(words), "RSA or ECC", &number);
    return status == RPROCFW_OK ? rprocfw_manifest_keep(r, words[number], to) : status;
}

static enum rprocfw_status take_layout(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {"optee", "st"};
    struct manifest_draft *draft = to;
    size_t number;
    const enum rprocfw_status status = word_or_null(r, words, COUNT(words), "optee or st", &number);

    if (status != RPROCFW_OK)
        return status;
    draft->layout = rprocfw_manifest_is_null(r) ? LAYOUT_NONE
                    : number == 0               ? LAYOUT_OPTEE
                                                : LAYOUT_ST;
    return RPROCFW_OK;
}

static enum rprocfw_status take_preflight(struct rprocfw_yaml *r, void *to)
{
    static const char *const words[] = {[RPROCFW_PREFLIGHT_REFUSE] = "refuse",
                                        [RPROCFW_PREFLIGHT_WARN] = "warn",
                                        [RPROCFW_PREFLIGHT_OFF] = "off",
                                        [RPROCFW_PREFLIGHT_STRICT] = "strict"};
    size_t number;
    const enum rprocfw_status status =
        word_or_null(r, words, COUNT(words), "refuse, warn, off or strict", &number);

    if (status == RPROCFW_OK)
        *(enum rprocfw_preflight *)to = (enum rprocfw_preflight)number;
    return status;
}

static enum rprocfw_status take_timeout(struct rprocfw_yaml *r, void *to)
{
    struct manifest_draft *draft = to;
    uint64_t number = 0;
    enum rprocfw_status status;

    draft->has_timeout = false;
    if (rprocfw_manifest_is_null(r))
        return RPROCFW_OK;
    status =
        rprocfw_yaml_number(r, false, RPROCFW_PROGRAM_TIMEOUT_MAX, "0 to 86400 seconds", &number);
    draft->has_timeout = true;
    draft->container.signer_timeout = (unsigned)number;
    return status;
}

#define AT(field) offsetof(struct manifest_draft, container.field)

const struct rprocfw_yaml_key rprocfw_manifest_keys[KEY_COUNT] = {
    [KEY_INPUTS] = {"inputs", take_inputs, AT(inputs), false},
    [KEY_OUTPUT] = {"output", take_output, AT(output), false},
    [KEY_KEY] = {"key", take_key_name, AT(key), false},
    [KEY_PUBLIC_KEY] = {"public_key", take_key_name, AT(public_key), false},
    [KEY_PASSPHRASE] = {"passphrase", take_passphrase, AT(passphrase), false},
    [KEY_PROVIDERS] = {"providers", take_providers, AT(providers), false},
    [KEY_PROPQUERY] = {"propquery", take_text, AT(propquery), false},
    [KEY_ENGINE] = {"engine", take_text, AT(engine), false},
    [KEY_KEY_TYPE] = {"key_type", take_key_type, AT(key_type), false},
    [KEY_KEY_INFO] = {"key_info", take_key_info, 0, false},
    [KEY_LAYOUT] = {"layout", take_layout, 0, false},
    [KEY_SIGNER] = {"signer", take_command, AT(signer), false},
    [KEY_SIGNER_TIMEOUT] = {"signer_timeout", take_timeout, 0, false},
    [KEY_DIGEST] = {"digest", take_flag, AT(digest), false},
    [KEY_PLATFORM_TLVS] = {"platform_tlvs", rprocfw_manifest_tlvs, 0, false},
    [KEY_ENC_KEY] = {"enc_key", take_path, AT(enc_key), false},
    [KEY_ENC_PAD] = {"enc_pad", take_flag, AT(enc_pad), false},
    [KEY_ENC_DETERMINISTIC] = {"enc_deterministic", take_flag, AT(enc_deterministic), false},
    [KEY_STRIP] = {"strip", take_flag, AT(strip), false},
    [KEY_LOADABLE_ONLY] = {"loadable_only", take_flag, AT(loadable_only), false},
    [KEY_ANY_MACHINE] = {"any_machine", take_flag, AT(any_machine), false},
    [KEY_RANDOM_NONCE] = {"random_nonce", take_flag, AT(random_nonce), false},
    [KEY_BOARD] = {"board", take_board, AT(board), false},
    [KEY_RPROC_NODE] = {"rproc_node", take_text, AT(rproc_node), false},
    [KEY_LINUX_DTB] = {"linux_dtb", take_path, AT(linux_dtb), false},
    [KEY_PREFLIGHT] = {"preflight", take_preflight, AT(preflight), false},
};
_Static_assert(KEY_COUNT <= RPROCFW_YAML_KEYS_MAX, "struct rprocfw_yaml_seen has a bit a key");
