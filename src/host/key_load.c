/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys from files: whatever libcrypto's store can decode, PEM or DER. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "host.h"

#define KEY_FILE_LIMIT   (1024u * 1024u)
#define PASSPHRASE_LIMIT 1024
#define OBJECTS_LIMIT    64

/* What happened while libcrypto asked for a passphrase. It may ask more than once. */
struct asking {
    const char *path;
    const struct rprocfw_passphrase *source;
    char passphrase[PASSPHRASE_LIMIT];
    int size; /* bytes of passphrase; -1: there is none */
    bool asked;
    struct rprocfw_error *error;
};

/* pem_password_cb of libcrypto. */
static int answer(char *buffer, int size, int for_writing, void *ctx)
{
    struct asking *asking = ctx;

    (void)for_writing;
    if (!asking->asked) {
        asking->asked = true;
        asking->size = -1;
        if (asking->source != NULL && asking->source->get != NULL)
            asking->size =
                asking->source->get(asking->source->ctx, asking->path, asking->passphrase,
                                    sizeof(asking->passphrase), asking->error);
        else
            rprocfw_error_set(asking->error, RPROCFW_ERR_KEY,
                              "%s: the key is encrypted; give its passphrase", asking->path);
    }
    if (asking->size < 0 || asking->size > size)
        return -1;
    memcpy(buffer, asking->passphrase, (size_t)asking->size);
    return asking->size;
}

/* What the file holds: the best key of it. */
struct found {
    EVP_PKEY *pkey;
    bool has_private;
};

static void take(struct found *found, EVP_PKEY *pkey, bool has_private)
{
    if (pkey == NULL)
        return;
    if (found->pkey == NULL || (has_private && !found->has_private)) {
        EVP_PKEY_free(found->pkey);
        found->pkey = pkey;
        found->has_private = has_private;
    } else {
        EVP_PKEY_free(pkey);
    }
}

static void look_at(struct found *found, OSSL_STORE_INFO *info)
{
    X509 *certificate;

    switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
        take(found, OSSL_STORE_INFO_get1_PKEY(info), true);
        break;
    case OSSL_STORE_INFO_PUBKEY:
        take(found, OSSL_STORE_INFO_get1_PUBKEY(info), false);
        break;
    case OSSL_STORE_INFO_CERT:
        certificate = OSSL_STORE_INFO_get0_CERT(info);
        take(found, X509_get_pubkey(certificate), false);
        break;
    default:
        break;
    }
}

/* The one form that the store leaves out: RSAPublicKey of PKCS#1 in DER. */
static void decode_pkcs1_public(struct found *found, const uint8_t *bytes, size_t size)
{
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
        &pkey, "DER", "type-specific", "RSA", OSSL_KEYMGMT_SELECT_PUBLIC_KEY, NULL, NULL);

    if (decoder != NULL && OSSL_DECODER_from_data(decoder, &bytes, &size) == 1)
        take(found, pkey, false);
    OSSL_DECODER_CTX_free(decoder);
}

/* Decode everything in the file's bytes. */
static void decode(struct found *found, const uint8_t *bytes, size_t size, struct asking *asking)
{
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
    BIO *bio = BIO_new_mem_buf(bytes, (int)size);
    OSSL_STORE_CTX *store = NULL;

    if (ui != NULL && bio != NULL)
        store = OSSL_STORE_attach(bio, "file", NULL, NULL, ui, asking, NULL, NULL, NULL);
    /* what cannot be decoded, a certificate request for example, may stand before the key */
    for (int i = 0; store != NULL && i < OBJECTS_LIMIT && OSSL_STORE_eof(store) == 0; i++) {
        OSSL_STORE_INFO *info = OSSL_STORE_load(store);

        if (info == NULL)
            continue;
        look_at(found, info);
        OSSL_STORE_INFO_free(info);
    }
    (void)OSSL_STORE_close(store);
    BIO_free(bio);
    UI_destroy_method(ui);
    if (found->pkey == NULL && !asking->asked)
        decode_pkcs1_public(found, bytes, size);
    ERR_clear_error(); /* trial and error of the decoders */
}

/* A key file whole: a file, or a pipe as shells make for <(command). Wipe and free *bytes. */
static enum rprocfw_status slurp(const char *path, uint8_t **bytes, size_t *size,
                                 struct rprocfw_error *error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = 0;

    *size = 0;
    *bytes = NULL;
    if (fd < 0)
        return rprocfw_file_error(error, path, "open");
    *bytes = OPENSSL_malloc(KEY_FILE_LIMIT);
    if (*bytes == NULL)
        rprocfw_no_memory(error);
    while (*bytes != NULL && *size < KEY_FILE_LIMIT) {
        got = read(fd, *bytes + *size, KEY_FILE_LIMIT - *size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        *size += (size_t)got;
    }
    if (got < 0)
        rprocfw_file_error(error, path, "read");
    (void)close(fd);
    if (*bytes == NULL || got < 0)
        return error->status;
    if (*size == KEY_FILE_LIMIT)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: too large for a key file", path);
    return RPROCFW_OK;
}

static enum rprocfw_status nothing_found(const struct asking *asking, const uint8_t *bytes,
                                         size_t size, struct rprocfw_error *error)
{
    static const char openssh[] = "-----BEGIN OPENSSH PRIVATE KEY-----";

    if (asking->asked && asking->size < 0)
        return error->status; /* answer, or whom it asked, has said why */
    if (asking->asked)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: wrong passphrase, or a damaged key",
                                 asking->path);
    if (size >= sizeof(openssh) - 1 && memcmp(bytes, openssh, sizeof(openssh) - 1) == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a key in OpenSSH's own format; convert a copy with "
                                 "ssh-keygen -p -m PKCS8 -f COPY",
                                 asking->path);
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: no key found; expected PEM or DER with RSA of 2048 to 4096 bits "
                             "or EC P-256",
                             asking->path);
}

enum rprocfw_status rprocfw_key_load(struct rprocfw_key **key, const char *path,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_passphrase *passphrase,
                                     struct rprocfw_error *error)
{
    struct asking asking = {.path = path, .source = passphrase, .error = error};
    struct found found = {0};
    enum rprocfw_status status;
    uint8_t *bytes;
    size_t size;

    *key = NULL;
    status = slurp(path, &bytes, &size, error);
    if (status == RPROCFW_OK) {
        decode(&found, bytes, size, &asking);
        if (found.pkey == NULL)
            status = nothing_found(&asking, bytes, size, error);
    }
    OPENSSL_clear_free(bytes, KEY_FILE_LIMIT);
    OPENSSL_cleanse(asking.passphrase, sizeof(asking.passphrase));
    if (status != RPROCFW_OK)
        return status;
    if (use == RPROCFW_KEY_SIGN && !found.has_private) {
        EVP_PKEY_free(found.pkey);
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a public key or certificate; signing needs the private key",
                                 path);
    }
    return rprocfw_key_wrap(key, found.pkey, path, found.has_private, error);
}
