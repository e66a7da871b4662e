/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers that are to be accepted: what they are made of, what the signer is asked for, and what
 * is to come of it. Number and seed decide all of it, but for the nonces of ECDSA.
 */
#ifndef RPROCFW_GENERATED_GENERATOR_H
#define RPROCFW_GENERATED_GENERATOR_H

#include <openssl/types.h>

#include <rprocfw/sign.h>

#include "container.h"
#include "made_elf.h"
#include "memory_map.h"

/* ---- keys: read once, before the tests ---- */

#define KEY_COUNT 5u

struct test_key {
    const char *name; /* of tests/vectors/keys/NAME.pem */
    struct rprocfw_key *key;
    EVP_PKEY *public_key; /* for what does not use the library */
};

extern struct test_key keys[KEY_COUNT];
extern struct rprocfw_keys all_keys; /* to verify with */

void keys_load(void);
void keys_free(void);

/* ---- one container ---- */

#define MADE_PLAT_TLVS 6u
#define MADE_IMAGES    255u
#define MADE_VALUE     64u /* bytes of a platform TLV */
#define MADE_PKEYINFO  600u

struct generated {
    uint64_t seed;
    uint32_t number;
    const struct test_key *key;
    bool encrypted; /* images, as the tests' own toolkit makes them, are taken as ciphertext */
    enum rprocfw_layout_order order;
    struct made_elf *images;
    uint32_t image_count;
    uint8_t pkeyinfo[MADE_PKEYINFO];
    uint32_t pkeyinfo_size;
    bool has_pkeyinfo;
    struct rprocfw_plat_tlv plat_tlvs[MADE_PLAT_TLVS];
    uint8_t plat_values[MADE_PLAT_TLVS][MADE_VALUE];
    uint32_t plat_tlv_count;

    /* What is to come of it. */
    struct container expected; /* without signature */
    struct memory memory;      /* with room for all segments, its bytes not made yet */
    uint32_t table_image;      /* NONE: there is no resource table */
    uint32_t table_size;       /* bytes; 0 without one */
    uint64_t table_pa;         /* where devices find it; 0 without one */
};

/*
 * Those of one seed and number that differ in release have other bytes in the same places. key
 * NULL: any.
 */
void generate(struct generated *g, uint64_t seed, uint32_t number, uint32_t release,
              const struct test_key *key);

/*
 * The container, signed by the library from files of the folder and into a file there; or an
 * encrypted one by the toolkit, after the library has encrypted the same files. Header, TLVs and
 * payload are the expected ones, or the test fails.
 */
struct bytes generated_sign(const struct generated *g, const char *folder);

/*
 * The same without what --strip and --loadable-only leave out of images; none of no bytes: they
 * load their own headers, or nothing. Encrypted images are compared with the files by the library.
 */
struct bytes generated_sign_trimmed(const struct generated *g, const char *folder, bool strip,
                                    bool loadable_only);

/* Sets what is to come of a resource table, from the program headers as they stand in g. */
void generated_expect_table(struct generated *g);

/* With the key of g: header and TLVs as they stand, in c or up to the signature's offset. */
void generated_sign_again(const struct generated *g, struct container *c);
void generated_sign_bytes(const struct generated *g, struct bytes container, uint32_t signature);

/* Another file of that name in a folder, with these bytes; and what a file has. */
void file_write(const char *folder, const char *name, struct bytes bytes);
struct bytes file_read(const char *folder, const char *name);
const char *file_path(const char *folder, const char *name); /* lives as long as the arena's */

#endif
