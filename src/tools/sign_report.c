/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign --report and --sarif: what was signed, of what, and what was found. */
#include <stdlib.h>
#include <string.h>

#include <rprocfw/report.h>
#include <rprocfw/save.h>

#include "json.h"
#include "report_json.h"
#include "sarif.h"
#include "sign_report.h"
#include "words.h"

bool sign_report_is_wanted(const struct sign_options *o)
{
    return o->report != NULL || o->sarif != NULL;
}

/* ---- JSON; NULL is no memory ---- */

static json_t *json_digest(const struct sign_digest *digest)
{
    return json_pack("{s:o, s:I, s:o}", "file", json_path(digest->path), "size",
                     (json_int_t)digest->size, "sha256",
                     json_hex(digest->sha256, RPROCFW_SHA256_SIZE));
}

static json_t *json_inputs(const struct sign_record *record)
{
    json_t *inputs = json_array();

    for (size_t i = 0; i < record->input_count; i++)
        if (json_array_append_new(inputs, json_digest(&record->inputs[i])) != 0) {
            json_decref(inputs);
            return NULL;
        }
    return inputs;
}

static json_t *json_found(const struct sign_record *record)
{
    json_t *list = json_array();

    for (size_t i = 0; i < record->found_count; i++) {
        const struct sign_found *found = &record->found[i];

        if (json_array_append_new(list,
                                  json_pack("{s:o, s:s, s:s, s:o}", "file", json_path(found->path),
                                            "level", finding_level(found->level), "id", found->id,
                                            "text", json_path(found->text))) != 0) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

static json_t *json_key(const struct rprocfw_key *key)
{
    if (key == NULL)
        return json_null();
    return json_pack("{s:o, s:s, s:o}", "key_file", json_path(rprocfw_key_path(key)), "kind",
                     rprocfw_key_kind(key), "spki_sha256",
                     json_hex(rprocfw_key_spki_sha256(key), RPROCFW_SHA256_SIZE));
}

static const char *outcome_name(enum sign_outcome outcome)
{
    switch (outcome) {
    case SIGN_FAILED:
        return "failed";
    case SIGN_DONE:
        return "signed";
    case SIGN_UNCHANGED:
        return "unchanged";
    }
    return "";
}

/* json_pack would lose large values where memory lacks for the object. */
static bool set(json_t *object, const char *name, json_t *value)
{
    return json_object_set_new(object, name, value) == 0;
}

/* The output as it stands there, and its TLVs. */
static enum rprocfw_status set_output(json_t *container, const struct sign_record *record,
                                      struct rprocfw_error *error)
{
    const struct rprocfw_report_job job = {.path = record->output,
                                           .mode = RPROCFW_REPORT_STRUCTURE};
    struct rprocfw_report report;
    struct sign_digest digest;
    enum rprocfw_status status = sign_digest_take(&digest, record->output, error);

    if (status == RPROCFW_OK)
        status = rprocfw_report_build(&report, &job, error);
    if (status != RPROCFW_OK)
        return status;
    if (!set(container, "output", json_digest(&digest)) ||
        !set(container, "tlvs", report_json_tlvs(&report)))
        status = out_of_memory(error);
    rprocfw_report_free(&report);
    return status;
}

/* There is none. */
static enum rprocfw_status set_no_output(json_t *container, const struct sign_record *record,
                                         struct rprocfw_error *error)
{
    json_t *output =
        json_pack("{s:o, s:n, s:n}", "file", json_path(record->output), "size", "sha256");

    return set(container, "output", output) && set(container, "tlvs", json_null())
               ? RPROCFW_OK
               : out_of_memory(error);
}

static enum rprocfw_status fill_container(json_t *container, const struct sign_record *record,
                                          bool dry_run, struct rprocfw_error *error)
{
    const bool is_there = record->outcome != SIGN_FAILED && !dry_run;

    if (record->lost || !set(container, "name", json_text(record->name)) ||
        !set(container, "outcome", json_string(outcome_name(record->outcome))) ||
        !set(container, "message", json_path(record->message)) ||
        !set(container, "inputs", json_inputs(record)) ||
        !set(container, "signed_by", json_key(record->key)) ||
        !set(container, "findings", json_found(record)))
        return out_of_memory(error);
    return is_there ? set_output(container, record, error)
                    : set_no_output(container, record, error);
}

/* ---- Files ---- */

static int save(const struct sign_options *o, const char *path, const json_t *document,
                const struct words *keep)
{
    const struct rprocfw_save_job job = {
        .output = path, .no_sync = o->no_sync, .keep = keep->word, .keep_count = keep->count};
    struct rprocfw_error error;
    /* json_dumps may leave something out where memory lacks */
    const size_t size = json_dumpb(document, NULL, 0, JSON_INDENT(2));
    char *text = size > 0 ? malloc(size + 1) : NULL;
    int status = EXIT_DONE;

    if (text == NULL || json_dumpb(document, text, size, JSON_INDENT(2)) != size) {
        free(text);
        return no_memory(o->tool);
    }
    text[size] = '\n';
    if (rprocfw_save(&job, text, size + 1, &error) != RPROCFW_OK)
        status = fail(o->tool, &error);
    free(text);
    return status;
}

/* One more of the list. */
static int add_container(const struct sign_options *o, json_t *list,
                         const struct sign_record *record)
{
    json_t *container = json_object();
    struct rprocfw_error error;

    if (json_array_append_new(list, container) != 0)
        return no_memory(o->tool);
    return fill_container(container, record, o->dry_run, &error) == RPROCFW_OK
               ? EXIT_DONE
               : fail(o->tool, &error);
}

static int write_report(const struct sign_options *o, const struct sign_record *records,
                        size_t count, const struct words *keep)
{
    json_t *document =
        json_pack("{s:i, s:{s:s, s:s}, s:b, s:[]}", "schema", 1, "tool", "name", o->tool, "version",
                  RPROCFW_PACKAGE_VERSION, "dry_run", o->dry_run, "containers");
    json_t *list = json_object_get(document, "containers");
    int status = document != NULL ? EXIT_DONE : no_memory(o->tool);

    for (size_t i = 0; i < count && status == EXIT_DONE; i++)
        status = add_container(o, list, &records[i]);
    if (status == EXIT_DONE)
        status = save(o, o->report, document, keep);
    json_decref(document);
    return status;
}

static bool add_results(json_t *log, const struct sign_record *record)
{
    const char *path = record->output;
    bool told = false; /* why it failed */

    for (size_t i = 0; i < record->found_count; i++) {
        const struct sign_found *found = &record->found[i];

        told = told || (record->message != NULL && strstr(record->message, found->text) != NULL);
        if (!sarif_add(log, found->path, found->level, found->id, found->text))
            return false;
    }
    if (record->input_count > 0)
        path = record->inputs[0].path;
    return record->message == NULL || told ||
           sarif_add(log, path != NULL ? path : "-", RPROCFW_FINDING_ERROR, "not-signed",
                     record->message);
}

static int write_sarif(const struct sign_options *o, const struct sign_record *records,
                       size_t count, const struct words *keep)
{
    json_t *log = sarif_new(o->tool);
    bool done = log != NULL;
    int status;

    for (size_t i = 0; i < count && done; i++)
        done = !records[i].lost && add_results(log, &records[i]);
    status = done ? save(o, o->sarif, log, keep) : no_memory(o->tool);
    json_decref(log);
    return status;
}

int sign_report_write(const struct sign_options *o, const struct sign_record *records, size_t count,
                      const struct words *keep)
{
    int status = EXIT_DONE;

    if (o->report != NULL)
        status = write_report(o, records, count, keep);
    if (status == EXIT_DONE && o->sarif != NULL)
        status = write_sarif(o, records, count, keep);
    return status;
}
