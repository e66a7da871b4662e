/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The normal world: what Linux asks of the trusted application. After each call the TA holds no
 * handle of the TEE, and of shared memory no more than it was given for the call.
 */
#ifndef RPROCFW_TEST_NORMAL_WORLD_H
#define RPROCFW_TEST_NORMAL_WORLD_H

#include <tee_internal_api.h>

#include <rprocfw/status.h>

#include "arena.h"
#include "memory_map.h"

/* The TA's commands. */
enum ta_command {
    LOAD_FW = 1,
    START_FW = 2,
    STOP_FW = 3,
    GET_RSC_TABLE = 4,
    GET_COREDUMP = 5,
    RELEASE_FW = 6
};

/* Forgets all that was set for TEE and PTA; ids 0 and up have these memories, which are poisoned.
 */
void power_on(struct memory *memory, unsigned count);

TEE_Result open_session(uint32_t id);
void close_session(void);

/* Any command with any parameters. */
TEE_Result invoke(uint32_t which, uint32_t types, TEE_Param params[TEE_NUM_PARAMS]);

/* LOAD_FW; opens a session if none is open. */
TEE_Result load_fw(uint32_t id, struct bytes container);

/* START_FW, STOP_FW, RELEASE_FW. */
TEE_Result command(enum ta_command which, uint32_t id);

TEE_Result get_rsc_table(uint32_t id, uint64_t *pa, uint64_t *size);

/* The test fails unless result is expected; what is for the message. */
#define assert_result(result, expected, what) result_is(__FILE__, __LINE__, result, expected, what)
void result_is(const char *file, int line, TEE_Result result, TEE_Result expected,
               const char *what);

/* The test fails unless that is the status which the last LOAD_FW logged. */
void assert_logged(enum rprocfw_status status);

#endif
