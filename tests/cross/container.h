/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers as the tests see them: read from files, taken apart without any of core's functions,
 * signed with a stub that needs no crypto but SHA-256.
 */
#ifndef RPROCFW_CROSS_CONTAINER_H
#define RPROCFW_CROSS_CONTAINER_H

#include <stdbool.h>

#include <rprocfw/verify.h>

struct bytes {
    uint8_t *data;
    uint32_t size;
};

/* tests/vectors; what follows are paths below it. */
extern const char *vectors;

/* A file, and a zero behind it; data is freed by the caller. */
struct bytes file_load(const char *folder, const char *name, const char *suffix);

/* The lines of a table, NAME TAB REST, one by one. False: there are no more. */
struct table {
    struct bytes text;
    uint32_t next;
};
void table_begin(struct table *table, const char *name);
bool table_next(struct table *table, char *line, uint32_t size);
void table_end(struct table *table);

/* Little-endian, by arithmetic. */
uint32_t get16(const uint8_t *bytes);
uint32_t get32(const uint8_t *bytes);
void put32(uint8_t *bytes, uint32_t value);
uint32_t round8(uint32_t n);

/* Of a container whose header makes sense. */
uint32_t signed_size(struct bytes container);
uint32_t payload_offset(struct bytes container);

/* The value of the first TLV of a type, and its length; NULL without one. */
const uint8_t *tlv_value(struct bytes container, uint32_t type, uint32_t *length);

/*
 * The stub's signature: SHA-256 of a tag and of the signed bytes, over and over, each time changed.
 * container_sign puts it in the place of the one that the container came with; a container without
 * such a place is left as it is.
 */
void stub_signature(const uint8_t *data, uint32_t size, uint8_t *signature, uint32_t length);
bool stub_holds(const struct rprocfw_signed *what);
void container_sign(struct bytes container);

#endif
