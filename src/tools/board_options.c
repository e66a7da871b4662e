/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that all tools have that know boards. */
#include <string.h>

#include "apart.h"
#include "board_options.h"

bool board_options_take(struct board_options *o, int option, const char *tool, int *status)
{
    switch (option) {
    case BOARD_OPTION_BOARD:
        if (*optarg == '\0') {
            *status = usage_error(tool, "--board is empty; rproc-verify --list-boards names them");
            return true;
        }
        *status = set_once(tool, &o->source.name, "--board", optarg);
        return true;
    case BOARD_OPTION_NODE:
        *status = set_once(tool, &o->source.node, "--rproc-node", optarg);
        return true;
    case BOARD_OPTION_LINUX:
        *status = set_once(tool, &o->source.linux_dtb, "--linux-dtb", optarg);
        return true;
    default:
        return false;
    }
}

int board_options_check(const struct board_options *o, const char *tool)
{
    if (o->source.name != NULL)
        return EXIT_DONE;
    if (o->source.linux_dtb != NULL)
        return usage_error(tool, "--linux-dtb without --board: whose Linux is it?");
    if (o->source.node != NULL)
        return usage_error(tool, "--rproc-node without --board: in which blob is it?");
    return EXIT_DONE;
}

/* The files that they name; a name without these characters is that of a board. Their number. */
static size_t list_files(const struct board_options *o, const char *files[2])
{
    size_t count = 0;

    if (o->source.name != NULL && strpbrk(o->source.name, "/.") != NULL)
        files[count++] = o->source.name;
    if (o->source.linux_dtb != NULL)
        files[count++] = o->source.linux_dtb;
    return count;
}

int board_options_read_apart(const struct board_options *o, const struct passphrase *passphrase,
                             const char *tool)
{
    const char *files[2];
    const size_t count = list_files(o, files);

    return read_apart(files, count, passphrase, true, tool);
}

int board_options_keep(const struct board_options *o, struct words *kept, const char *tool)
{
    const char *files[2];
    const size_t count = list_files(o, files);
    int status = EXIT_DONE;

    for (size_t i = 0; i < count && status == EXIT_DONE; i++)
        status = words_add(kept, files[i], tool);
    return status;
}

int board_options_load(const struct board_options *o, struct rprocfw_board **board,
                       const char *tool)
{
    struct rprocfw_error error;

    *board = NULL;
    if (o->source.name == NULL || rprocfw_board_load(board, &o->source, &error) == RPROCFW_OK)
        return EXIT_DONE;
    return fail(tool, &error);
}
