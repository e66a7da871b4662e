/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading manifests, with an environment that is the same everywhere. */
#include <string.h>

#include "manifest.h"
#include "suite.h"

static const char *get(void *ctx, const char *name)
{
    static const char *const variables[][2] = {
        {"BUILD", "out"}, {"EMPTY", ""},     {"DOLLAR", "${BUILD}$$"}, {"NUMBER", "0x12"},
        {"YES", "true"},  {"LINES", "a\nb"}, {"NONE", "null"},         {"_x9", "y"},
    };

    static char value[3901];

    (void)ctx;
    if (strcmp(name, "LONG") == 0)
        return memset(value, 'x', sizeof(value) - 1);
    for (size_t i = 0; i < COUNT(variables); i++)
        if (strcmp(variables[i][0], name) == 0)
            return variables[i][1];
    return NULL;
}

const struct rprocfw_manifest_env manifest_env = {.get = get};

enum rprocfw_status read_manifest(struct rprocfw_manifest **manifest, const char *path,
                                  const char *text, struct rprocfw_error *error)
{
    return rprocfw_manifest_read(manifest, path, (const uint8_t *)text, strlen(text), &manifest_env,
                                 error);
}

struct rprocfw_manifest *take_manifest(const char *path, const char *text)
{
    struct rprocfw_manifest *manifest;
    struct rprocfw_error error;

    require(read_manifest(&manifest, path, text, &error) == RPROCFW_OK, "%s\n%s", error.text, text);
    ck_assert_str_eq(manifest->path, path);
    return manifest;
}
