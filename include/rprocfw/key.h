/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys: RSA of 2048 to 4096 bits and EC P-256, read from files in PEM or DER.
 */
#ifndef RPROCFW_KEY_H
#define RPROCFW_KEY_H

#include <rprocfw/error.h>
#include <rprocfw/format.h>
#include <rprocfw/verify.h>

struct rprocfw_key; /* opaque; freed with rprocfw_key_free */

/*
 * Where a passphrase comes from. get writes at most size bytes to buffer, without a closing zero,
 * and returns their number, or -1 when there is none to be had (error then says why). It is called
 * only for an encrypted key, at most once a file: what it gives is for all keys in there. The
 * library wipes buffer. what is the file's path.
 */
struct rprocfw_passphrase {
    int (*get)(void *ctx, const char *what, char *buffer, size_t size, struct rprocfw_error *error);
    void *ctx;
};

enum rprocfw_key_use {
    RPROCFW_KEY_SIGN,  /* needs the private half */
    RPROCFW_KEY_VERIFY /* public key, certificate or private key */
};

/*
 * Reads one key: PEM or DER; PKCS#1, PKCS#8, SEC1 or SPKI; encrypted or not; for
 * RPROCFW_KEY_VERIFY an X.509 certificate, too. Of several keys the private one is taken, or else
 * the first; several private ones are an error, and one that its passphrase does not open.
 * passphrase may be NULL: an encrypted key is then an error. On RPROCFW_OK *key is the caller's.
 * Otherwise RPROCFW_ERR_FILE, _KEY, _CRYPTO, _MEMORY, and *key is NULL.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_load(struct rprocfw_key **key, const char *path, enum rprocfw_key_use use,
                 const struct rprocfw_passphrase *passphrase, struct rprocfw_error *error);

/* NULL is allowed. Wipes the private half. */
RPROCFW_API void rprocfw_key_free(struct rprocfw_key *key);

RPROCFW_API enum rprocfw_signtype rprocfw_key_signtype(const struct rprocfw_key *key);
RPROCFW_API unsigned rprocfw_key_bits(const struct rprocfw_key *key);

/* "RSA-2048", "EC P-256": lives as long as the key. */
RPROCFW_API const char *rprocfw_key_kind(const struct rprocfw_key *key);

/* The path it was read from: lives as long as the key. */
RPROCFW_API const char *rprocfw_key_path(const struct rprocfw_key *key);

/* SHA-256 of the SubjectPublicKeyInfo in DER (RFC 5280): 32 bytes, live as long as the key. */
RPROCFW_API const uint8_t *rprocfw_key_spki_sha256(const struct rprocfw_key *key);

/* Where this key is published with its private half, as text for people; NULL if it is not. */
RPROCFW_API const char *rprocfw_key_published(const struct rprocfw_key *key);

/* Bytes of a signature: the modulus' length, or 64. */
RPROCFW_API uint32_t rprocfw_key_signature_size(const struct rprocfw_key *key);

/* Where the secret number of an ECDSA signature comes from. RSA signatures have none. */
enum rprocfw_nonce {
    RPROCFW_NONCE_DERIVED, /* from key and data (RFC 6979): the same signature each time */
    RPROCFW_NONCE_RANDOM   /* from libcrypto's random numbers */
};

/*
 * Signs size bytes of data with SHA-256 as the format wants it (format.h, enum rprocfw_signtype).
 * signature takes rprocfw_key_signature_size(key) bytes; undefined on failure.
 * RPROCFW_ERR_KEY: no private half. RPROCFW_ERR_CRYPTO: libcrypto failed.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_sign(const struct rprocfw_key *key, enum rprocfw_nonce nonce, const uint8_t *data,
                 size_t size, uint8_t *signature, struct rprocfw_error *error);

/*
 * RPROCFW_OK only if the signature in what is of this key over what->data. RPROCFW_ERR_SIGNATURE:
 * it is not; error is untouched. RPROCFW_ERR_CRYPTO: it could not be judged.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_verify(const struct rprocfw_key *key, const struct rprocfw_signed *what,
                   struct rprocfw_error *error);

/*
 * RPROCFW_OK if name can be the name of a constant in C source; otherwise RPROCFW_ERR_USAGE: it is
 * no identifier in ASCII, a keyword, or reserved.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_source_name(const char *name, struct rprocfw_error *error);

struct rprocfw_key_source_job {
    const struct rprocfw_key *key;
    const char *name;        /* of the constant; NULL: rprocfw_public_key */
    const char *output;      /* path; NULL: write to output_fd */
    int output_fd;           /* file descriptor; stays the caller's */
    const char *const *keep; /* paths of further files that output must not be */
    size_t keep_count;
    struct rprocfw_log log;
};

/*
 * Writes the public half of a key as C11 source, which defines a struct rprocfw_public_key
 * (public_key.h). The bytes are a function of name and public half alone. output is either the old
 * or the new file, whole; on failure it is untouched and nothing is left behind. A published key is
 * a warning in the log.
 *
 * RPROCFW_ERR_USAGE: name, or output is the key's file or one of keep. RPROCFW_ERR_FILE, _CRYPTO,
 * _MEMORY.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_source(const struct rprocfw_key_source_job *job, struct rprocfw_error *error);

/* A growing list of keys to verify with. Start with {0}. */
struct rprocfw_keys {
    struct rprocfw_key **key;
    size_t count;
    char *unopened; /* why a key is missing that its passphrase did not open; NULL: none is */
};

/*
 * Adds every key in a file, or in all files of a folder (in the order of their names, not in its
 * subfolders; files that hold no key are left out and logged); no key at all is an error. A key
 * that is there already is not added again. RPROCFW_ERR_FILE, _KEY, _CRYPTO, _MEMORY: keys has at
 * most some keys more.
 *
 * An encrypted key that could not be opened, beside others in its file or in a folder, is left out,
 * too: a report that finds no key for a signature is then RPROCFW_ERR_KEY, no refusal.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_keys_add(struct rprocfw_keys *keys, const char *path,
                 const struct rprocfw_passphrase *passphrase, const struct rprocfw_log *log,
                 struct rprocfw_error *error);

RPROCFW_API void rprocfw_keys_free(struct rprocfw_keys *keys);

#endif
