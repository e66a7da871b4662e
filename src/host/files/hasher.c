/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SHA-256 of parts of a file. Who asks for many, one after the other, foretells them: threads on
 * the other processors take them ahead. What is foretold decides nothing: another part than the one
 * that is asked for is of no use, and that is all.
 */
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "../host.h"

#define BUFFER      262144u
#define MAX_HELPERS 7u

/* So many parts are taken before they are asked for: what is refused in between costs no more. */
#define AHEAD 64u

/* Of all parts together. What threads cost is less than what they spare. */
#define WORTH_THREADS ((uint64_t)2 * 1024 * 1024)

/* What one thread hashes with. */
struct worker {
    struct rprocfw_hasher *hasher;
    pthread_t thread;
    EVP_MD_CTX *hash;
    uint8_t *buffer;
};

struct rprocfw_hasher {
    const struct rprocfw_input *file;
    EVP_MD *sha256;
    struct worker own;
    struct worker helper[MAX_HELPERS];
    size_t helpers;
    struct rprocfw_part *parts; /* the caller's */
    size_t count;
    /* what all look at, under the lock */
    pthread_mutex_t lock;
    pthread_cond_t changed;
    size_t asked;     /* the part that was asked for last */
    size_t next;      /* from here on none is taken, but by who asked for it */
    atomic_bool stop; /* also looked at without it */
};

/* Of a part, but for a stop: then nobody wants it any more. */
static enum rprocfw_status hash(const struct worker *worker, uint32_t offset, uint32_t size,
                                uint8_t digest[RPROCFW_SHA256_SIZE], struct rprocfw_error *error)
{
    const struct rprocfw_input *file = worker->hasher->file;

    if (EVP_DigestInit_ex2(worker->hash, worker->hasher->sha256, NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    while (size > 0 && !worker->hasher->stop) {
        const uint32_t now = size < BUFFER ? size : BUFFER;
        enum rprocfw_status status;

        status = rprocfw_read_at(file->fd, file->path, offset, worker->buffer, now, error);
        if (status != RPROCFW_OK)
            return status;
        if (EVP_DigestUpdate(worker->hash, worker->buffer, now) != 1)
            return rprocfw_crypto_error(error, "SHA-256");
        offset += now;
        size -= now;
    }
    if (EVP_DigestFinal_ex(worker->hash, digest, NULL) != 1)
        return rprocfw_crypto_error(error, "SHA-256");
    return RPROCFW_OK;
}

/* ---- Parts, under the lock ---- */

/* Without the lock in between. */
static void take(const struct worker *worker, struct rprocfw_part *part)
{
    struct rprocfw_hasher *hasher = worker->hasher;
    struct rprocfw_error error;
    enum rprocfw_status status;

    part->state = RPROCFW_PART_TAKEN;
    (void)pthread_mutex_unlock(&hasher->lock);
    status = hash(worker, part->offset, part->size, part->digest, &error);
    (void)pthread_mutex_lock(&hasher->lock);
    part->state = status == RPROCFW_OK ? RPROCFW_PART_DONE : RPROCFW_PART_LEFT;
    (void)pthread_cond_broadcast(&hasher->changed);
}

/* The next part that is worth to be taken; NULL: none now. */
static struct rprocfw_part *next_part(struct rprocfw_hasher *hasher)
{
    while (hasher->next < hasher->count) {
        struct rprocfw_part *part = &hasher->parts[hasher->next];

        if (part->state == RPROCFW_PART_OPEN && part->size != 0)
            return hasher->next < hasher->asked + AHEAD ? part : NULL;
        hasher->next++;
    }
    return NULL;
}

/* ---- Threads ---- */

static void *help(void *ctx)
{
    const struct worker *worker = ctx;
    struct rprocfw_hasher *hasher = worker->hasher;

    (void)pthread_mutex_lock(&hasher->lock);
    while (!hasher->stop) {
        struct rprocfw_part *part = next_part(hasher);

        if (part != NULL)
            take(worker, part);
        else
            (void)pthread_cond_wait(&hasher->changed, &hasher->lock);
    }
    (void)pthread_mutex_unlock(&hasher->lock);
    return NULL;
}

static bool equip(struct worker *worker, struct rprocfw_hasher *hasher)
{
    worker->hasher = hasher;
    worker->hash = EVP_MD_CTX_new();
    worker->buffer = malloc(BUFFER);
    return worker->hash != NULL && worker->buffer != NULL;
}

static void strip(struct worker *worker)
{
    EVP_MD_CTX_free(worker->hash);
    free(worker->buffer);
}

/* Helpers for the processors that there are; fewer where one cannot be had. */
static void start_helpers(struct rprocfw_hasher *hasher)
{
    cpu_set_t processors;
    size_t wanted = 0;

    if (sched_getaffinity(0, sizeof(processors), &processors) == 0)
        wanted = (size_t)CPU_COUNT(&processors) - 1;
    if (wanted > MAX_HELPERS)
        wanted = MAX_HELPERS;
    while (hasher->helpers < wanted) {
        struct worker *worker = &hasher->helper[hasher->helpers];

        if (!equip(worker, hasher) || !rprocfw_thread_start(&worker->thread, help, worker)) {
            strip(worker);
            return;
        }
        hasher->helpers++;
    }
}

/* ---- What the caller sees ---- */

enum rprocfw_status rprocfw_hasher_start(struct rprocfw_hasher **out,
                                         const struct rprocfw_input *file,
                                         struct rprocfw_error *error)
{
    struct rprocfw_hasher *hasher = calloc(1, sizeof(*hasher));

    *out = hasher;
    if (hasher == NULL)
        return rprocfw_no_memory(error);
    *hasher = (struct rprocfw_hasher){
        .file = file,
        .lock = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    hasher->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    if (hasher->sha256 == NULL)
        return rprocfw_crypto_error(error, "SHA-256");
    return equip(&hasher->own, hasher) ? RPROCFW_OK : rprocfw_no_memory(error);
}

void rprocfw_hasher_foretell(struct rprocfw_hasher *hasher, struct rprocfw_part *parts,
                             size_t count)
{
    uint64_t size = 0;
    size_t full = 0;

    for (size_t i = 0; i < count; i++) {
        size += parts[i].size;
        full += parts[i].size != 0;
    }
    hasher->parts = parts;
    hasher->count = count;
    if (full > 1 && size >= WORTH_THREADS)
        start_helpers(hasher);
}

enum rprocfw_status rprocfw_hasher_digest(struct rprocfw_hasher *hasher, size_t number,
                                          uint32_t offset, uint32_t size,
                                          uint8_t digest[RPROCFW_SHA256_SIZE],
                                          struct rprocfw_error *error)
{
    struct rprocfw_part *part = number < hasher->count ? &hasher->parts[number] : NULL;
    bool done;

    if (part == NULL || part->offset != offset || part->size != size)
        return hash(&hasher->own, offset, size, digest, error);
    (void)pthread_mutex_lock(&hasher->lock);
    hasher->asked = number;
    (void)pthread_cond_broadcast(&hasher->changed);
    while (part->state == RPROCFW_PART_TAKEN) {
        struct rprocfw_part *other = next_part(hasher);

        if (other != NULL) /* rather than wait */
            take(&hasher->own, other);
        else
            (void)pthread_cond_wait(&hasher->changed, &hasher->lock);
    }
    done = part->state == RPROCFW_PART_DONE;
    if (!done)
        part->state = RPROCFW_PART_LEFT; /* hashed here; again, if it failed, to see why */
    (void)pthread_mutex_unlock(&hasher->lock);
    if (!done)
        return hash(&hasher->own, offset, size, digest, error);
    memcpy(digest, part->digest, RPROCFW_SHA256_SIZE);
    return RPROCFW_OK;
}

void rprocfw_hasher_end(struct rprocfw_hasher *hasher)
{
    if (hasher == NULL)
        return;
    (void)pthread_mutex_lock(&hasher->lock);
    hasher->stop = true;
    (void)pthread_cond_broadcast(&hasher->changed);
    (void)pthread_mutex_unlock(&hasher->lock);
    for (size_t i = 0; i < hasher->helpers; i++) {
        (void)pthread_join(hasher->helper[i].thread, NULL);
        strip(&hasher->helper[i]);
    }
    strip(&hasher->own);
    EVP_MD_free(hasher->sha256);
    free(hasher);
}
