/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * To be preloaded: counts the calls of functions that may fail, and lets one call fail.
 *
 *   FAULT_LOG=FILE       at the end, "FUNCTION WHERE CALLS" for each function that was called; and
 *                        the call that failed, with "failed" before it; "crashed inside" before
 *                        it, if libcrypto crashed in the call of it that made that call
 *   FAULT_PLACES=FILE    "FUNCTION WHERE CALL PLACE" for the first call at each place. A place is
 *                        what is on the stack; of a call that libcrypto makes, below libcrypto
 *   FAULT_DEPTH=N        of the stack the N innermost; without it all of it
 *   FAULT_FUNCTION=NAME  the function of which one call fails
 *   FAULT_WHERE=WHERE    crypto: of the calls that libcrypto makes; rest: of all others
 *   FAULT_CALL=N         which one of them, from 1
 *   FAULT_STICKY=1       and every later call of it, wherever it is made; after one of memory all
 *                        of memory
 *   FAULT_ALSO=NAME      a function of which every call fails, besides
 *   FAULT_ERRNO=NUMBER   the reason; without it the one in the table below
 *   FAULT_OURS=1         only calls of the program and of librprocfw count: what they load at run
 *                        time is not theirs
 *   FAULT_NAMED=1        the file system has neither O_TMPFILE nor RENAME_NOREPLACE
 *
 * Counting starts with the program's constructors. A program that does not end in 20 seconds is
 * killed by SIGALRM. Memory is that of LeakSanitizer, if the program was built with it.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* engines */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/bio.h>
#include <openssl/decoder.h>
#include <openssl/ecdsa.h>
#include <openssl/engine.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/store.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

enum { CRYPTO, REST };
static const char *const where_name[] = {"crypto", "rest"};

static struct counter {
    const char *name;
    unsigned long calls[2];
} counters[128];

/* The tools have threads. What is counted, and which call has failed, is for one at a time. */
static atomic_flag counting = ATOMIC_FLAG_INIT;

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL ? value : "";
}

/* A line to the file that a variable names, if it does. stdio would call what is counted here. */
static void append_line(const char *file, const char *line, int size)
{
    const char *path = variable(file);
    long fd;

    if (*path == '\0')
        return;
    fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || syscall(SYS_write, fd, line, (size_t)size) != size)
        abort();
    (void)syscall(SYS_close, fd);
}

static void log_line(const char *start, const char *name, int where, unsigned long calls)
{
    char line[128];
    const int size =
        snprintf(line, sizeof(line), "%s%s %s %lu\n", start, name, where_name[where], calls);

    append_line("FAULT_LOG", line, size);
}

static struct counter *counter_of(const char *name)
{
    struct counter *counter = counters;

    while (counter->name != NULL && strcmp(counter->name, name) != 0)
        if (++counter == counters + sizeof(counters) / sizeof(counters[0]) - 1)
            abort();
    counter->name = name;
    return counter;
}

/* libcrypto in memory. */
static struct range {
    uintptr_t from;
    uintptr_t to;
} crypto;

static int find_crypto(struct dl_phdr_info *info, size_t size, void *ctx)
{
    (void)size;
    (void)ctx;
    if (strstr(info->dlpi_name, "/libcrypto.") == NULL)
        return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *phdr = &info->dlpi_phdr[i];

        if (phdr->p_type == PT_LOAD && (phdr->p_flags & PF_X) != 0)
            crypto = (struct range){info->dlpi_addr + phdr->p_vaddr,
                                    info->dlpi_addr + phdr->p_vaddr + phdr->p_memsz};
    }
    return 1;
}

static int where_is(const void *caller)
{
    const uintptr_t at = (uintptr_t)caller;

    return at >= crypto.from && at < crypto.to ? CRYPTO : REST;
}

/* The name of what an address belongs to ("" is the program), and where that starts; or NULL. */
static const char *object_of(const void *address, uintptr_t *start)
{
    struct dl_find_object found;

    if (_dl_find_object((void *)(uintptr_t)address, &found) != 0)
        return NULL;
    *start = found.dlfo_link_map->l_addr;
    return found.dlfo_link_map->l_name;
}

/* The program itself, or librprocfw. */
static bool is_ours(const void *address)
{
    uintptr_t start;
    const char *name = object_of(address, &start);

    return name != NULL && (*name == '\0' || strstr(name, "/librprocfw.") != NULL);
}

/* What the environment asks for. */
static struct {
    const char *function;
    int where;
    unsigned long call;
    int reason; /* 0: the usual one */
    bool sticky;
    const char *also;
    bool ours;
    bool named;
    bool places;
    unsigned long depth;  /* callers that make a place */
    bool made;            /* the call has failed */
    const void *asked_by; /* of a call that failed in libcrypto: where libcrypto was called */
} fault = {.function = "", .also = ""};

struct stack {
    void *frames[64];
    int count;
};

static void take_stack(struct stack *stack)
{
    stack->count = backtrace(stack->frames, (int)(sizeof(stack->frames) / sizeof(*stack->frames)));
}

/* Of the frame that called libcrypto, in the program or in librprocfw; count if there is none. */
static int below_crypto(const struct stack *stack)
{
    int i = 0;

    while (i < stack->count && where_is(stack->frames[i]) != CRYPTO)
        i++;
    while (i < stack->count && !is_ours(stack->frames[i]))
        i++;
    return i;
}

/*
 * The place in the program or in librprocfw that called libcrypto, of which this is called or in
 * which it crashed; NULL where libcrypto is not on the stack.
 */
static const void *crypto_caller(void)
{
    struct stack stack;
    int i;

    take_stack(&stack);
    i = below_crypto(&stack);
    return i < stack.count ? stack.frames[i] : NULL;
}

static uint64_t mixed(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ ((const unsigned char *)bytes)[i]) * 0x100000001b3; /* FNV-1a */
    return hash;
}

/* The same number in each run, wherever the libraries are in memory. */
static uint64_t place_of(const char *name, int where)
{
    struct stack stack;
    uint64_t hash = mixed(0xcbf29ce484222325, name, strlen(name));
    unsigned long depth = 0;

    take_stack(&stack);
    for (int i = where == CRYPTO ? below_crypto(&stack) : 0; i < stack.count && depth < fault.depth;
         i++) {
        uintptr_t start = 0;
        const char *object = object_of(stack.frames[i], &start);
        const uintptr_t offset = (uintptr_t)stack.frames[i] - start;

        if (object == NULL)
            continue;
        depth++;
        hash = mixed(hash, object, strlen(object));
        hash = mixed(hash, &offset, sizeof(offset));
    }
    return hash;
}

static void note_place(const char *name, int where, unsigned long calls)
{
    static uint64_t known[4096]; /* 0: none */
    const uint64_t place = place_of(name, where) + (uint64_t)where;
    size_t at = place % 4096;
    char line[128];
    int size;

    for (size_t tried = 0; known[at] != 0 && known[at] != place; tried++) {
        if (tried == 4096)
            abort();
        at = (at + 1) % 4096;
    }
    if (known[at] == place)
        return;
    known[at] = place;
    size = snprintf(line, sizeof(line), "%s %s %lu %016llx\n", name, where_name[where], calls,
                    (unsigned long long)place);
    append_line("FAULT_PLACES", line, size);
}

/*
 * A crash of libcrypto within the very call of it in which its own call of a function failed is not
 * ours, nor is one when all of its later calls fail; every other is. What this calls is not meant
 * for signal handlers; if it hangs, SIGALRM ends it, and the crash counts as ours.
 */
static void crashed(int signal_number)
{
    const void *caller = crypto_caller();

    if (caller != NULL && (caller == fault.asked_by || (fault.sticky && fault.made)))
        log_line("crashed inside ", fault.function, CRYPTO, fault.call);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static bool is_memory(const char *name)
{
    return strcmp(name, "malloc") == 0 || strcmp(name, "calloc") == 0 ||
           strcmp(name, "realloc") == 0;
}

/* Is it the call that is to fail, or a later one of a sticky fault? */
static bool is_chosen(const char *name, int where, unsigned long calls)
{
    const bool same = strcmp(fault.function, name) == 0;

    if (fault.made)
        return fault.sticky && (same || (is_memory(fault.function) && is_memory(name)));
    return same && where == fault.where && calls == fault.call;
}

/* Counts a call; is it to fail? Then errno is set. */
static bool count_call(const char *name, const void *caller, int reason)
{
    const int where = where_is(caller);
    const unsigned long calls = ++counter_of(name)->calls[where];

    if (fault.places)
        note_place(name, where, calls);
    if (strcmp(fault.also, name) == 0) {
        errno = reason;
        return true;
    }
    if (!is_chosen(name, where, calls))
        return false;
    if (!fault.made) {
        fault.asked_by = where == CRYPTO ? crypto_caller() : NULL;
        log_line("failed ", name, where, calls);
        fault.made = true;
    }
    errno = fault.reason != 0 ? fault.reason : reason;
    return true;
}

/*
 * Not the program's calls, but those of this library and of LeakSanitizer, which looks at a
 * thread's stack when it starts, and ends the program without memory.
 */
static _Thread_local bool not_counted;

static bool fails(const char *name, const void *caller, int reason)
{
    bool result;

    if (not_counted || (fault.ours && !is_ours(caller)))
        return false;
    while (atomic_flag_test_and_set(&counting))
        ;
    not_counted = true; /* what it takes to look at the stack */
    result = count_call(name, caller, reason);
    not_counted = false;
    atomic_flag_clear(&counting);
    return result;
}

__attribute__((constructor)) static void start(void)
{
    fault.function = variable("FAULT_FUNCTION");
    fault.where = strcmp(variable("FAULT_WHERE"), where_name[CRYPTO]) == 0 ? CRYPTO : REST;
    fault.reason = atoi(variable("FAULT_ERRNO"));
    fault.sticky = *variable("FAULT_STICKY") != '\0';
    fault.also = variable("FAULT_ALSO");
    fault.ours = *variable("FAULT_OURS") != '\0';
    fault.named = *variable("FAULT_NAMED") != '\0';
    (void)unsetenv("LD_PRELOAD"); /* not for what the program starts */
    (void)dl_iterate_phdr(find_crypto, NULL);
    (void)crypto_caller(); /* the first backtrace asks for memory */
    (void)signal(SIGSEGV, crashed);
    memset(counters, 0, sizeof(counters)); /* the dynamic linker's calls are not the program's */
    fault.call = strtoul(variable("FAULT_CALL"), NULL, 10);
    (void)alarm(20);
    fault.places = *variable("FAULT_PLACES") != '\0';
    fault.depth =
        *variable("FAULT_DEPTH") != '\0' ? strtoul(variable("FAULT_DEPTH"), NULL, 10) : ULONG_MAX;
}

__attribute__((destructor)) static void finish(void)
{
    for (const struct counter *counter = counters; counter->name != NULL; counter++)
        for (int where = CRYPTO; where <= REST; where++)
            if (counter->calls[where] != 0)
                log_line("", counter->name, where, counter->calls[where]);
}

static void *next(const char *symbol)
{
    void *found = dlsym(RTLD_NEXT, symbol);

    if (found == NULL)
        abort();
    return found;
}

#define FAILS(name, reason) fails(name, __builtin_return_address(0), reason)

/* symbol, counted as name, fails with the value bad. POSIX lets a pointer of dlsym be one to code.
 */
#define POINT(type, symbol, name, bad, reason, parameters, arguments) \
    type symbol parameters                                            \
    {                                                                 \
        static type(*real) parameters;                                \
                                                                      \
        if (real == NULL)                                             \
            *(void **)&real = next(#symbol);                          \
        return FAILS(name, reason) ? (bad) : real arguments;          \
    }

/* ---- Memory: not by dlsym, which may ask for some itself ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

/* LeakSanitizer's; NULL without it. */
void *__interceptor_malloc(size_t size) __attribute__((weak));
void *__interceptor_calloc(size_t count, size_t size) __attribute__((weak));
void *__interceptor_realloc(void *old, size_t size) __attribute__((weak));

#define MEMORY(name, parameters, arguments)        \
    void *name parameters                          \
    {                                              \
        if (FAILS(#name, ENOMEM))                  \
            return NULL;                           \
        if (__interceptor_##name != NULL)          \
            return __interceptor_##name arguments; \
        return __libc_##name arguments;            \
    }

MEMORY(malloc, (size_t size), (size))
MEMORY(calloc, (size_t count, size_t size), (count, size))
MEMORY(realloc, (void *old, size_t size), (old, size))

/* ---- Files ---- */

static int open_at(int folder, const char *path, int flags, va_list arguments)
{
    const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    const mode_t mode = makes ? va_arg(arguments, mode_t) : 0;

    if ((flags & O_TMPFILE) == O_TMPFILE && fault.named) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return (int)syscall(SYS_openat, folder, path, flags | O_LARGEFILE, mode);
}

#define OPEN(symbol, folder, parameters)                  \
    int symbol parameters                                 \
    {                                                     \
        va_list arguments;                                \
        int fd = -1;                                      \
                                                          \
        va_start(arguments, flags);                       \
        if (!FAILS("open", EMFILE))                       \
            fd = open_at(folder, path, flags, arguments); \
        va_end(arguments);                                \
        return fd;                                        \
    }

OPEN(open, AT_FDCWD, (const char *path, int flags, ...))
OPEN(open64, AT_FDCWD, (const char *path, int flags, ...))
OPEN(openat, at, (int at, const char *path, int flags, ...))
OPEN(openat64, at, (int at, const char *path, int flags, ...))

#define FCNTL(symbol)                                                               \
    int symbol(int fd, int command, ...)                                            \
    {                                                                               \
        va_list arguments;                                                          \
        int result = -1;                                                            \
                                                                                    \
        va_start(arguments, command);                                               \
        if (!FAILS("fcntl", EMFILE))                                                \
            result = (int)syscall(SYS_fcntl, fd, command, va_arg(arguments, long)); \
        va_end(arguments);                                                          \
        return result;                                                              \
    }

FCNTL(fcntl)
FCNTL(fcntl64)

/* The descriptor is gone, whatever close says. */
int close(int fd)
{
    const int result = (int)syscall(SYS_close, fd);

    return FAILS(fd == STDOUT_FILENO ? "close-stdout" : "close", EIO) ? -1 : result;
}

POINT(ssize_t, read, "read", -1, EIO, (int fd, void *to, size_t size), (fd, to, size))
POINT(ssize_t, pread, "pread", -1, EIO, (int fd, void *to, size_t size, off_t at),
      (fd, to, size, at))
POINT(ssize_t, pread64, "pread", -1, EIO, (int fd, void *to, size_t size, off64_t at),
      (fd, to, size, at))
POINT(ssize_t, write, "write", -1, ENOSPC, (int fd, const void *from, size_t size),
      (fd, from, size))
POINT(ssize_t, pwrite, "pwrite", -1, ENOSPC, (int fd, const void *from, size_t size, off_t at),
      (fd, from, size, at))
POINT(ssize_t, pwrite64, "pwrite", -1, ENOSPC, (int fd, const void *from, size_t size, off64_t at),
      (fd, from, size, at))

/* libelf can do without what it asks for. */
#define FSTAT (is_ours(__builtin_return_address(0)) ? "fstat" : "fstat-library")

POINT(off_t, lseek, "lseek", -1, EIO, (int fd, off_t at, int from), (fd, at, from))
POINT(off64_t, lseek64, "lseek", -1, EIO, (int fd, off64_t at, int from), (fd, at, from))
POINT(int, fsync, "fsync", -1, EIO, (int fd), (fd))
POINT(int, dup, "dup", -1, EMFILE, (int fd), (fd))
POINT(ssize_t, copy_file_range, "copy_file_range", -1, EXDEV,
      (int from, off64_t *from_at, int to, off64_t *to_at, size_t size, unsigned how),
      (from, from_at, to, to_at, size, how))
POINT(int, sync_file_range, "sync_file_range", -1, EIO,
      (int fd, off64_t at, off64_t size, unsigned how), (fd, at, size, how))
POINT(int, rename, "rename", -1, EIO, (const char *from, const char *to), (from, to))

int renameat2(int at, const char *from, int to_at, const char *to, unsigned flags)
{
    if (fault.named && flags != 0) {
        errno = EINVAL;
        return -1;
    }
    return FAILS("rename", EIO) ? -1 : (int)syscall(SYS_renameat2, at, from, to_at, to, flags);
}

POINT(int, linkat, "linkat", -1, ENOSPC,
      (int at, const char *from, int to_at, const char *to, int flags),
      (at, from, to_at, to, flags))
POINT(int, ftruncate, "ftruncate", -1, EIO, (int fd, off_t size), (fd, size))
POINT(int, ftruncate64, "ftruncate", -1, EIO, (int fd, off64_t size), (fd, size))
POINT(int, fstat, FSTAT, -1, EIO, (int fd, struct stat *info), (fd, info))
POINT(int, fstat64, FSTAT, -1, EIO, (int fd, struct stat64 *info), (fd, info))
POINT(int, stat, "stat", -1, EIO, (const char *path, struct stat *info), (path, info))
POINT(int, stat64, "stat", -1, EIO, (const char *path, struct stat64 *info), (path, info))
POINT(int, lstat64, "lstat", -1, EIO, (const char *path, struct stat64 *info), (path, info))
POINT(int, access, "access", -1, EACCES, (const char *path, int mode), (path, mode))
POINT(int, unlink, "unlink", -1, EIO, (const char *path), (path))
POINT(int, unlinkat, "unlink", -1, EIO, (int at, const char *path, int flags), (at, path, flags))
POINT(int, rmdir, "rmdir", -1, EIO, (const char *path), (path))
POINT(int, mkdir, "mkdir", -1, ENOSPC, (const char *path, mode_t mode), (path, mode))
POINT(void *, mmap, "mmap", MAP_FAILED, ENOMEM,
      (void *to, size_t size, int protection, int flags, int fd, off_t at),
      (to, size, protection, flags, fd, at))
POINT(void *, mmap64, "mmap", MAP_FAILED, ENOMEM,
      (void *to, size_t size, int protection, int flags, int fd, off64_t at),
      (to, size, protection, flags, fd, at))
POINT(int, scandir, "scandir", -1, EIO,
      (const char *path, struct dirent ***to, int (*wanted)(const struct dirent *),
       int (*compare)(const struct dirent **, const struct dirent **)),
      (path, to, wanted, compare))
POINT(int, scandir64, "scandir", -1, EIO,
      (const char *path, struct dirent64 ***to, int (*wanted)(const struct dirent64 *),
       int (*compare)(const struct dirent64 **, const struct dirent64 **)),
      (path, to, wanted, compare))
POINT(int, setenv, "setenv", -1, ENOMEM, (const char *name, const char *value, int replace),
      (name, value, replace))
POINT(char *, realpath, "realpath", NULL, EIO, (const char *path, char *to), (path, to))
POINT(FILE *, fopen, "fopen", NULL, EMFILE, (const char *path, const char *mode), (path, mode))
POINT(FILE *, fopen64, "fopen", NULL, EMFILE, (const char *path, const char *mode), (path, mode))
POINT(FILE *, tmpfile64, "tmpfile", NULL, EMFILE, (void), ())
POINT(FILE *, open_memstream, "open_memstream", NULL, ENOMEM, (char **text, size_t *size),
      (text, size))

/* ---- Streams that are read, and that are memory ---- */

size_t fread(void *to, size_t size, size_t count, FILE *file)
{
    static size_t (*real)(void *, size_t, size_t, FILE *);

    if (real == NULL)
        *(void **)&real = next("fread");
    if (!FAILS("fread", EIO))
        return real(to, size, count, file);
    (void)fputc(0, file); /* of a stream to read from: it notes an error */
    errno = EIO;
    return 0;
}

/* The stream is gone, whatever fclose says. */
int fclose(FILE *file)
{
    static int (*real)(FILE *);
    int result;

    if (real == NULL)
        *(void **)&real = next("fclose");
    result = real(file);
    return FAILS("fclose", ENOMEM) ? EOF : result;
}

/* ---- Other programs ---- */

POINT(int, memfd_create, "memfd_create", -1, EMFILE, (const char *name, unsigned flags),
      (name, flags))
POINT(int, pipe2, "pipe2", -1, EMFILE, (int ends[2], int flags), (ends, flags))
POINT(int, posix_spawn_file_actions_init, "posix_spawn_file_actions_init", ENOMEM, ENOMEM,
      (posix_spawn_file_actions_t * actions), (actions))
POINT(int, posix_spawn_file_actions_adddup2, "posix_spawn_file_actions_adddup2", ENOMEM, ENOMEM,
      (posix_spawn_file_actions_t * actions, int from, int to), (actions, from, to))
POINT(int, posix_spawnattr_init, "posix_spawnattr_init", ENOMEM, ENOMEM,
      (posix_spawnattr_t * attributes), (attributes))
POINT(int, posix_spawn, "posix_spawn", EIO, EIO,
      (pid_t * pid, const char *path, const posix_spawn_file_actions_t *actions,
       const posix_spawnattr_t *attributes, char *const argv[], char *const envp[]),
      (pid, path, actions, attributes, argv, envp))
POINT(int, poll, "poll", -1, EIO, (struct pollfd * fds, nfds_t count, int timeout),
      (fds, count, timeout))
POINT(int, waitid, "waitid", -1, EIO, (idtype_t which, id_t id, siginfo_t *info, int options),
      (which, id, info, options))

/* ---- Threads ---- */

POINT(int, pthread_create, "pthread_create", EAGAIN, EAGAIN,
      (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *ctx),
      (thread, attributes, run, ctx))
POINT(int, sched_getaffinity, "sched_getaffinity", -1, EINVAL,
      (pid_t pid, size_t size, cpu_set_t *processors), (pid, size, processors))

int pthread_getattr_np(pthread_t thread, pthread_attr_t *attributes)
{
    static int (*real)(pthread_t, pthread_attr_t *);
    int result;

    not_counted = true;
    if (real == NULL)
        *(void **)&real = next("pthread_getattr_np");
    result = real(thread, attributes);
    not_counted = false;
    return result;
}

/* ---- Standard output ---- */

/*
 * libc writes what stdio holds by no name that could be preloaded: the flush stands for it, if it
 * has something to write. The file is a full device meanwhile, so that stdio notes the error.
 */
int fflush(FILE *file)
{
    static int (*real)(FILE *);
    long fd;
    long kept;
    int result;

    if (real == NULL)
        *(void **)&real = next("fflush");
    if (file == NULL || __fpending(file) == 0 || !FAILS("fflush", ENOSPC))
        return real(file);
    kept = syscall(SYS_dup, fileno(file));
    fd = syscall(SYS_openat, AT_FDCWD, "/dev/full", O_WRONLY);
    if (kept < 0 || fd < 0 || syscall(SYS_dup3, fd, fileno(file), 0) < 0)
        abort();
    result = real(file);
    (void)syscall(SYS_dup3, kept, fileno(file), 0);
    (void)syscall(SYS_close, kept);
    (void)syscall(SYS_close, fd);
    errno = ENOSPC;
    return result;
}

/* ---- libcrypto, as src/host calls it; those of libcrypto in itself are told apart by their place
 * ---- */

#define CRYPTO_POINT(type, symbol, bad, parameters, arguments) \
    POINT(type, symbol, #symbol, bad, ENOMEM, parameters, arguments)

CRYPTO_POINT(void *, CRYPTO_clear_realloc, NULL,
             (void *old, size_t old_size, size_t size, const char *file, int line),
             (old, old_size, size, file, line))
CRYPTO_POINT(int, OPENSSL_init_crypto, 0, (uint64_t what, const OPENSSL_INIT_SETTINGS *settings),
             (what, settings))
CRYPTO_POINT(int, EVP_read_pw_string, -1, (char *to, int size, const char *prompt, int twice),
             (to, size, prompt, twice))
CRYPTO_POINT(BIO *, BIO_new_mem_buf, NULL, (const void *from, int size), (from, size))
CRYPTO_POINT(BIGNUM *, BN_bin2bn, NULL, (const unsigned char *from, int size, BIGNUM *to),
             (from, size, to))
CRYPTO_POINT(int, BN_bn2binpad, -1, (const BIGNUM *from, unsigned char *to, int size),
             (from, to, size))
CRYPTO_POINT(BIGNUM *, BN_new, NULL, (void), ())
CRYPTO_POINT(BIGNUM *, BN_secure_new, NULL, (void), ())
CRYPTO_POINT(BIGNUM *, BN_copy, NULL, (BIGNUM * to, const BIGNUM *from), (to, from))
CRYPTO_POINT(int, BN_sub_word, 0, (BIGNUM * number, BN_ULONG word), (number, word))
CRYPTO_POINT(int, BN_nnmod, 0,
             (BIGNUM * to, const BIGNUM *from, const BIGNUM *modulus, BN_CTX *ctx),
             (to, from, modulus, ctx))
CRYPTO_POINT(int, BN_mod_add_quick, 0,
             (BIGNUM * to, const BIGNUM *a, const BIGNUM *b, const BIGNUM *modulus),
             (to, a, b, modulus))
CRYPTO_POINT(int, BN_mod_exp_mont_consttime, 0,
             (BIGNUM * to, const BIGNUM *base, const BIGNUM *exponent, const BIGNUM *modulus,
              BN_CTX *ctx, BN_MONT_CTX *mont),
             (to, base, exponent, modulus, ctx, mont))
CRYPTO_POINT(int, BN_mod_mul_montgomery, 0,
             (BIGNUM * to, const BIGNUM *a, const BIGNUM *b, BN_MONT_CTX *mont, BN_CTX *ctx),
             (to, a, b, mont, ctx))
CRYPTO_POINT(int, BN_to_montgomery, 0,
             (BIGNUM * to, const BIGNUM *from, BN_MONT_CTX *mont, BN_CTX *ctx),
             (to, from, mont, ctx))
CRYPTO_POINT(BN_MONT_CTX *, BN_MONT_CTX_new, NULL, (void), ())
CRYPTO_POINT(int, BN_MONT_CTX_set, 0, (BN_MONT_CTX * mont, const BIGNUM *modulus, BN_CTX *ctx),
             (mont, modulus, ctx))
CRYPTO_POINT(BN_CTX *, BN_CTX_secure_new, NULL, (void), ())
CRYPTO_POINT(EC_GROUP *, EC_GROUP_new_by_curve_name, NULL, (int name), (name))
CRYPTO_POINT(EC_POINT *, EC_POINT_new, NULL, (const EC_GROUP *group), (group))
CRYPTO_POINT(int, EC_POINT_mul, 0,
             (const EC_GROUP *group, EC_POINT *to, const BIGNUM *n, const EC_POINT *point,
              const BIGNUM *m, BN_CTX *ctx),
             (group, to, n, point, m, ctx))
CRYPTO_POINT(int, EC_POINT_get_affine_coordinates, 0,
             (const EC_GROUP *group, const EC_POINT *point, BIGNUM *x, BIGNUM *y, BN_CTX *ctx),
             (group, point, x, y, ctx))
CRYPTO_POINT(unsigned char *, EVP_Q_mac, NULL,
             (OSSL_LIB_CTX * lib, const char *name, const char *properties, const char *algorithm,
              const OSSL_PARAM *parameters, const void *key, size_t key_size,
              const unsigned char *from, size_t size, unsigned char *to, size_t room,
              size_t *written),
             (lib, name, properties, algorithm, parameters, key, key_size, from, size, to, room,
              written))
CRYPTO_POINT(ECDSA_SIG *, ECDSA_SIG_new, NULL, (void), ())
CRYPTO_POINT(int, ECDSA_SIG_set0, 0, (ECDSA_SIG * signature, BIGNUM *r, BIGNUM *s),
             (signature, r, s))
CRYPTO_POINT(ECDSA_SIG *, d2i_ECDSA_SIG, NULL,
             (ECDSA_SIG * *to, const unsigned char **from, long size), (to, from, size))
CRYPTO_POINT(int, i2d_ECDSA_SIG, -1, (const ECDSA_SIG *from, unsigned char **to), (from, to))
CRYPTO_POINT(OSSL_LIB_CTX *, OSSL_LIB_CTX_new, NULL, (void), ())
CRYPTO_POINT(EVP_PKEY_CTX *, EVP_PKEY_CTX_new, NULL, (EVP_PKEY * key, ENGINE *engine),
             (key, engine))
CRYPTO_POINT(int, EVP_PKEY_public_check_quick, 0, (EVP_PKEY_CTX * ctx), (ctx))
CRYPTO_POINT(int, EVP_Digest, 0,
             (const void *from, size_t size, unsigned char *to, unsigned *written,
              const EVP_MD *type, ENGINE *engine),
             (from, size, to, written, type, engine))
CRYPTO_POINT(EVP_MD *, EVP_MD_fetch, NULL,
             (OSSL_LIB_CTX * library, const char *name, const char *properties),
             (library, name, properties))
CRYPTO_POINT(EVP_MD_CTX *, EVP_MD_CTX_new, NULL, (void), ())
CRYPTO_POINT(int, EVP_DigestInit_ex2, 0,
             (EVP_MD_CTX * ctx, const EVP_MD *type, const OSSL_PARAM *parameters),
             (ctx, type, parameters))
CRYPTO_POINT(int, EVP_DigestUpdate, 0, (EVP_MD_CTX * ctx, const void *from, size_t size),
             (ctx, from, size))
CRYPTO_POINT(int, EVP_DigestFinal_ex, 0,
             (EVP_MD_CTX * ctx, unsigned char *to, unsigned int *written), (ctx, to, written))
CRYPTO_POINT(EVP_CIPHER *, EVP_CIPHER_fetch, NULL,
             (OSSL_LIB_CTX * library, const char *name, const char *properties),
             (library, name, properties))
CRYPTO_POINT(EVP_CIPHER_CTX *, EVP_CIPHER_CTX_new, NULL, (void), ())
CRYPTO_POINT(int, EVP_CIPHER_CTX_set_padding, 0, (EVP_CIPHER_CTX * ctx, int padding),
             (ctx, padding))
CRYPTO_POINT(int, EVP_CipherInit_ex2, 0,
             (EVP_CIPHER_CTX * ctx, const EVP_CIPHER *type, const unsigned char *key,
              const unsigned char *iv, int encrypt, const OSSL_PARAM *parameters),
             (ctx, type, key, iv, encrypt, parameters))
CRYPTO_POINT(int, EVP_CipherUpdate, 0,
             (EVP_CIPHER_CTX * ctx, unsigned char *to, int *written, const unsigned char *from,
              int size),
             (ctx, to, written, from, size))
CRYPTO_POINT(EVP_MAC *, EVP_MAC_fetch, NULL,
             (OSSL_LIB_CTX * library, const char *name, const char *properties),
             (library, name, properties))
CRYPTO_POINT(EVP_MAC_CTX *, EVP_MAC_CTX_new, NULL, (EVP_MAC * mac), (mac))
CRYPTO_POINT(int, EVP_MAC_init, 0,
             (EVP_MAC_CTX * ctx, const unsigned char *key, size_t size,
              const OSSL_PARAM parameters[]),
             (ctx, key, size, parameters))
CRYPTO_POINT(int, EVP_MAC_update, 0, (EVP_MAC_CTX * ctx, const unsigned char *from, size_t size),
             (ctx, from, size))
CRYPTO_POINT(int, EVP_MAC_final, 0,
             (EVP_MAC_CTX * ctx, unsigned char *to, size_t *written, size_t size),
             (ctx, to, written, size))
CRYPTO_POINT(int, RAND_bytes, 0, (unsigned char *to, int size), (to, size))
CRYPTO_POINT(int, EVP_DigestSignInit_ex, 0,
             (EVP_MD_CTX * ctx, EVP_PKEY_CTX **made, const char *type, OSSL_LIB_CTX *library,
              const char *properties, EVP_PKEY *key, const OSSL_PARAM *parameters),
             (ctx, made, type, library, properties, key, parameters))
CRYPTO_POINT(int, EVP_DigestSign, 0,
             (EVP_MD_CTX * ctx, unsigned char *to, size_t *size, const unsigned char *from,
              size_t from_size),
             (ctx, to, size, from, from_size))
CRYPTO_POINT(int, EVP_DigestVerifyInit, 0,
             (EVP_MD_CTX * ctx, EVP_PKEY_CTX **made, const EVP_MD *type, ENGINE *engine,
              EVP_PKEY *key),
             (ctx, made, type, engine, key))
/* 0 would be: the signature is wrong */
CRYPTO_POINT(int, EVP_DigestVerify, -1,
             (EVP_MD_CTX * ctx, const unsigned char *signature, size_t size,
              const unsigned char *from, size_t from_size),
             (ctx, signature, size, from, from_size))
CRYPTO_POINT(int, EVP_PKEY_verify_init, 0, (EVP_PKEY_CTX * ctx), (ctx))
/* 0 would be: it is wrong */
CRYPTO_POINT(int, EVP_PKEY_verify, -1,
             (EVP_PKEY_CTX * ctx, const unsigned char *signature, size_t size,
              const unsigned char *digest, size_t digest_size),
             (ctx, signature, size, digest, digest_size))
CRYPTO_POINT(int, EVP_PKEY_verify_recover_init, 0, (EVP_PKEY_CTX * ctx), (ctx))
CRYPTO_POINT(int, EVP_PKEY_verify_recover, -1,
             (EVP_PKEY_CTX * ctx, unsigned char *to, size_t *written,
              const unsigned char *signature, size_t size),
             (ctx, to, written, signature, size))
CRYPTO_POINT(int, EVP_PKEY_CTX_set_signature_md, 0, (EVP_PKEY_CTX * ctx, const EVP_MD *md),
             (ctx, md))
CRYPTO_POINT(int, EVP_PKEY_CTX_set_rsa_padding, 0, (EVP_PKEY_CTX * ctx, int padding),
             (ctx, padding))
CRYPTO_POINT(int, EVP_PKEY_get_bn_param, 0, (const EVP_PKEY *key, const char *name, BIGNUM **to),
             (key, name, to))
CRYPTO_POINT(int, EVP_PKEY_get_group_name, 0,
             (const EVP_PKEY *key, char *to, size_t room, size_t *size), (key, to, room, size))
CRYPTO_POINT(int, EVP_PKEY_get_utf8_string_param, 0,
             (const EVP_PKEY *key, const char *name, char *to, size_t room, size_t *size),
             (key, name, to, room, size))
CRYPTO_POINT(int, EVP_PKEY_up_ref, 0, (EVP_PKEY * key), (key))
CRYPTO_POINT(OSSL_DECODER_CTX *, OSSL_DECODER_CTX_new_for_pkey, NULL,
             (EVP_PKEY * *to, const char *type, const char *structure, const char *key, int what,
              OSSL_LIB_CTX *library, const char *properties),
             (to, type, structure, key, what, library, properties))
CRYPTO_POINT(int, OSSL_DECODER_from_data, 0,
             (OSSL_DECODER_CTX * ctx, const unsigned char **from, size_t *size), (ctx, from, size))
CRYPTO_POINT(OSSL_STORE_CTX *, OSSL_STORE_attach, NULL,
             (BIO * from, const char *scheme, OSSL_LIB_CTX *library, const char *properties,
              const UI_METHOD *ui, void *ui_data, const OSSL_PARAM *parameters,
              OSSL_STORE_post_process_info_fn process, void *process_data),
             (from, scheme, library, properties, ui, ui_data, parameters, process, process_data))
CRYPTO_POINT(OSSL_STORE_INFO *, OSSL_STORE_load, NULL, (OSSL_STORE_CTX * store), (store))
CRYPTO_POINT(EVP_PKEY *, OSSL_STORE_INFO_get1_PKEY, NULL, (const OSSL_STORE_INFO *info), (info))
CRYPTO_POINT(EVP_PKEY *, OSSL_STORE_INFO_get1_PUBKEY, NULL, (const OSSL_STORE_INFO *info), (info))
CRYPTO_POINT(EVP_PKEY *, X509_get_pubkey, NULL, (X509 * certificate), (certificate))
CRYPTO_POINT(UI_METHOD *, UI_UTIL_wrap_read_pem_callback, NULL, (pem_password_cb * ask, int how),
             (ask, how))
CRYPTO_POINT(int, i2d_PUBKEY, -1, (const EVP_PKEY *from, unsigned char **to), (from, to))
CRYPTO_POINT(EVP_PKEY *, d2i_PUBKEY, NULL, (EVP_PKEY * *to, const unsigned char **from, long size),
             (to, from, size))
CRYPTO_POINT(int, OSSL_PROVIDER_set_default_search_path, 0,
             (OSSL_LIB_CTX * library, const char *path), (library, path))
CRYPTO_POINT(OSSL_PROVIDER *, OSSL_PROVIDER_load, NULL, (OSSL_LIB_CTX * library, const char *name),
             (library, name))
CRYPTO_POINT(OSSL_STORE_LOADER *, OSSL_STORE_LOADER_fetch, NULL,
             (OSSL_LIB_CTX * library, const char *scheme, const char *properties),
             (library, scheme, properties))
CRYPTO_POINT(OSSL_STORE_CTX *, OSSL_STORE_open_ex, NULL,
             (const char *uri, OSSL_LIB_CTX *library, const char *properties, const UI_METHOD *ui,
              void *ui_data, const OSSL_PARAM *parameters, OSSL_STORE_post_process_info_fn process,
              void *process_data),
             (uri, library, properties, ui, ui_data, parameters, process, process_data))
CRYPTO_POINT(ENGINE *, ENGINE_by_id, NULL, (const char *name), (name))
CRYPTO_POINT(int, ENGINE_init, 0, (ENGINE * engine), (engine))
CRYPTO_POINT(int, ENGINE_ctrl_cmd, 0,
             (ENGINE * engine, const char *name, long number, void *pointer, void (*call)(void),
              int optional),
             (engine, name, number, pointer, call, optional))
CRYPTO_POINT(int, ENGINE_ctrl_cmd_string, 0,
             (ENGINE * engine, const char *name, const char *value, int optional),
             (engine, name, value, optional))
CRYPTO_POINT(EVP_PKEY *, ENGINE_load_private_key, NULL,
             (ENGINE * engine, const char *name, UI_METHOD *ui, void *ui_data),
             (engine, name, ui, ui_data))
CRYPTO_POINT(EVP_PKEY *, ENGINE_load_public_key, NULL,
             (ENGINE * engine, const char *name, UI_METHOD *ui, void *ui_data),
             (engine, name, ui, ui_data))
