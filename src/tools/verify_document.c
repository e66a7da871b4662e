/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify for machines: the report as a tree, or in SARIF what is wrong. */
#include <string.h>

#include "report_json.h"
#include "sarif.h"
#include "verify.h"

json_t *verify_document_new(const struct verify_options *o)
{
    return o->format == FORMAT_SARIF ? sarif_new(o->tool) : document_new();
}

/* Is it refused for what the board's check is about, by the same name? */
static bool is_verdict(const struct rprocfw_report *report, const char *check)
{
    return report->verdict == RPROCFW_VERDICT_REJECT &&
           strcmp(rprocfw_status_name(report->status), check) == 0;
}

/* The verdict, then the board's answer, then what was found. Without a board the answer is only
 * that of a usual one. */
static bool add_results(json_t *log, const struct rprocfw_report *report)
{
    const struct rprocfw_device *device = &report->device;
    bool done = true;

    if (report->verdict == RPROCFW_VERDICT_REJECT)
        done = sarif_add(log, report->path, RPROCFW_FINDING_ERROR,
                         rprocfw_status_name(report->status), report->message);
    if (done && device->is_predicted && device->result != 0 && !is_verdict(report, device->check))
        done = sarif_add(log, report->path,
                         device->board != NULL ? RPROCFW_FINDING_ERROR : RPROCFW_FINDING_WARNING,
                         device->check, device->reason);
    for (size_t i = 0; i < report->findings.count && done; i++) {
        const struct rprocfw_finding *finding = &report->findings.finding[i];

        done = sarif_add(log, report->path, finding->level, finding->id, finding->text);
    }
    return done;
}

bool verify_document_add(const struct verify_options *o, json_t *document,
                         const struct rprocfw_report *report)
{
    if (o->format == FORMAT_TEXT)
        return true;
    if (o->format == FORMAT_SARIF)
        return add_results(document, report);
    return document_add_verdict(document, report) &&
           (!o->coverage || document_add_coverage(document, report));
}

bool verify_document_add_difference(const struct verify_options *o, json_t *document,
                                    const char *path, const char *name, const char *difference)
{
    if (o->format == FORMAT_TEXT)
        return true;
    if (o->format == FORMAT_SARIF)
        return difference[0] == '\0' ||
               sarif_add(document, path, RPROCFW_FINDING_ERROR, "not-as-manifest", difference);
    return document_add_manifest(document, name, difference);
}

bool verify_document_add_error(const struct verify_options *o, json_t *document, const char *path,
                               const struct rprocfw_error *error)
{
    if (o->format == FORMAT_TEXT)
        return true;
    if (o->format == FORMAT_SARIF)
        return sarif_add(document, path, RPROCFW_FINDING_ERROR, "not-judged", error->text);
    return document_add_error(document, path, error);
}
