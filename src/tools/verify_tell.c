/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify: what it says of a container, and of the board that is to load it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "explain.h"
#include "map_file.h"
#include "options.h"
#include "report_coverage.h"
#include "report_text.h"
#include "verify.h"

/* In text, is nothing to be said of what is accepted, or standard output for something else? */
static bool is_silent(const struct verify_options *o)
{
    return o->format != FORMAT_TEXT || o->quiet || map_to_stdout(o->map);
}

static void print_report(const struct verify_options *o, const struct rprocfw_report *report)
{
    if (report->verdict != RPROCFW_VERDICT_REJECT)
        print_verdict(report, o->verbose);
    else if (o->coverage)
        print_refused(report);
    if (o->coverage)
        print_coverage(report);
}

/* Does the board say so itself, where it refuses the container? */
static bool is_answered(const struct rprocfw_finding *finding, const struct rprocfw_device *device)
{
    return finding->check != NULL && device->is_predicted && device->check != NULL &&
           strcmp(finding->check, device->check) == 0;
}

/* What keeps the firmware from running on the board; true: nothing does. */
static bool tell_errors(const struct verify_options *o, const struct rprocfw_report *report,
                        const char *ta)
{
    const struct rprocfw_findings *findings = &report->findings;
    const bool loads = report->device.is_predicted && report->device.result == 0;
    bool runs = true;

    for (size_t i = 0; i < findings->count; i++) {
        const struct rprocfw_finding *finding = &findings->finding[i];

        if (finding->level != RPROCFW_FINDING_ERROR || is_answered(finding, &report->device))
            continue;
        complain(o->tool, "%s: board %s (%s): %s run: %s: %s", report->path, o->board->name, ta,
                 loads ? "loads, but would not" : "would not", finding->id, finding->text);
        runs = false;
    }
    return runs;
}

/* What the board will say, beside the verdict. Is it good enough for the board? */
bool verify_tell_device(const struct verify_options *o, const struct rprocfw_report *report)
{
    const struct rprocfw_device *device = &report->device;
    const bool refused = device->is_predicted && device->result != 0;
    const bool good = report->verdict != RPROCFW_VERDICT_REJECT;
    char ta[RPROCFW_TA_NAME];
    bool runs;

    (void)rprocfw_ta_name(&device->ta, ta);
    if (o->board == NULL && refused && good && !o->quiet)
        complain(o->tool, "warning: %s: boards with %s do not load it: %s 0x%08" PRIx32 ": %s; %s",
                 report->path, ta, device->name, device->result, device->reason, device->remedy);
    if (o->board == NULL)
        return true;
    if (refused)
        complain(o->tool, "%s: board %s (%s): does not load: %s 0x%08" PRIx32 ": %s; %s",
                 report->path, o->board->name, ta, device->name, device->result, device->reason,
                 device->remedy);
    else if (!device->is_predicted)
        complain(o->tool, "%s: board %s (%s): cannot be foretold: %s", report->path, o->board->name,
                 ta, device->reason);
    runs = tell_errors(o, report, ta);
    if (device->is_predicted && !refused && runs && !is_silent(o))
        print_loads(report);
    return device->is_predicted && !refused && (runs || !o->strict);
}

/* Say what there is to say of one file; false: no memory for it. */
bool verify_tell(const struct verify_options *o, json_t *document,
                 const struct rprocfw_report *report)
{
    if (o->answer != NULL && o->format == FORMAT_TEXT)
        print_answer_to(o->answer, report, o->board, o->verbose);
    else if (!is_silent(o))
        print_report(o, report);
    if (report->verdict == RPROCFW_VERDICT_REJECT && o->answer == NULL)
        complain(o->tool, "%s: %s", report->path, report->message);
    return verify_document_add(o, document, report);
}
