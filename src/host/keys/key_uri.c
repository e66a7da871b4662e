/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys behind URIs: an engine, or a store of a provider, opens them. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/store.h>
#include <openssl/ui.h>

#include "../host.h"

/* ---- Stores ---- */

/* libcrypto would take a file that is called like the URI. */
static enum rprocfw_status check_name(const char *name, struct rprocfw_error *error)
{
    struct stat info;

    if (stat(name, &info) != 0)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: a URI, and a file has this name; for the file give ./%s", name,
                             name);
}

static enum rprocfw_status check_scheme(const struct rprocfw_found *found, const char *name,
                                        struct rprocfw_error *error)
{
    char scheme[64];
    OSSL_STORE_LOADER *loader;

    rprocfw_print(scheme, sizeof(scheme), "%.*s", (int)strcspn(name, ":"), name);
    loader = OSSL_STORE_LOADER_fetch(found->ctx, scheme, found->propquery);
    if (loader == NULL && rprocfw_crypto_broke(error, "looking for a provider"))
        return RPROCFW_ERR_CRYPTO;
    if (loader == NULL)
        return rprocfw_error_set(
            error, RPROCFW_ERR_KEY,
            "%s: no provider here opens keys of the scheme %s:; name one that "
            "does (--provider)%s, or give a file of this name as ./NAME",
            name, scheme, rprocfw_uri_is_pkcs11(name) ? " or an engine (--engine pkcs11)" : "");
    OSSL_STORE_LOADER_free(loader);
    return RPROCFW_OK;
}

static enum rprocfw_status no_reason(const struct rprocfw_found *found,
                                     const struct rprocfw_asking *asking,
                                     enum rprocfw_status status, struct rprocfw_error *error)
{
    return rprocfw_error_set(error, status,
                             "%s: the provider cannot open it, and does not say why; is it spelled "
                             "right%s?",
                             found->name, asking->asked ? ", and was that the PIN" : "");
}

static enum rprocfw_status load_all(struct rprocfw_found *found, OSSL_STORE_CTX *store,
                                    const struct rprocfw_asking *asking,
                                    struct rprocfw_error *error)
{
    enum rprocfw_took took = RPROCFW_TOOK_NOTHING;

    while (OSSL_STORE_eof(store) == 0 && took != RPROCFW_TOOK_FAILED) {
        OSSL_STORE_INFO *info;

        if (found->count == RPROCFW_FOUND_LIMIT)
            return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                     "%s: more than %d keys and certificates; give a URI of one",
                                     found->name, RPROCFW_FOUND_LIMIT);
        ERR_clear_error();
        info = OSSL_STORE_load(store);
        if (info == NULL && OSSL_STORE_error(store) != 0)
            took = RPROCFW_TOOK_FAILED;
        else if (info != NULL)
            took = rprocfw_found_take_info(found, info);
        OSSL_STORE_INFO_free(info);
    }
    if (took == RPROCFW_TOOK_FAILED && ERR_peek_error() == 0)
        return no_reason(found, asking, RPROCFW_ERR_CRYPTO, error);
    if (took == RPROCFW_TOOK_FAILED)
        return rprocfw_module_error(error, found->name, "opening the key");
    return RPROCFW_OK;
}

/* Where only libcrypto's queue has errors, they are those of its own way to the provider. */
static enum rprocfw_status not_opened(const struct rprocfw_found *found,
                                      const struct rprocfw_asking *asking,
                                      struct rprocfw_error *error)
{
    if (ERR_GET_LIB(ERR_peek_error()) != ERR_LIB_OSSL_STORE ||
        ERR_GET_LIB(ERR_peek_last_error()) >= ERR_LIB_USER)
        return rprocfw_module_error(error, found->name, "opening the key");
    if (rprocfw_crypto_broke(error, "opening the key"))
        return RPROCFW_ERR_CRYPTO;
    return no_reason(found, asking, RPROCFW_ERR_KEY, error);
}

static enum rprocfw_status open_store(struct rprocfw_found *found, struct rprocfw_asking *asking,
                                      struct rprocfw_error *error)
{
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(rprocfw_asking_answer, 0);
    OSSL_STORE_CTX *store = NULL;
    enum rprocfw_status status;

    if (ui != NULL)
        store = OSSL_STORE_open_ex(found->name, found->ctx, found->propquery, ui, asking, NULL,
                                   NULL, NULL);
    status =
        store != NULL ? load_all(found, store, asking, error) : not_opened(found, asking, error);
    (void)OSSL_STORE_close(store);
    UI_destroy_method(ui);
    return status;
}

static enum rprocfw_status find_in_store(struct rprocfw_found *found, struct rprocfw_asking *asking,
                                         struct rprocfw_error *error)
{
    enum rprocfw_status status = check_name(found->name, error);

    if (status == RPROCFW_OK)
        status = check_scheme(found, found->name, error);
    if (status == RPROCFW_OK)
        status = open_store(found, asking, error);
    if (status == RPROCFW_OK && found->count == 0)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: no key found there", found->name);
    return status;
}

/* ---- PINs ---- */

static int refuse_pin(struct rprocfw_error *error, const char *name, const char *why)
{
    rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: %s", name, why);
    return -1;
}

/* The first line of the file at path, without its end. */
static int read_pin(const char *path, const char *name, char *buffer, size_t size,
                    struct rprocfw_error *error)
{
    struct rprocfw_input file;
    size_t length = 0;
    ssize_t got = 1;

    if (rprocfw_input_open_any(&file, path, error) != RPROCFW_OK)
        return -1;
    while (length < size && got != 0 && memchr(buffer, '\n', length) == NULL) {
        got = read(file.fd, buffer + length, size - length);
        if (got < 0 && errno != EINTR) {
            (void)rprocfw_file_error(error, path, "read");
            break;
        }
        length += got > 0 ? (size_t)got : 0;
    }
    rprocfw_input_close(&file);
    if (got < 0)
        return -1;
    if (length == size)
        return refuse_pin(error, name, "its PIN is too long");
    buffer[length] = '\0';
    return (int)strcspn(buffer, "\r\n");
}

/* What the URI has, or says where it is. */
static int get_pin(void *ctx, enum rprocfw_secret secret, const char *name, char *buffer,
                   size_t size, struct rprocfw_error *error)
{
    const struct rprocfw_uri *uri = ctx;
    const char *path;
    size_t length;

    (void)secret;
    if (uri->pin == NULL) {
        path = rprocfw_key_file(uri->pin_source);
        if (path == NULL || *path == '|')
            return refuse_pin(error, name,
                              "its pin-source is not a file; no program is run for it");
        return read_pin(path, name, buffer, size, error);
    }
    length = strlen(uri->pin);
    if (length > size)
        return refuse_pin(error, name, "its PIN is too long");
    memcpy(buffer, uri->pin, length);
    return (int)length;
}

/* ---- All ---- */

static enum rprocfw_status find(struct rprocfw_found *found, const struct rprocfw_uri *uri,
                                enum rprocfw_key_use use, struct rprocfw_modules *modules,
                                struct rprocfw_asking *asking, struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (modules != NULL && modules->engine != NULL && rprocfw_uri_is_pkcs11(uri->name))
        status = rprocfw_engine_find(modules->engine, found, uri, use, asking, error);
    else
        status = find_in_store(found, asking, error);
    if (status != RPROCFW_OK && rprocfw_asking_failed(asking)) {
        *error = asking->error;
        status = error->status;
    }
    return status;
}

enum rprocfw_status rprocfw_uri_find(struct rprocfw_found *found, const char *name,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_key_access *access,
                                     struct rprocfw_error *error)
{
    struct rprocfw_uri uri;
    const struct rprocfw_passphrase own = {.get = get_pin, .ctx = &uri};
    enum rprocfw_status status = rprocfw_uri_parse(&uri, name, error);

    if (status != RPROCFW_OK)
        return status;
    found->name = strdup(uri.name);
    if (found->name == NULL) {
        status = rprocfw_no_memory(error);
    } else {
        const bool has_own = uri.pin != NULL || uri.pin_source != NULL;
        struct rprocfw_asking asking = {.name = found->name,
                                        .what = RPROCFW_PIN,
                                        .source = has_own ? &own : &access->passphrase};

        ERR_clear_error();
        status = find(found, &uri, use, access->modules, &asking, error);
        rprocfw_asking_end(&asking);
    }
    rprocfw_uri_free(&uri);
    return status;
}
