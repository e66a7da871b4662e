/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A program that signs: what it is to sign on its standard input, its answer from its standard
 * output, and an end of it in any case.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../host.h"

/* Milliseconds after which signals and time are looked at again. */
#define INTERVAL 50

/* One run of it. */
struct run {
    const struct rprocfw_program *program;
    const struct rprocfw_to_sign *what;
    char **envp; /* ours: the program's, with more; the last SIGN_VARIABLES are to be freed */
    size_t own;  /* where they start */
    int input;   /* what it reads; -1: not there */
    int ends[2]; /* of the pipe that it writes to */
    pid_t pid;   /* 0: it does not run */
    struct rprocfw_hold hold;
    int64_t deadline; /* milliseconds of the monotonic clock */
    struct rprocfw_error *error;
};

/* ---- Its environment ---- */

enum { ALGORITHM, INPUT, KEY_BITS, SPKI_SHA256, SIGN_VARIABLES };

static const char *const variables[SIGN_VARIABLES] = {
    [ALGORITHM] = "RPROCFW_SIGN_ALGORITHM=",
    [INPUT] = "RPROCFW_SIGN_INPUT=",
    [KEY_BITS] = "RPROCFW_SIGN_KEY_BITS=",
    [SPKI_SHA256] = "RPROCFW_SIGN_SPKI_SHA256=",
};

static bool is_own(const char *variable)
{
    for (size_t i = 0; i < SIGN_VARIABLES; i++)
        if (strncmp(variable, variables[i], strlen(variables[i])) == 0)
            return true;
    return false;
}

static char *variable(const struct run *r, size_t number)
{
    const struct rprocfw_key *key = r->what->key;
    const bool rsa = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA;
    char value[2 * RPROCFW_SHA256_SIZE + 1] = "";
    char *made;

    switch (number) {
    case ALGORITHM:
        (void)snprintf(value, sizeof(value), "%s",
                       rsa ? "RSASSA-PKCS1-v1_5-SHA256" : "ECDSA-P256-SHA256");
        break;
    case INPUT:
        (void)snprintf(value, sizeof(value), "%s", r->program->digest ? "digest" : "data");
        break;
    case KEY_BITS:
        (void)snprintf(value, sizeof(value), "%u", rprocfw_key_bits(key));
        break;
    default:
        for (size_t i = 0; i < RPROCFW_SHA256_SIZE; i++)
            (void)snprintf(value + 2 * i, 3, "%02x", rprocfw_key_spki_sha256(key)[i]);
        break;
    }
    return asprintf(&made, "%s%s", variables[number], value) < 0 ? NULL : made;
}

static enum rprocfw_status make_environment(struct run *r)
{
    size_t count = 0;

    while (r->program->envp[count] != NULL)
        count++;
    r->envp = calloc(count + SIGN_VARIABLES + 1, sizeof(*r->envp));
    if (r->envp == NULL)
        return rprocfw_no_memory(r->error);
    for (size_t i = 0; i < count; i++)
        if (!is_own(r->program->envp[i]))
            r->envp[r->own++] = r->program->envp[i];
    for (size_t i = 0; i < SIGN_VARIABLES; i++) {
        r->envp[r->own + i] = variable(r, i);
        if (r->envp[r->own + i] == NULL)
            return rprocfw_no_memory(r->error);
    }
    return RPROCFW_OK;
}

/* ---- Its standard input and output ---- */

static enum rprocfw_status system_error(const struct run *r, const char *doing)
{
    return rprocfw_file_error(r->error, r->program->path, doing);
}

/* It must not be one of those that become the program's own, one after the other. */
static bool move_up(int *fd)
{
    const int old = *fd;

    if (old > STDERR_FILENO)
        return true;
    *fd = fcntl(old, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    (void)close(old);
    return *fd >= 0;
}

/* A file in memory: it can be opened by the name /dev/stdin, and who does not read it is no error.
 */
static enum rprocfw_status make_input(struct run *r)
{
    const uint8_t *bytes = r->program->digest ? r->what->sha256 : r->what->data;
    const size_t size = r->program->digest ? sizeof(r->what->sha256) : r->what->size;
    enum rprocfw_status status;

    r->input = memfd_create("to-be-signed", MFD_CLOEXEC);
    if (r->input < 0 || !move_up(&r->input))
        return system_error(r, "make the standard input of it");
    status = rprocfw_write(r->input, r->program->path, bytes, size, r->error);
    if (status == RPROCFW_OK && lseek(r->input, 0, SEEK_SET) != 0)
        status = system_error(r, "make the standard input of it");
    return status;
}

static enum rprocfw_status make_output(struct run *r)
{
    if (pipe2(r->ends, O_CLOEXEC) == 0) {
        if (move_up(&r->ends[0]) && move_up(&r->ends[1]))
            return RPROCFW_OK;
    }
    return system_error(r, "make the standard output of it");
}

static void close_end(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* ---- Its start ---- */

/* No signal is blocked in it, and what the caller may ignore for its own sake is not ignored. */
static int set_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none;
    sigset_t usual;
    int result;

    (void)sigemptyset(&none);
    (void)sigemptyset(&usual);
    (void)sigaddset(&usual, SIGPIPE);
    (void)sigaddset(&usual, SIGXFSZ);
    (void)sigaddset(&usual, SIGCHLD);
    result = posix_spawnattr_setsigmask(attributes, &none);
    if (result == 0)
        result = posix_spawnattr_setsigdefault(attributes, &usual);
    return result == 0 ? posix_spawnattr_setflags(attributes,
                                                  POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
                       : result;
}

static int set_actions(const struct run *r, posix_spawn_file_actions_t *actions)
{
    int error_fd = r->program->error_fd;
    int result;

    /* its own error output first: the other two may be where that is taken from */
    result = posix_spawn_file_actions_adddup2(actions, error_fd, STDERR_FILENO);
    if (result == 0)
        result = posix_spawn_file_actions_adddup2(actions, r->input, STDIN_FILENO);
    return result == 0 ? posix_spawn_file_actions_adddup2(actions, r->ends[1], STDOUT_FILENO)
                       : result;
}

static int spawn(struct run *r)
{
    const struct rprocfw_program *program = r->program;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int result = posix_spawn_file_actions_init(&actions);

    if (result != 0)
        return result;
    result = posix_spawnattr_init(&attributes);
    if (result == 0) {
        result = set_attributes(&attributes);
        if (result == 0)
            result = set_actions(r, &actions);
        if (result == 0)
            result =
                posix_spawn(&r->pid, program->path, &actions, &attributes, program->argv, r->envp);
        (void)posix_spawnattr_destroy(&attributes);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    if (result != 0)
        r->pid = 0;
    return result;
}

static int64_t now(void)
{
    struct timespec time = {0};

    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static enum rprocfw_status start(struct run *r)
{
    enum rprocfw_status status = make_environment(r);
    int result;

    if (status == RPROCFW_OK)
        status = make_input(r);
    if (status == RPROCFW_OK)
        status = make_output(r);
    if (status != RPROCFW_OK)
        return status;
    r->deadline = now() + (int64_t)r->program->timeout * 1000;
    result = spawn(r);
    close_end(&r->input);
    close_end(&r->ends[1]);
    if (result == 0)
        return RPROCFW_OK;
    errno = result;
    return system_error(r, "start it");
}

/* ---- Its end before its time ---- */

#define TREE_LIMIT 256

/* Processes, each behind the one that started it. */
struct tree {
    pid_t pid[TREE_LIMIT];
    size_t count;
};

/* Those that stopped are known; one that is new is stopped, so that it starts no more. */
static void add_to_tree(struct tree *tree, pid_t pid)
{
    for (size_t i = 0; i < tree->count; i++)
        if (tree->pid[i] == pid)
            return;
    if (tree->count == TREE_LIMIT || kill(pid, SIGSTOP) != 0)
        return;
    tree->pid[tree->count++] = pid;
}

/* Those that one of the threads of a process started. */
static void add_children(struct tree *tree, pid_t pid, const char *thread)
{
    char path[64];
    char text[4096];
    char *at = text;
    ssize_t size = 0;
    int fd;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task/%.20s/children", (long)pid, thread);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        size = read(fd, text, sizeof(text) - 1);
        (void)close(fd);
    }
    text[size > 0 ? size : 0] = '\0';
    for (;;) {
        char *behind;
        const long child = strtol(at, &behind, 10);

        if (behind == at || child <= 1)
            return;
        add_to_tree(tree, (pid_t)child);
        at = behind;
    }
}

static void add_all_children(struct tree *tree, pid_t pid)
{
    struct dirent **threads;
    char path[64];
    int count;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task", (long)pid);
    count = scandir(path, &threads, NULL, NULL);
    for (int i = 0; i < count; i++) {
        if (threads[i]->d_name[0] != '.')
            add_children(tree, pid, threads[i]->d_name);
        free(threads[i]);
    }
    if (count >= 0)
        free(threads);
}

/*
 * The program and all that it started and that is not on its own by now. Who is stopped neither
 * starts nor buries others, so what was found stays true until all get SIGKILL; what was on its way
 * when it was stopped is found in the next round. False: it is another user's, and runs.
 */
static bool kill_all(pid_t pid)
{
    struct tree tree = {.count = 0};
    size_t before;

    add_to_tree(&tree, pid);
    do {
        before = tree.count;
        for (size_t i = 0; i < tree.count; i++)
            add_all_children(&tree, tree.pid[i]);
    } while (tree.count != before);
    for (size_t i = 1; i < tree.count; i++)
        (void)kill(tree.pid[i], SIGKILL);
    return kill(pid, SIGKILL) == 0;
}

static void end(struct run *r)
{
    siginfo_t info;

    if (r->pid != 0 && kill_all(r->pid))
        while (waitid(P_PID, (id_t)r->pid, &info, WEXITED) != 0 && errno == EINTR)
            ;
    close_end(&r->input);
    close_end(&r->ends[0]);
    close_end(&r->ends[1]);
    for (size_t i = 0; r->envp != NULL && i < SIGN_VARIABLES; i++)
        free(r->envp[r->own + i]);
    free(r->envp);
}

/* ---- Its answer ---- */

/* May it go on? */
static enum rprocfw_status check(const struct run *r)
{
    const struct rprocfw_program *program = r->program;

    if (program->timeout != 0 && now() >= r->deadline)
        return rprocfw_error_set(r->error, RPROCFW_ERR_KEY,
                                 "%s: did not sign within %u seconds, and was ended; see why, or "
                                 "give it more time with --signer-timeout",
                                 program->path, program->timeout);
    if (program->stop != NULL && program->stop(program->stop_ctx))
        return rprocfw_error_set(r->error, RPROCFW_ERR_FILE, "%s: ended: interrupted by a signal",
                                 program->path);
    return rprocfw_hold_check(&r->hold, program->path, r->error);
}

/* Then nothing more comes, whoever else may have its output open. */
static bool has_ended(const struct run *r)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)r->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

/* Until it closes its output. */
static enum rprocfw_status read_answer(struct run *r, uint8_t answer[RPROCFW_ANSWER_ROOM],
                                       size_t *size)
{
    uint8_t more[512];
    bool ended = false;

    for (;;) {
        struct pollfd ready = {.fd = r->ends[0], .events = POLLIN};
        enum rprocfw_status status = check(r);
        ssize_t got;

        if (status != RPROCFW_OK)
            return status;
        if (poll(&ready, 1, ended ? 0 : INTERVAL) < 0 && errno != EINTR)
            return system_error(r, "wait for the answer of it");
        if (ready.revents == 0) {
            if (ended)
                return RPROCFW_OK;
            ended = has_ended(r); /* and may have written just before */
            continue;
        }
        got = read(r->ends[0], more, sizeof(more));
        if (got == 0)
            return RPROCFW_OK;
        if (got < 0 && errno != EINTR)
            return system_error(r, "read the answer of it");
        if (got < 0)
            continue;
        if ((size_t)got > RPROCFW_ANSWER_ROOM - *size)
            return rprocfw_error_set(r->error, RPROCFW_ERR_KEY,
                                     "%s: wrote more than %u bytes, and was ended; expected a "
                                     "signature of %u bytes and nothing else on standard output",
                                     r->program->path, RPROCFW_ANSWER_ROOM,
                                     rprocfw_key_signature_size(r->what->key));
        memcpy(answer + *size, more, (size_t)got);
        *size += (size_t)got;
    }
}

/* It closed its output, which is mostly its end. */
static enum rprocfw_status wait_for_end(struct run *r, siginfo_t *info)
{
    int pause = 1;

    for (;;) {
        enum rprocfw_status status;

        info->si_pid = 0;
        if (waitid(P_PID, (id_t)r->pid, info, WEXITED | WNOHANG) != 0 && errno != EINTR) {
            r->pid = 0;
            return system_error(r, "wait for the end of it");
        }
        if (info->si_pid != 0) {
            r->pid = 0;
            return RPROCFW_OK;
        }
        status = check(r);
        if (status != RPROCFW_OK)
            return status;
        (void)poll(NULL, 0, pause); /* sleeps */
        pause = 2 * pause < INTERVAL ? 2 * pause : INTERVAL;
    }
}

static enum rprocfw_status judge_end(const struct run *r, const siginfo_t *info, size_t size)
{
    const char *path = r->program->path;

    if (info->si_code != CLD_EXITED)
        return rprocfw_error_set(r->error, RPROCFW_ERR_KEY,
                                 "%s: ended by signal %d; see why, and try again", path,
                                 info->si_status);
    if (info->si_status != 0)
        return rprocfw_error_set(r->error, RPROCFW_ERR_KEY,
                                 "%s: exit status %d, expected 0 and a signature; see what it said",
                                 path, info->si_status);
    if (size == 0)
        return rprocfw_error_set(r->error, RPROCFW_ERR_KEY,
                                 "%s: wrote nothing; expected a signature on standard output",
                                 path);
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_program_sign(void *ctx, const struct rprocfw_to_sign *what,
                                         uint8_t answer[RPROCFW_ANSWER_ROOM], size_t *size,
                                         struct rprocfw_error *error)
{
    struct run r = {.program = ctx, .what = what, .input = -1, .ends = {-1, -1}, .error = error};
    enum rprocfw_status status;
    siginfo_t info;

    *size = 0;
    rprocfw_hold(&r.hold); /* until nothing of it is left */
    status = start(&r);
    if (status == RPROCFW_OK)
        status = read_answer(&r, answer, size);
    if (status == RPROCFW_OK)
        status = wait_for_end(&r, &info);
    if (status == RPROCFW_OK)
        status = judge_end(&r, &info, *size);
    end(&r);
    rprocfw_hold_end(&r.hold);
    return status;
}
