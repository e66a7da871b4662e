/* SPDX-License-Identifier: BSD-2-Clause */
/* The command lines that lead from what is to be signed to the container. */
#include <stdio.h>

#include "command.h"
#include "sign_lines.h"

/* A file's name, which programs must not take for an option. */
static void print_file(const char *name)
{
    (void)putchar(' ');
    if (name[0] == '-')
        (void)fputs("./", stdout);
    print_word(stdout, name);
}

static void print_openssl(const struct sign_options *o, const struct rprocfw_key *key,
                          const char *signature)
{
    const bool rsa = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA;

    if (o->digest)
        (void)printf("openssl pkeyutl -sign -inkey \"$KEY\" -pkeyopt digest:sha256%s -in",
                     rsa ? " -pkeyopt rsa_padding_mode:pkcs1" : "");
    else
        (void)printf("openssl dgst -sha256 -sign \"$KEY\"%s",
                     rsa ? " -sigopt rsa_padding_mode:pkcs1" : "");
    if (o->digest) {
        print_file(o->tbs);
        (void)fputs(" -out", stdout);
        print_file(signature);
    } else {
        (void)fputs(" -out", stdout);
        print_file(signature);
        print_file(o->tbs);
    }
    (void)putchar('\n');
}

static void print_option(const char *name, const char *value)
{
    if (value == NULL)
        return;
    (void)printf(" --%s ", name);
    print_word(stdout, value);
}

/* And what opens it. Of a URI the PIN is not shown, nor needed for a public key. */
static void print_key(const struct sign_options *o, const struct rprocfw_key *key)
{
    if (rprocfw_key_file(o->public_key) != NULL) {
        (void)fputs(" --public-key", stdout);
        print_file(o->public_key);
    } else {
        print_option("public-key", rprocfw_key_path(key));
    }
    for (size_t i = 0; i < o->keys.providers.count; i++)
        print_option("provider", o->keys.providers.word[i]);
    print_option("propquery", o->keys.propquery);
    print_option("engine", o->keys.engine);
}

static void print_attach(const struct sign_options *o, const struct rprocfw_key *key,
                         const char *signature, const char *out)
{
    (void)fputs("rproc-sign", stdout);
    print_key(o, key);
    (void)fputs(" --attach", stdout);
    print_file(signature);
    print_file(o->out);
    print_file(out);
    (void)putchar('\n');
}

int print_sign_lines(const struct sign_options *o, const struct rprocfw_key *key)
{
    print_openssl(o, key, o->tbs_signature);
    print_attach(o, key, o->tbs_signature, o->tbs_out);
    return finish_stdout(o->tool, EXIT_DONE);
}
