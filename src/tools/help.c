/* SPDX-License-Identifier: BSD-2-Clause */
/* What --help prints: one screen of it, and the rest by topic. */
#include <stdio.h>
#include <string.h>

#include "help.h"
#include "options.h"

static const struct help_topic no_topics = {0};

static const struct help_topic *topics_of(const struct help *help)
{
    return help->topics != NULL ? help->topics : &no_topics;
}

static void print_screen(const struct help *help)
{
    (void)fputs(help->usage, stdout);
    (void)fputs(help->options, stdout);
    for (const struct help_topic *topic = topics_of(help); topic->name != NULL; topic++)
        (void)printf("      %-11s %s\n", topic->name, topic->about);
    if (help->topics != NULL)
        (void)fputs("      all         all of it\n", stdout);
    (void)fputs(help->end, stdout);
}

static void print_all(const struct help *help)
{
    (void)fputs(help->usage, stdout);
    for (const struct help_topic *topic = help->topics; topic->name != NULL; topic++)
        (void)printf("%s\n", topic->text);
    (void)fputs(help->end, stdout);
}

static int no_such_topic(const struct help *help, const char *name, const char *tool)
{
    char names[256] = "";
    size_t used = 0;

    for (const struct help_topic *topic = topics_of(help);
         topic->name != NULL && used < sizeof(names); topic++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s, ", topic->name);
    return usage_error(tool, "--help %s: no topic; expected %sall", name, names);
}

int help_print(const struct help *help, const char *name, const char *tool)
{
    const struct help_topic *topic = topics_of(help);

    if (name == NULL || (help->topics == NULL && strcmp(name, "all") == 0)) {
        print_screen(help);
        return EXIT_DONE;
    }
    if (strcmp(name, "all") == 0) {
        print_all(help);
        return EXIT_DONE;
    }
    /* the beginning of one will do: a test holds that no two have the same */
    while (topic->name != NULL && (*name == '\0' || strncmp(topic->name, name, strlen(name)) != 0))
        topic++;
    if (topic->name == NULL)
        return no_such_topic(help, name, tool);
    (void)fputs(topic->text, stdout);
    return EXIT_DONE;
}
