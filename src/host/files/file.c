/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading and writing whole ranges of files. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host.h"

static enum rprocfw_status open_input(struct rprocfw_input *input, const char *path, int flags,
                                      struct stat *info, struct rprocfw_error *error)
{
    *input = (struct rprocfw_input){.path = path, .fd = -1};
    input->fd = open(path, O_RDONLY | O_CLOEXEC | flags);
    if (input->fd < 0)
        return rprocfw_file_error(error, path, "open");
    if (fstat(input->fd, info) != 0) {
        rprocfw_file_error(error, path, "look at");
        rprocfw_input_close(input);
        return error->status;
    }
    input->regular = S_ISREG(info->st_mode);
    input->size = (uint64_t)info->st_size;
    input->modified = info->st_mtim;
    input->changed = info->st_ctim;
    input->dev = info->st_dev;
    input->ino = info->st_ino;
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_input_open(struct rprocfw_input *input, const char *path,
                                       struct rprocfw_error *error)
{
    struct stat info;
    /* O_NONBLOCK: a FIFO without a writer must not hang us; it is refused below */
    const enum rprocfw_status status = open_input(input, path, O_NONBLOCK, &info, error);

    if (status != RPROCFW_OK || input->regular)
        return status;
    rprocfw_input_close(input);
    return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: %s, not a regular file; give a file",
                             path, S_ISDIR(info.st_mode) ? "a folder" : "a device, pipe or socket");
}

enum rprocfw_status rprocfw_input_open_any(struct rprocfw_input *input, const char *path,
                                           struct rprocfw_error *error)
{
    struct stat info;

    return open_input(input, path, 0, &info, error);
}

void rprocfw_input_close(struct rprocfw_input *input)
{
    if (input->fd >= 0)
        (void)close(input->fd); /* nothing was written through it */
    input->fd = -1;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

enum rprocfw_status rprocfw_input_changed(const char *path, struct rprocfw_error *error)
{
    return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                             "%s: changed while it was read; try again when nothing writes to it",
                             path);
}

enum rprocfw_status rprocfw_input_unchanged(const struct rprocfw_input *input,
                                            struct rprocfw_error *error)
{
    struct stat info;

    if (!input->regular)
        return RPROCFW_OK;
    if (fstat(input->fd, &info) != 0)
        return rprocfw_file_error(error, input->path, "look at");
    /* who writes can set the first time stamp back, but not the second */
    if ((uint64_t)info.st_size == input->size && same_time(&info.st_mtim, &input->modified) &&
        same_time(&info.st_ctim, &input->changed))
        return RPROCFW_OK;
    return rprocfw_input_changed(input->path, error);
}

enum rprocfw_status rprocfw_read_at(int fd, const char *path, uint64_t offset, void *dst,
                                    size_t size, struct rprocfw_error *error)
{
    uint8_t *to = dst;

    while (size > 0) {
        ssize_t got = pread(fd, to, size, (off_t)offset);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rprocfw_file_error(error, path, "read");
        if (got == 0)
            return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                     "%s: got shorter while it was read; try again when nothing "
                                     "writes to it",
                                     path);
        to += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return RPROCFW_OK;
}

static enum rprocfw_status read_open(const struct rprocfw_input *file, uint8_t **bytes,
                                     struct rprocfw_error *error)
{
    const size_t size = (size_t)file->size;
    enum rprocfw_status status;

    *bytes = malloc(size + 1);
    if (*bytes == NULL)
        return rprocfw_no_memory(error);
    status = rprocfw_read_at(file->fd, file->path, 0, *bytes, size, error);
    if (status == RPROCFW_OK)
        status = rprocfw_input_unchanged(file, error);
    if (status == RPROCFW_OK)
        return RPROCFW_OK;
    free(*bytes);
    *bytes = NULL;
    return status;
}

enum rprocfw_status rprocfw_input_read(const char *path, size_t limit, enum rprocfw_status too_long,
                                       uint8_t **bytes, size_t *size, struct rprocfw_error *error)
{
    struct rprocfw_input file;
    enum rprocfw_status status = rprocfw_input_open(&file, path, error);

    *bytes = NULL;
    *size = 0;
    if (status != RPROCFW_OK)
        return status;
    if (file.size > limit)
        status = rprocfw_error_set(error, too_long, "%s: %ju bytes, expected at most %zu", path,
                                   (uintmax_t)file.size, limit);
    else
        status = read_open(&file, bytes, error);
    if (status == RPROCFW_OK)
        *size = (size_t)file.size;
    rprocfw_input_close(&file);
    return status;
}

enum rprocfw_status rprocfw_write(int fd, const char *path, const void *src, size_t size,
                                  struct rprocfw_error *error)
{
    const uint8_t *from = src;

    while (size > 0) {
        ssize_t put = write(fd, from, size);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return rprocfw_file_error(error, path, "write");
        from += put;
        size -= (size_t)put;
    }
    return RPROCFW_OK;
}

enum rprocfw_status rprocfw_write_at(int fd, const char *path, uint64_t offset, const void *src,
                                     size_t size, struct rprocfw_error *error)
{
    if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
        return rprocfw_file_error(error, path, "write");
    return rprocfw_write(fd, path, src, size, error);
}
