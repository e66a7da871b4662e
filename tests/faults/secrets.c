/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded: looks for bytes
 *
 * - in memory that is given back, by free or realloc: "freed";
 * - just below the stack, whenever the program or librprocfw asks for memory or gives some back:
 *   "stack";
 * - in all memory that the program can write to, its environment and its stack as well, whenever it
 *   calls pread or write: "working"; and at its end, behind the handlers of exit: "end";
 * - in what it writes: "written". What the system copies for it may be anything.
 *
 * Of what is found in all memory it is told as well if a crash would write it to a core dump
 * ("limit") or give it to a program that takes core dumps ("dumpable").
 *
 *   SECRETS="NAME=HEX ..."  what to look for
 *   NUMBERS="NAME=HEX ..."  the same, but only where it is "working" and at the "end"
 *   PLAIN="NAME=HEX ..."    the same, but only where it is "written"
 *   SECRETS_LOG=FILE        a line for what was found: where, and NAME; each once
 *
 * Here they are kept with all bits inverted, or they would find themselves. No memory is asked for
 * and little of the stack is used: both would overwrite what was left behind.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROOM 64u

enum where { FREED, STACK, WORKING, END, WRITTEN, WHERES };
static const char *const where_name[] = {"freed", "stack", "working", "end", "written"};

static struct secret {
    char name[32];
    uint8_t inverted[ROOM];
    size_t size;
    bool wanted[WHERES]; /* where it is looked for */
    bool found[WHERES];
} secrets[64];
static size_t count;

static int hex(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

/* One NAME=HEX; returns what follows it. */
static const char *take(struct secret *secret, const char *from)
{
    const size_t length = strcspn(from, "=");

    if (length >= sizeof(secret->name) || from[length] == '\0')
        abort();
    memcpy(secret->name, from, length);
    for (from += length + 1; *from != '\0' && *from != ' '; from += 2) {
        if (secret->size == ROOM)
            abort();
        secret->inverted[secret->size++] = (uint8_t) ~(hex(from[0]) << 4 | hex(from[1]));
    }
    return from;
}

static void take_all(const char *variable, enum where first, enum where last)
{
    char *const value = getenv(variable);
    const char *from = value;

    while (from != NULL && *from != '\0') {
        if (count == sizeof(secrets) / sizeof(secrets[0]))
            abort();
        for (enum where where = first; where <= last; where++)
            secrets[count].wanted[where] = true;
        from = take(&secrets[count++], from);
        from += *from == ' ';
    }
    if (value != NULL)
        memset(value, ' ', strlen(value)); /* hexadecimal may be what is looked for */
}

__attribute__((constructor)) static void start(void)
{
    take_all("SECRETS", FREED, END);
    take_all("NUMBERS", WORKING, END);
    take_all("PLAIN", WRITTEN, WRITTEN);
}

static void put(int fd, const char *text)
{
    const long size = (long)strlen(text);

    if (syscall(SYS_write, fd, text, size) != size)
        abort();
}

static void put_line(int fd, const char *where, const char *name)
{
    put(fd, where);
    put(fd, " ");
    put(fd, name);
    put(fd, "\n");
}

static void note_dumps(int fd, const char *name)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_CORE, &limit) != 0)
        abort();
    if (limit.rlim_cur != 0)
        put_line(fd, "limit", name);
    if (prctl(PR_GET_DUMPABLE) != 0)
        put_line(fd, "dumpable", name);
}

static void note(struct secret *secret, enum where where)
{
    const char *path = getenv("SECRETS_LOG");
    const int fd = path == NULL ? -1
                                : (int)syscall(SYS_openat, AT_FDCWD, path,
                                               O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

    if (fd < 0)
        abort();
    secret->found[where] = true;
    put_line(fd, where_name[where], secret->name);
    if (where == WORKING)
        note_dumps(fd, secret->name);
    (void)syscall(SYS_close, fd);
}

static bool is_at(const struct secret *secret, const uint8_t *bytes)
{
    for (size_t i = 0; i < secret->size; i++)
        if ((bytes[i] ^ secret->inverted[i]) != 0xFF)
            return false;
    return true;
}

static bool is_between(const struct secret *secret, const uint8_t *from, const uint8_t *to)
{
    while ((size_t)(to - from) >= secret->size) {
        from = memchr(from, secret->inverted[0] ^ 0xFF, (size_t)(to - from) - secret->size + 1);
        if (from == NULL)
            return false;
        if (is_at(secret, from++))
            return true;
    }
    return false;
}

/* Notes what is there, if it is not noted yet. */
static void look_between(enum where where, const uint8_t *from, const uint8_t *to)
{
    for (size_t i = 0; i < count; i++)
        if (secrets[i].wanted[where] && !secrets[i].found[where] &&
            is_between(&secrets[i], from, to))
            note(&secrets[i], where);
}

/* ---- All memory ---- */

static char *maps(void)
{
    static char text[256 * 1024];
    const int fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/maps", O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    long got;

    while ((got = syscall(SYS_read, fd, text + size, sizeof(text) - 1 - size)) > 0)
        size += (size_t)got;
    if (fd < 0 || got < 0 || size == 0 || size == sizeof(text) - 1)
        abort();
    (void)syscall(SYS_close, fd);
    text[size] = '\0';
    return text;
}

/* A line of maps is "FROM-TO rw-p ...". */
static void look_everywhere(enum where where)
{
    char *rest = maps();

    while (*rest != '\0') {
        const uintptr_t from = strtoul(rest, &rest, 16);
        const uintptr_t to = strtoul(rest + 1, &rest, 16);

        if (rest[1] == 'r' && rest[2] == 'w')
            look_between(where, (const uint8_t *)from, (const uint8_t *)to);
        rest = strchr(rest, '\n') + 1;
    }
}

__attribute__((destructor)) static void finish(void)
{
    look_everywhere(END);
}

/* ---- Memory that is given back ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t number, size_t size);
void *__libc_realloc(void *old, size_t size);
void __libc_free(void *memory);

/* What librprocfw calls itself leaves its traces there; what libcrypto calls, further below. */
#define BELOW 2048u

static void look_below(const void *caller)
{
    const uint8_t *here = __builtin_frame_address(0);
    Dl_info info;

    if (dladdr(caller, &info) != 0 && strstr(info.dli_fname, "rproc") != NULL)
        look_between(STACK, here - BELOW, here);
}

static void look_at(void *memory)
{
    if (memory != NULL)
        look_between(FREED, memory, (const uint8_t *)memory + malloc_usable_size(memory));
}

void *malloc(size_t size)
{
    look_below(__builtin_return_address(0));
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    look_below(__builtin_return_address(0));
    return __libc_calloc(number, size);
}

void free(void *memory)
{
    look_below(__builtin_return_address(0));
    look_at(memory);
    __libc_free(memory);
}

/* Moves always: what is left where it was can be seen. */
void *realloc(void *old, size_t size)
{
    const size_t old_size = old != NULL ? malloc_usable_size(old) : 0;
    void *grown;

    if (size == 0)
        return __libc_realloc(old, size);
    grown = malloc(size);
    if (grown == NULL)
        return NULL;
    memcpy(grown, old, old_size < size ? old_size : size);
    free(old);
    return grown;
}

/* ---- Work ---- */

static void *next(const char *symbol)
{
    void *found = dlsym(RTLD_NEXT, symbol);

    if (found == NULL)
        abort();
    return found;
}

/* POSIX lets a pointer of dlsym be one to code. */
#define WORK(type, symbol, parameters, arguments, look) \
    type symbol parameters                              \
    {                                                   \
        static type(*real) parameters;                  \
                                                        \
        if (real == NULL)                               \
            *(void **)&real = next(#symbol);            \
        look;                                           \
        return real arguments;                          \
    }

static void look_at_written(const void *from, size_t size)
{
    look_everywhere(WORKING);
    look_between(WRITTEN, from, (const uint8_t *)from + size);
}

/* Nobody sees it. */
static void note_all_written(void)
{
    for (size_t i = 0; i < count; i++)
        if (secrets[i].wanted[WRITTEN] && !secrets[i].found[WRITTEN])
            note(&secrets[i], WRITTEN);
}

WORK(ssize_t, pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at),
     look_everywhere(WORKING))
WORK(ssize_t, pread64, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at),
     look_everywhere(WORKING))
WORK(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size),
     look_at_written(from, size))
WORK(ssize_t, copy_file_range,
     (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned flags),
     (from, from_at, to, to_at, size, flags), note_all_written())
