/* SPDX-License-Identifier: BSD-2-Clause */
/* What rproc-key can do: a function for each subcommand. */
#ifndef RPROCFW_TOOLS_KEY_SUBCOMMANDS_H
#define RPROCFW_TOOLS_KEY_SUBCOMMANDS_H

/* argv[0] is the name of the subcommand, what follows belongs to it. The exit status. */
int key_show(const char *tool, int argc, char **argv);
int key_public(const char *tool, int argc, char **argv);
int key_pkeyinfo(const char *tool, int argc, char **argv);
int key_c_source(const char *tool, int argc, char **argv);
int key_match(const char *tool, int argc, char **argv);

#endif
