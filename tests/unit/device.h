/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device: all callbacks of struct rprocfw_platform, over a container that may change while it is
 * read, and the memory of a remote processor. It holds core to the order and the bounds that
 * verify.h and rproc.h promise, counts what is read, and fails where a test wants it to.
 */
#ifndef RPROCFW_UNIT_DEVICE_H
#define RPROCFW_UNIT_DEVICE_H

#include <openssl/types.h>

#include <rprocfw/rproc.h>

#include "arena.h"
#include "calls.h"
#include "memory_map.h"

#define MAX_RPROCS    4u
#define MAX_WRITES    2048u
#define MAX_PLATFORMS 40u /* platform TLVs */

/* Bytes of memory that were written, and with what. */
struct write {
    uint64_t pa;
    uint32_t size;
    bool zero;
};

struct device {
    /* The test's, all 0 by default. */
    struct memory *memory; /* of the remote processor that is spoken of */
    EVP_PKEY *key;         /* NULL: every signature holds */
    struct calls calls;
    struct bytes work; /* for load; without data: of the size that verify.h asks for */
    /* Before each access to the container, by read or load: may change it. NULL: nothing. */
    void (*before)(struct device *d, unsigned access);

    /* What happened in the last operation. */
    struct bytes container;
    unsigned *reads; /* for each byte of the container: how often it was read, ... */
    unsigned *loads; /* ... and how often it was loaded */
    unsigned access; /* accesses so far: read and load together */
    struct write writes[MAX_WRITES];
    unsigned write_count;
    struct rprocfw_tlv tlvs[MAX_PLATFORMS]; /* values are copied */
    unsigned tlv_count;
    enum rprocfw_status status;
    struct rprocfw_diag diag; /* of the last load */
    uint64_t rsc_pa;
    uint32_t rsc_size;

    struct rprocfw_platform platform;
    struct rprocfw_rprocs rprocs;
    struct rprocfw_rproc rproc[MAX_RPROCS];
};

/* A device that has nothing loaded, with room for so many remote processors; poisons the memory. */
void device_start_up(struct device *d, struct memory *memory, uint32_t rprocs);

/* The operations of rproc.h; each forgets what happened before. All return d->status. */
enum rprocfw_status device_load(struct device *d, uint32_t id, struct bytes container);
enum rprocfw_status device_start(struct device *d, uint32_t id);
enum rprocfw_status device_stop(struct device *d, uint32_t id);
enum rprocfw_status device_release(struct device *d, uint32_t id);
enum rprocfw_status device_rsc_table(struct device *d, uint32_t id); /* d->rsc_* */

/* Bytes of work buffer that verify.h asks for; of what is no container, any number. */
uint32_t device_work_size(struct bytes container);

/* What the test calls a remote processor that core does not know: it fails. */
enum rprocfw_rproc_state device_state(const struct device *d, uint32_t id);

/* Calls that write memory or let go of it: load, zero, release. */
unsigned device_memory_calls(const struct device *d);

/* The test fails unless the last operation ended so. */
#define assert_status(d, status) device_ended(__FILE__, __LINE__, d, status)
void device_ended(const char *file, int line, const struct device *d, enum rprocfw_status status);

#endif
