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
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

#include "host.h"

#define KEY_FILE_LIMIT   (1024u * 1024u)
#define KEY_FILE_USUAL   (16u * 1024u)
#define PASSPHRASE_LIMIT 1024
#define SKIP_LIMIT       64 /* in a row: the rest, text for example, is something else */

/* What happened while libcrypto asked for a passphrase, which is one for all keys of a file. */
struct asking {
    const char *path;
    const struct rprocfw_passphrase *source;
    char passphrase[PASSPHRASE_LIMIT];
    int size;                   /* bytes of passphrase; -1: there is none */
    bool asked;                 /* the source, once */
    bool waiting;               /* libcrypto, for what it decodes now */
    struct rprocfw_error error; /* why there is none */
};

static void ask(struct asking *asking)
{
    asking->asked = true;
    asking->size = -1;
    if (asking->source != NULL && asking->source->get != NULL)
        asking->size = asking->source->get(asking->source->ctx, asking->path, asking->passphrase,
                                           sizeof(asking->passphrase), &asking->error);
    else
        rprocfw_error_set(
            &asking->error, RPROCFW_ERR_KEY,
            "%s: the key is encrypted; give its passphrase (--passphrase), or the public key",
            asking->path);
}

/* Whether the key can be used is not known. */
static bool asking_failed(const struct asking *asking)
{
    return asking->asked && asking->size < 0 && asking->error.status != RPROCFW_ERR_KEY;
}

/* pem_password_cb of libcrypto, which may ask more than once. */
static int answer(char *buffer, int size, int for_writing, void *ctx)
{
    struct asking *asking = ctx;

    (void)for_writing;
    asking->waiting = true;
    if (!asking->asked)
        ask(asking);
    if (asking->size < 0 || asking->size > size)
        return -1;
    memcpy(buffer, asking->passphrase, (size_t)asking->size);
    return asking->size;
}

static void set_unopened(struct rprocfw_found *found, const struct asking *asking)
{
    if (asking->size < 0)
        found->unopened = asking->error;
    else
        rprocfw_error_set(&found->unopened, RPROCFW_ERR_KEY,
                          "%s: wrong passphrase, or a damaged key", asking->path);
}

void rprocfw_found_free(struct rprocfw_found *found)
{
    while (found->count > 0)
        EVP_PKEY_free(found->pkey[--found->count]);
}

/* Takes over pkey; false: it is none. */
static bool take(struct rprocfw_found *found, EVP_PKEY *pkey, bool has_private)
{
    if (pkey == NULL)
        return false;
    found->has_private[found->count] = has_private;
    found->pkey[found->count++] = pkey;
    return true;
}

/* Where keys are decoded, and from what. */
struct source {
    OSSL_LIB_CTX *ctx; /* NULL: the usual one */
    const uint8_t *bytes;
    size_t size;
    struct asking *asking;
    struct rprocfw_error *error;
};

/* The one form that the store leaves out: RSAPublicKey of PKCS#1 in DER. */
static void decode_pkcs1_public(struct rprocfw_found *found, const struct source *from)
{
    const uint8_t *bytes = from->bytes;
    size_t size = from->size;
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
        &pkey, "DER", "type-specific", "RSA", OSSL_KEYMGMT_SELECT_PUBLIC_KEY, from->ctx, NULL);

    if (decoder != NULL && OSSL_DECODER_from_data(decoder, &bytes, &size) == 1)
        (void)take(found, pkey, false);
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
    switch (OSSL_STORE_INFO_get_type(info)) {
    case OSSL_STORE_INFO_PKEY:
        if (!take(found, OSSL_STORE_INFO_get1_PKEY(info), true))
            lack->failed = true;
        break;
    case OSSL_STORE_INFO_PUBKEY:
        if (!take(found, OSSL_STORE_INFO_get1_PUBKEY(info), false))
            lack->failed = true;
        break;
    case OSSL_STORE_INFO_CERT: /* its key may be of a kind that is not known */
        if (!take(found, X509_get_pubkey(OSSL_STORE_INFO_get0_CERT(info)), false))
            lack->skipped = true;
        break;
    default:
        break;
    }
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
                     struct asking *asking, struct lack *lack)
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
    UI_METHOD *ui = UI_UTIL_wrap_read_pem_callback(answer, 0);
    BIO *bio = BIO_new_mem_buf(from->bytes, (int)from->size);
    OSSL_STORE_CTX *store = NULL;

    if (ui != NULL && bio != NULL)
        store = OSSL_STORE_attach(bio, "file", from->ctx, NULL, ui, from->asking, NULL, NULL, NULL);
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

    from.ctx = OSSL_LIB_CTX_new();
    if (from.ctx == NULL)
        return rprocfw_crypto_error(from.error, reading);
    status = decode_once(&again, &from, &lack);
    if (status == RPROCFW_OK && again.count > found->count)
        status = rprocfw_error_set(from.error, RPROCFW_ERR_CRYPTO,
                                   "%s: libcrypto found a key only when it was asked again",
                                   from.asking->path);
    rprocfw_found_free(&again);
    OSSL_LIB_CTX_free(from.ctx);
    return status;
}

/* The store would find the same key, and no more. */
static bool decode_usual(struct rprocfw_found *found, const struct source *from)
{
    bool has_private;
    EVP_PKEY *pkey = rprocfw_key_pem(from->bytes, from->size, &has_private);

    return take(found, pkey, has_private);
}

/*
 * Decode everything in the file's bytes. That there is no key is not an error; that there may be
 * one more is: without it a good signature would be taken for a wrong one.
 */
static enum rprocfw_status decode(struct rprocfw_found *found, const struct source *from)
{
    struct lack lack;
    enum rprocfw_status status;

    if (decode_usual(found, from))
        return RPROCFW_OK;
    status = decode_once(found, from, &lack);
    if (status == RPROCFW_OK && (lack.skipped || found->count == 0))
        status = decode_anew(found, *from);
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
                                 from->asking->path, RPROCFW_FOUND_LIMIT);
    return RPROCFW_OK;
}

/* More than libcrypto's functions use. */
#define USED_STACK 32768u

/* libcrypto wipes passphrases in memory that it gives back, but not in its stack. */
static __attribute__((noinline)) void wipe_stack(void)
{
    uint8_t below[USED_STACK];

    OPENSSL_cleanse(below, sizeof(below));
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

static enum rprocfw_status nothing_found(const struct rprocfw_found *found, const char *path,
                                         const struct secret *secret, struct rprocfw_error *error)
{
    static const char openssh[] = "-----BEGIN OPENSSH PRIVATE KEY-----";

    if (found->unopened.status != RPROCFW_OK) {
        *error = found->unopened;
        return error->status;
    }
    if (secret->size >= sizeof(openssh) - 1 &&
        memcmp(secret->bytes, openssh, sizeof(openssh) - 1) == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a key in OpenSSH's own format; convert a copy with "
                                 "ssh-keygen -p -m PKCS8 -f COPY",
                                 path);
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: no key found; expected PEM or DER with RSA of 2048 to 4096 bits "
                             "or EC P-256",
                             path);
}

enum rprocfw_status rprocfw_key_find(struct rprocfw_found *found, const char *path,
                                     const struct rprocfw_passphrase *passphrase,
                                     struct rprocfw_error *error)
{
    struct asking asking = {.path = path, .source = passphrase};
    enum rprocfw_status status;
    struct secret secret;

    *found = (struct rprocfw_found){0};
    status = slurp(path, &secret, error);
    if (status == RPROCFW_ERR_KEY)
        found->unopened = *error; /* there may be keys in it */
    if (status == RPROCFW_OK) {
        const struct source from = {
            .bytes = secret.bytes, .size = secret.size, .asking = &asking, .error = error};

        ERR_clear_error();
        status = decode(found, &from);
        if (status == RPROCFW_OK && found->count == 0)
            status = nothing_found(found, path, &secret, error);
    }
    wipe(&secret);
    OPENSSL_cleanse(asking.passphrase, sizeof(asking.passphrase));
    wipe_stack();
    if (status != RPROCFW_OK)
        rprocfw_found_free(found);
    return status;
}

static size_t count_private(const struct rprocfw_found *found)
{
    size_t count = 0;

    for (size_t i = 0; i < found->count; i++)
        count += found->has_private[i];
    return count;
}

/* The key of a file to sign with: its only private one. */
static enum rprocfw_status choose(const struct rprocfw_found *found, const char *path,
                                  enum rprocfw_key_use use, size_t *index,
                                  struct rprocfw_error *error)
{
    const size_t privates = count_private(found);

    if (found->unopened.status != RPROCFW_OK) { /* it may be the one that is meant */
        *error = found->unopened;
        return error->status;
    }
    if (use == RPROCFW_KEY_SIGN && privates == 0)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: a public key or certificate; signing needs the private key",
                                 path);
    if (use == RPROCFW_KEY_SIGN && privates > 1)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: %zu private keys; give a file with the one to sign with",
                                 path, privates);
    *index = 0;
    while (privates > 0 && !found->has_private[*index])
        (*index)++;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_key_load(struct rprocfw_key **key, const char *path,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_passphrase *passphrase,
                                     struct rprocfw_error *error)
{
    struct rprocfw_found found;
    enum rprocfw_status status;
    size_t index = 0;

    *key = NULL;
    status = rprocfw_key_find(&found, path, passphrase, error);
    if (status != RPROCFW_OK)
        return status;
    status = choose(&found, path, use, &index, error);
    if (status == RPROCFW_OK && EVP_PKEY_up_ref(found.pkey[index]) != 1)
        status = rprocfw_crypto_error(error, "taking the key");
    if (status == RPROCFW_OK)
        status = rprocfw_key_wrap(key, found.pkey[index], path, found.has_private[index], error);
    rprocfw_found_free(&found);
    return status;
}
