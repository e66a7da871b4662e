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

/* The output as it stands there, and its TLVs; both null where there is none. */
static enum rprocfw_status read_output(const struct sign_record *record, json_t **output,
                                       json_t **tlvs, struct rprocfw_error *error)
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
    *output = json_digest(&digest);
    *tlvs = report_json_tlvs(&report);
    rprocfw_report_free(&report);
    return RPROCFW_OK;
}

static enum rprocfw_status json_record(const struct sign_record *record, bool written,
                                       json_t **json, struct rprocfw_error *error)
{
    json_t *output = NULL;
    json_t *tlvs = NULL;

    if (record->outcome != SIGN_FAILED && written && record->output != NULL) {
        const enum rprocfw_status status = read_output(record, &output, &tlvs, error);

        if (status != RPROCFW_OK)
            return status;
    } else {
        output = json_pack("{s:o, s:n, s:n}", "file", json_path(record->output), "size", "sha256");
        tlvs = json_null();
    }
    *json =
        json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "name", json_text(record->name),
                  "outcome", outcome_name(record->outcome), "message", json_path(record->message),
                  "output", output, "inputs", json_inputs(record), "signed_by",
                  json_key(record->key), "tlvs", tlvs, "findings", json_found(record));
    return *json != NULL && !record->lost
               ? RPROCFW_OK
               : rprocfw_error_set(error, RPROCFW_ERR_MEMORY, "out of memory");
}

/* ---- Files ---- */

static int save(const struct sign_options *o, const char *path, const json_t *document,
                const struct words *keep)
{
    const struct rprocfw_save_job job = {
        .output = path, .no_sync = o->no_sync, .keep = keep->word, .keep_count = keep->count};
    struct rprocfw_error error;
    char *text = document != NULL ? json_dumps(document, JSON_INDENT(2)) : NULL;
    size_t size;
    int status = EXIT_DONE;

    if (text == NULL)
        return no_memory(o->tool);
    size = strlen(text);
    text[size] = '\n'; /* in place of its end */
    if (rprocfw_save(&job, text, size + 1, &error) != RPROCFW_OK)
        status = fail(o->tool, &error);
    free(text);
    return status;
}

static int write_report(const struct sign_options *o, const struct sign_record *records,
                        size_t count, const struct words *keep)
{
    json_t *document =
        json_pack("{s:i, s:{s:s, s:s}, s:b, s:[]}", "schema", 1, "tool", "name", o->tool, "version",
                  RPROCFW_PACKAGE_VERSION, "dry_run", o->dry_run, "containers");
    json_t *list = json_object_get(document, "containers");
    struct rprocfw_error error;
    int status = EXIT_DONE;

    for (size_t i = 0; i < count && document != NULL && status == EXIT_DONE; i++) {
        json_t *container = NULL;

        if (json_record(&records[i], !o->dry_run, &container, &error) != RPROCFW_OK)
            status = fail(o->tool, &error);
        else if (json_array_append_new(list, container) != 0)
            status = no_memory(o->tool);
    }
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
