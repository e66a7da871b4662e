/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rproc-dump --extract of any file: no more files than parts, none longer than the container,
 * nothing left behind when it fails, nothing overwritten.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"
#include "report.h"

/* Removes the folder; returns how many files were in it. */
static size_t empty(const char *path, uint64_t most)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;
    struct stat info;
    size_t count = 0;

    if (folder == NULL)
        return 0;
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] == '.')
            continue;
        FUZZ_HOLDS(fstatat(dirfd(folder), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) == 0);
        FUZZ_HOLDS(S_ISREG(info.st_mode) && (uint64_t)info.st_size <= most);
        FUZZ_HOLDS(unlinkat(dirfd(folder), entry->d_name, 0) == 0);
        count++;
    }
    (void)closedir(folder);
    FUZZ_HOLDS(rmdir(path) == 0);
    return count;
}

static void extract(const struct rprocfw_report *report, const char *folder)
{
    const size_t parts = report->image_count + report->tlv_count + (report->signature != NULL);
    struct rprocfw_error error = {0};
    struct stat info;

    if (rprocfw_report_extract(report, folder, &error) != RPROCFW_OK) {
        FUZZ_HOLDS(error.text[0] != '\0' && stat(folder, &info) != 0);
        return;
    }
    if (parts > 0)
        FUZZ_HOLDS(rprocfw_report_extract(report, folder, &error) == RPROCFW_ERR_FILE);
    FUZZ_HOLDS(empty(folder, report->file_size) == parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char folder[64]; /* in memory, where the system has such a place */
    struct rprocfw_report report;
    struct fuzz_file file;

    if (folder[0] == '\0')
        (void)snprintf(folder, sizeof(folder), "%s/rprocfw-fuzz-%ld",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (long)getpid());
    fuzz_file_make(&file, data, size);
    if (fuzz_report_build(&report, file.path, RPROCFW_REPORT_STRUCTURE, NULL)) {
        extract(&report, folder);
        rprocfw_report_free(&report);
    }
    fuzz_file_close(&file);
    return 0;
}
