/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify --manifest: is every output what the manifest says? */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "manifest.h"
#include "verify.h"

struct verifying {
    const struct verify_options *o;
    struct rprocfw_manifest *manifest;
    struct selection selection;
    struct shared shared;
    json_t *document;
};

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct verifying *v = ctx;

    if (level == RPROCFW_LOG_STEP && v->o->verbose)
        complain(v->o->tool, "%s", message);
}

/* ---- One container ---- */

/* What the key of the report signed is what the manifest makes now. */
static int compare(const struct verifying *v, const struct rprocfw_manifest_container *c,
                   const struct shared_parts *parts, char difference[RPROCFW_DIFFERENCE_ROOM])
{
    struct manifest_job job = {0};
    struct rprocfw_error error;
    enum rprocfw_status status = manifest_job_make(&job, v->manifest, c, parts, &error);

    job.job.preflight = RPROCFW_PREFLIGHT_OFF; /* the board has been asked */
    if (status == RPROCFW_OK)
        status = rprocfw_sign_compare(&job.job, difference, &error);
    manifest_job_free(&job);
    return status == RPROCFW_OK ? EXIT_DONE : fail(v->o->tool, &error);
}

static int tell_difference(const struct verifying *v, const struct rprocfw_manifest_container *c,
                           const char *difference)
{
    if (!verify_document_add_difference(v->o, v->document, c->output, c->name, difference))
        return no_memory(v->o->tool);
    if (difference[0] == '\0') {
        if (v->o->format == FORMAT_TEXT && !v->o->quiet)
            (void)printf("%s: as %s says of %s\n", c->output, v->manifest->path, c->name);
        return EXIT_DONE;
    }
    complain(v->o->tool, "%s: not what %s says of %s: %s; sign it again, or correct the manifest",
             c->output, v->manifest->path, c->name, difference);
    return EXIT_REFUSED;
}

/* The verdict, then what the board says, then what the manifest says. */
static int judge_report(const struct verifying *v, const struct rprocfw_manifest_container *c,
                        const struct shared_parts *parts, const struct rprocfw_report *report)
{
    struct verify_options of = *v->o;
    char difference[RPROCFW_DIFFERENCE_ROOM];
    int status = exit_for(report->status);
    int same;

    of.board = (struct rprocfw_board *)parts->board; /* nothing of it is changed */
    of.strict = of.strict || c->preflight == RPROCFW_PREFLIGHT_STRICT;
    if (!verify_tell(&of, v->document, report))
        return no_memory(v->o->tool);
    if (!verify_tell_device(&of, report) && status == EXIT_DONE)
        status = EXIT_REFUSED;
    if (report->verdict == RPROCFW_VERDICT_REJECT)
        return status;
    same = compare(v, c, parts, difference);
    if (same == EXIT_DONE)
        same = tell_difference(v, c, difference);
    return same > status ? same : status;
}

static int fail_container(const struct verifying *v, const struct rprocfw_manifest_container *c,
                          const struct rprocfw_error *error)
{
    complain(v->o->tool, "%s: %s", c->name, error->text);
    if (!verify_document_add_error(v->o, v->document, c->output, error))
        return no_memory(v->o->tool);
    return exit_for(error->status);
}

static int judge(const struct verifying *v, const struct rprocfw_manifest_container *c)
{
    const struct shared_parts parts = shared_find(&v->shared, c);
    struct rprocfw_key *key = parts.key;
    const struct rprocfw_keys keys = {.key = &key, .count = 1};
    const struct rprocfw_report_job job = {
        .path = c->output,
        .mode = RPROCFW_REPORT_VERIFY,
        .keys = &keys,
        .enc_key = parts.enc_key,
        .preflight = true,
        .board = parts.board,
    };
    struct rprocfw_report report;
    struct rprocfw_error error;
    int status;

    if (parts.error != NULL) {
        (void)manifest_place_error(&error, v->manifest, c, parts.error);
        return fail_container(v, c, &error);
    }
    if (rprocfw_report_build(&report, &job, &error) != RPROCFW_OK)
        return fail_container(v, c, &error);
    status = judge_report(v, c, &parts, &report);
    rprocfw_report_free(&report);
    return status;
}

/* ---- All of them ---- */

static int judge_all(struct verifying *v)
{
    int worst = EXIT_DONE;

    v->document = verify_document_new(v->o);
    if (v->document == NULL)
        return no_memory(v->o->tool);
    for (size_t i = 0; i < v->selection.count; i++) {
        const int status = judge(v, v->selection.container[i]);

        if (status > worst)
            worst = status;
    }
    if (v->o->format != FORMAT_TEXT && !print_document(v->document, v->o->format))
        worst = no_memory(v->o->tool);
    json_decref(v->document);
    return finish_stdout(v->o->tool, worst);
}

int verify_manifest(const struct verify_options *o)
{
    struct verifying v = {.o = o, .shared = {.tool = o->tool, .use = RPROCFW_KEY_VERIFY}};
    int status = manifest_load(&v.manifest, o->manifest, o->tool);

    v.shared.log = (struct rprocfw_log){.write = write_log, .ctx = &v};
    if (status == EXIT_DONE)
        status = manifest_select(&v.selection, v.manifest, &o->files, o->tool);
    if (status == EXIT_DONE)
        status = manifest_open(&v.shared, &v.selection);
    if (status == EXIT_DONE)
        status = judge_all(&v);
    shared_free(&v.shared);
    free(v.selection.container);
    rprocfw_manifest_free(v.manifest);
    return status;
}
