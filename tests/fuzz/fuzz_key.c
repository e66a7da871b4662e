/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Key files: any bytes, with a passphrase at hand. A key that is taken can be described and written
 * as C source; one with a private half signs what it verifies. The same bytes as the name of a key:
 * what a URI is without its PIN has no PIN, and is the same without it again.
 */
#include <string.h>

#include "../../src/host/host.h"
#include "fuzz.h"

static int passphrase(void *ctx, enum rprocfw_secret secret, const char *what, char *buffer,
                      size_t size, struct rprocfw_error *error)
{
    static const char word[] = "vector-passphrase";

    (void)ctx;
    (void)secret;
    (void)what;
    (void)error;
    if (size < sizeof(word) - 1)
        return -1;
    memcpy(buffer, word, sizeof(word) - 1);
    return (int)sizeof(word) - 1;
}

static void check_public(const struct rprocfw_key *key)
{
    struct fuzz_file source;
    struct rprocfw_key_export_job job = {.key = key};
    struct rprocfw_error error;

    FUZZ_HOLDS(rprocfw_key_kind(key)[0] != '\0');
    FUZZ_HOLDS(rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_ECDSA
                   ? rprocfw_key_bits(key) == 256
                   : rprocfw_key_bits(key) >= 2048 && rprocfw_key_bits(key) <= 4096);
    (void)rprocfw_key_published(key);
    fuzz_file_make(&source, NULL, 0);
    job.output_fd = source.fd;
    job.form = RPROCFW_KEY_SOURCE;
    FUZZ_HOLDS(rprocfw_key_export(&job, &error) == RPROCFW_OK);
    job.form = RPROCFW_KEY_PEM;
    FUZZ_HOLDS(rprocfw_key_export(&job, &error) == RPROCFW_OK);
    fuzz_file_close(&source);
}

/* A file may hold halves that do not belong together: the signature need not be good. */
static void use_private(const struct rprocfw_key *key)
{
    static const uint8_t text[] = "text";
    uint8_t signature[512];
    struct rprocfw_error error;
    const struct rprocfw_signed what = {.data = text,
                                        .size = sizeof(text),
                                        .signature = signature,
                                        .signature_size = rprocfw_key_signature_size(key),
                                        .signtype = rprocfw_key_signtype(key)};

    FUZZ_HOLDS(what.signature_size <= sizeof(signature));
    if (rprocfw_key_sign(key, RPROCFW_NONCE_DERIVED, text, sizeof(text), signature, &error) ==
        RPROCFW_OK)
        (void)!rprocfw_key_verify(key, &what, &error);
}

/* name is as long as it looks. */
static void check_name(const char *name)
{
    struct rprocfw_uri uri;
    struct rprocfw_uri again;
    struct rprocfw_error error = {0};
    const char *path = rprocfw_key_file(name);

    FUZZ_HOLDS(path == NULL || (path >= name && path <= name + strlen(name)));
    if (rprocfw_uri_parse(&uri, name, &error) != RPROCFW_OK) {
        FUZZ_HOLDS(uri.name == NULL && error.text[0] != '\0');
        return;
    }
    FUZZ_HOLDS(strlen(uri.name) <= strlen(name));
    FUZZ_HOLDS(rprocfw_uri_parse(&again, uri.name, &error) == RPROCFW_OK);
    FUZZ_HOLDS(strcmp(again.name, uri.name) == 0);
    FUZZ_HOLDS(!rprocfw_uri_is_pkcs11(name) || (again.pin == NULL && again.pin_source == NULL));
    rprocfw_uri_free(&again);
    rprocfw_uri_free(&uri);
}

/* The bytes up to the first zero, behind a scheme of their own or that of PKCS#11. */
static void check_names(const uint8_t *data, size_t size)
{
    static const char scheme[] = "pkcs11:";
    char name[sizeof(scheme) + 1024] = {0};

    memcpy(name, scheme, sizeof(scheme) - 1);
    memcpy(name + sizeof(scheme) - 1, data, size < 1024 ? size : 1024);
    check_name(name);
    check_name(name + sizeof(scheme) - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rprocfw_key_access access = {.passphrase = {.get = passphrase}};
    struct rprocfw_error error = {0};
    struct rprocfw_key *key;
    struct fuzz_file file;

    check_names(data, size);
    fuzz_file_make(&file, data, size);
    if (rprocfw_key_load(&key, file.path, RPROCFW_KEY_SIGN, &access, &error) == RPROCFW_OK) {
        use_private(key);
        rprocfw_key_free(key);
        FUZZ_HOLDS(rprocfw_key_load(&key, file.path, RPROCFW_KEY_VERIFY, &access, &error) ==
                   RPROCFW_OK);
    } else if (rprocfw_key_load(&key, file.path, RPROCFW_KEY_VERIFY, &access, &error) !=
               RPROCFW_OK) {
        FUZZ_HOLDS(key == NULL && error.text[0] != '\0');
    }
    if (key != NULL)
        check_public(key);
    rprocfw_key_free(key);
    fuzz_file_close(&file);
    return 0;
}
