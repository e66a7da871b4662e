/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The life of remote processors, for a device: a trusted application, a boot loader.
 *
 *                 load                start
 *        OFF  ------------>  LOADED  ------------>  STARTED
 *         ^                    |                       |
 *         +------ release -----+                       |
 *         +------------------- stop -------------------+
 *
 *            | OFF         LOADED                             STARTED
 *   ---------+-----------------------------------------------------------
 *   load     | loads       the loaded container: RPROCFW_OK,  _ERR_STATE
 *            |             nothing is loaded; another one:
 *            |             _ERR_OTHER_LOADED
 *   start    | _ERR_STATE  starts                             RPROCFW_OK
 *   stop     | RPROCFW_OK  _ERR_STATE                         stops
 *   rsc      | _ERR_STATE  answers                            answers
 *   release  | clears      clears                             _ERR_STATE
 *
 * A load that fails in state OFF clears the remote processor's memory; if that fails, too, the next
 * load begins with it. Stop leaves the memory as it is, so that what crashed can be looked at: load
 * writes over it where the next container has segments, release clears it. A release that fails
 * leads to OFF all the same.
 *
 * Of struct rprocfw_platform (verify.h) these are needed here: read, verify_signature, load,
 * read_loaded, da_to_pa, zero (unless load does that), and
 *
 *   start     start the remote processor
 *   stop      stop it, and leave its memory alone
 *   release   zero all of its memory, let go of what it holds; also when nothing was loaded
 *
 * which answer RPROCFW_OK, or RPROCFW_ERR_PLATFORM, say. They are told nothing of the id: the
 * caller, who gives it, keeps it where ctx points. Calls are not reentrant for one struct
 * rprocfw_rprocs.
 */
#ifndef RPROCFW_RPROC_H
#define RPROCFW_RPROC_H

#include <rprocfw/verify.h>

/*
 * Bytes of work buffer for one container with so many program headers over all images: aligned as
 * for a uint64_t, worst case. That is: as many images as that, up to 255; a signature of RSA-4096;
 * a PKEYINFO of up to 552 bytes (the SubjectPublicKeyInfo of such a key has 550); 256 bytes of
 * platform TLVs, their headers and padding included. The second one is for platforms that load
 * encrypted images.
 */
#define RPROCFW_WORK_SIZE(phdrs)           RPROCFW_WORK_SIZE_(phdrs, RPROCFW_HASH_ENTRY_SIZE, 3u)
#define RPROCFW_WORK_SIZE_ENCRYPTED(phdrs) RPROCFW_WORK_SIZE_(phdrs, RPROCFW_ENC_ENTRY_SIZE, 4u)

#define RPROCFW_WORK_PKEYINFO  552u
#define RPROCFW_WORK_PLATFORM  256u
#define RPROCFW_WORK_SIGNATURE 512u

/* header; TLVs of one byte, IMGTYPE, IMGSIZE, table, PKEYINFO, platform; signature; ranges */
#define RPROCFW_WORK_SIZE_(phdrs, entry_size, bytes)                                      \
    (RPROCFW_HEADER_SIZE + 4u + (bytes) * (RPROCFW_TLV_HEADER_SIZE + RPROCFW_ALIGNMENT) + \
     4u * RPROCFW_TLV_HEADER_SIZE + RPROCFW_ROUND8_(RPROCFW_IMAGES_(phdrs)) +             \
     RPROCFW_ROUND8_(4u * RPROCFW_IMAGES_(phdrs)) + (phdrs) * (entry_size) +              \
     RPROCFW_WORK_PKEYINFO + RPROCFW_WORK_PLATFORM + RPROCFW_WORK_SIGNATURE +             \
     ((phdrs) + 1u) * (uint32_t)sizeof(struct rprocfw_range))
#define RPROCFW_ROUND8_(n) (((n) + 7u) & ~7u)
#define RPROCFW_IMAGES_(phdrs) \
    ((phdrs) < RPROCFW_MAX_IMAGES ? (uint32_t)(phdrs) : RPROCFW_MAX_IMAGES)

/* Far apart: no fault of few bits makes one of the other, nor does a register of small numbers. */
enum rprocfw_rproc_state {
    RPROCFW_RPROC_OFF = 0x3A,
    RPROCFW_RPROC_LOADED = 0xC5,
    RPROCFW_RPROC_STARTED = 0x96
};

/* One remote processor. The members are core's; read state as you like. */
struct rprocfw_rproc {
    uint64_t rsc_pa;
    uint32_t rsc_size;
    uint32_t id;
    uint32_t loaded_size;                /* of the container that is loaded: bytes of metadata, */
    uint8_t loaded[RPROCFW_SHA256_SIZE]; /* and the digest of those that are signed */
    enum rprocfw_rproc_state state;
    enum rprocfw_status released; /* what release answered: unless OK, memory is to be cleared */
};

/* All remote processors of a device, in the caller's memory. */
struct rprocfw_rprocs {
    const struct rprocfw_platform *platform; /* set by the caller before the first call, */
    void *ctx;                               /* like ctx, */
    struct rprocfw_rproc *rproc;             /* an array of count, whose content does not matter, */
    uint32_t count;                          /* and its size; all other members 0 */
    uint32_t used;
    struct rprocfw_verifier verifier; /* of the last load, for rprocfw_explain */
};

/*
 * Verifies the container that platform->read reads, of container_size bytes, and loads it for
 * remote processor id. work is private memory of the caller, for the call only, aligned as for a
 * uint64_t; RPROCFW_WORK_SIZE says how large. RPROCFW_OK: it is loaded, or one with
 * the same signed bytes was already.
 * RPROCFW_ERR_RPROC_COUNT, _STATE, _OTHER_LOADED; what rprocfw_verify_begin and
 * rprocfw_verify_finish return; what a callback answered. The id is known to the other calls after
 * the first load, even if it failed.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_rproc_load(struct rprocfw_rprocs *rprocs, uint32_t id, uint32_t container_size,
                   uint8_t *work, uint32_t work_size);

/*
 * RPROCFW_OK; RPROCFW_ERR_RPROC_ID for an id never given to load; RPROCFW_ERR_STATE, see above;
 * what the platform's callback answered; the state is then as it was, and after release OFF.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_rproc_start(struct rprocfw_rprocs *rprocs,
                                                                     uint32_t id);
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status rprocfw_rproc_stop(struct rprocfw_rprocs *rprocs,
                                                                    uint32_t id);
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_rproc_release(struct rprocfw_rprocs *rprocs, uint32_t id);

/*
 * The resource table that was loaded and verified: its physical address and its bytes, both 0 when
 * no image has one. RPROCFW_ERR_RPROC_ID, _STATE: both are left alone.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_rproc_rsc_table(const struct rprocfw_rprocs *rprocs, uint32_t id, uint64_t *pa,
                        uint32_t *size);

#endif
