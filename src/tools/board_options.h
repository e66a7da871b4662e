/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that all tools have that know boards. */
#ifndef RPROCFW_TOOLS_BOARD_OPTIONS_H
#define RPROCFW_TOOLS_BOARD_OPTIONS_H

#include <rprocfw/board.h>

#include "options.h"
#include "passphrase.h"
#include "words.h"

/* For a table of long options. */
enum board_option { BOARD_OPTION_BOARD = 2048, BOARD_OPTION_NODE, BOARD_OPTION_LINUX };

#define BOARD_LONG_OPTIONS                                          \
    {"board", required_argument, NULL, BOARD_OPTION_BOARD},         \
        {"rproc-node", required_argument, NULL, BOARD_OPTION_NODE}, \
        {"rproc_node", required_argument, NULL, BOARD_OPTION_NODE}, \
        {"linux-dtb", required_argument, NULL, BOARD_OPTION_LINUX}, \
    {                                                               \
        "linux_dtb", required_argument, NULL, BOARD_OPTION_LINUX    \
    }

/* What they say. Start with {0}. */
struct board_options {
    struct rprocfw_board_source source; /* name NULL: no board */
};

/* Is option one of these? If so take optarg: *status is EXIT_DONE, or what usage_error returns. */
bool board_options_take(struct board_options *o, int option, const char *tool, int *status);

/* EXIT_DONE, or what usage_error returns: one of them needs another. */
int board_options_check(const struct board_options *o, const char *tool);

/* As read_apart, of the files that they name. */
int board_options_read_apart(const struct board_options *o, const struct passphrase *passphrase,
                             const char *tool);

/* Adds the files that they name: no output is to take the place of one. Exit status. */
int board_options_keep(const struct board_options *o, struct words *kept, const char *tool);

/* *board is to be freed; NULL: there is none, without one being asked for, too. Exit status. */
int board_options_load(const struct board_options *o, struct rprocfw_board **board,
                       const char *tool);

#endif
