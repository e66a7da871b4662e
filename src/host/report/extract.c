/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of a container as files in a folder. They are written to a folder of its own beside it,
 * which is renamed; if there is a folder already, to one inside of it, from which they are moved.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../host.h"

#define BUFFER 65536u

struct extraction {
    const struct rprocfw_report *report;
    const char *dir;
    int into;                 /* dir, if it was there; -1: it was not */
    char *temporary;          /* the folder written to; NULL: there is none (yet) */
    int written;              /* the same, opened */
    struct rprocfw_hold hold; /* while there is one */
    struct rprocfw_input container;
    /* What is done to a part is done in the two folders, whatever their paths lead to by then. */
    struct part {
        char *path;       /* where it is to be */
        const char *name; /* the end of path */
        bool moved;       /* from written to into */
    } * parts;
    size_t count;
    struct rprocfw_error *error;
};

/* A new file of the folder, noted in parts; the last of them from now on. */
static enum rprocfw_status create(struct extraction *x, const char *name, int *fd)
{
    struct part *grown = realloc(x->parts, (x->count + 1) * sizeof(*grown));
    struct part *part;

    *fd = -1;
    if (grown == NULL)
        return rprocfw_no_memory(x->error);
    x->parts = grown;
    part = &x->parts[x->count];
    *part = (struct part){0};
    if (asprintf(&part->path, "%s/%s", x->dir, name) < 0) {
        part->path = NULL;
        return rprocfw_no_memory(x->error);
    }
    part->name = part->path + strlen(x->dir) + 1;
    x->count++;
    *fd = openat(x->written, part->name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd < 0)
        return rprocfw_file_error(x->error, part->path, "create");
    return RPROCFW_OK;
}

static const char *current(const struct extraction *x)
{
    return x->parts[x->count - 1].path;
}

/* What has its name in the end is on the disk before: whole, even if the power fails. */
static enum rprocfw_status finish(struct extraction *x, int fd, enum rprocfw_status status)
{
    if (status == RPROCFW_OK && fsync(fd) != 0)
        status = rprocfw_file_error(x->error, current(x), "sync");
    if (close(fd) != 0 && status == RPROCFW_OK)
        status = rprocfw_file_error(x->error, current(x), "write");
    return status;
}

/* No more than BUFFER bytes, so that a signal is soon noticed. */
static enum rprocfw_status put(struct extraction *x, int fd, const uint8_t *bytes, size_t size)
{
    enum rprocfw_status status = rprocfw_hold_check(&x->hold, x->dir, x->error);

    return status == RPROCFW_OK ? rprocfw_write(fd, current(x), bytes, size, x->error) : status;
}

static enum rprocfw_status write_bytes(struct extraction *x, const char *name, const uint8_t *bytes,
                                       size_t size)
{
    enum rprocfw_status status;
    size_t done = 0;
    int fd;

    status = create(x, name, &fd);
    if (status != RPROCFW_OK)
        return status;
    do {
        const size_t part = size - done < BUFFER ? size - done : BUFFER;

        status = put(x, fd, bytes + done, part);
        done += part;
    } while (status == RPROCFW_OK && done < size);
    return finish(x, fd, status);
}

/* As much of [offset, offset + size) as the container has. */
static enum rprocfw_status write_range(struct extraction *x, const char *name, uint64_t offset,
                                       uint64_t size)
{
    const uint64_t there = x->container.size - offset;
    enum rprocfw_status status;
    uint8_t buffer[BUFFER];
    int fd;

    if (size > there)
        size = there;
    status = create(x, name, &fd);
    if (status != RPROCFW_OK)
        return status;
    while (status == RPROCFW_OK && size > 0) {
        const size_t part = size < sizeof(buffer) ? (size_t)size : sizeof(buffer);

        status =
            rprocfw_read_at(x->container.fd, x->container.path, offset, buffer, part, x->error);
        if (status == RPROCFW_OK)
            status = put(x, fd, buffer, part);
        offset += part;
        size -= part;
    }
    return finish(x, fd, status);
}

/* Numbers of records, ordered by type and, of one type, as they stand. */
static int by_type(const void *a, const void *b, void *report)
{
    const struct rprocfw_report_tlv *tlvs = ((const struct rprocfw_report *)report)->tlvs;
    const size_t left = *(const size_t *)a;
    const size_t right = *(const size_t *)b;

    if (tlvs[left].type != tlvs[right].type)
        return tlvs[left].type < tlvs[right].type ? -1 : 1;
    return (left > right) - (left < right);
}

/* The nth record of its type, from 1. */
static enum rprocfw_status write_tlv(struct extraction *x, const struct rprocfw_report_tlv *tlv,
                                     size_t nth)
{
    char name[64];

    if (nth == 1)
        (void)snprintf(name, sizeof(name), "tlv-%08" PRIx32 ".bin", tlv->type);
    else
        (void)snprintf(name, sizeof(name), "tlv-%08" PRIx32 "-%zu.bin", tlv->type, nth);
    return write_bytes(x, name, tlv->value, tlv->length);
}

static enum rprocfw_status write_tlvs(struct extraction *x)
{
    const size_t count = x->report->tlv_count;
    const struct rprocfw_report_tlv *tlvs = x->report->tlvs;
    size_t *order = calloc(count + 1, sizeof(*order));
    enum rprocfw_status status = RPROCFW_OK;
    size_t nth = 0;

    if (order == NULL)
        return rprocfw_no_memory(x->error);
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    qsort_r(order, count, sizeof(*order), by_type, (void *)x->report);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        nth = i > 0 && tlvs[order[i]].type == tlvs[order[i - 1]].type ? nth + 1 : 1;
        status = write_tlv(x, &tlvs[order[i]], nth);
    }
    free(order);
    return status;
}

static enum rprocfw_status write_images(struct extraction *x)
{
    enum rprocfw_status status = RPROCFW_OK;

    for (size_t i = 0; i < x->report->image_count && status == RPROCFW_OK; i++) {
        char name[32];

        (void)snprintf(name, sizeof(name), "image-%zu.elf", i);
        status = write_range(x, name, x->report->images[i].offset, x->report->images[i].size);
    }
    return status;
}

static enum rprocfw_status write_parts(struct extraction *x)
{
    enum rprocfw_status status = write_images(x);

    if (status == RPROCFW_OK && x->report->signature != NULL)
        status = write_bytes(x, "signature.bin", x->report->signature, x->report->signature_size);
    if (status == RPROCFW_OK)
        status = write_tlvs(x);
    if (status == RPROCFW_OK)
        status = rprocfw_input_unchanged(&x->container, x->error);
    return status;
}

/* ---- The container ---- */

/* Is it the one that was reported? Where the images lie is in the metadata. */
static enum rprocfw_status open_container(struct extraction *x)
{
    const struct rprocfw_report *report = x->report;
    enum rprocfw_status status;
    uint8_t *metadata;

    status = rprocfw_input_open(&x->container, report->path, x->error);
    if (status != RPROCFW_OK)
        return status;
    if (x->container.size != report->file_size)
        return rprocfw_input_changed(report->path, x->error);
    metadata = malloc(report->metadata_size);
    if (metadata == NULL)
        return rprocfw_no_memory(x->error);
    status = rprocfw_read_at(x->container.fd, report->path, 0, metadata, report->metadata_size,
                             x->error);
    if (status == RPROCFW_OK && memcmp(metadata, report->metadata, report->metadata_size) != 0)
        status = rprocfw_input_changed(report->path, x->error);
    free(metadata);
    return status;
}

/* ---- The folder ---- */

static int make_folder(void *ctx, const char *name)
{
    (void)ctx;
    return mkdir(name, 0777);
}

/* The name of a folder without slashes at its end; with one, of what is inside. To be freed. */
static char *folder_name(const char *dir, bool inside)
{
    size_t length = strlen(dir);
    char *name;

    while (length > 1 && dir[length - 1] == '/')
        length--;
    return asprintf(&name, "%.*s%s", (int)length, dir, inside ? "/" : "") < 0 ? NULL : name;
}

/* The folder that is there, if one is: to write and to look up in, which needs no right to read. */
static enum rprocfw_status open_into(struct extraction *x)
{
    struct stat info;
    int reason;

    x->into = open(x->dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (x->into >= 0)
        return RPROCFW_OK;
    reason = errno;
    /* a link that leads nowhere is there, too */
    if ((reason == ENOENT || reason == ELOOP || reason == ENOTDIR) && lstat(x->dir, &info) == 0)
        return rprocfw_error_set(x->error, RPROCFW_ERR_FILE,
                                 "%s: is there and is no folder; name another one", x->dir);
    errno = reason;
    if (reason != ENOENT)
        return rprocfw_file_error(x->error, x->dir, "make the folder");
    return RPROCFW_OK;
}

/* From here on signals wait until the folder is gone again. */
static enum rprocfw_status make_temporary(struct extraction *x)
{
    enum rprocfw_status status = open_into(x);
    char *beside;

    if (status != RPROCFW_OK)
        return status;
    beside = folder_name(x->dir, x->into >= 0);
    if (beside == NULL)
        return rprocfw_no_memory(x->error);
    rprocfw_hold(&x->hold);
    status = rprocfw_make_beside(beside, make_folder, NULL, &x->temporary, x->dir, x->error);
    free(beside);
    if (status != RPROCFW_OK)
        return status;
    x->written = open(x->temporary, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return x->written < 0 ? rprocfw_file_error(x->error, x->dir, "open the folder") : RPROCFW_OK;
}

/* Rename, but never over a file. After a failure the part may have both names. */
static int move(const struct extraction *x, struct part *part)
{
    const char *name = part->name;

    part->moved = renameat2(x->written, name, x->into, name, RENAME_NOREPLACE) == 0;
    if (part->moved)
        return 0;
    if (errno != EINVAL && errno != ENOSYS) /* of file systems that cannot */
        return -1;
    part->moved = linkat(x->written, name, x->into, name, 0) == 0;
    return part->moved ? unlinkat(x->written, name, 0) : -1;
}

static enum rprocfw_status move_parts(struct extraction *x)
{
    for (size_t i = 0; i < x->count; i++)
        if (move(x, &x->parts[i]) != 0)
            return rprocfw_file_error(x->error, x->parts[i].path, "create");
    if (rmdir(x->temporary) != 0)
        return rprocfw_file_error(x->error, x->temporary, "remove the folder");
    return RPROCFW_OK;
}

/* The names in the folder; EINVAL is of file systems that cannot. */
static enum rprocfw_status sync_folder(struct extraction *x)
{
    if (fsync(x->written) != 0 && errno != EINVAL)
        return rprocfw_file_error(x->error, x->dir, "sync");
    return RPROCFW_OK;
}

static enum rprocfw_status rename_folder(struct extraction *x)
{
    char *name = folder_name(x->dir, false);
    enum rprocfw_status status;

    if (name == NULL)
        return rprocfw_no_memory(x->error);
    status = sync_folder(x);
    if (status == RPROCFW_OK &&
        rename(x->temporary, name) != 0) /* never over a folder that is not empty */
        status = rprocfw_file_error(x->error, x->dir, "make the folder");
    free(name);
    return status;
}

static void take_back(const struct extraction *x)
{
    for (size_t i = 0; i < x->count; i++) {
        const struct part *part = &x->parts[i];

        if (part->moved)
            (void)unlinkat(x->into, part->name, 0);
        (void)unlinkat(x->written, part->name, 0);
    }
    if (x->temporary != NULL)
        (void)rmdir(x->temporary);
}

static enum rprocfw_status write_all(struct extraction *x)
{
    enum rprocfw_status status = open_container(x);

    if (status == RPROCFW_OK)
        status = make_temporary(x);
    if (status == RPROCFW_OK)
        status = write_parts(x);
    if (status == RPROCFW_OK)
        status = rprocfw_hold_check(&x->hold, x->dir, x->error);
    if (status == RPROCFW_OK)
        status = x->into >= 0 ? move_parts(x) : rename_folder(x);
    return status;
}

enum rprocfw_status rprocfw_report_extract(const struct rprocfw_report *report, const char *dir,
                                           struct rprocfw_error *error)
{
    struct extraction x = {
        .report = report,
        .dir = dir,
        .into = -1,
        .written = -1,
        .container = {.fd = -1},
        .error = error,
    };
    enum rprocfw_status status;

    if (!report->has_header)
        return rprocfw_error_set(error, report->status, "%s: %s", report->path, report->message);
    status = write_all(&x);
    rprocfw_input_close(&x.container);
    if (status != RPROCFW_OK)
        take_back(&x);
    if (x.written >= 0)
        (void)close(x.written); /* nothing was written through the folders */
    if (x.into >= 0)
        (void)close(x.into);
    for (size_t i = 0; i < x.count; i++)
        free(x.parts[i].path);
    free(x.parts);
    free(x.temporary);
    rprocfw_hold_end(&x.hold);
    return status;
}
