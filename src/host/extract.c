/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of a container as files in a folder. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host.h"

#define BUFFER 65536u

struct extraction {
    const struct rprocfw_report *report;
    const char *dir;
    bool made_dir;
    struct rprocfw_input container;
    char **written; /* paths, for taking them back */
    size_t count;
    struct rprocfw_error *error;
};

/* A new file of the folder, noted in written. */
static enum rprocfw_status create(struct extraction *x, const char *name, int *fd)
{
    char **grown = realloc(x->written, (x->count + 1) * sizeof(*grown));
    char *path;

    *fd = -1;
    if (grown == NULL)
        return rprocfw_no_memory(x->error);
    x->written = grown;
    if (asprintf(&path, "%s/%s", x->dir, name) < 0)
        return rprocfw_no_memory(x->error);
    *fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (*fd < 0) {
        rprocfw_file_error(x->error, path, "create");
        free(path);
        return x->error->status;
    }
    x->written[x->count++] = path;
    return RPROCFW_OK;
}

static enum rprocfw_status close_checked(struct extraction *x, int fd, enum rprocfw_status status)
{
    if (close(fd) != 0 && status == RPROCFW_OK)
        status = rprocfw_file_error(x->error, x->written[x->count - 1], "write");
    return status;
}

static enum rprocfw_status write_bytes(struct extraction *x, const char *name, const uint8_t *bytes,
                                       size_t size)
{
    enum rprocfw_status status;
    int fd;

    status = create(x, name, &fd);
    if (status != RPROCFW_OK)
        return status;
    status = rprocfw_write(fd, x->written[x->count - 1], bytes, size, x->error);
    return close_checked(x, fd, status);
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
            status = rprocfw_write(fd, x->written[x->count - 1], buffer, part, x->error);
        offset += part;
        size -= part;
    }
    return close_checked(x, fd, status);
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

static enum rprocfw_status write_all(struct extraction *x)
{
    enum rprocfw_status status;

    status = rprocfw_input_open(&x->container, x->report->path, x->error);
    if (status != RPROCFW_OK)
        return status;
    if (x->container.size != x->report->file_size)
        return rprocfw_error_set(x->error, RPROCFW_ERR_FILE, "%s: changed while it was read",
                                 x->report->path);
    if (mkdir(x->dir, 0777) == 0)
        x->made_dir = true;
    else if (errno != EEXIST)
        return rprocfw_file_error(x->error, x->dir, "make the folder");
    status = write_images(x);
    if (status == RPROCFW_OK && x->report->signature != NULL)
        status = write_bytes(x, "signature.bin", x->report->signature, x->report->signature_size);
    if (status == RPROCFW_OK)
        status = write_tlvs(x);
    return status;
}

static void take_back(struct extraction *x)
{
    for (size_t i = 0; i < x->count; i++)
        (void)unlink(x->written[i]);
    if (x->made_dir)
        (void)rmdir(x->dir);
}

enum rprocfw_status rprocfw_report_extract(const struct rprocfw_report *report, const char *dir,
                                           struct rprocfw_error *error)
{
    struct extraction x = {.report = report, .dir = dir, .container = {.fd = -1}, .error = error};
    enum rprocfw_status status;

    if (!report->has_header)
        return rprocfw_error_set(error, report->status, "%s: %s", report->path, report->message);
    status = write_all(&x);
    rprocfw_input_close(&x.container);
    if (status != RPROCFW_OK)
        take_back(&x);
    for (size_t i = 0; i < x.count; i++)
        free(x.written[i]);
    free(x.written);
    return status;
}
