/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that all tools have that open keys. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "key_options.h"

/* NAME or NAME:PATH, neither of them empty. */
static bool is_provider(const char *argument)
{
    const size_t name = strcspn(argument, ":");

    return name > 0 && (argument[name] == '\0' || argument[name + 1] != '\0');
}

bool key_options_take(struct key_options *o, int option, const char *tool, int *status)
{
    switch (option) {
    case KEY_OPTION_PASSPHRASE:
        *status = passphrase_set_source(&o->passphrase, optarg, tool);
        return true;
    case KEY_OPTION_PROVIDER:
        *status = is_provider(optarg)
                      ? words_add(&o->providers, optarg, tool)
                      : usage_error(tool, "--provider %s: expected NAME or NAME:PATH", optarg);
        return true;
    case KEY_OPTION_PROPQUERY:
        *status = set_once(tool, &o->propquery, "--propquery", optarg);
        return true;
    case KEY_OPTION_ENGINE:
        *status = *optarg != '\0' ? set_once(tool, &o->engine, "--engine", optarg)
                                  : usage_error(tool, "--engine: the name is empty");
        return true;
    default:
        return false;
    }
}

/* ---- Modules ---- */

/* NAME:PATH in two; names are to be freed, each. False: no memory. */
static bool split(const struct words *from, struct rprocfw_provider *to, char **names)
{
    for (size_t i = 0; i < from->count; i++) {
        const char *colon = strchr(from->word[i], ':');

        names[i] = strndup(from->word[i], strcspn(from->word[i], ":"));
        if (names[i] == NULL)
            return false;
        to[i] =
            (struct rprocfw_provider){.name = names[i], .path = colon != NULL ? colon + 1 : NULL};
    }
    return true;
}

/* names may be NULL. */
static void free_names(char **names, size_t count)
{
    if (names == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}

static enum rprocfw_status open_modules(struct key_options *o, struct rprocfw_error *error)
{
    const size_t count = o->providers.count;
    struct rprocfw_provider *providers = calloc(count + 1, sizeof(*providers));
    char **names = calloc(count + 1, sizeof(*names));
    enum rprocfw_status status;

    if (providers == NULL || names == NULL || !split(&o->providers, providers, names)) {
        status = out_of_memory(error);
    } else {
        const struct rprocfw_modules_wanted wanted = {.providers = providers,
                                                      .provider_count = count,
                                                      .propquery = o->propquery,
                                                      .engine = o->engine};

        status = rprocfw_modules_open(&o->modules, &wanted, error);
    }
    free_names(names, count);
    free(providers);
    return status;
}

/* Modules need shared libraries, which a program in one file does without. */
static enum rprocfw_status refuse_modules(const struct key_options *o, struct rprocfw_error *error)
{
    const char *option = o->engine != NULL ? "--engine" : "--provider";
    const char *name = o->engine != NULL ? o->engine : o->providers.word[0];

    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "%s %s: this program is linked statically, and loads no modules of "
                             "OpenSSL; take one that was built without RPROCFW_STATIC",
                             option, name);
}

#ifdef RPROCFW_NO_MODULES
#define HAS_MODULES false
#else
#define HAS_MODULES true
#endif

enum rprocfw_status key_options_open(struct key_options *o, struct rprocfw_key_access *access,
                                     struct rprocfw_error *error)
{
    const bool any = o->providers.count > 0 || o->propquery != NULL || o->engine != NULL;
    enum rprocfw_status status = RPROCFW_OK;

    if (!HAS_MODULES && (o->providers.count > 0 || o->engine != NULL))
        return refuse_modules(o, error);
    /* a TPM's library would print what is told here, too; who wants more sets it */
    if (o->providers.count > 0 && setenv("TSS2_LOG", "all+none", 0) != 0)
        return out_of_memory(error);
    if (any)
        status = open_modules(o, error);
    *access = (struct rprocfw_key_access){.passphrase = passphrase_for_library(&o->passphrase),
                                          .modules = o->modules};
    return status;
}

void key_options_close(struct key_options *o)
{
    rprocfw_modules_close(o->modules);
    words_free(&o->providers);
    *o = (struct key_options){0};
}

/* ---- Names of keys ---- */

const char *key_name(const char *argument)
{
    const char *path = rprocfw_key_file(argument);

    /* "file:ab:c" is a path, but "ab:c" would be a URI */
    return path != NULL && rprocfw_key_file(path) == path ? path : argument;
}

/* The value of pin-value in a URI of PKCS#11; NULL: there is none. */
static char *pin_in(char *argument)
{
    char *attribute = strstr(argument, "pin-value=");

    if (attribute == NULL || strcasestr(argument, "pkcs11:") == NULL)
        return NULL;
    return attribute + strlen("pin-value=");
}

void key_options_warn(char *const *argv, const char *tool)
{
    for (; *argv != NULL; argv++)
        if (pin_in(*argv) != NULL)
            complain(tool, "warning: pin-value: the command line is public, every process of this "
                           "machine can read the PIN; use pin-source or --passphrase");
}

void key_options_wipe(struct key_options *o, char **argv)
{
    passphrase_wipe(&o->passphrase);
    for (; argv != NULL && *argv != NULL; argv++) {
        char *pin = pin_in(*argv);

        if (pin != NULL)
            OPENSSL_cleanse(pin, strlen(pin)); /* /proc/PID/cmdline shows what stands there */
    }
}
