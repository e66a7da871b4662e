/* SPDX-License-Identifier: BSD-2-Clause */
/* The signature of a container, on its own: raw or in DER. */
#include <stdlib.h>

#include <openssl/crypto.h>

#include <rprocfw/save.h>

#include "../host.h"

static enum rprocfw_status guard(const struct rprocfw_signature_job *job,
                                 struct rprocfw_error *error)
{
    enum rprocfw_status status;
    bool same;

    status = rprocfw_output_is(job->output, job->container, &same, error);
    if (status == RPROCFW_OK && same)
        status =
            rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                              "%s: the output is the container; name another output", job->output);
    return status == RPROCFW_OK
               ? rprocfw_output_keep(job->output, job->keep, job->keep_count, error)
               : status;
}

static enum rprocfw_status write_bytes(const struct rprocfw_signature_job *job,
                                       const uint8_t *bytes, size_t size,
                                       struct rprocfw_error *error)
{
    const struct rprocfw_save_job save = {
        .output = job->output, .output_fd = job->output_fd, .no_sync = job->no_sync};

    return job->dry_run ? RPROCFW_OK : rprocfw_save(&save, bytes, size, error);
}

static enum rprocfw_status write_der(const struct rprocfw_signature_job *job,
                                     const struct rprocfw_report *report,
                                     struct rprocfw_error *error)
{
    enum rprocfw_status status;
    uint8_t *der;
    size_t size;

    if (report->signtype != RPROCFW_SIGNTYPE_ECDSA ||
        report->signature_size != RPROCFW_P256_SIGNATURE)
        return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                                 "%s: its signature is an RSA one, for which there is no DER; take "
                                 "it raw",
                                 report->path);
    size = rprocfw_ecdsa_to_der(report->signature, &der);
    if (size == 0)
        return rprocfw_crypto_error(error, "writing the signature in DER");
    status = write_bytes(job, der, size, error);
    OPENSSL_free(der);
    return status;
}

static enum rprocfw_status write_signature(const struct rprocfw_signature_job *job,
                                           const struct rprocfw_report *report,
                                           struct rprocfw_error *error)
{
    if (report->status != RPROCFW_OK)
        return rprocfw_error_set(error, report->status, "%s: %s", report->path, report->message);
    if (!rprocfw_is_signed(report))
        return rprocfw_error_set(error, RPROCFW_ERR_SIGNATURE,
                                 "%s: not signed yet: its signature is zero", report->path);
    return job->der ? write_der(job, report, error)
                    : write_bytes(job, report->signature, report->signature_size, error);
}

enum rprocfw_status rprocfw_signature_extract(const struct rprocfw_signature_job *job,
                                              struct rprocfw_error *error)
{
    const struct rprocfw_report_job judging = {
        .path = job->container,
        .mode = job->keys != NULL ? RPROCFW_REPORT_VERIFY : RPROCFW_REPORT_NO_SIGNATURE,
        .keys = job->keys,
    };
    struct rprocfw_report report;
    enum rprocfw_status status = guard(job, error);

    if (status == RPROCFW_OK)
        status = rprocfw_report_build(&report, &judging, error);
    if (status != RPROCFW_OK)
        return status;
    status = write_signature(job, &report, error);
    rprocfw_report_free(&report);
    return status;
}
