/* SPDX-License-Identifier: BSD-2-Clause */
/* Says of each manifest what the library says: "FILE: good", or why it is refused. */
#include <stdio.h>
#include <stdlib.h>

#include <rprocfw/rprocfw.h>

static const char *get(void *ctx, const char *name)
{
    (void)ctx;
    return getenv(name);
}

int main(int argc, char **argv)
{
    const struct rprocfw_manifest_env env = {.get = get};

    for (int i = 1; i < argc; i++) {
        struct rprocfw_manifest *manifest;
        struct rprocfw_error error;

        if (rprocfw_manifest_load(&manifest, argv[i], &env, &error) == RPROCFW_OK)
            printf("%s: good\n", argv[i]);
        else
            printf("%s\n", error.text);
        rprocfw_manifest_free(manifest);
    }
    return 0;
}
