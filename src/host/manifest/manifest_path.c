/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths of manifests, which are relative to the manifest's folder. */
#include <string.h>

#include "manifest.h"

/* Three parts in one. */
static enum rprocfw_status join(struct rprocfw_yaml *r, const char *const parts[3],
                                const size_t sizes[3], char **to)
{
    void *joined;
    const enum rprocfw_status status =
        rprocfw_manifest_hold(r, sizes[0] + sizes[1] + sizes[2] + 1, &joined);
    char *at = joined;

    *to = joined;
    for (size_t i = 0; i < 3 && status == RPROCFW_OK; i++) {
        memcpy(at, parts[i], sizes[i]);
        at += sizes[i];
    }
    return status;
}

/* Bytes of the manifest's path that are to stand before this one. */
static size_t folder_of(const struct rprocfw_yaml *r, const char *path)
{
    return path[0] == '/' ? 0 : manifest_reading_of(r)->folder;
}

enum rprocfw_status rprocfw_manifest_path_behind(struct rprocfw_yaml *r, const char *text,
                                                 size_t length, char **to)
{
    const char *path = text + length;
    const char *const parts[3] = {text, r->file->path, path};
    const size_t sizes[3] = {length, folder_of(r, path), strlen(path)};

    return join(r, parts, sizes, to);
}

enum rprocfw_status rprocfw_manifest_path(struct rprocfw_yaml *r, const char *path, char **to)
{
    return rprocfw_manifest_path_behind(r, path, 0, to);
}

enum rprocfw_status rprocfw_manifest_key_name(struct rprocfw_yaml *r, const char *name, char **to)
{
    const char *path = rprocfw_key_file(name);
    const char *whole;
    enum rprocfw_status status;

    if (path == NULL)
        return rprocfw_manifest_keep(r, name, to);
    if (path[0] == '\0')
        return rprocfw_yaml_complain(r, r->event.start_mark, "no path behind file:");
    status = rprocfw_manifest_path(r, path, to);
    whole = status == RPROCFW_OK ? *to : NULL;
    if (whole == NULL || rprocfw_key_file(whole) == whole)
        return status;
    /* the folder's name, or the file's, looks like the start of a URI */
    return join(r, (const char *const[]){"./", whole, ""}, (const size_t[]){2, strlen(whole), 0},
                to);
}

/* ---- Command lines ---- */

/* Goes behind the word at *at. NULL: it is whole; otherwise what is missing. */
static const char *pass_word(const char **at)
{
    char quote = '\0';

    for (; **at != '\0' && (quote != '\0' || strchr(" \t", **at) == NULL); (*at)++) {
        const char c = **at;

        if (c == quote)
            quote = '\0';
        else if (quote == '\0' && (c == '\'' || c == '"'))
            quote = c;
        else if (c == '\\' && quote != '\'' && *++*at == '\0')
            return "a backslash stands at its end";
    }
    return quote != '\0' ? "a quotation mark is missing" : NULL;
}

enum rprocfw_status rprocfw_manifest_command(struct rprocfw_yaml *r, const char *line, char **to)
{
    const char *folder = r->file->path;
    const char *word = line + strspn(line, " \t");
    const char *end = word;
    const char *fault = pass_word(&end);
    const size_t length = (size_t)(end - word);
    const char *start = word + strspn(word, "'\"\\");
    enum rprocfw_status status;
    void *joined;
    char *at;

    while (fault == NULL && *end != '\0') {
        end += strspn(end, " \t");
        fault = pass_word(&end);
    }
    if (fault == NULL && length == 0)
        fault = "no program";
    if (fault != NULL)
        return rprocfw_yaml_complain(r, r->event.start_mark, "%s", fault);
    if (memchr(word, '/', length) == NULL || *start == '/')
        return rprocfw_manifest_keep(r, line, to);
    status = rprocfw_manifest_hold(r, 2 * folder_of(r, start) + strlen(word) + 1, &joined);
    *to = joined;
    if (status != RPROCFW_OK)
        return status;
    at = joined;
    for (size_t i = 0; i < folder_of(r, start); i++) {
        if (strchr(" \t\n\r\v\f'\"\\", folder[i]) != NULL)
            *at++ = '\\';
        *at++ = folder[i];
    }
    memcpy(at, word, strlen(word) + 1);
    return RPROCFW_OK;
}

/* ---- Which are one ---- */

/* The component of a path at *path, which goes behind it; of 0 bytes at its end. */
static size_t next_component(const char **path, const char **component)
{
    const char *at = *path;
    size_t length;

    for (;;) {
        at += strspn(at, "/");
        if (at[0] != '.' || (at[1] != '/' && at[1] != '\0'))
            break;
        at++;
    }
    length = strcspn(at, "/");
    *component = at;
    *path = at + length;
    return length;
}

int rprocfw_manifest_path_compare(const char *a, const char *b)
{
    int order = (a[0] == '/') - (b[0] == '/');

    while (order == 0) {
        const char *of_a;
        const char *of_b;
        const size_t length_a = next_component(&a, &of_a);
        const size_t length_b = next_component(&b, &of_b);

        order = memcmp(of_a, of_b, length_a < length_b ? length_a : length_b);
        if (order == 0)
            order = (length_a > length_b) - (length_a < length_b);
        if (length_a == 0 && length_b == 0)
            break;
    }
    return order;
}
