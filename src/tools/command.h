/* SPDX-License-Identifier: BSD-2-Clause */
/* A program and its arguments in one string, as an option has them, and the other way round. */
#ifndef RPROCFW_TOOLS_COMMAND_H
#define RPROCFW_TOOLS_COMMAND_H

#include <stdio.h>

#include <rprocfw/error.h>

struct command {
    char **argv; /* NULL ends it */
    char *path;  /* the program's file */
    char *text;  /* where the words are */
};

/*
 * Splits what an option gives into words, and looks for the first one in PATH if it has no slash.
 * No shell: white space parts words; '...' is what it says; in "..." a backslash stands before "
 * and \, elsewhere before any character. RPROCFW_ERR_USAGE: it is no command line; _FILE: there is
 * no such program; _MEMORY. command_free in any case.
 */
enum rprocfw_status command_parse(struct command *command, const char *option, const char *from,
                                  struct rprocfw_error *error);
void command_free(struct command *command);

/* A word as a shell takes it: it may be copied from what a terminal shows. */
void print_word(FILE *to, const char *word);

#endif
