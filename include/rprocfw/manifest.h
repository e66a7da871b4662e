/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A manifest: a file in YAML that says which containers are made, of what and how
 * (rprocfw-manifest(5)). Reading one opens no other file; what it names is opened by who signs.
 */
#ifndef RPROCFW_MANIFEST_H
#define RPROCFW_MANIFEST_H

#include <rprocfw/sign.h>

/* Of a platform TLV, where its value is from. */
enum rprocfw_manifest_value {
    RPROCFW_MANIFEST_BYTES,       /* here: a number, a text, hexadecimal digits */
    RPROCFW_MANIFEST_FILE,        /* the bytes of a file */
    RPROCFW_MANIFEST_BOOT_ADDRESS /* the address of the vector table, u32: BOOTADDR: auto */
};

struct rprocfw_manifest_tlv {
    uint32_t id; /* RPROCFW_TLV_PLATFORM_FIRST to _LAST */
    enum rprocfw_manifest_value from;
    uint8_t *value; /* of _BYTES; NULL if size is 0 */
    size_t size;    /* bytes */
    char *path;     /* of _FILE */
};

struct rprocfw_manifest_texts {
    char **text;
    size_t count;
};

/*
 * One container: what its keys say, or else those of "defaults". Texts are NULL where neither does.
 * Paths are relative to where the process is: the manifest's folder stands before those that are
 * relative to it.
 */
struct rprocfw_manifest_container {
    char *name;                              /* unique in the manifest */
    unsigned line;                           /* where it stands in the file, from 1 on */
    unsigned column;                         /* the same */
    struct rprocfw_manifest_texts inputs;    /* paths of ELF files, 1 to 255 */
    char *output;                            /* path, and no other container's */
    char *key;                               /* path or URI */
    char *public_key;                        /* the same; to verify with, and for signer */
    char *passphrase;                        /* "env:NAME", "file:PATH", ...: as --passphrase */
    struct rprocfw_manifest_texts providers; /* "NAME" or "NAME:PATH", as --provider */
    char *propquery;
    char *engine;
    char *key_type;                  /* "RSA" or "ECC" */
    char *key_info;                  /* path */
    bool key_info_spki;              /* key_info is to be made of the key; key_info is NULL then */
    char *signer;                    /* command line of a program, as --signer */
    unsigned signer_timeout;         /* seconds, at most RPROCFW_PROGRAM_TIMEOUT_MAX; 0: no limit */
    bool digest;                     /* signer gets the SHA-256 only */
    enum rprocfw_layout_order order; /* ST's if there is an enc_key */
    struct rprocfw_manifest_tlv *tlv;
    size_t tlv_count;
    char *enc_key; /* path */
    bool enc_pad;
    bool enc_deterministic;
    bool strip;
    bool loadable_only;
    bool any_machine;
    bool random_nonce;
    char *board;      /* name of a profile, or path */
    char *rproc_node; /* path in a device tree blob */
    char *linux_dtb;  /* path */
    enum rprocfw_preflight preflight;
};

struct rprocfw_manifest {
    char *path; /* of the file */
    struct rprocfw_manifest_container *container;
    size_t count;
};

/* The value of a variable that the manifest lists under "env"; NULL: it is not set. */
struct rprocfw_manifest_env {
    const char *(*get)(void *ctx, const char *name);
    void *ctx;
};

/*
 * *out is to be freed with rprocfw_manifest_free; NULL on failure. RPROCFW_ERR_MANIFEST: the file
 * says something that it may not, with line, column and key; _FILE, _MEMORY.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_manifest_load(struct rprocfw_manifest **out, const char *path,
                      const struct rprocfw_manifest_env *env, struct rprocfw_error *error);

RPROCFW_API void rprocfw_manifest_free(struct rprocfw_manifest *manifest); /* may be NULL */

/* The container of this name; NULL: there is none. */
RPROCFW_API const struct rprocfw_manifest_container *
rprocfw_manifest_find(const struct rprocfw_manifest *manifest, const char *name);

#endif
