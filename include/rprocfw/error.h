/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the host library reports: a status, a text for the person at the desk, and a log for what is
 * worth saying on the way. The library itself never prints.
 */
#ifndef RPROCFW_ERROR_H
#define RPROCFW_ERROR_H

#include <stddef.h>

#include <rprocfw/status.h>

/* Written by every host function that fails; means nothing after one that succeeds. */
struct rprocfw_error {
    enum rprocfw_status status;
    /* "FILE: what is wrong (where); what to do", no newline; if longer, without its middle */
    char text[1024];
};

/* Store status and text; returns status. For callbacks of the library's users, too. */
RPROCFW_API enum rprocfw_status rprocfw_error_set(struct rprocfw_error *error,
                                                  enum rprocfw_status status, const char *format,
                                                  ...) RPROCFW_PRINTF(3, 4);

/*
 * The text for a status of core: explanation, place, what was found and expected, what to do.
 * Writes at most size bytes to text, the closing zero included, and returns text.
 */
RPROCFW_API char *rprocfw_describe(enum rprocfw_status status, const struct rprocfw_diag *diag,
                                   char *text, size_t size);

/* "HASHTYPE", "BOOTADDR" ..., or NULL for a TLV type that has no name. */
RPROCFW_API const char *rprocfw_tlv_name(uint32_t type);

enum rprocfw_log_level {
    RPROCFW_LOG_WARNING, /* done, but look at this */
    RPROCFW_LOG_STEP     /* what is being done */
};

/* message lives for the call only, without newline. write may be NULL: nothing is logged. */
struct rprocfw_log {
    void (*write)(void *ctx, enum rprocfw_log_level level, const char *message);
    void *ctx;
};

#endif
