/* SPDX-License-Identifier: BSD-2-Clause */
/* Passphrases: from the environment, a file, a descriptor, standard input, or a person. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "options.h"
#include "passphrase.h"
#include "print.h"

/* What --passphrase takes. */
#define PASSPHRASE_SOURCES "env:VAR, file:PATH, fd:N, stdin or prompt"

/* What follows prefix in text, or NULL if text does not start with it. */
static const char *after(const char *text, const char *prefix)
{
    const size_t length = strlen(prefix);

    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

/* A descriptor number of fd:N, or -1. */
static int descriptor(const char *text)
{
    char *end;
    long number;

    errno = 0;
    number = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || number < 0 || number > 0xFFFF)
        return -1;
    return (int)number;
}

static bool is_source(const char *source)
{
    const char *rest;

    if (strcmp(source, "stdin") == 0 || strcmp(source, "prompt") == 0)
        return true;
    if ((rest = after(source, "fd:")) != NULL)
        return descriptor(rest) >= 0;
    if ((rest = after(source, "env:")) == NULL)
        rest = after(source, "file:");
    return rest != NULL && *rest != '\0';
}

/* A program that signs has no use for the passphrase, which it could read there again. */
static void keep_from_programs(const char *source)
{
    const char *rest = after(source, "fd:");

    if (rest != NULL && descriptor(rest) > STDERR_FILENO)
        (void)fcntl(descriptor(rest), F_SETFD, FD_CLOEXEC); /* or who reads there says why not */
}

int passphrase_set_source(struct passphrase *passphrase, const char *source, const char *tool)
{
    if (passphrase->source != NULL)
        return usage_error(tool, "--passphrase is given twice");
    if (!is_source(source)) /* not shown: it may be the passphrase itself */
        return usage_error(tool, "--passphrase: expected " PASSPHRASE_SOURCES);
    passphrase->source = source;
    keep_from_programs(source);
    return EXIT_DONE;
}

const char *passphrase_file(const struct passphrase *passphrase)
{
    return passphrase->source != NULL ? after(passphrase->source, "file:") : NULL;
}

bool passphrase_look_at(const struct passphrase *passphrase, struct stat *info)
{
    const char *source = passphrase->source;
    const char *rest;

    if (source == NULL)
        return false;
    if (strcmp(source, "stdin") == 0)
        return fstat(STDIN_FILENO, info) == 0;
    if ((rest = after(source, "fd:")) != NULL)
        return fstat(descriptor(rest), info) == 0;
    return (rest = after(source, "file:")) != NULL && stat(rest, info) == 0;
}

bool passphrase_take(struct passphrase *passphrase, char *argument)
{
    const size_t size = strlen(argument);
    const bool fits = size <= sizeof(passphrase->given);

    if (fits)
        memcpy(passphrase->given, argument, size);
    passphrase->given_size = size;
    passphrase->is_given = true;
    OPENSSL_cleanse(argument, size); /* /proc/PID/cmdline shows what stands there */
    return fits;
}

void passphrase_wipe(struct passphrase *passphrase)
{
    const char *name = passphrase->source != NULL ? after(passphrase->source, "env:") : NULL;
    char *value = name != NULL ? getenv(name) : NULL;

    if (value != NULL)
        OPENSSL_cleanse(value, strlen(value)); /* /proc/PID/environ shows what stands there */
    OPENSSL_cleanse(passphrase, sizeof(*passphrase));
}

/* What the library asks for, and of which key. */
struct question {
    enum rprocfw_secret secret;
    const char *key;
    struct rprocfw_error *error;
};

static const char *word_of(const struct question *q)
{
    return q->secret == RPROCFW_PIN ? "PIN" : "passphrase";
}

static const char *need_of(const struct question *q)
{
    return q->secret == RPROCFW_PIN ? "a PIN is needed" : "the key is encrypted";
}

/* The key cannot be used; in a folder of keys it is left out. */
static int too_long(const struct question *q)
{
    rprocfw_error_set(q->error, RPROCFW_ERR_KEY, "%s: %s: its %s is too long", q->key, need_of(q),
                      word_of(q));
    return -1;
}

/* So is this one. */
static int not_given(const struct question *q)
{
    rprocfw_error_set(q->error, RPROCFW_ERR_KEY,
                      "%s: %s: give its %s with --passphrase " PASSPHRASE_SOURCES, q->key,
                      need_of(q), word_of(q));
    return -1;
}

/* Nobody knows whether the key can be used: it is left out nowhere. */
static int cannot_read(const struct question *q, const char *why)
{
    rprocfw_error_set(q->error, RPROCFW_ERR_FILE, "%s: cannot read its %s: %s", q->key, word_of(q),
                      why);
    return -1;
}

static int copy(const char *from, size_t length, const struct question *q, char *buffer,
                size_t size)
{
    if (length > size)
        return too_long(q);
    memcpy(buffer, from, length);
    return (int)length;
}

/* The first line, without its end. Byte for byte, so that nothing of what follows is taken. */
static int read_line(int fd, const struct question *q, char *buffer, size_t size)
{
    size_t length = 0;

    for (;;) {
        char c;
        const ssize_t got = read(fd, &c, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return cannot_read(q, strerror(errno));
        if (got == 0 || c == '\n')
            break;
        if (length == size)
            return too_long(q);
        buffer[length++] = c;
    }
    if (length > 0 && buffer[length - 1] == '\r')
        length--;
    return (int)length;
}

static int read_file(const char *path, const struct question *q, char *buffer, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    int length;

    if (fd < 0) {
        rprocfw_error_set(q->error, RPROCFW_ERR_FILE, "%s: cannot open: %s", path, strerror(errno));
        return -1;
    }
    length = read_line(fd, q, buffer, size);
    (void)close(fd);
    return length;
}

/* What EVP_read_pw_string answers when somebody typed Control-C. */
#define CANCELLED (-2)

static int ask(const struct question *q, char *buffer, size_t size)
{
    char typed[PASSPHRASE_ROOM] = "";
    char name[200];
    char prompt[256];
    int length = -1;
    int answer;

    escape(q->key, name, sizeof(name));
    (void)snprintf(prompt, sizeof(prompt),
                   "%s of %s: ", q->secret == RPROCFW_PIN ? "PIN" : "Passphrase", name);
    answer = EVP_read_pw_string(typed, sizeof(typed) - 1, prompt, 0);
    if (answer == CANCELLED) /* libcrypto caught it, to restore the terminal; nobody else does */
        (void)raise(SIGINT);
    if (answer == 0)
        length = copy(typed, strlen(typed), q, buffer, size);
    else
        (void)cannot_read(q, q->secret == RPROCFW_PIN ? "no PIN was entered"
                                                      : "no passphrase was entered");
    OPENSSL_cleanse(typed, sizeof(typed));
    return length;
}

static int from_environment(const char *name, const struct question *q, char *buffer, size_t size)
{
    const char *value = getenv(name);

    if (value == NULL) {
        rprocfw_error_set(q->error, RPROCFW_ERR_USAGE, "%s: %s: the environment has no %s", q->key,
                          need_of(q), name);
        return -1;
    }
    return copy(value, strlen(value), q, buffer, size);
}

/* From a source that nobody types at. */
static int read_source(const char *source, const struct question *q, char *buffer, size_t size)
{
    const char *rest;

    if (strcmp(source, "stdin") == 0)
        return read_line(STDIN_FILENO, q, buffer, size);
    if ((rest = after(source, "fd:")) != NULL)
        return read_line(descriptor(rest), q, buffer, size);
    if ((rest = after(source, "env:")) != NULL)
        return from_environment(rest, q, buffer, size);
    return read_file(source + strlen("file:"), q, buffer, size); /* is_source() */
}

static int get(void *ctx, enum rprocfw_secret secret, const char *key, char *buffer, size_t size,
               struct rprocfw_error *error)
{
    const struct question asked = {.secret = secret, .key = key, .error = error};
    const struct question *q = &asked;
    struct passphrase *p = ctx;
    int length;

    if (p->is_given)
        return copy(p->given, p->given_size, q, buffer, size);
    if (p->source == NULL && !isatty(STDIN_FILENO))
        return not_given(q);
    if (p->source == NULL || strcmp(p->source, "prompt") == 0)
        return ask(q, buffer, size);
    length = read_source(p->source, q, p->given, sizeof(p->given));
    if (length < 0)
        return -1;
    p->given_size = (size_t)length; /* for all keys: what is read from a pipe is gone there */
    p->is_given = true;
    return copy(p->given, p->given_size, q, buffer, size);
}

struct rprocfw_passphrase passphrase_for_library(struct passphrase *passphrase)
{
    return (struct rprocfw_passphrase){.get = get, .ctx = passphrase};
}
