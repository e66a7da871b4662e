/* SPDX-License-Identifier: BSD-2-Clause */
/* A report, and that what it says lies inside the file. */
#include "report.h"
#include "fuzz.h"

/* All ranges follow each other from the first byte to the last; unsigned ones are in order. */
static void check_ranges(const struct rprocfw_report *report)
{
    uint64_t end = 0;

    for (size_t i = 0; i < report->range_count; i++) {
        FUZZ_HOLDS(report->ranges[i].offset == end && report->ranges[i].size != 0);
        end += report->ranges[i].size;
    }
    FUZZ_HOLDS(end == report->file_size);
    end = 0;
    for (size_t i = 0; i < report->unsigned_count; i++) {
        const struct rprocfw_report_range *range = &report->unsigned_ranges[i];

        FUZZ_HOLDS(range->size != 0 && range->offset >= end);
        end = range->offset + range->size;
    }
    FUZZ_HOLDS(end <= report->file_size);
}

static void check_parts(const struct rprocfw_report *report)
{
    FUZZ_HOLDS(report->metadata_size <= report->file_size);
    FUZZ_HOLDS(report->signature_size <= report->metadata_size);
    for (size_t i = 0; i < report->tlv_count; i++)
        FUZZ_HOLDS(report->tlvs[i].offset + (uint64_t)report->tlvs[i].length <=
                   report->metadata_size);
    for (size_t i = 0; i < report->image_count; i++)
        FUZZ_HOLDS(report->images[i].offset < report->file_size);
}

bool fuzz_report_build(struct rprocfw_report *report, const char *path,
                       enum rprocfw_report_mode mode, const struct rprocfw_keys *keys)
{
    const struct rprocfw_report_job job = {
        .path = path, .mode = mode, .keys = keys, .preflight = true};
    struct rprocfw_error error = {0};

    if (rprocfw_report_build(report, &job, &error) != RPROCFW_OK) {
        FUZZ_HOLDS(error.text[0] != '\0' && report->path == NULL);
        return false;
    }
    FUZZ_HOLDS((report->status == RPROCFW_OK) == (report->verdict != RPROCFW_VERDICT_REJECT));
    FUZZ_HOLDS((report->status == RPROCFW_OK) == (report->message[0] == '\0'));
    check_parts(report);
    check_ranges(report);
    return true;
}
