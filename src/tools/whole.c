/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that become the value of a TLV, read whole: pipes, too. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "whole.h"

enum rprocfw_status read_whole(const char *path, size_t limit, uint8_t **bytes, size_t *size,
                               struct rprocfw_error *error)
{
    FILE *file = fopen(path, "rbe");
    size_t room = 4096;

    *bytes = NULL;
    *size = 0;
    if (file == NULL)
        return rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot open: %s", path,
                                 strerror(errno));
    for (;;) {
        uint8_t *grown = realloc(*bytes, room);
        size_t got;

        if (grown == NULL) {
            rprocfw_error_set(error, RPROCFW_ERR_MEMORY, "out of memory");
            break;
        }
        *bytes = grown;
        got = fread(*bytes + *size, 1, room - *size, file);
        *size += got;
        if (ferror(file)) {
            rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: cannot read: %s", path,
                              strerror(errno));
            break;
        }
        if (got == 0) {
            (void)fclose(file);
            return RPROCFW_OK;
        }
        if (*size > limit) {
            rprocfw_error_set(error, RPROCFW_ERR_FILE, "%s: more than %zu bytes for one TLV", path,
                              limit);
            break;
        }
        if (*size == room)
            room *= 2;
    }
    (void)fclose(file);
    free(*bytes);
    *bytes = NULL;
    return error->status;
}
