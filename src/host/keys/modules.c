/* SPDX-License-Identifier: BSD-2-Clause */
/* Providers and an engine of OpenSSL, which open keys that are in no file. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include "../host.h"

/* The folder that the module is in, to be freed; NULL: no memory, or it is not there. */
static char *folder_of(const struct rprocfw_provider *wanted, struct rprocfw_error *error)
{
    const char *slash = strrchr(wanted->path, '/');
    const char *file = slash != NULL ? slash + 1 : wanted->path;
    const size_t length = strlen(wanted->name);
    struct stat info;
    char *folder;

    if (stat(wanted->path, &info) != 0) {
        (void)rprocfw_file_error(error, wanted->path, "open");
        return NULL;
    }
    if (S_ISDIR(info.st_mode)) {
        folder = strdup(wanted->path);
    } else if (!S_ISREG(info.st_mode) || strncmp(file, wanted->name, length) != 0 ||
               strcmp(file + length, ".so") != 0) {
        (void)rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                "%s: not the module of provider %s, which is a file called %s.so",
                                wanted->path, wanted->name, wanted->name);
        return NULL;
    } else {
        folder =
            slash != NULL ? strndup(wanted->path, (size_t)(slash - wanted->path) + 1) : strdup(".");
    }
    if (folder == NULL)
        (void)rprocfw_no_memory(error);
    return folder;
}

/* Where libcrypto looks for the next module: in folder, or by itself. */
static enum rprocfw_status look_in(OSSL_LIB_CTX *ctx, const struct rprocfw_provider *wanted,
                                   struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;
    char *folder = NULL;

    if (wanted->path != NULL) {
        folder = folder_of(wanted, error);
        if (folder == NULL)
            return error->status;
    }
    if (OSSL_PROVIDER_set_default_search_path(ctx, folder) != 1)
        status = rprocfw_crypto_error(error, "looking for a provider");
    free(folder);
    return status;
}

static enum rprocfw_status load(struct rprocfw_modules *modules,
                                const struct rprocfw_provider *wanted, struct rprocfw_error *error)
{
    enum rprocfw_status status = look_in(modules->ctx, wanted, error);
    OSSL_PROVIDER *provider;
    char shown[128];

    if (status != RPROCFW_OK)
        return status;
    ERR_clear_error();
    provider = OSSL_PROVIDER_load(modules->ctx, wanted->name);
    if (provider == NULL) {
        rprocfw_print(shown, sizeof(shown), "provider %s", wanted->name);
        return rprocfw_module_error(error, shown, "loading");
    }
    modules->provider[modules->provider_count++] = provider;
    return RPROCFW_OK;
}

static enum rprocfw_status load_all(struct rprocfw_modules *modules,
                                    const struct rprocfw_modules_wanted *wanted,
                                    struct rprocfw_error *error)
{
    /* what decodes, hashes and verifies there, as elsewhere */
    static const struct rprocfw_provider first = {.name = "default"};
    enum rprocfw_status status;

    modules->ctx = OSSL_LIB_CTX_new();
    if (modules->ctx == NULL)
        return rprocfw_crypto_error(error, "starting providers");
    modules->provider = calloc(wanted->provider_count + 1, sizeof(OSSL_PROVIDER *));
    if (modules->provider == NULL)
        return rprocfw_no_memory(error);
    status = load(modules, &first, error);
    for (size_t i = 0; i < wanted->provider_count && status == RPROCFW_OK; i++)
        status = load(modules, &wanted->providers[i], error);
    return status;
}

enum rprocfw_status rprocfw_modules_open(struct rprocfw_modules **out,
                                         const struct rprocfw_modules_wanted *wanted,
                                         struct rprocfw_error *error)
{
    struct rprocfw_modules *modules = calloc(1, sizeof(*modules));
    enum rprocfw_status status = RPROCFW_OK;

    *out = NULL;
    if (modules == NULL)
        return rprocfw_no_memory(error);
    if (wanted->propquery != NULL) {
        modules->propquery = strdup(wanted->propquery);
        if (modules->propquery == NULL)
            status = rprocfw_no_memory(error);
    }
    if (status == RPROCFW_OK && wanted->provider_count > 0)
        status = load_all(modules, wanted, error);
    if (status == RPROCFW_OK && wanted->engine != NULL)
        status = rprocfw_engine_open(&modules->engine, wanted->engine, error);
    if (status == RPROCFW_OK)
        *out = modules;
    else
        rprocfw_modules_close(modules);
    return status;
}

void rprocfw_modules_close(struct rprocfw_modules *modules)
{
    if (modules == NULL)
        return;
    rprocfw_engine_close(modules->engine);
    while (modules->provider_count > 0)
        (void)OSSL_PROVIDER_unload(modules->provider[--modules->provider_count]);
    free(modules->provider);
    OSSL_LIB_CTX_free(modules->ctx);
    free(modules->propquery);
    free(modules);
}
