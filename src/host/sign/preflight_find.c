/* SPDX-License-Identifier: BSD-2-Clause */
/* What is found in a new container beyond the checks of boards, before it gets its name. */
#include <string.h>

#include "../device/device.h"
#include "../findings/findings.h"
#include "../host.h"

/* The key, PKEYINFO and the heap are spoken of while the container is made; notes are for who looks
 * at it. */
static bool is_for_signer(const struct rprocfw_finding *finding)
{
    static const char *const said[] = {"published-key", "pkeyinfo-other-key", "table-too-large"};

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
        if (strcmp(finding->id, said[i]) == 0)
            return false;
    return finding->level != RPROCFW_FINDING_NOTE;
}

static void note(const struct rprocfw_preflight_job *job, const struct rprocfw_finding *finding)
{
    const struct rprocfw_watch *watch = job->watch;

    if (watch->found != NULL)
        watch->found(watch->ctx, rprocfw_preflight_file(job, finding->image), finding->level,
                     finding->id, finding->text);
}

/* All are told before the first error refuses. */
static enum rprocfw_status tell(const struct rprocfw_preflight_job *job,
                                const struct rprocfw_findings *findings,
                                struct rprocfw_error *error)
{
    const struct rprocfw_finding *refused = NULL;

    for (size_t i = 0; i < findings->count; i++) {
        const struct rprocfw_finding *finding = &findings->finding[i];

        note(job, finding);
        if (!is_for_signer(finding))
            continue;
        if (refused == NULL && finding->level == RPROCFW_FINDING_ERROR &&
            job->preflight == RPROCFW_PREFLIGHT_STRICT)
            refused = finding;
        else
            rprocfw_log(job->log, RPROCFW_LOG_WARNING, "%s: %s%s: %s",
                        rprocfw_preflight_file(job, finding->image),
                        finding->level == RPROCFW_FINDING_ERROR ? "would not run: " : "",
                        finding->id, finding->text);
    }
    if (refused == NULL)
        return RPROCFW_OK;
    return rprocfw_error_set(error, RPROCFW_ERR_INPUT,
                             "%s: not signed: it would not run on the board %s: %s: %s, or sign "
                             "without --preflight=strict",
                             rprocfw_preflight_file(job, refused->image), job->board->name,
                             refused->id, refused->text);
}

/* As a report of the container would list it. */
static enum rprocfw_status list(struct rprocfw_report *report,
                                const struct rprocfw_preflight_found *found,
                                struct rprocfw_error *error)
{
    const struct rprocfw_view *view = found->job->foretell.view;
    const enum rprocfw_status status = rprocfw_report_list(report, view, error);

    report->signed_by = found->key;
    report->decrypted = RPROCFW_DECRYPTED_ORIGINAL;
    for (size_t i = 0; i < report->image_count; i++)
        rprocfw_report_note(report, &found->image[i]);
    return status;
}

enum rprocfw_status rprocfw_preflight_find(const struct rprocfw_preflight_found *found,
                                           struct rprocfw_error *error)
{
    struct rprocfw_report report = {0};
    struct rprocfw_findings findings = {0};
    const struct rprocfw_finding_job job = {
        .report = &report,
        .view = found->job->foretell.view,
        .loaded = found->loaded,
        .board = found->job->board,
    };
    enum rprocfw_status status = list(&report, found, error);

    if (status == RPROCFW_OK)
        status = rprocfw_findings_build(&findings, &job, error);
    if (status == RPROCFW_OK)
        status = tell(found->job, &findings, error);
    rprocfw_findings_free(&findings);
    rprocfw_report_free(&report);
    return status;
}
