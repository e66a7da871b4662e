/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which of some keys belongs to what: to a container that it signed, to a device that has it.
 */
#ifndef RPROCFW_MATCH_H
#define RPROCFW_MATCH_H

#include <rprocfw/report.h>

enum rprocfw_match_way {
    RPROCFW_MATCH_SIGNATURE, /* the signature of the container is of this key */
    RPROCFW_MATCH_PKEYINFO,  /* PKEYINFO of the container is its SubjectPublicKeyInfo in DER */
    RPROCFW_MATCH_NUMBERS,   /* its modulus, or x and y, stand in the file, big-endian */
    RPROCFW_MATCH_OTP        /* the hash is that which ST's boards have of it in OTP */
};

struct rprocfw_match {
    const struct rprocfw_key *key;
    enum rprocfw_match_way way;
    uint64_t offset; /* RPROCFW_MATCH_NUMBERS: where in the file its modulus, or x, stands first */
    uint64_t count;  /* and how often; of x and y the rarer */
};

/* What the keys have to do with one file or hash. */
struct rprocfw_matches {
    enum rprocfw_file_kind kind; /* of a file */
    bool has_pkeyinfo;           /* a container with a TLV PKEYINFO, whoever's it is */
    bool found; /* a key signed the container; has its numbers in another file; has the hash */
    char message[1024];            /* if not: what there is instead, as text for people */
    struct rprocfw_match *matches; /* in the order of enum rprocfw_match_way, then of the keys */
    size_t count;
};

/*
 * Looks at the file at path. Of a container in today's layout the signature over header and TLVs is
 * checked with each key, and PKEYINFO compared; the rest of the container is not judged:
 * rprocfw_report_build does that. In any other file the numbers of the keys are looked for; it is
 * read once, whatever the number of keys, and need not fit into memory.
 *
 * RPROCFW_OK: *matches is filled; rprocfw_matches_free it. Otherwise it is empty: RPROCFW_ERR_FILE,
 * _MEMORY, _CRYPTO; RPROCFW_ERR_KEY: no key was found, but keys->unopened may be the one. keys must
 * outlive *matches.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_match_file(struct rprocfw_matches *matches,
                                                                    const char *path,
                                                                    const struct rprocfw_keys *keys,
                                                                    struct rprocfw_error *error);

/* The same for a hash as ST's boards have it in OTP. */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_match_otp(struct rprocfw_matches *matches, const uint8_t hash[RPROCFW_SHA256_SIZE],
                  const struct rprocfw_keys *keys, struct rprocfw_error *error);

RPROCFW_API void rprocfw_matches_free(struct rprocfw_matches *matches);

#endif
