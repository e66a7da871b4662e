/* SPDX-License-Identifier: BSD-2-Clause */
/* The option --map: a picture, made and written. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rprocfw/save.h>

#include "map.h"
#include "map_file.h"

bool map_to_stdout(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

int map_check(const char *path, size_t files, bool text, const char *tool)
{
    if (path == NULL)
        return EXIT_DONE;
    if (path[0] == '\0')
        return usage_error(tool, "--map: the name of the picture is empty");
    if (files > 1)
        return usage_error(tool, "--map takes one file, found %zu", files);
    if (map_to_stdout(path) && !text)
        return usage_error(tool, "--map - and --format: both go to standard output; give the "
                                 "picture a file");
    return EXIT_DONE;
}

static bool draw(const struct rprocfw_report *report, const struct rprocfw_board *board,
                 char **text, size_t *size)
{
    struct map map;
    const bool done = map_build(&map, report, board) && map_svg(&map, text, size);

    map_free(&map);
    return done;
}

int map_write(const char *path, const struct rprocfw_report *report,
              const struct rprocfw_board *board, const struct words *keep, const char *tool)
{
    const struct rprocfw_save_job job = {
        .output = map_to_stdout(path) ? NULL : path,
        .output_fd = STDOUT_FILENO,
        .keep = keep->word,
        .keep_count = keep->count,
    };
    struct rprocfw_error error;
    char *text = NULL;
    size_t size = 0;
    int status = EXIT_DONE;

    if (!draw(report, board, &text, &size))
        status = no_memory(tool);
    else if (rprocfw_save(&job, text, size, &error) != RPROCFW_OK)
        status = fail(tool, &error);
    free(text);
    return status;
}
