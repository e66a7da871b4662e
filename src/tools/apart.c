/* SPDX-License-Identifier: BSD-2-Clause */
/* What is read is not written to, and a passphrase does not come from it. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apart.h"
#include "options.h"

/* A file, if there is one; st_ino and st_dev tell which. */
struct place {
    bool is;
    struct stat info;
};

static bool same(const struct place *a, const struct place *b)
{
    return a->is && b->is && a->info.st_dev == b->info.st_dev && a->info.st_ino == b->info.st_ino;
}

int read_apart(const char *const *paths, size_t count, const struct passphrase *passphrase,
               bool to_stdout, const char *tool)
{
    struct place output = {.is = to_stdout};
    struct place source = {0};

    if (to_stdout && fstat(STDOUT_FILENO, &output.info) != 0) {
        complain(tool, "standard output: cannot look at: %s", strerror(errno));
        return EXIT_FAILED;
    }
    output.is = to_stdout && S_ISREG(output.info.st_mode); /* not a terminal, for example */
    /* from a folder nothing is read */
    source.is = passphrase != NULL && passphrase_look_at(passphrase, &source.info) &&
                !S_ISDIR(source.info.st_mode);
    if (same(&output, &source))
        return usage_error(tool, "--passphrase: standard output goes to the file that it is read "
                                 "from; send it to another");
    for (size_t i = 0; i < count; i++) {
        struct place input;

        input.is = stat(paths[i], &input.info) == 0; /* or who opens it says why */
        if (same(&output, &input))
            return usage_error(tool,
                               "%s: standard output goes to this file, which is read; send it to "
                               "another",
                               paths[i]);
        if (same(&source, &input))
            return usage_error(
                tool,
                "--passphrase: it is to be read from %s, which is read for something "
                "else; give it from elsewhere",
                paths[i]);
    }
    return EXIT_DONE;
}
