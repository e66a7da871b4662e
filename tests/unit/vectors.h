/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What lies in tests/vectors, and what is to come of it: the containers that the scripts signed,
 * and those with which a board was measured.
 */
#ifndef RPROCFW_UNIT_VECTORS_H
#define RPROCFW_UNIT_VECTORS_H

#include <openssl/types.h>

#include <rprocfw/verify.h>

#include "arena.h"

/* vectors/FOLDER/NAME.SUFFIX, and keys/NAME.pub.pem. */
struct bytes vector_named(const char *folder, const char *name, const char *suffix);
EVP_PKEY *vector_key(const char *name);

#define MAX_INPUTS 3

/* cases.tsv and cases-st.tsv: which ELF files were signed with which key. */
struct made {
    const char *name; /* of expected/NAME.sig */
    const char *key;
    unsigned options; /* of rprocfw_verify_begin, with which it is accepted */
    const char *elves[MAX_INPUTS];
};

#define ENCRYPTED   RPROCFW_VERIFY_CIPHERTEXT
#define MANY_TABLES RPROCFW_VERIFY_MANY_RSC_TABLES

extern const struct made all_made[];
extern const unsigned made_count;

/* What a row of device.tsv is refused with, and where; unlike: why a board's answer is not ours. */
struct row {
    const char *name; /* of device/NAME.sig */
    enum rprocfw_status status;
    uint32_t tlv;
    uint32_t image;
    uint32_t segment;
    const char *unlike;
};

/* The columns of that row. */
struct measured {
    const struct row *row;
    bool accepted;     /* by this project's verifier */
    bool has_result;   /* otherwise there is no telling */
    uint32_t result;   /* the board's TEE_Result */
    bool has_table;    /* of an accepted one: it has a resource table */
    uint32_t rsc_da;   /* its device address */
    uint32_t rsc_size; /* and its bytes */
};

/* Calls judge for every row, whose memory of the arena is released behind it. */
void every_measured(void (*judge)(const struct measured *measured));

#endif
