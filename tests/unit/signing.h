/* SPDX-License-Identifier: BSD-2-Clause */
/* Containers that the library signs, in a folder of their own, and what it says of them later. */
#ifndef RPROCFW_UNIT_SIGNING_H
#define RPROCFW_UNIT_SIGNING_H

#include <rprocfw/sign.h>

#include "arena.h"

/* A fixture: the folder is there, and gone with what is in it. */
void signing_begin(void);
void signing_end(void);

/* The path of a file in the folder; the arena's. */
const char *signing_path(const char *name);

/* The path of a file of tests/vectors/; the arena's. */
const char *vector_path(const char *name);

/* keys/NAME of the vectors, without passphrase or with that of NAME; freed at the end. */
const struct rprocfw_key *signing_key(const char *name);

/* A new one of P-256, as a file in the folder. */
const struct rprocfw_key *signing_new_key(const char *name);

/* The same of RSA, whose signatures have 257 bytes. */
const struct rprocfw_key *signing_odd_key(const char *name);

void file_save(const char *path, struct bytes bytes);
struct bytes file_load(const char *path);

/* One byte of it, xor by. */
void file_flip(const char *path, uint32_t offset, uint8_t by);

/* A job for elf/m4.elf of the vectors, by keys/rsa2048.pem, to out.sig in the folder. */
struct rprocfw_sign_job signing_job(void);

/* The test fails unless it is signed. */
void sign_it(const struct rprocfw_sign_job *job);

/* What rprocfw_sign_compare says of it; the test fails unless that can be said. */
const char *difference_of(const struct rprocfw_sign_job *job);

/* The number of warnings that the last of these two told through a job of signing_job(). */
unsigned warnings_told(void);

#endif
