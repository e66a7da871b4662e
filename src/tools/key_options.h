/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that all tools have that open keys. */
#ifndef RPROCFW_TOOLS_KEY_OPTIONS_H
#define RPROCFW_TOOLS_KEY_OPTIONS_H

#include <rprocfw/key.h>

#include "options.h"
#include "passphrase.h"

/* For a table of long options. */
enum key_option {
    KEY_OPTION_PASSPHRASE = 1024,
    KEY_OPTION_PROVIDER,
    KEY_OPTION_PROPQUERY,
    KEY_OPTION_ENGINE
};

#define KEY_LONG_OPTIONS                                              \
    {"passphrase", required_argument, NULL, KEY_OPTION_PASSPHRASE},   \
        {"provider", required_argument, NULL, KEY_OPTION_PROVIDER},   \
        {"propquery", required_argument, NULL, KEY_OPTION_PROPQUERY}, \
    {                                                                 \
        "engine", required_argument, NULL, KEY_OPTION_ENGINE          \
    }

/* What they say. Start with {0}. */
struct key_options {
    struct passphrase passphrase;
    struct words providers; /* NAME or NAME:PATH */
    const char *propquery;
    const char *engine;
    struct rprocfw_modules *modules; /* once a key was asked for that may need them */
};

/* Is option one of these? If so take optarg: *status is EXIT_DONE, or what usage_error returns. */
bool key_options_take(struct key_options *o, int option, const char *tool, int *status);

/*
 * Open what the options name, before the first key is loaded, and say what access to give to the
 * library: without a passphrase unless one is to be had.
 */
enum rprocfw_status key_options_open(struct key_options *o, struct rprocfw_key_access *access,
                                     struct rprocfw_error *error);

/* The name of a key as it is shown and looked at: of a URI of a file the path. */
const char *key_name(const char *argument);

/* Warn of a PIN in one of the arguments: everybody could read it. */
void key_options_warn(char *const *argv, const char *tool);

/* No key is loaded any more: forget passphrase and PINs, in the environment and in argv as well. */
void key_options_wipe(struct key_options *o, char **argv);

/* After the last key was freed. */
void key_options_close(struct key_options *o);

#endif
