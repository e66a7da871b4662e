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

/* Empties libcrypto's queue. What follows a fatal error follows from it; otherwise the last. */
static unsigned long decisive_error(void)
{
    unsigned long decisive = 0;
    unsigned long code;

    while ((code = ERR_get_error()) != 0)
        if (!ERR_FATAL_ERROR(decisive))
            decisive = code;
    return decisive;
}

static enum rprocfw_status set_crypto_error(struct rprocfw_error *error, const char *what,
                                            unsigned long code)
{
    const char *reason = ERR_reason_error_string(code);

    return rprocfw_error_set(error, RPROCFW_ERR_CRYPTO, "%s failed: %s", what,
                             reason != NULL ? reason : "no reason given");
}

enum rprocfw_status rprocfw_crypto_error(struct rprocfw_error *error, const char *what)
{
    return set_crypto_error(error, what, decisive_error());
}

bool rprocfw_crypto_broke(struct rprocfw_error *error, const char *what)
{
    const unsigned long code = decisive_error();

    if (!ERR_FATAL_ERROR(code))
        return false;
    (void)set_crypto_error(error, what, code);
    return true;
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
