/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign --manifest: all containers of a file, or some, several at a time. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "depfile.h"
#include "manifest.h"
#include "places.h"
#include "sign_manifest.h"
#include "sign_report.h"

/* Open files: beside the inputs of a container its output and one more; what all of them share, a
 * program that signs among it. */
#define FILES_OF_ONE 2u
#define FILES_OF_ALL 16u

struct signing {
    const struct sign_options *o;
    struct rprocfw_manifest *manifest;
    struct selection selection;
    struct shared shared;
    struct sign_record *records;       /* one a container */
    pthread_mutex_t alone;             /* tokens and programs sign one after the other */
    const struct rprocfw_key **failed; /* keys that are elsewhere and did not sign */
    size_t failed_count;
    struct depfile depfile;
};

/* Where the library's messages go. */
struct told {
    const struct sign_options *o;
    struct batch_notes *notes;
    const char *name;
};

/* ---- One container ---- */

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct told *told = ctx;

    if (level == RPROCFW_LOG_WARNING && !told->o->quiet)
        batch_warn(told->notes, told->name, message);
    else if (level == RPROCFW_LOG_STEP && told->o->verbose)
        batch_complain(told->notes, told->name, "%s", message);
}

static bool has_failed(const struct signing *s, const struct rprocfw_key *key)
{
    for (size_t i = 0; i < s->failed_count; i++)
        if (s->failed[i] == key)
            return true;
    return false;
}

/* What is elsewhere fails for reasons of its own, and may be locked by a second wrong PIN. */
static enum rprocfw_status sign_elsewhere(struct signing *s, struct rprocfw_sign_job *job,
                                          struct sign_record *record, struct rprocfw_error *error)
{
    enum rprocfw_status status;

    if (has_failed(s, job->key))
        return rprocfw_error_set(error, RPROCFW_ERR_CRYPTO,
                                 "%s: it failed to sign before and is not asked again",
                                 rprocfw_key_path(job->key));
    status = sign_recorded(record, s->o, job, error);
    if (status == RPROCFW_ERR_CRYPTO)
        s->failed[s->failed_count++] = job->key;
    return status;
}

static enum rprocfw_status sign(struct signing *s, struct rprocfw_sign_job *job,
                                const struct told *told, struct sign_record *record,
                                struct rprocfw_error *error)
{
    const bool elsewhere = rprocfw_key_is_elsewhere(job->key);
    const bool alone = job->signer != NULL || elsewhere;
    enum rprocfw_status status;

    if (alone)
        (void)pthread_mutex_lock(&s->alone);
    if (alone && batch_is_interrupted(told->notes))
        status = rprocfw_error_set(error, RPROCFW_ERR_FILE, "interrupted by a signal");
    else if (elsewhere)
        status = sign_elsewhere(s, job, record, error);
    else
        status = sign_recorded(record, s->o, job, error);
    if (alone)
        (void)pthread_mutex_unlock(&s->alone);
    return status;
}

/* The job, and what is to be known of it. */
static enum rprocfw_status sign_parts(struct signing *s, size_t number, const struct told *told,
                                      const struct shared_parts *parts, struct rprocfw_error *error)
{
    struct manifest_job job = {0};
    enum rprocfw_status status =
        manifest_job_make(&job, s->manifest, s->selection.container[number], parts, error);

    job.job.dry_run = s->o->dry_run;
    job.job.no_sync = s->o->no_sync;
    job.program.stop = batch_is_interrupted;
    job.program.stop_ctx = told->notes;
    job.job.log = (struct rprocfw_log){.write = write_log, .ctx = (void *)told};
    if (status == RPROCFW_OK)
        status = sign(s, &job.job, told, &s->records[number], error);
    manifest_job_free(&job);
    return status;
}

static int sign_one(void *ctx, size_t number, struct batch_notes *notes)
{
    struct signing *s = ctx;
    const struct rprocfw_manifest_container *c = s->selection.container[number];
    const struct told told = {.o = s->o, .notes = notes, .name = c->name};
    const struct shared_parts parts = shared_find(&s->shared, c);
    struct rprocfw_error error;
    enum rprocfw_status status;

    s->records[number].key = parts.key;
    status = parts.error != NULL ? manifest_place_error(&error, s->manifest, c, parts.error)
                                 : sign_parts(s, number, &told, &parts, &error);
    if (status == RPROCFW_OK)
        return EXIT_DONE;
    sign_record_fail(&s->records[number], &error);
    batch_complain(notes, c->name, "%s", error.text);
    return exit_for(status);
}

static const char *name_of(void *ctx, size_t number)
{
    const struct signing *s = ctx;

    return s->selection.container[number]->name;
}

/* ---- Before and after ---- */

/* What is read by any container, all of the manifest among them, is written by none. */
static int check_places(const struct signing *s)
{
    struct places places = {.tool = s->o->tool};
    struct words files = {0};
    int status = EXIT_DONE;

    for (size_t i = 0; i < s->manifest->count && status == EXIT_DONE; i++) {
        const struct rprocfw_manifest_container *c = &s->manifest->container[i];

        if (!manifest_list_files(c, &files))
            status = no_memory(s->o->tool);
        if (status == EXIT_DONE)
            status = places_write(&places, c->output, c->name);
    }
    for (size_t i = 0; i < files.count && status == EXIT_DONE; i++)
        status = places_read(&places, files.word[i]);
    if (status == EXIT_DONE)
        status = places_read(&places, s->o->manifest);
    if (status == EXIT_DONE && s->o->depfile != NULL && strcmp(s->o->depfile, "-") != 0)
        status = places_write(&places, s->o->depfile, "--depfile");
    if (status == EXIT_DONE)
        status = places_write(&places, s->o->report, "--report");
    if (status == EXIT_DONE)
        status = places_write(&places, s->o->sarif, "--sarif");
    if (status == EXIT_DONE)
        status = places_check(&places);
    words_free(&files);
    places_free(&places);
    return status;
}

static int make_depfile(struct signing *s)
{
    const char *tool = s->o->tool;
    int status = EXIT_DONE;

    for (size_t i = 0; i < s->selection.count && status == EXIT_DONE; i++) {
        struct words files = {0};

        status = words_append(&files, s->o->manifest) &&
                         manifest_list_files(s->selection.container[i], &files)
                     ? depfile_add(&s->depfile, s->selection.container[i]->output, &files, tool)
                     : no_memory(tool);
        words_free(&files);
    }
    return status;
}

static int make_records(struct signing *s)
{
    s->records = calloc(s->selection.count, sizeof(*s->records));
    s->failed = calloc(s->selection.count, sizeof(void *));
    if (s->records == NULL || s->failed == NULL)
        return no_memory(s->o->tool);
    for (size_t i = 0; i < s->selection.count; i++) {
        s->records[i].name = s->selection.container[i]->name;
        s->records[i].output = s->selection.container[i]->output;
    }
    return EXIT_DONE;
}

/* What was not begun, after a failure or a signal, has no reason yet. */
static void complete_records(struct signing *s)
{
    static const struct rprocfw_error not_begun = {.text = "not begun"};

    for (size_t i = 0; i < s->selection.count; i++)
        if (s->records[i].outcome == SIGN_FAILED && s->records[i].message == NULL)
            sign_record_fail(&s->records[i], &not_begun);
}

/* A line of what was done, where nobody asked for silence or for something else on that output. */
static void print_summary(const struct signing *s)
{
    size_t count[3] = {0};

    if (s->o->quiet || (s->o->depfile != NULL && strcmp(s->o->depfile, "-") == 0))
        return;
    for (size_t i = 0; i < s->selection.count; i++)
        count[s->records[i].outcome]++;
    (void)printf("%zu signed", count[SIGN_DONE]);
    if (s->o->if_changed)
        (void)printf(", %zu unchanged", count[SIGN_UNCHANGED]);
    if (count[SIGN_FAILED] > 0)
        (void)printf(", %zu not", count[SIGN_FAILED]);
    (void)puts(s->o->dry_run ? " (dry run)" : "");
}

/* How many containers can be open at a time, each with its inputs. */
static size_t count_open(const struct signing *s)
{
    const long files = sysconf(_SC_OPEN_MAX);
    size_t inputs = 1;

    for (size_t i = 0; i < s->selection.count; i++)
        if (s->selection.container[i]->inputs.count > inputs)
            inputs = s->selection.container[i]->inputs.count;
    if (files < 0)
        return SIZE_MAX; /* there is no limit */
    return (size_t)files > FILES_OF_ALL ? ((size_t)files - FILES_OF_ALL) / (inputs + FILES_OF_ONE)
                                        : 0;
}

static unsigned count_jobs(const struct signing *s)
{
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned wanted = s->o->jobs != 0  ? s->o->jobs
                            : processors > 0 ? (unsigned)processors
                                             : 1;
    const size_t open = count_open(s);

    return open == 0 ? 1 : open < wanted ? (unsigned)open : wanted;
}

/* Is standard error a terminal where a line can give way to the next? */
static bool can_take_back(void)
{
    const char *kind = getenv("TERM");

    return isatty(STDERR_FILENO) == 1 && kind != NULL && strcmp(kind, "dumb") != 0;
}

static int sign_all(struct signing *s)
{
    const struct sign_options *o = s->o;
    const struct batch batch = {
        .tool = o->tool,
        .doing = "signing",
        .count = s->selection.count,
        .jobs = count_jobs(s),
        .fail_fast = o->fail_fast,
        .progress = !o->quiet && can_take_back(),
        .work = sign_one,
        .name = name_of,
        .ctx = s,
    };
    /* check_places has seen that what is written is none of the others */
    const struct words none = {0};
    int reported;
    int status;

    start_children();
    status = batch_run(&batch);
    complete_records(s);
    print_summary(s);
    if (o->depfile != NULL && status == EXIT_DONE && !o->dry_run)
        status = depfile_write(&s->depfile, o->depfile, &none, o->tool);
    reported = sign_report_write(o, s->records, s->selection.count, &none);
    return finish_stdout(o->tool, reported > status ? reported : status);
}

int sign_manifest(struct sign_options *o)
{
    struct signing s = {
        .o = o,
        .shared = {.tool = o->tool, .use = RPROCFW_KEY_SIGN, .log = sign_log(o)},
        .alone = PTHREAD_MUTEX_INITIALIZER,
    };
    int status = manifest_load(&s.manifest, o->manifest, o->tool);

    if (status == EXIT_DONE)
        status = manifest_select(&s.selection, s.manifest, &o->operands, o->tool);
    if (status == EXIT_DONE)
        status = check_places(&s);
    if (status == EXIT_DONE)
        status = make_records(&s);
    if (status == EXIT_DONE && o->depfile != NULL)
        status = make_depfile(&s);
    if (status == EXIT_DONE)
        status = manifest_open(&s.shared, &s.selection);
    if (status == EXIT_DONE)
        status = sign_all(&s);
    for (size_t i = 0; s.records != NULL && i < s.selection.count; i++)
        sign_record_free(&s.records[i]);
    free(s.records);
    free(s.failed);
    depfile_free(&s.depfile);
    shared_free(&s.shared);
    free(s.selection.container);
    rprocfw_manifest_free(s.manifest);
    return status;
}
