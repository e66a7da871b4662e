/* SPDX-License-Identifier: BSD-2-Clause */
/* What rproc-key can do: a function and a file for each subcommand. */
#ifndef RPROCFW_TOOLS_KEY_SUBCOMMANDS_H
#define RPROCFW_TOOLS_KEY_SUBCOMMANDS_H

/* The text of --help, for all of them. */
extern const char key_help[];

/* argv[0] is the name of the subcommand, what follows belongs to it. The exit status. */
int key_c_source(const char *tool, int argc, char **argv);

#endif
