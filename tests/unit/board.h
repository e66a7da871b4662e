/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A board that records what core asks of it: the platform callbacks over a container in memory.
 * It counts how often each byte is read, holds core to the bounds that verify.h promises, keeps
 * what is loaded, and fails where a test wants it to.
 */
#ifndef RPROCFW_UNIT_BOARD_H
#define RPROCFW_UNIT_BOARD_H

#include <openssl/types.h>

#include <rprocfw/verify.h>

#include "arena.h"
#include "calls.h"

/* One segment as it was loaded. */
struct loaded {
    struct rprocfw_phdr phdr;
    uint32_t image;
    uint32_t index;
    uint32_t entry;
    uint32_t offset;
    struct bytes memory; /* filesz bytes: the copy at paddr, zero fill not counted */
    bool encrypted;
    uint8_t iv[16];
    bool bad_hash;
};

#define MAX_LOADS  1024u
#define MAX_IMAGES 255u

struct board {
    /* The test's, all 0 by default. */
    EVP_PKEY *key;         /* NULL: every signature holds */
    bool defer;            /* answers on hashes wait for read_loaded or load_end */
    bool no_optional;      /* image_done and load_end are NULL */
    bool fault;            /* while a segment is loaded, core loses that the signature held */
    bool says_ok;          /* a good signature is answered with RPROCFW_OK, which says nothing */
    uint32_t work_missing; /* bytes that the work buffer lacks */
    struct calls calls;    /* the wanted failure; then, how often what was called */

    /* What happened. */
    struct bytes container;
    uint8_t *reads; /* for each byte of the container: how often it was read */
    struct loaded *loads;
    unsigned load_count;
    struct rprocfw_image *images;
    unsigned image_count;
    struct rprocfw_signed asked; /* what verify_signature was given */
    uint32_t asked_pkeyinfo;     /* offset of pkeyinfo in data */
    struct rprocfw_verifier v;
    struct rprocfw_diag diag; /* of status */
    enum rprocfw_status status;
};

/* Verifies; everything that happened before on b is forgotten. Returns b->status. */
enum rprocfw_status board_verify(struct board *b, struct bytes container, unsigned options);

/* The test fails unless the last verification ended so. NOWHERE is RPROCFW_NOWHERE. */
#define NOWHERE RPROCFW_NOWHERE
#define assert_accepted(b) \
    board_judged(__FILE__, __LINE__, b, RPROCFW_OK, NOWHERE, NOWHERE, NOWHERE, NOWHERE)
#define assert_refused(b, status, offset, tlv, image, segment) \
    board_judged(__FILE__, __LINE__, b, status, offset, tlv, image, segment)

void board_judged(const char *file, int line, const struct board *b, enum rprocfw_status status,
                  uint32_t offset, uint32_t tlv, uint32_t image, uint32_t segment);

/* Did both load the same bytes at the same addresses, and find the same resource tables? */
bool board_same_outcome(const struct board *a, const struct board *b);

#endif
