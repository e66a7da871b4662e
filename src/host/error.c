/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors as text. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "host.h"

static bool within_character(char c)
{
    return ((uint8_t)c & 0xC0) == 0x80;
}

/* The start and the end of text; to has size bytes, text more. */
static void leave_out_middle(char *to, size_t size, const char *text, size_t length)
{
    static const char gap[] = "...";
    size_t head = size / 4;
    size_t tail = length - (size - head - sizeof(gap));

    while (head > 0 && within_character(text[head]))
        head--;
    while (within_character(text[tail]))
        tail++;
    (void)snprintf(to, size, "%.*s%s%s", (int)head, text, gap, text + tail);
}

/*
 * As vsnprintf. Of what is too long the middle is left out: messages start with names of files and
 * end with what is wrong and what to do.
 */
static void print(char *to, size_t size, const char *format, va_list arguments)
{
    char *longer;
    va_list again;
    int length;

    va_copy(again, arguments);
    length = vsnprintf(to, size, format, arguments);
    if (length >= (int)size && vasprintf(&longer, format, again) >= 0) {
        leave_out_middle(to, size, longer, (size_t)length);
        free(longer);
    }
    va_end(again);
}

void rprocfw_print(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print(to, size, format, arguments);
    va_end(arguments);
}

enum rprocfw_status rprocfw_error_set(struct rprocfw_error *error, enum rprocfw_status status,
                                      const char *format, ...)
{
    va_list arguments;

    error->status = status;
    va_start(arguments, format);
    print(error->text, sizeof(error->text), format, arguments);
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

/* Empties libcrypto's queue: the first error of a module, from which the others follow, or else the
 * first. */
static void print_module_reason(char *to, size_t size)
{
    bool of_module = false;
    unsigned long code;
    const char *more;
    int flags;

    (void)snprintf(to, size, "no reason given");
    for (bool first = true; (code = ERR_get_error_all(NULL, NULL, NULL, &more, &flags)) != 0;
         first = false) {
        const char *reason = ERR_reason_error_string(code);
        const bool is_text = (flags & ERR_TXT_STRING) != 0 && *more != '\0';
        const bool is_module = ERR_GET_LIB(code) >= ERR_LIB_USER;

        if (of_module || (!first && !is_module))
            continue;
        of_module = is_module;
        if (reason != NULL && is_text)
            rprocfw_print(to, size, "%s (%s)", reason, more);
        else if (reason != NULL || is_text)
            rprocfw_print(to, size, "%s", reason != NULL ? reason : more);
    }
}

enum rprocfw_status rprocfw_module_error(struct rprocfw_error *error, const char *name,
                                         const char *doing)
{
    char reason[400];

    print_module_reason(reason, sizeof(reason));
    return rprocfw_error_set(error, RPROCFW_ERR_CRYPTO, "%s: %s failed: %s", name, doing, reason);
}

void rprocfw_log(const struct rprocfw_log *log, enum rprocfw_log_level level, const char *format,
                 ...)
{
    char message[1024];
    va_list arguments;

    if (log == NULL || log->write == NULL)
        return;
    va_start(arguments, format);
    print(message, sizeof(message), format, arguments);
    va_end(arguments);
    log->write(log->ctx, level, message);
}
