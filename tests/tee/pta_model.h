/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The platform's PTA: remote processors by id, each with its memory, and the platform's key. It
 * holds the TA to the parameters of its commands, counts them, and fails where a test wants it to.
 */
#ifndef RPROCFW_TEST_PTA_MODEL_H
#define RPROCFW_TEST_PTA_MODEL_H

#include <openssl/types.h>

#include <tee_internal_api.h>

#include "memory_map.h"

/* Its commands. */
enum pta_command {
    HW_CAPABILITIES = 1,
    LOAD_SEGMENT_SHA256 = 3,
    SET_MEMORY = 4,
    FIRMWARE_START = 5,
    FIRMWARE_STOP = 6,
    FIRMWARE_DA_TO_PA = 7,
    PTA_VERIFY_DIGEST = 8,
    PTA_RELEASE = 9,
    PTA_COMMANDS
};

#define MAX_CORES    3u
#define MAX_KEY_INFO 2048u

struct pta {
    /* The test's, all 0 by default. */
    struct memory *memory[MAX_CORES]; /* of each id; NULL: it is not known */
    EVP_PKEY *key;                    /* NULL: every signature holds */
    bool rsa_only;                    /* as OP-TEE's for STM32MP1 */
    TEE_Result open_result;           /* of a session */
    uint32_t lacks_formats;           /* bits of capabilities that are not there */
    uint32_t lacks_protections;
    enum pta_command fail; /* this command ... */
    unsigned fail_call;    /* ... fails at this call, from 1 (0: never) ... */
    TEE_Result how;        /* ... with this result, having written memory already */
    TEE_Result release;    /* of every release; if it is no success, nothing is cleared */

    /* What happened. */
    unsigned sessions; /* opened so far */
    unsigned calls[PTA_COMMANDS];
    bool started[MAX_CORES];
    uint32_t id;                    /* in the last command */
    uint32_t key_info_words[2];     /* of the last VERIFY_DIGEST: algorithm, size, */
    uint8_t key_info[MAX_KEY_INFO]; /* and what follows */
    unsigned from_shared;           /* segments that were loaded from shared memory */
};

extern struct pta pta;

TEE_Result pta_open(uint32_t types, TEE_Param params[TEE_NUM_PARAMS]);
TEE_Result pta_invoke(uint32_t command, uint32_t types, TEE_Param params[TEE_NUM_PARAMS]);

/* Commands that write memory or let go of it. */
unsigned pta_memory_calls(void);

#endif
