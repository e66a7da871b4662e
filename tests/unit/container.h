/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers taken apart, changed and put together again, independently of src/: what is tested
 * does not build its own test cases. All memory is the arena's.
 */
#ifndef RPROCFW_UNIT_CONTAINER_H
#define RPROCFW_UNIT_CONTAINER_H

#include <stdbool.h>

#include <openssl/types.h>

#include <rprocfw/image.h>

#include "arena.h"

/* A record: length is what is written in it, size is how many bytes of value follow. */
struct tlv {
    uint32_t type;
    uint32_t length;
    uint8_t *value;
    uint32_t size;
    uint8_t padding; /* the bytes after the value; 0 but for tests of that rule */
};

#define MAX_TLVS 64u

/* header is written as it stands here; container_measure() computes its lengths. */
struct container {
    struct rprocfw_header header;
    struct tlv tlvs[MAX_TLVS];
    unsigned tlv_count;
    struct bytes signature;
    uint8_t signature_padding; /* the bytes after the signature */
    struct bytes payload;
};

uint32_t round8(uint32_t n);

/* Little-endian words at an offset of something bigger; the test fails outside it. */
uint16_t get16(struct bytes in, uint32_t offset);
uint32_t get32(struct bytes in, uint32_t offset);
void put16(struct bytes in, uint32_t offset, uint32_t value);
void put32(struct bytes in, uint32_t offset, uint32_t value);

/* A file of tests/vectors/, named from there. */
struct bytes vector_load(const char *name);
EVP_PKEY *vector_public_key(const char *name);

void sha256(const uint8_t *data, size_t size, uint8_t digest[32]);

/* Takes a well-formed container apart; what c holds is copied. */
void container_split(struct bytes file, struct container *c);

/* Computes tlv_len, sign_len and img_len. */
void container_measure(struct container *c);

/* Signs header and TLVs as they stand with tests/vectors/keys/rsa2048.pem; sets sign_len. */
void container_sign(struct container *c);

struct bytes container_join(const struct container *c);

/* Bytes from the start of the container to a record, to its value, to the signature, payload. */
uint32_t record_offset(const struct container *c, unsigned index);
uint32_t value_offset(const struct container *c, uint32_t type);
uint32_t signature_offset(const struct container *c);
uint32_t payload_offset(const struct container *c);

/* The first record of that type; the test fails if there is none. */
struct tlv *tlv_find(struct container *c, uint32_t type);
unsigned tlv_index(const struct container *c, uint32_t type);

/* Records in and out; length and size are size, the value is copied. */
void tlv_insert(struct container *c, unsigned index, uint32_t type, const void *value,
                uint32_t size);
void tlv_append(struct container *c, uint32_t type, const void *value, uint32_t size);
void tlv_remove(struct container *c, unsigned index);
void tlv_move(struct container *c, unsigned from, unsigned to);

/* A value really cut or extended (by zeros) to size bytes, its length field with it. */
void tlv_resize(struct tlv *tlv, uint32_t size);

/*
 * A container of images (each padded to 8 bytes) in the order of OP-TEE's script, or encrypted:
 * with ENCTYPE, IMGTYPE 2 and in ENCTABLE an entry for each PT_LOAD, then zero entries up to the
 * number of program headers. The bytes of the images are taken as they are, as ciphertext too. The
 * signature is 64 bytes that mean nothing.
 */
void container_build(struct container *c, const struct bytes *images, unsigned count,
                     bool encrypted);

/* The same for the part of the table that belongs to one image. */
struct bytes table_build(struct bytes image, bool encrypted);

#endif
