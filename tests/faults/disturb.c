/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded: at one chosen call something happens to the program, or to a file that it reads.
 *
 *   DISTURB_LOG=FILE       at the end the number of calls that were counted
 *   DISTURB_READS=FILE     count reads of this file only; without it, calls that touch files
 *   DISTURB_AT=N           the call at which it happens, from 1
 *   DISTURB_AFTER=1        behind the call; without it, before
 *   DISTURB_COMMAND=TEXT   what happens: a shell runs this, or
 *   DISTURB_SIGNAL=N       the program gets this signal, or
 *   DISTURB_FLIP=PERCENT   one bit is changed of what was read, at this part of it: as if the file
 *                          had been changed for the time of this one read
 *   DISTURB_NAMED=1        the file system has neither O_TMPFILE nor RENAME_NOREPLACE
 *
 * A program that does not end in 20 seconds is killed by SIGALRM.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct {
    const char *reads; /* NULL: count calls that touch files */
    dev_t dev;
    ino_t ino;
    unsigned long at;
    bool after;
    const char *command;
    int signal_number;
    int flip; /* -1: nothing */
    bool named;
    unsigned long calls;
    bool started;
} disturb = {.flip = -1};

static unsigned long number(const char *name)
{
    const char *value = getenv(name);

    return value != NULL ? strtoul(value, NULL, 10) : 0;
}

__attribute__((constructor)) static void start(void)
{
    struct stat info;

    disturb.reads = getenv("DISTURB_READS");
    if (disturb.reads != NULL) {
        if (stat(disturb.reads, &info) != 0)
            abort();
        disturb.dev = info.st_dev;
        disturb.ino = info.st_ino;
    }
    disturb.at = number("DISTURB_AT");
    disturb.after = number("DISTURB_AFTER") != 0;
    disturb.command = getenv("DISTURB_COMMAND");
    disturb.signal_number = (int)number("DISTURB_SIGNAL");
    if (getenv("DISTURB_FLIP") != NULL)
        disturb.flip = (int)number("DISTURB_FLIP");
    disturb.named = number("DISTURB_NAMED") != 0;
    if (disturb.signal_number == SIGINT) /* shells let it be ignored in the background */
        (void)signal(SIGINT, SIG_DFL);
    (void)unsetenv("LD_PRELOAD"); /* not for what DISTURB_COMMAND starts */
    (void)alarm(20);
    disturb.started = true;
}

/* How often; by system calls, for stdio may be closed by now. */
__attribute__((destructor)) static void finish(void)
{
    const char *path = getenv("DISTURB_LOG");
    char line[32];
    const int size = snprintf(line, sizeof(line), "%lu\n", disturb.calls);
    long fd;

    disturb.started = false;
    if (path == NULL)
        return;
    fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || syscall(SYS_write, fd, line, (size_t)size) != size)
        abort();
}

static void happen(void)
{
    const int reason = errno;

    if (disturb.command != NULL && system(disturb.command) != 0)
        abort();
    if (disturb.signal_number != 0)
        (void)kill(getpid(), disturb.signal_number);
    errno = reason;
}

/* Counts a call; is it the chosen one? */
static bool chosen(bool counts)
{
    if (!disturb.started || !counts || ++disturb.calls != disturb.at)
        return false;
    if (!disturb.after)
        happen();
    return true;
}

static bool reads(int fd)
{
    struct stat info;

    if (disturb.reads == NULL)
        return true;
    return syscall(SYS_newfstatat, fd, "", &info, AT_EMPTY_PATH) == 0 &&
           info.st_dev == disturb.dev && info.st_ino == disturb.ino;
}

static void end(bool was_chosen)
{
    if (was_chosen && disturb.after)
        happen();
}

static void flip(bool was_chosen, uint8_t *bytes, ssize_t size)
{
    if (was_chosen && disturb.flip >= 0 && size > 0)
        bytes[(size_t)(size - 1) * (size_t)disturb.flip / 100] ^= 0x04;
}

static void *next(const char *symbol)
{
    void *found = dlsym(RTLD_NEXT, symbol);

    if (found == NULL)
        abort();
    return found;
}

/* POSIX lets a pointer of dlsym be one to code. */
#define REAL(type, symbol, parameters) \
    static type(*real) parameters;     \
    if (real == NULL)                  \
    *(void **)&real = next(#symbol)

#define POINT(type, symbol, parameters, arguments)       \
    type symbol parameters                               \
    {                                                    \
        const bool here = chosen(disturb.reads == NULL); \
        type result;                                     \
        REAL(type, symbol, parameters);                  \
        result = real arguments;                         \
        end(here);                                       \
        return result;                                   \
    }

#define READ(symbol, parameters, arguments)  \
    ssize_t symbol parameters                \
    {                                        \
        const bool here = chosen(reads(fd)); \
        ssize_t result;                      \
        REAL(ssize_t, symbol, parameters);   \
        result = real arguments;             \
        flip(here, to, result);              \
        end(here);                           \
        return result;                       \
    }

READ(read, (int fd, void *to, size_t size), (fd, to, size))
READ(pread, (int fd, void *to, size_t size, off_t at), (fd, to, size, at))
READ(pread64, (int fd, void *to, size_t size, off64_t at), (fd, to, size, at))

/* Of libc's own reads for stdio none has a name that could be preloaded. */
size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    const bool here = chosen(reads(fileno(file)));
    size_t result;

    REAL(size_t, fread, (void *, size_t, size_t, FILE *));
    result = real(to, size, count, file);
    flip(here, to, (ssize_t)(result * size));
    end(here);
    return result;
}

/* A mapping of the file that is counted would make a change of it a crash. */
void *mmap64(void *to, size_t size, int protection, int flags, int fd, off64_t at)
{
    REAL(void *, mmap64, (void *, size_t, int, int, int, off64_t));
    if (disturb.reads != NULL && fd >= 0 && reads(fd)) {
        static const char message[] = "the input is mapped\n";

        (void)syscall(SYS_write, 2, message, sizeof(message) - 1);
        abort();
    }
    return real(to, size, protection, flags, fd, at);
}

static int open_at(int folder, const char *path, int flags, va_list arguments)
{
    const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    const mode_t mode = makes ? va_arg(arguments, mode_t) : 0;

    if (disturb.named && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode);
}

#define OPEN(symbol, folder, parameters)                 \
    int symbol parameters                                \
    {                                                    \
        const bool here = chosen(disturb.reads == NULL); \
        va_list arguments;                               \
        int fd;                                          \
                                                         \
        va_start(arguments, flags);                      \
        fd = open_at(folder, path, flags, arguments);    \
        va_end(arguments);                               \
        end(here);                                       \
        return fd;                                       \
    }

OPEN(open, AT_FDCWD, (const char *path, int flags, ...))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...))
OPEN(openat64, at, (int at, const char *path, int flags, ...))

int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags)
{
    const bool here = chosen(disturb.reads == NULL);
    int result = -1;

    errno = EINVAL;
    if (!disturb.named || flags == 0)
        result = (int)syscall(SYS_renameat2, at, from, to_at, to, flags);
    end(here);
    return result;
}

POINT(ssize_t, write, (int fd, const void *from, size_t size), (fd, from, size))
POINT(off64_t, lseek64, (int fd, off64_t at, int from), (fd, at, from))
POINT(int, fsync, (int fd), (fd))
POINT(int, close, (int fd), (fd))
POINT(int, rename, (const char *from, const char *to), (from, to))
POINT(int, linkat, (int at, const char *from, int to_at, const char *to, int flags),
      (at, from, to_at, to, flags))
POINT(int, unlink, (const char *path), (path))
POINT(int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
POINT(int, rmdir, (const char *path), (path))
POINT(int, mkdir, (const char *path, mode_t mode), (path, mode))
POINT(int, access, (const char *path, int mode), (path, mode))
POINT(int, stat64, (const char *path, struct stat64 *info), (path, info))
POINT(int, lstat64, (const char *path, struct stat64 *info), (path, info))
POINT(int, fstat64, (int fd, struct stat64 *info), (fd, info))
POINT(char *, realpath, (const char *path, char *to), (path, to))
POINT(FILE *, tmpfile64, (void), ())
