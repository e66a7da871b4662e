/* SPDX-License-Identifier: BSD-2-Clause */
/* What --help prints: one screen of it, and the rest by topic. */
#ifndef RPROCFW_TOOLS_HELP_H
#define RPROCFW_TOOLS_HELP_H

/* Texts have lines of 80 columns at most; the screen has 24 of them. */
struct help_topic {
    const char *name;  /* --help NAME */
    const char *about; /* for the list of topics */
    const char *text;  /* its title, and all options that belong to it */
};

struct help {
    const char *usage;               /* how to call it, and what it does */
    const char *options;             /* the options; where there are topics, those most used */
    const struct help_topic *topics; /* all options, each in one; {0} ends them. NULL: no topics */
    const char *end;                 /* exit status, example */
};

/*
 * name: of a topic; NULL: none was given, which shows the one screen. EXIT_DONE, or what
 * usage_error returns for one that there is not.
 */
int help_print(const struct help *help, const char *name, const char *tool);

/* Of the programs that have topics. */
extern const struct help help_sign;
extern const struct help help_verify;

#endif
