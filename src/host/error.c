/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "host.h"

enum rprocfw_status rprocfw_error_set(struct rprocfw_error *error, enum rprocfw_status status,
                                      const char *format, ...)
{
    va_list arguments;

    error->status = status;
    va_start(arguments, format);
    (void)vsnprintf(error->text, sizeof(error->text), format, arguments);
    va_end(arguments);
    return status;
}

enum rprocfw_status rprocfw_no_memory(struct rprocfw_error *error)
{
    return rprocfw_error_set(error, RPROCFW_ERR_MEMORY, "out of memory");
}

enum rprocfw_status rprocfw_file_error(struct rprocfw_error *error, const char *path,
                                       const char *doing)
{
    return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot %s: %s", path, doing,
                             strerror(errno));
}

enum rprocfw_status rprocfw_crypto_error(struct rprocfw_error *error, const char *what)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    rprocfw_error_set(error, RPROCFW_ERR_CRYPTO, "%s failed: %s", what,
                      reason != NULL ? reason : "no reason given");
    ERR_clear_error();
    return RPROCFW_ERR_CRYPTO;
}

void rprocfw_log(const struct rprocfw_log *log, enum rprocfw_log_level level, const char *format,
                 ...)
{
    char message[1024];
    va_list arguments;

    if (log == NULL || log->write == NULL)
        return;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    log->write(log->ctx, level, message);
}
