/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of signings, collected. sign_report_json.c and sign_sarif.c show it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "options.h"
#include "sign_record.h"
#include "sign_report.h"

#define PIECE 65536u

/* ---- Digests ---- */

/* Without waiting for the other end of a pipe. */
static enum rprocfw_status open_regular(struct sign_digest *digest, int *fd,
                                        struct rprocfw_error *error)
{
    *fd = open(digest->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot open: %s", digest->path,
                                 strerror(errno));
    if (fstat(*fd, &digest->file) != 0)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot look at: %s", digest->path,
                                 strerror(errno));
    if (!S_ISREG(digest->file.st_mode))
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: not a regular file; give a file",
                                 digest->path);
    return RPROCFW_OK;
}

static enum rprocfw_status hash_failed(const struct sign_digest *digest,
                                       struct rprocfw_error *error)
{
    return rprocfw_error_set(error, RPROCFW_ERR_CRYPTO, "%s: cannot take its SHA-256",
                             digest->path);
}

static enum rprocfw_status hash_open(int fd, struct sign_digest *digest, EVP_MD_CTX *md,
                                     struct rprocfw_error *error)
{
    uint8_t piece[PIECE];
    ssize_t got;

    if (EVP_DigestInit_ex2(md, EVP_sha256(), NULL) != 1)
        return hash_failed(digest, error);
    while ((got = read(fd, piece, sizeof(piece))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot read: %s", digest->path,
                                     strerror(errno));
        digest->size += (uint64_t)got;
        if (EVP_DigestUpdate(md, piece, (size_t)got) != 1)
            return hash_failed(digest, error);
    }
    return EVP_DigestFinal_ex(md, digest->sha256, NULL) == 1 ? RPROCFW_OK
                                                             : hash_failed(digest, error);
}

enum rprocfw_status sign_digest_take(struct sign_digest *digest, const char *path,
                                     struct rprocfw_error *error)
{
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    int fd = -1;
    enum rprocfw_status status;

    *digest = (struct sign_digest){.path = path};
    if (md == NULL)
        status = out_of_memory(error);
    else
        status = open_regular(digest, &fd, error);
    if (status == RPROCFW_OK)
        status = hash_open(fd, digest, md, error);
    EVP_MD_CTX_free(md);
    if (fd >= 0)
        (void)close(fd);
    return status;
}

static enum rprocfw_status take_digests(struct sign_record *record,
                                        const struct rprocfw_sign_job *job,
                                        struct rprocfw_error *error)
{
    const char *const *paths = job->container != NULL ? &job->container : job->inputs;
    const size_t count = job->container != NULL ? 1 : job->input_count;
    enum rprocfw_status status = RPROCFW_OK;

    record->inputs = calloc(count, sizeof(*record->inputs));
    if (record->inputs == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < count && status == RPROCFW_OK; i++) {
        status = sign_digest_take(&record->inputs[i], paths[i], error);
        if (status == RPROCFW_OK)
            record->input_count++;
    }
    return status;
}

static bool same_time(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           same_time(&a->st_mtim, &b->st_mtim) && same_time(&a->st_ctim, &b->st_ctim);
}

/* Were the inputs whose digests were taken those that were signed? */
static enum rprocfw_status check_digests(const struct sign_record *record,
                                         struct rprocfw_error *error)
{
    for (size_t i = 0; i < record->input_count; i++) {
        const struct sign_digest *input = &record->inputs[i];
        struct stat now;

        if (stat(input->path, &now) != 0)
            return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot look at: %s", input->path,
                                     strerror(errno));
        if (!same_file(&input->file, &now))
            return rprocfw_error_set(error, RPROCFW_ERR_FILE,
                                     "%s: changed while it was signed, so that what is reported of "
                                     "it may not be so; sign again when nothing writes to it",
                                     input->path);
    }
    return RPROCFW_OK;
}

/* ---- Findings ---- */

static void add_found(void *ctx, const char *path, enum rprocfw_finding_level level, const char *id,
                      const char *text)
{
    struct sign_record *record = ctx;
    struct sign_found *found =
        realloc(record->found, (record->found_count + 1) * sizeof(*record->found));

    record->lost = record->lost || found == NULL;
    if (found == NULL)
        return;
    record->found = found;
    found += record->found_count++;
    *found = (struct sign_found){.level = level, .id = id};
    found->path = strdup(path);
    found->text = strdup(text);
    record->lost = record->lost || found->path == NULL || found->text == NULL;
}

/* ---- The signing ---- */

/* difference: an empty one is none */
static void tell(const struct rprocfw_sign_job *job, const char *difference)
{
    char message[sizeof(((struct rprocfw_error *)NULL)->text)];

    (void)snprintf(message, sizeof(message), "%s: %s", job->output,
                   difference[0] == '\0' ? "unchanged" : difference);
    job->log.write(job->log.ctx, RPROCFW_LOG_STEP, message);
}

static enum rprocfw_status sign_or_skip(struct sign_record *record, const struct sign_options *o,
                                        const struct rprocfw_sign_job *job,
                                        struct rprocfw_error *error)
{
    char difference[RPROCFW_DIFFERENCE_ROOM] = "new";
    enum rprocfw_status status = RPROCFW_OK;
    bool changed;

    if (o->if_changed) {
        status = rprocfw_sign_compare(job, difference, error);
        if (status != RPROCFW_OK)
            return status;
        tell(job, difference);
    }
    changed = difference[0] != '\0';
    if (changed)
        status = rprocfw_sign(job, error);
    if (status == RPROCFW_OK)
        status = check_digests(record, error);
    if (status == RPROCFW_OK)
        record->outcome = changed ? SIGN_DONE : SIGN_UNCHANGED;
    return status;
}

enum rprocfw_status sign_recorded(struct sign_record *record, const struct sign_options *o,
                                  struct rprocfw_sign_job *job, struct rprocfw_error *error)
{
    enum rprocfw_status status = RPROCFW_OK;

    record->output = job->output;
    record->key = job->key;
    if (sign_report_is_wanted(o)) {
        job->watch = (struct rprocfw_watch){.found = add_found, .ctx = record};
        status = take_digests(record, job, error);
    }
    return status == RPROCFW_OK ? sign_or_skip(record, o, job, error) : status;
}

void sign_record_fail(struct sign_record *record, const struct rprocfw_error *error)
{
    record->message = strdup(error->text);
    record->lost = record->lost || record->message == NULL;
}

void sign_record_free(struct sign_record *record)
{
    for (size_t i = 0; i < record->found_count; i++) {
        free(record->found[i].path);
        free(record->found[i].text);
    }
    free(record->found);
    free(record->inputs);
    free(record->message);
    *record = (struct sign_record){0};
}
