/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An output is written to a file of its own in the same folder, synced, and renamed over the old
 * one: whoever looks sees the old file or the new one, whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host.h"

const char *rprocfw_output_name(const struct rprocfw_output *output)
{
    return output->path != NULL ? output->path : "standard output";
}

/* A file that is not there yet is no other one. */
static enum rprocfw_status look_at(const char *path, struct stat *info, bool *there,
                                   struct rprocfw_error *error)
{
    *there = stat(path, info) == 0;
    if (!*there && errno != ENOENT && errno != ENOTDIR)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot be looked at: %s", path,
                                 strerror(errno));
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_is_there(const char *path, bool *there, struct rprocfw_error *error)
{
    struct stat info;

    return look_at(path, &info, there, error);
}

enum rprocfw_status rprocfw_output_is(const char *path, const char *other, bool *same,
                                      struct rprocfw_error *error)
{
    struct stat output;
    struct stat info;
    bool output_there = false;
    bool other_there = false;
    enum rprocfw_status status = RPROCFW_OK;

    *same = false;
    if (path != NULL)
        status = look_at(path, &output, &output_there, error);
    if (status == RPROCFW_OK && output_there)
        status = look_at(other, &info, &other_there, error);
    if (status == RPROCFW_OK && output_there && other_there)
        *same = info.st_dev == output.st_dev && info.st_ino == output.st_ino;
    return status;
}

enum rprocfw_status rprocfw_output_keep(const char *path, const char *const *keep, size_t count,
                                        struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;
    bool same = false;

    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        status = rprocfw_output_is(path, keep[i], &same, error);
        if (same)
            return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                     "%s: the output is %s, which an option reads; name another "
                                     "output",
                                     path, keep[i]);
    }
    return status;
}

/* For names beside an output: more than threads write to one folder. */
#define ATTEMPTS 1000u

/* Bytes of path up to and with its last slash. */
static int folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash != NULL ? (int)(slash - path) + 1 : 0;
}

enum rprocfw_status rprocfw_outputs_are_one(const char *a, const char *b, bool *same,
                                            struct rprocfw_error *error)
{
    const int a_length = folder_length(a);
    const int b_length = folder_length(b);
    enum rprocfw_status status = RPROCFW_OK;
    char *a_folder = NULL;
    char *b_folder = NULL;

    *same = false;
    if (strcmp(a + a_length, b + b_length) != 0)
        return RPROCFW_OK;
    if (asprintf(&a_folder, "%.*s.", a_length, a) < 0)
        return rprocfw_no_memory(error);
    if (asprintf(&b_folder, "%.*s.", b_length, b) < 0)
        status = rprocfw_no_memory(error);
    else
        status = rprocfw_output_is(a_folder, b_folder, same, error);
    free(a_folder);
    free(b_folder);
    return status;
}

/* Linux's names for the open files of a process. */
#define OPEN_FILES "/proc/self/fd"

/* Does a standard stream go to that file? What is written there, or stands there, would be lost. */
static enum rprocfw_status check_streams(const char *path, const struct stat *file,
                                         struct rprocfw_error *error)
{
    static const struct {
        int fd;
        const char *name;
    } streams[] = {{STDOUT_FILENO, "standard output"}, {STDERR_FILENO, "standard error"}};

    for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
        struct stat info;

        if (fstat(streams[i].fd, &info) != 0) {
            if (errno != EBADF) /* closed */
                return rprocfw_file_error(error, streams[i].name, "look at");
        } else if (info.st_dev == file->st_dev && info.st_ino == file->st_ino) {
            return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                     "%s: is the file that %s goes to; name another one, or give - "
                                     "for standard output",
                                     path, streams[i].name);
        }
    }
    return RPROCFW_OK;
}

/* May that file, behind path, be replaced by another one? */
static enum rprocfw_status check_target(const char *path, const struct stat *file,
                                        struct rprocfw_error *error)
{
    if (S_ISREG(file->st_mode))
        return check_streams(path, file, error);
    return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                             "%s: is %s; give the name of a file, or - for standard output", path,
                             S_ISDIR(file->st_mode) ? "a folder" : "a device, pipe or socket");
}

/*
 * The file to be replaced: that behind symbolic links, not the link; path, where none is yet. To be
 * freed. NULL: error says why there can be none.
 */
static char *resolve(const char *path, struct rprocfw_error *error)
{
    struct stat info;
    char *real = NULL;

    if (stat(path, &info) == 0) {
        if (check_target(path, &info, error) != RPROCFW_OK)
            return NULL;
        real = realpath(path, NULL);
    } else if (errno == ENOENT) {
        if (lstat(path, &info) == 0) {
            (void)rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                    "%s: is a link to a file that is not there; remove the link",
                                    path);
            return NULL;
        }
        real = strdup(path);
    }
    if (real == NULL && errno == ENOMEM)
        (void)rprocfw_no_memory(error);
    else if (real == NULL)
        (void)rprocfw_file_error(error, path, "write");
    return real;
}

enum rprocfw_status rprocfw_make_beside(const char *path, rprocfw_attempt *make, void *ctx,
                                        char **name, const char *shown, struct rprocfw_error *error)
{
    for (unsigned number = 0; number < ATTEMPTS; number++) {
        int reason;

        if (asprintf(name, "%.*s.rproc-%ld-%u.tmp", folder_length(path), path, (long)getpid(),
                     number) < 0) {
            *name = NULL;
            return rprocfw_no_memory(error);
        }
        if (make(ctx, *name) == 0)
            return RPROCFW_OK;
        reason = errno;
        free(*name);
        *name = NULL;
        errno = reason;
        if (reason != EEXIST)
            break;
    }
    return rprocfw_file_error(error, shown, "write");
}

/* As mkstemp does, but with umask's mode. */
static int create_name(void *ctx, const char *name)
{
    struct rprocfw_output *output = ctx;

    output->fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    return output->fd < 0 ? -1 : 0;
}

static int link_name(void *ctx, const char *name)
{
    const struct rprocfw_output *output = ctx;
    char unnamed[64];

    (void)snprintf(unnamed, sizeof(unnamed), OPEN_FILES "/%d", output->fd);
    return linkat(AT_FDCWD, unnamed, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
}

/* Give the output a name of its own beside path, and hold the signals that would leave it there. */
static enum rprocfw_status name_beside(struct rprocfw_output *output, const char *path,
                                       rprocfw_attempt *make, struct rprocfw_error *error)
{
    enum rprocfw_status status;

    rprocfw_hold(&output->hold);
    status = rprocfw_make_beside(path, make, output, &output->temporary, output->path, error);
    if (status != RPROCFW_OK)
        rprocfw_hold_end(&output->hold);
    return status;
}

enum rprocfw_status rprocfw_output_check(const struct rprocfw_output *output,
                                         struct rprocfw_error *error)
{
    return rprocfw_hold_check(&output->hold, rprocfw_output_name(output), error);
}

/* Where the system can, the file has no name until it is whole: nothing to leave behind. */
static bool open_nameless(struct rprocfw_output *output, const char *path)
{
    const int length = folder_length(path);
    char *folder = NULL;

    if (access(OPEN_FILES, F_OK) != 0 ||
        asprintf(&folder, "%.*s", length > 0 ? length : 1, length > 0 ? path : ".") < 0)
        return false;
    output->fd = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0666);
    free(folder);
    return output->fd >= 0;
}

static enum rprocfw_status open_beside(struct rprocfw_output *output, const char *path,
                                       struct rprocfw_error *error)
{
    if (open_nameless(output, path))
        return RPROCFW_OK;
    return name_beside(output, path, create_name, error);
}

/* For standard output: a file without a name. */
static enum rprocfw_status open_unnamed(struct rprocfw_output *output, struct rprocfw_error *error)
{
    struct rprocfw_hold hold;
    FILE *file;

    rprocfw_hold(&hold); /* it may have a name for a moment */
    file = tmpfile();
    rprocfw_hold_end(&hold);
    if (file == NULL)
        return rprocfw_file_error(error, rprocfw_output_name(output), "make a temporary file for");
    output->fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
    (void)fclose(file);
    if (output->fd < 0)
        return rprocfw_file_error(error, rprocfw_output_name(output), "make a temporary file for");
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_output_open(struct rprocfw_output *output, const char *path,
                                        struct rprocfw_error *error)
{
    enum rprocfw_status status;
    char *real;

    *output = (struct rprocfw_output){.path = path, .fd = -1};
    if (path == NULL)
        return open_unnamed(output, error);
    real = resolve(path, error);
    if (real == NULL)
        return error->status;
    status = open_beside(output, real, error);
    free(real);
    return status;
}

/* What has no name takes that of the output if it is free; otherwise one to be renamed from. */
static enum rprocfw_status give_name(struct rprocfw_output *output, const char *real, bool *there,
                                     struct rprocfw_error *error)
{
    *there = link_name(output, real) == 0;
    if (*there)
        return RPROCFW_OK;
    if (errno != EEXIST)
        return rprocfw_file_error(error, output->path, "write");
    return name_beside(output, real, link_name, error);
}

/* Without waiting for the disk, what is told when a file is closed: some file systems write then.
 */
static bool close_copy(int fd)
{
    const int copy = dup(fd);

    return copy >= 0 && close(copy) == 0;
}

static enum rprocfw_status sync_once(struct rprocfw_output *output, struct rprocfw_error *error)
{
    if (!output->synced && (output->no_sync ? !close_copy(output->fd) : fsync(output->fd) != 0))
        return rprocfw_file_error(error, output->path, output->no_sync ? "write" : "sync");
    output->synced = true;
    return RPROCFW_OK;
}

static enum rprocfw_status rename_over(struct rprocfw_output *output, const char *real,
                                       struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;
    bool there = false;

    status = sync_once(output, error);
    if (status == RPROCFW_OK && output->temporary == NULL)
        status = give_name(output, real, &there, error);
    if (status == RPROCFW_OK && !there)
        status = rprocfw_output_check(output, error);
    if (status == RPROCFW_OK && !there && rename(output->temporary, real) != 0)
        status = rprocfw_file_error(error, output->path, "replace");
    return status;
}

static enum rprocfw_status replace(struct rprocfw_output *output, struct rprocfw_error *error)
{
    char *real = resolve(output->path, error);
    enum rprocfw_status status;

    if (real == NULL)
        return error->status;
    status = rename_over(output, real, error);
    free(real);
    return status;
}

static enum rprocfw_status copy_to(struct rprocfw_output *output, int target_fd,
                                   struct rprocfw_error *error)
{
    const char *name = rprocfw_output_name(output);
    enum rprocfw_status status = RPROCFW_OK;
    uint8_t buffer[65536];
    off_t offset = 0;

    while (status == RPROCFW_OK) {
        ssize_t got = pread(output->fd, buffer, sizeof(buffer), offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rprocfw_file_error(error, name, "read back the temporary file of");
        if (got == 0)
            break;
        status = rprocfw_write(target_fd, name, buffer, (size_t)got, error);
        offset += got;
    }
    return status;
}

enum rprocfw_status rprocfw_output_commit(struct rprocfw_output *output, int target_fd,
                                          struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (output->path == NULL)
        status = copy_to(output, target_fd, error);
    else
        status = replace(output, error);
    if (status != RPROCFW_OK)
        return status;
    free(output->temporary);
    output->temporary = NULL;
    (void)close(output->fd); /* it has nothing left to report */
    output->fd = -1;
    rprocfw_hold_end(&output->hold);
    return RPROCFW_OK;
}

/* ---- Two outputs ---- */

static int link_old(void *ctx, const char *name)
{
    return linkat(AT_FDCWD, ctx, AT_FDCWD, name, 0);
}

/* A second name for the file that is to be replaced, to be freed; NULL: there is none, or the
 * system cannot. */
static enum rprocfw_status keep_old(const struct rprocfw_output *output, char *real, char **old,
                                    struct rprocfw_error *error)
{
    *old = NULL;
    if (access(real, F_OK) != 0 ||
        rprocfw_make_beside(real, link_old, real, old, output->path, error) == RPROCFW_OK ||
        errno == EPERM || errno == EOPNOTSUPP)
        return RPROCFW_OK;
    return error->status;
}

static enum rprocfw_status commit_both(struct rprocfw_output *first, struct rprocfw_output *second,
                                       int second_fd, char *real, struct rprocfw_error *error)
{
    const bool is_new = access(real, F_OK) != 0;
    enum rprocfw_status status;
    char *old;

    status = keep_old(first, real, &old, error);
    if (status == RPROCFW_OK)
        status = rprocfw_output_commit(first, -1, error);
    if (status == RPROCFW_OK) {
        status = rprocfw_output_commit(second, second_fd, error);
        if (status != RPROCFW_OK && is_new)
            (void)unlink(real);
        else if (status != RPROCFW_OK && old != NULL)
            (void)rename(old, real);
    }
    if (old != NULL)
        (void)unlink(old); /* of which there is none after it was renamed */
    free(old);
    return status;
}

enum rprocfw_status rprocfw_output_commit_both(struct rprocfw_output *first,
                                               struct rprocfw_output *second, int second_fd,
                                               struct rprocfw_error *error)
{
    enum rprocfw_status status;
    char *real = resolve(first->path, error);

    if (real == NULL)
        return error->status;
    status = sync_once(first, error);
    if (status == RPROCFW_OK && second->path != NULL)
        status = sync_once(second, error);
    if (status == RPROCFW_OK)
        status = commit_both(first, second, second_fd, real, error);
    free(real);
    return status;
}

void rprocfw_output_discard(struct rprocfw_output *output)
{
    if (output->fd >= 0)
        (void)close(output->fd);
    output->fd = -1;
    if (output->temporary != NULL)
        (void)unlink(output->temporary);
    free(output->temporary);
    output->temporary = NULL;
    rprocfw_hold_end(&output->hold);
}
