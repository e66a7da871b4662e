/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys: RSA of 2048 to 4096 bits and EC P-256, in files or behind URIs: in a token, a TPM.
 */
#ifndef RPROCFW_KEY_H
#define RPROCFW_KEY_H

#include <rprocfw/error.h>
#include <rprocfw/format.h>
#include <rprocfw/verify.h>

struct rprocfw_key; /* opaque; freed with rprocfw_key_free */

/* What a key is protected with. */
enum rprocfw_secret {
    RPROCFW_PASSPHRASE, /* of an encrypted file */
    RPROCFW_PIN         /* of a token, or the password of a key in a TPM */
};

/*
 * Where a passphrase or PIN comes from. get writes at most size bytes to buffer, without a closing
 * zero, and returns their number, or -1 when there is none to be had (error then says why). It is
 * called only when it is needed, at most once a file or URI: what it gives is for all keys in
 * there. The library wipes buffer. what is the file's path, or the URI.
 */
struct rprocfw_passphrase {
    int (*get)(void *ctx, enum rprocfw_secret secret, const char *what, char *buffer, size_t size,
               struct rprocfw_error *error);
    void *ctx;
};

/*
 * Modules of OpenSSL that open keys which are in no file: providers, which have an OSSL_LIB_CTX of
 * their own, so that nothing else is calculated by them; or an engine, which is the process'. They
 * belong to the caller and outlive every key that was loaded through them.
 */
struct rprocfw_modules; /* opaque; closed with rprocfw_modules_close */

struct rprocfw_provider {
    const char *name;
    const char *path; /* file of the module, or the folder that it is in; NULL: OpenSSL's folder */
};

struct rprocfw_modules_wanted {
    const struct rprocfw_provider *providers; /* beside OpenSSL's own, in this order */
    size_t provider_count;
    const char *propquery; /* which of their algorithms are to be used; NULL: those of the key */
    const char *engine;    /* for URIs of PKCS#11; NULL: none */
};

/*
 * Loads them. libcrypto and what it loads may read the environment and configuration files of their
 * own. On RPROCFW_OK *modules is the caller's. RPROCFW_ERR_USAGE: an engine, and OpenSSL has none;
 * RPROCFW_ERR_FILE: a module is not there; RPROCFW_ERR_CRYPTO, _MEMORY. *modules is then NULL.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_modules_open(struct rprocfw_modules **modules, const struct rprocfw_modules_wanted *wanted,
                     struct rprocfw_error *error);

/* NULL is allowed. Logs out of tokens. Not before the keys are freed that came through it. */
RPROCFW_API void rprocfw_modules_close(struct rprocfw_modules *modules);

/* What is needed to open keys. All of it may be zero: for files that are not encrypted. */
struct rprocfw_key_access {
    struct rprocfw_passphrase passphrase; /* get may be NULL: there is none */
    struct rprocfw_modules *modules;      /* the caller's; NULL: what OpenSSL has by itself */
};

/*
 * The path in the name of a key, or NULL if it is a URI: starts with a scheme of two or more
 * characters and a colon. file:PATH, file:///PATH and file://localhost/PATH are paths, in which
 * nothing is decoded; a file with such a name is ./NAME. Points into name.
 */
RPROCFW_API const char *rprocfw_key_file(const char *name);

enum rprocfw_key_use {
    RPROCFW_KEY_SIGN,  /* needs the private half */
    RPROCFW_KEY_VERIFY /* public key, certificate or private key */
};

/*
 * Loads one key. From a file: PEM or DER; PKCS#1, PKCS#8, SEC1, SPKI or PKCS#12; encrypted or not;
 * for RPROCFW_KEY_VERIFY an X.509 certificate, too. Of several keys the private one is taken, or
 * else the first; several private ones are an error, and one that its passphrase does not open.
 *
 * From a URI: through access->modules, or what OpenSSL has by itself. The private half stays where
 * it is. In one of PKCS#11 (RFC 7512) pin-value, pin-source (a file) and module-path count.
 *
 * access may be NULL. On RPROCFW_OK *key is the caller's. Otherwise RPROCFW_ERR_FILE, _KEY,
 * _CRYPTO, _MEMORY, and *key is NULL.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_load(struct rprocfw_key **key, const char *name, enum rprocfw_key_use use,
                 const struct rprocfw_key_access *access, struct rprocfw_error *error);

/* NULL is allowed. Wipes the private half. */
RPROCFW_API void rprocfw_key_free(struct rprocfw_key *key);

RPROCFW_API enum rprocfw_signtype rprocfw_key_signtype(const struct rprocfw_key *key);
RPROCFW_API unsigned rprocfw_key_bits(const struct rprocfw_key *key);

/* "RSA-2048", "EC P-256": lives as long as the key. */
RPROCFW_API const char *rprocfw_key_kind(const struct rprocfw_key *key);

/* Does it have its private half? */
RPROCFW_API bool rprocfw_key_has_private(const struct rprocfw_key *key);

/* Is that in a token, or in a TPM? Of all such keys one signs at a time, in whatever thread. */
RPROCFW_API bool rprocfw_key_is_elsewhere(const struct rprocfw_key *key);

/* The path it was read from, or the URI without its PIN: lives as long as the key. */
RPROCFW_API const char *rprocfw_key_path(const struct rprocfw_key *key);

/* SHA-256 of the SubjectPublicKeyInfo in DER (RFC 5280): 32 bytes, live as long as the key. */
RPROCFW_API const uint8_t *rprocfw_key_spki_sha256(const struct rprocfw_key *key);

/* Where this key is published with its private half, as text for people; NULL if it is not. */
RPROCFW_API const char *rprocfw_key_published(const struct rprocfw_key *key);

/* Bytes of a signature: the modulus' length, or 64. */
RPROCFW_API uint32_t rprocfw_key_signature_size(const struct rprocfw_key *key);

/* Where the secret number of an ECDSA signature comes from; of a key in a file. A token has its own
 * way. RSA signatures have none. */
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

/* ---- What devices say to a key ---- */

/* ST's boards take these keys as PKEYINFO and no others: RSA-2048 with the exponent 65537, P-256.
 */
#define RPROCFW_PKEYINFO_RSA  294u
#define RPROCFW_PKEYINFO_P256 91u

/*
 * The value of the TLV PKEYINFO that ST's boards want: the SubjectPublicKeyInfo in DER, *size bytes
 * of info. RPROCFW_ERR_KEY: they cannot use the key. RPROCFW_ERR_CRYPTO: libcrypto failed.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_pkeyinfo(const struct rprocfw_key *key, uint8_t info[RPROCFW_PKEYINFO_RSA],
                     size_t *size, struct rprocfw_error *error);

/*
 * The hash that such a board has in its fuses (OTP), of modulus and exponent or of x and y.
 * Statuses as above.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_otp_hash(const struct rprocfw_key *key, uint8_t hash[RPROCFW_SHA256_SIZE],
                     struct rprocfw_error *error);

/* What a trusted application says to a key. The strings are constants. */
struct rprocfw_key_answer {
    const char *name;    /* of the device, for programs: "optee" ... */
    const char *device;  /* the same for people, and where it has its key from */
    const char *why_not; /* it does not take the key, as text for people; NULL: it does */
    uint32_t tee_result; /* then: what it answers to a container that this key signed; 0: nothing,
                            for it cannot be given such a key */
    uint32_t headers_64; /* if it does: program headers of all images in a container that has no */
    uint32_t headers_32; /* TLV to spare, for which the heap of a 64-bit, of a 32-bit application
                            suffices; 0: not known, or no such limit */
};

#define RPROCFW_KEY_ANSWERS 4u

/* In a fixed order; later releases may know more devices. RPROCFW_ERR_CRYPTO: libcrypto failed. */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_answers(const struct rprocfw_key *key,
                    struct rprocfw_key_answer answers[RPROCFW_KEY_ANSWERS],
                    struct rprocfw_error *error);

/* ---- The public half for others ---- */

/*
 * RPROCFW_OK if name can be the name of a constant in C source; otherwise RPROCFW_ERR_USAGE: it is
 * no identifier in ASCII, a keyword, or reserved.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_source_name(const char *name, struct rprocfw_error *error);

enum rprocfw_key_form {
    RPROCFW_KEY_SOURCE,       /* C11: a struct rprocfw_public_key (public_key.h) */
    RPROCFW_KEY_SOURCE_OPTEE, /* C: the constants that OP-TEE's platforms compile in; RSA only */
    RPROCFW_KEY_PEM,          /* SubjectPublicKeyInfo */
    RPROCFW_KEY_DER,
    RPROCFW_KEY_PKEYINFO /* as rprocfw_key_pkeyinfo */
};

struct rprocfw_key_export_job {
    const struct rprocfw_key *key;
    enum rprocfw_key_form form;
    const char *name;   /* of the constant in C source; NULL: rprocfw_public_key. For OP-TEE: what
                           the names start with; NULL: rproc_pub_key */
    const char *output; /* path; NULL: write to output_fd */
    int output_fd;      /* file descriptor; stays the caller's */
    const char *const *keep; /* paths of further files that output must not be */
    size_t keep_count;
    struct rprocfw_log log;
};

/*
 * Writes the public half of a key. The bytes are a function of form, name and public half alone.
 * output is either the old or the new file, whole; on failure it is untouched and nothing is left
 * behind. A published key is a warning in the log.
 *
 * RPROCFW_ERR_USAGE: name, or output is the key's file or one of keep. RPROCFW_ERR_KEY: the key
 * cannot be written in this form. RPROCFW_ERR_FILE, _CRYPTO, _MEMORY.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_key_export(const struct rprocfw_key_export_job *job, struct rprocfw_error *error);

/* ---- Several keys ---- */

/* A growing list of keys to verify with. Start with {0}. */
struct rprocfw_keys {
    struct rprocfw_key **key;
    size_t count;
    char *unopened; /* why a key is missing that its passphrase did not open; NULL: none is */
};

/*
 * Adds every key in a file, or in all files of a folder (in the order of their names, not in its
 * subfolders; files that hold no key are left out and logged), or behind a URI; no key at all is an
 * error. Beside a private key in PKCS#12 certificates do not count: they are its issuers'. A key
 * that is there already is not added again. RPROCFW_ERR_FILE, _KEY, _CRYPTO, _MEMORY: keys has at
 * most some keys more.
 *
 * An encrypted key that could not be opened, beside others in its file or in a folder, is left out,
 * too: a report that finds no key for a signature is then RPROCFW_ERR_KEY, no refusal.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_keys_add(struct rprocfw_keys *keys, const char *name,
                 const struct rprocfw_key_access *access, const struct rprocfw_log *log,
                 struct rprocfw_error *error);

RPROCFW_API void rprocfw_keys_free(struct rprocfw_keys *keys);

#endif
