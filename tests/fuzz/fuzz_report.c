/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that rproc-dump shows of a file: older layouts, broken containers, coverage. */
#include <stdlib.h>

#include <rprocfw/report.h>

#include "fuzz.h"

/* Unsigned ranges are inside the file, in order, and do not overlap. */
static void check_ranges(const struct rprocfw_report *report)
{
    uint64_t end = 0;

    for (size_t i = 0; i < report->unsigned_count; i++) {
        const struct rprocfw_report_range *range = &report->unsigned_ranges[i];

        if (range->size == 0 || range->offset < end)
            abort();
        end = (uint64_t)range->offset + range->size;
    }
    if (end > report->file_size)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct rprocfw_report report;
    struct rprocfw_error error;
    struct fuzz_file file;

    fuzz_file_make(&file, data, size);
    if (rprocfw_report_build(&report, file.path, RPROCFW_REPORT_STRUCTURE, NULL, &error) ==
        RPROCFW_OK) {
        check_ranges(&report);
        rprocfw_report_free(&report);
    }
    fuzz_file_close(&file);
    return 0;
}
