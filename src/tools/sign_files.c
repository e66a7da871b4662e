/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of the words on the command line of rproc-sign are inputs, and what the output is called.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sign_options.h"

bool sign_of_container(const struct sign_options *o)
{
    return o->mode != SIGN_ELF;
}

/* False, with errno: it cannot be read. */
static bool look_for_elf(const char *path, bool *is)
{
    static const char magic[4] = {0x7F, 'E', 'L', 'F'};
    char start[4];
    FILE *file = fopen(path, "rbe");
    bool read;
    int reason;

    if (file == NULL)
        return false;
    *is = fread(start, 1, sizeof(start), file) == sizeof(start) &&
          memcmp(start, magic, sizeof(magic)) == 0;
    read = ferror(file) == 0;
    reason = errno;
    (void)fclose(file);
    errno = reason;
    return read;
}

/* An output that is there and was not named with --out may be an ELF file by mistake. */
static int check_out(const struct sign_options *o)
{
    struct stat info;
    bool is_elf = false;

    /* regular files only: to open a FIFO would wait for its other end */
    if (strcmp(o->out, "-") == 0 || stat(o->out, &info) != 0 || !S_ISREG(info.st_mode))
        return EXIT_DONE;
    if (!look_for_elf(o->out, &is_elf)) {
        complain(o->tool,
                 "%s: stands where the output belongs, and cannot be read to see whether it is an "
                 "ELF file: %s; name the output with --out",
                 o->out, strerror(errno));
        return EXIT_FAILED;
    }
    if (is_elf)
        return usage_error(o->tool,
                           "%s: stands where the output belongs, but is an ELF file; name the "
                           "output with --out",
                           o->out);
    return EXIT_DONE;
}

bool sign_to_stdout(const struct sign_options *o)
{
    return o->out != NULL && strcmp(o->out, "-") == 0;
}

/* "NAME.sig" and the like: of the name so many bytes. */
static int make_name(const struct sign_options *o, char **made, const char *name, size_t length,
                     const char *ending)
{
    if (asprintf(made, "%.*s%s", (int)length, name, ending) >= 0)
        return EXIT_DONE;
    *made = NULL;
    return no_memory(o->tool);
}

static int make_out(struct sign_options *o, const char *name, const char *ending)
{
    const int status = make_name(o, &o->made, name, strlen(name), ending);

    o->out = o->made;
    return status;
}

/* What is to be signed is FILE.tbs: the container will be FILE.sig. */
static int name_what_comes(struct sign_options *o)
{
    static const char ending[] = ".tbs";
    const size_t whole = strlen(o->tbs);
    const size_t more = strlen(ending);
    const bool has_ending = whole > more && strcmp(o->tbs + whole - more, ending) == 0;
    const int status = make_name(o, &o->tbs_signature, o->tbs, whole, ".signature");

    return status == EXIT_DONE
               ? make_name(o, &o->tbs_out, o->tbs, has_ending ? whole - more : whole, ".sig")
               : status;
}

/* Tell operands into inputs and output: with --tbs all are inputs. */
static int set_inputs(struct sign_options *o)
{
    const bool last_is_out = o->out == NULL && o->tbs == NULL && o->operands.count > 0 &&
                             o->inputs.count + o->operands.count > 1;
    const size_t inputs = o->operands.count - (last_is_out ? 1 : 0);

    for (size_t i = 0; i < inputs; i++)
        if (words_add(&o->inputs, o->operands.word[i], o->tool) != EXIT_DONE)
            return EXIT_FAILED;
    if (o->inputs.count == 0)
        return sign_of_container(o) ? usage_error(o->tool, "%s: no container", o->mode_option)
                                    : usage_error(o->tool, "no ELF file to sign");
    if (sign_of_container(o) && o->inputs.count > 1)
        return usage_error(o->tool, "%s takes one container, found %zu", o->mode_option,
                           o->inputs.count);
    if (!last_is_out)
        return EXIT_DONE;
    o->out = o->operands.word[inputs];
    return check_out(o);
}

static int set_out(struct sign_options *o)
{
    if (o->out != NULL)
        return o->out[0] == '\0' ? usage_error(o->tool, "the name of the output is empty")
                                 : EXIT_DONE;
    if (o->tbs != NULL && strcmp(o->tbs, "-") == 0)
        return usage_error(o->tool, "--tbs -: name the unsigned container with --out");
    if (o->tbs != NULL)
        return make_out(o, o->tbs, ".unsigned");
    if (sign_of_container(o))
        return usage_error(o->tool, "%s: no output; name it behind the container", o->mode_option);
    if (o->inputs.count > 1)
        return usage_error(o->tool, "%zu ELF files and no output; name it with --out",
                           o->inputs.count);
    return make_out(o, o->inputs.word[0], ".sig");
}

int sign_set_files(struct sign_options *o)
{
    int status = set_inputs(o);

    if (status == EXIT_DONE)
        status = set_out(o);
    if (status != EXIT_DONE)
        return status;
    if (o->tbs != NULL && sign_to_stdout(o))
        return usage_error(o->tool, "--tbs: the unsigned container cannot go to standard output; "
                                    "name a file with --out");
    if ((sign_to_stdout(o) || (o->tbs != NULL && strcmp(o->tbs, "-") == 0)) && !o->dry_run &&
        isatty(STDOUT_FILENO))
        return usage_error(o->tool, "standard output is a terminal; a container is no text");
    return o->tbs != NULL ? name_what_comes(o) : EXIT_DONE;
}
