/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes written to a file, whole or not at all. */
#include <rprocfw/save.h>

#include "../host.h"

enum rprocfw_status rprocfw_save(const struct rprocfw_save_job *job, const void *bytes, size_t size,
                                 struct rprocfw_error *error)
{
    struct rprocfw_output output;
    enum rprocfw_status status =
        rprocfw_output_keep(job->output, job->keep, job->keep_count, error);

    if (status != RPROCFW_OK)
        return status;
    status = rprocfw_output_open(&output, job->output, error);
    output.no_sync = job->no_sync;
    if (status == RPROCFW_OK)
        status = rprocfw_write(output.fd, rprocfw_output_name(&output), bytes, size, error);
    if (status == RPROCFW_OK)
        status = rprocfw_output_commit(&output, job->output_fd, error);
    rprocfw_output_discard(&output);
    return status;
}
