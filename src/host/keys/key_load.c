/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys from files: whatever libcrypto's store can decode, PEM or DER. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/core_dispatch.h>
#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "../host.h"

#define KEY_FILE_LIMIT (1024u * 1024u)
#define KEY_FILE_USUAL (16u * 1024u)
#define SKIP_LIMIT     64 /* in a row: the rest, text for example, is something else */

/* Whether the key can be used is not known. */
static bool asking_failed(const struct rprocfw_asking *asking)
{
    return rprocfw_asking_failed(asking) && asking->error.status != RPROCFW_ERR_KEY;
}

/* "... Algorithm (RC2-40-CBC : 0), ...": what libcrypto says of one that it has no more. */
static bool take_algorithm(unsigned long code, const char *data, char *name, size_t size)
{
    static const char start[] = "Algorithm (";
    const char *at = ERR_GET_LIB(code) == ERR_LIB_EVP && ERR_GET_REASON(code) == ERR_R_UNSUPPORTED
                         ? strstr(data, start)
                         : NULL;

    if (at == NULL)
        return false;
    at += strlen(start);
    rprocfw_print(name, size, "%.*s", (int)strcspn(at, " :)"), at);
    return true;
}

/* Does the queue of errors, which stays, say that an algorithm is missing? */
static bool lacks_algorithm(char *name, size_t size)
{
    const char *data = "";
    int flags;
    unsigned long code = ERR_peek_error_all(NULL, NULL, NULL, &data, &flags);

    if (code != 0 && take_algorithm(code, data, name, size))
        return true;
    code = ERR_peek_last_error_all(NULL, NULL, NULL, &data, &flags);
    return code != 0 && take_algorithm(code, data, name, size);
}

static void set_unopened(struct rprocfw_found *found, const struct rprocfw_asking *asking)
{
    char algorithm[32];

    if (asking->size < 0)
        found->unopened = asking->error;
    else if (lacks_algorithm(algorithm, sizeof(algorithm)))
        rprocfw_error_set(&found->unopened, RPROCFW_ERR_KEY,
                          "%s: encrypted with %s, which OpenSSL has in its provider legacy only; "
                          "encrypt a copy anew with openssl",
                          asking->name, algorithm);
    else
        rprocfw_error_set(&found->unopened, RPROCFW_ERR_KEY,
                          asking->size == 0 ? "%s: wrong passphrase: the one given is empty; is it "
                                              "where it is looked for?"
                                            : "%s: wrong passphrase, or a damaged key",
                          asking->name);
}

/* ---- What was found ---- */

void rprocfw_found_free(struct rprocfw_found *found)
{
    while (found->count > 0) {
        EVP_PKEY_free(found->pkey[--found->count]);
        EVP_PKEY_free(found->signer[found->count]);
    }
    free(found->name);
    found->name = NULL;
}

/* Its halves are in this process. */
static bool is_of_libcrypto(const EVP_PKEY *pkey)
{
    const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(pkey);
    const char *name = provider != NULL ? OSSL_PROVIDER_get0_name(provider) : ""; /* an engine's */

    return strcmp(name, "default") == 0 || strcmp(name, "fips") == 0;
}

/* The public half as a key of libcrypto's own; NULL: it cannot be had. */
static EVP_PKEY *public_half(const EVP_PKEY *pkey)
{
    EVP_PKEY *public = NULL;
    uint8_t *der = NULL;
    const int size = i2d_PUBKEY(pkey, &der);
    const uint8_t *from = der;

    if (size > 0)
    public = d2i_PUBKEY(NULL, &from, size);
    OPENSSL_free(der);
    return public;
}

static bool add(struct rprocfw_found *found, EVP_PKEY *pkey, EVP_PKEY *signer, bool has_private)
{
    if (pkey == NULL)
        return false;
    found->has_private[found->count] = has_private;
    found->signer[found->count] = signer;
    found->pkey[found->count++] = pkey;
    return true;
}

bool rprocfw_found_take_signer(struct rprocfw_found *found, EVP_PKEY *signer, const EVP_PKEY *other)
{
    return other != NULL && add(found, public_half(other), signer, true);
}

bool rprocfw_found_take(struct rprocfw_found *found, EVP_PKEY *pkey, bool has_private)
{
    bool done;

    if (pkey == NULL || is_of_libcrypto(pkey))
        return add(found, pkey, NULL, has_private);
    done = has_private ? rprocfw_found_take_signer(found, pkey, pkey)
                       : add(found, public_half(pkey), NULL, false);
    if (!done || !has_private)
        EVP_PKEY_free(pkey);
    return done;
}

enum rprocfw_took rprocfw_found_take_info(struct rprocfw_found *found, const OSSL_STORE_INFO *info)
{
    X509 *certificate;

    switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
        return rprocfw_found_take(found, OSSL_STORE_INFO_get1_PKEY(info), true)
                   ? RPROCFW_TOOK_KEY
                   : RPROCFW_TOOK_FAILED;
    case OSSL_STORE_INFO_PUBKEY:
        return rprocfw_found_take(found, OSSL_STORE_INFO_get1_PUBKEY(info), false)
                   ? RPROCFW_TOOK_KEY
                   : RPROCFW_TOOK_FAILED;
    case OSSL_STORE_INFO_CERT: /* its key may be of a kind that is not known */
        certificate = OSSL_STORE_INFO_get0_CERT(info);
        return rprocfw_found_take(found, X509_get_pubkey(certificate), false)
                   ? RPROCFW_TOOK_KEY
                   : RPROCFW_TOOK_SKIPPED;
    default:
        return RPROCFW_TOOK_NOTHING;
    }
}

enum rprocfw_status rprocfw_found_key(struct rprocfw_key **out, const struct rprocfw_found *found,
                                      size_t index, struct rprocfw_error *error)
{
    EVP_PKEY *signer = found->signer[index];
    enum rprocfw_status status;

    *out = NULL;
    if (EVP_PKEY_up_ref(found->pkey[index]) != 1)
        return rprocfw_crypto_error(error, "taking the key");
    status =
        rprocfw_key_wrap(out, found->pkey[index], found->name, found->has_private[index], error);
    if (status == RPROCFW_OK && signer != NULL)
        status = rprocfw_key_set_signer(*out, signer, found->ctx, found->propquery, error);
    if (status != RPROCFW_OK) {
        rprocfw_key_free(*out);
        *out = NULL;
    }
    return status;
}

/* ---- Decoding ---- */

/* Where keys are decoded, and from what. */
struct source {
    OSSL_LIB_CTX *ctx; /* NULL: the usual one */
    const char *propquery;
    const uint8_t *bytes;
    size_t size;
    struct rprocfw_asking *asking;
    struct rprocfw_error *error;
};

/* The one form that the store leaves out: RSAPublicKey of PKCS#1 in DER. */
static void decode_pkcs1_public(struct rprocfw_found *found, const struct source *from)
{
    const uint8_t *bytes = from->bytes;
    size_t size = from->size;
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *decoder =
        OSSL_DECODER_CTX_new_for_pkey(&pkey, "DER", "type-specific", "RSA",
                                      OSSL_KEYMGMT_SELECT_PUBLIC_KEY, from->ctx, from->propquery);

    if (decoder != NULL && OSSL_DECODER_from_data(decoder, &bytes, &size) == 1)
        (void)rprocfw_found_take(found, pkey, false);
    OSSL_DECODER_CTX_free(decoder);
}

/* Why found may lack a key. */
struct lack {
    bool failed;  /* libcrypto has one, and failed to give it */
    bool skipped; /* something could not be decoded */
    bool unread;  /* there are more than RPROCFW_FOUND_LIMIT things */
};

static void look_at(struct rprocfw_found *found, OSSL_STORE_INFO *info, struct lack *lack)
{
    enum rprocfw_took took = rprocfw_found_take_info(found, info);

    lack->failed = lack->failed || took == RPROCFW_TOOK_FAILED;
    lack->skipped = lack->skipped || took == RPROCFW_TOOK_SKIPPED;
}

/* To where the next block of PEM starts. False: none does. */
static bool go_to_block(BIO *bio)
{
    static const char begin[] = "-----BEGIN ";
    char *rest = NULL;
    const long size = BIO_get_mem_data(bio, &rest);
    const char *next = size > 0 ? memmem(rest, (size_t)size, begin, sizeof(begin) - 1) : NULL;

    if (next == NULL)
        return false;
    (void)BIO_seek(bio, (int)(BIO_tell(bio) + (next - rest)));
    return true;
}

static void load_all(struct rprocfw_found *found, OSSL_STORE_CTX *store, BIO *bio,
                     struct rprocfw_asking *asking, struct lack *lack)
{
    int things = 0; /* a block that cannot be decoded is one of them */
    int skips = 0;

    while (OSSL_STORE_eof(store) == 0 && skips < SKIP_LIMIT && !lack->unread) {
        OSSL_STORE_INFO *info;
        bool more;

        asking->waiting = false;
        info = OSSL_STORE_load(store);
        /* libcrypto tries each line of what it cannot decode, a certificate request for example */
        more = info == NULL && go_to_block(bio);
        skips = info == NULL && !more ? skips + 1 : 0;
        if (info == NULL && asking->waiting)
            set_unopened(found, asking);
        else if (info == NULL)
            lack->skipped = true;
        if ((info != NULL || more) && ++things > RPROCFW_FOUND_LIMIT)
            lack->unread = true;
        else if (info != NULL)
            look_at(found, info, lack);
        OSSL_STORE_INFO_free(info);
    }
}

static const char reading[] = "reading a key";

/* Decode all that the store knows. */
static enum rprocfw_status decode_once(struct rprocfw_found *found, const struct source *from,
                                       struct lack *lack)
{
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(rprocfw_asking_answer, 0);
    BIO *bio = BIO_new_mem_buf(from->bytes, (int)from->size);
    OSSL_STORE_CTX *store = NULL;

    if (ui != NULL && bio != NULL)
        store = OSSL_STORE_attach(bio, "file", from->ctx, from->propquery, ui, from->asking, NULL,
                                  NULL, NULL);
    *lack = (struct lack){.failed = store == NULL};
    if (store != NULL)
        load_all(found, store, bio, from->asking, lack);
    (void)OSSL_STORE_close(store);
    BIO_free(bio);
    UI_destroy_method(ui);
    if (lack->failed)
        return rprocfw_crypto_error(from->error, reading);
    if (found->count == 0 && found->unopened.status == RPROCFW_OK)
        decode_pkcs1_public(found, from);
    /* other errors are trial and error of the decoders */
    return rprocfw_crypto_broke(from->error, reading) ? RPROCFW_ERR_CRYPTO : RPROCFW_OK;
}

/*
 * Decoders that lack memory may say only that it is no key, and say so ever after: what was not
 * found is looked for again with decoders of its own.
 */
static enum rprocfw_status decode_anew(const struct rprocfw_found *found, struct source from)
{
    struct rprocfw_found again = {0};
    enum rprocfw_status status;
    struct lack lack;

    from.propquery = NULL;
    from.ctx = OSSL_LIB_CTX_new();
    if (from.ctx == NULL)
        return rprocfw_crypto_error(from.error, reading);
    status = decode_once(&again, &from, &lack);
    if (status == RPROCFW_OK && again.count > found->count)
        status = rprocfw_error_set(from.error, RPROCFW_ERR_CRYPTO,
                                   "%s: libcrypto found a key only when it was asked again",
                                   from.asking->name);
    rprocfw_found_free(&again);
    OSSL_LIB_CTX_free(from.ctx);
    return status;
}

/* What only providers of the caller's can decode. */
static enum rprocfw_status decode_by_modules(struct rprocfw_found *found, struct source from,
                                             const struct rprocfw_modules *modules,
                                             struct lack *lack)
{
    found->unopened = (struct rprocfw_error){0};
    from.ctx = modules->ctx;
    from.propquery = modules->propquery;
    return decode_once(found, &from, lack);
}

/* The store would find the same key, and no more. */
static bool decode_usual(struct rprocfw_found *found, const struct source *from)
{
    bool has_private;
    EVP_PKEY *pkey = rprocfw_key_pem(from->bytes, from->size, &has_private);

    return rprocfw_found_take(found, pkey, has_private);
}

/*
 * Decode everything in the file's bytes. That there is no key is not an error; that there may be
 * one more is: without it a good signature would be taken for a wrong one.
 */
static enum rprocfw_status decode(struct rprocfw_found *found, const struct source *from,
                                  const struct rprocfw_modules *modules)
{
    struct lack lack;
    enum rprocfw_status status;

    if (decode_usual(found, from))
        return RPROCFW_OK;
    status = decode_once(found, from, &lack);
    if (status == RPROCFW_OK && (lack.skipped || found->count == 0))
        status = decode_anew(found, *from);
    if (status == RPROCFW_OK && found->count == 0 && modules != NULL && modules->ctx != NULL)
        status = decode_by_modules(found, *from, modules, &lack);
    if (status != RPROCFW_OK)
        return status;
    if (asking_failed(from->asking)) {
        *from->error = from->asking->error;
        return from->error->status;
    }
    if (lack.unread)
        return rprocfw_error_set(from->error, RPROCFW_ERR_FILE,
                                 "%s: more than %d keys, certificates and the like; give files "
                                 "with fewer",
                                 from->asking->name, RPROCFW_FOUND_LIMIT);
    return RPROCFW_OK;
}

/* The bytes of a file that may hold a private key. */
struct secret {
    uint8_t *bytes;
    size_t size;
    size_t room;
};

static void wipe(struct secret *secret)
{
    OPENSSL_clear_free(secret->bytes, secret->room);
}

/* Room for more bytes, twice as many each time; false: no memory. */
static bool make_room(struct secret *secret)
{
    const size_t room = secret->room != 0 ? 2 * secret->room : KEY_FILE_USUAL;
    uint8_t *bytes;

    if (secret->size < secret->room)
        return true;
    bytes = OPENSSL_clear_realloc(secret->bytes, secret->room, room);
    if (bytes == NULL)
        return false;
    secret->bytes = bytes;
    secret->room = room;
    return true;
}

/* 1: there may be more; 0: the end; -1: read failed, or there is no memory and errno is ENOMEM. */
static int read_more(int fd, struct secret *secret)
{
    ssize_t got;

    if (!make_room(secret)) {
        errno = ENOMEM;
        return -1;
    }
    got = read(fd, secret->bytes + secret->size, secret->room - secret->size);
    if (got < 0)
        return errno == EINTR ? 1 : -1;
    secret->size += (size_t)got;
    return got > 0 && secret->size < KEY_FILE_LIMIT;
}

/* A key file whole: a file, or a pipe as shells make for <(command). To be wiped, always. */
static enum rprocfw_status slurp(const char *path, struct secret *secret,
                                 struct rprocfw_error *error)
{
    struct rprocfw_input file;
    enum rprocfw_status status = rprocfw_input_open_any(&file, path, error);
    int more;

    *secret = (struct secret){0};
    if (status != RPROCFW_OK)
        return status;
    do
        more = read_more(file.fd, secret);
    while (more > 0);
    if (more < 0)
        status =
            errno == ENOMEM ? rprocfw_no_memory(error) : rprocfw_file_error(error, path, "read");
    else if (secret->size >= KEY_FILE_LIMIT)
        status = rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                   "%s: too large for a key file; expected less than %u bytes",
                                   path, KEY_FILE_LIMIT);
    else
        status = rprocfw_input_unchanged(&file, error);
    rprocfw_input_close(&file);
    return status;
}

/* PFX of RFC 7292: a SEQUENCE that starts with version 3 and another SEQUENCE. */
static bool is_pkcs12(const struct secret *secret)
{
    static const uint8_t start[] = {0x02, 0x01, 0x03, 0x30};
    const uint8_t *bytes = secret->bytes;
    size_t at;

    if (secret->size < 2 || bytes[0] != 0x30)
        return false;
    at = 2 + (bytes[1] > 0x80 ? bytes[1] & 0x7Fu : 0);
    return secret->size >= at + sizeof(start) && memcmp(bytes + at, start, sizeof(start)) == 0;
}

/* The certificates beside a private key are its own and those of its issuers, who sign no
 * containers. */
static void leave_out_issuers(struct rprocfw_found *found)
{
    const size_t count = found->count;

    found->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (!found->has_private[i]) {
            EVP_PKEY_free(found->pkey[i]);
            continue;
        }
        found->pkey[found->count] = found->pkey[i];
        found->signer[found->count] = found->signer[i];
        found->has_private[found->count++] = true;
    }
}

static bool starts_with(const struct secret *secret, const char *line)
{
    const size_t length = strlen(line);

    return secret->size >= length && memcmp(secret->bytes, line, length) == 0;
}

static enum rprocfw_status nothing_found(const struct rprocfw_found *found, const char *path,
                                         const struct secret *secret, struct rprocfw_error *error)
{
    if (found->unopened.status != RPROCFW_OK) {
        *error = found->unopened;
        return error->status;
    }
    if (starts_with(secret, "-----BEGIN OPENSSH PRIVATE KEY-----"))
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a key in OpenSSH's own format; convert a copy with "
                                 "ssh-keygen -p -m PKCS8 -f COPY",
                                 path);
    if (starts_with(secret, "-----BEGIN TSS2 PRIVATE KEY-----"))
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a key of a TPM; name the provider that opens it (--provider "
                                 "tpm2)",
                                 path);
    if (is_pkcs12(secret))
        return rprocfw_error_set(
            error, RPROCFW_ERR_KEY,
            "%s: PKCS#12 in which no key or certificate is found; expected one "
            "with a MAC",
            path);
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: no key found; expected PEM or DER with RSA of 2048 to 4096 bits "
                             "or EC P-256",
                             path);
}

static size_t count_private(const struct rprocfw_found *found)
{
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++)
        count += found->has_private[i];
    return count;
}

/* Beside a public key, a private one that cannot be read may be the one that is meant, too. */
static void note_unread(struct rprocfw_found *found, const char *path, const struct secret *secret)
{
    if (found->count > 0 && count_private(found) == 0 && found->unopened.status == RPROCFW_OK &&
        rprocfw_has_private_block(secret->bytes, secret->size))
        rprocfw_error_set(&found->unopened, RPROCFW_ERR_KEY,
                          "%s: a public key, and beside it a private one that cannot be read; give "
                          "a file with the one that is meant",
                          path);
}

static enum rprocfw_status find_in_file(struct rprocfw_found *found, const char *path,
                                        const struct rprocfw_key_access *access,
                                        struct rprocfw_error *error)
{
    struct rprocfw_asking asking = {.name = path, .source = &access->passphrase};
    enum rprocfw_status status;
    struct secret secret;

    status = slurp(path, &secret, error);
    if (status == RPROCFW_ERR_KEY)
        found->unopened = *error; /* there may be keys in it */
    if (status == RPROCFW_OK) {
        const struct source from = {
            .bytes = secret.bytes, .size = secret.size, .asking = &asking, .error = error};

        ERR_clear_error();
        status = decode(found, &from, access->modules);
        if (status == RPROCFW_OK && found->count == 0)
            status = nothing_found(found, path, &secret, error);
        else if (status == RPROCFW_OK)
            note_unread(found, path, &secret);
        if (status == RPROCFW_OK && count_private(found) > 0 && is_pkcs12(&secret))
            leave_out_issuers(found);
    }
    wipe(&secret);
    rprocfw_asking_end(&asking);
    return status;
}

enum rprocfw_status rprocfw_key_find(struct rprocfw_found *found, const char *name,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_key_access *access,
                                     struct rprocfw_error *error)
{
    static const struct rprocfw_key_access none;
    const char *path = rprocfw_key_file(name);
    enum rprocfw_status status;

    if (access == NULL)
        access = &none;
    *found = (struct rprocfw_found){0};
    if (access->modules != NULL) {
        found->ctx = access->modules->ctx;
        found->propquery = access->modules->propquery;
    }
    if (path == NULL) {
        status = rprocfw_uri_find(found, name, use, access, error);
    } else {
        found->name = strdup(path);
        status = found->name != NULL ? find_in_file(found, path, access, error)
                                     : rprocfw_no_memory(error);
    }
    if (status != RPROCFW_OK)
        rprocfw_found_free(found);
    return status;
}

/* The key to sign with: the only private one. */
static enum rprocfw_status choose(const struct rprocfw_found *found, enum rprocfw_key_use use,
                                  size_t *index, struct rprocfw_error *error)
{
    const size_t privates = count_private(found);

    if (found->unopened.status != RPROCFW_OK) { /* it may be the one that is meant */
        *error = found->unopened;
        return error->status;
    }
    if (use == RPROCFW_KEY_SIGN && privates == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a public key or certificate; signing needs the private key",
                                 found->name);
    if (use == RPROCFW_KEY_SIGN && privates > 1)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: %zu private keys; give a file with the one to sign with",
                                 found->name, privates);
    *index = 0;
    while (privates > 0 && !found->has_private[*index])
        (*index)++;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_key_load(struct rprocfw_key **key, const char *name,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_key_access *access,
                                     struct rprocfw_error *error)
{
    struct rprocfw_found found;
    enum rprocfw_status status;
    size_t index = 0;

    *key = NULL;
    status = rprocfw_key_find(&found, name, use, access, error);
    if (status != RPROCFW_OK)
        return status;
    status = choose(&found, use, &index, error);
    if (status == RPROCFW_OK)
        status = rprocfw_found_key(key, &found, index, error);
    rprocfw_found_free(&found);
    return status;
}
