/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign: ELF files, or a container, and a key in, a container out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "command.h"
#include "depfile.h"
#include "manifest.h"
#include "places.h"
#include "sign_lines.h"
#include "sign_manifest.h"
#include "sign_options.h"
#include "sign_report.h"
#include "whole.h"

/* What was read of the files that options name. */
struct files {
    uint8_t *key_info;
    size_t key_info_size;
    uint8_t made_info[RPROCFW_PKEYINFO_RSA]; /* of the key */
    uint8_t *signature;
    size_t signature_size;
    struct rprocfw_enc_key enc_key;
};

/* Under the script's name the script's users are served: they may want what we refuse. */
static bool is_script_name(const char *tool)
{
    return strcmp(tool, "sign_rproc_fw") == 0 || strcmp(tool, "sign_rproc_fw.py") == 0;
}

/* Is PKEYINFO to be made of the key? The script knows files only. */
static bool key_info_is_key(const struct sign_options *o)
{
    return o->key_info != NULL && strcmp(o->key_info, "spki") == 0 && !is_script_name(o->tool);
}

/* ---- Key ---- */

static int check_key_type(const struct sign_options *o, const struct rprocfw_key *key)
{
    const bool rsa = rprocfw_key_signtype(key) == RPROCFW_SIGNTYPE_RSA;

    if (o->key_type == NULL || strcmp(o->key_type, rsa ? "RSA" : "ECC") == 0)
        return EXIT_DONE;
    complain(o->tool,
             "--key_type %s, but %s is an %s key; leave --key_type out, or name the other "
             "key",
             o->key_type, rprocfw_key_path(key), rprocfw_key_kind(key));
    return EXIT_FAILED;
}

static int load_key(struct sign_options *o, struct rprocfw_key **key)
{
    const enum rprocfw_key_use use = o->key != NULL ? RPROCFW_KEY_SIGN : RPROCFW_KEY_VERIFY;
    struct rprocfw_key_access access;
    struct rprocfw_error error;

    if (o->keys.passphrase.is_given && !o->quiet)
        complain(o->tool, "warning: --key_pwd: the command line is public, every process of this "
                          "machine can read the passphrase; use --passphrase");
    if (!o->quiet)
        key_options_warn(o->argv, o->tool);
    if (sign_key(o) == NULL) /* to extract */
        return EXIT_DONE;
    if (key_options_open(&o->keys, &access, &error) != RPROCFW_OK ||
        rprocfw_key_load(key, sign_key(o), use, &access, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return check_key_type(o, *key);
}

/* ---- Files that options name ---- */

static int check_files(const struct sign_options *o)
{
    const char *key = sign_key(o);
    const bool to_stdout =
        !o->dry_run && (sign_to_stdout(o) || (o->tbs != NULL && strcmp(o->tbs, "-") == 0));
    int status =
        read_apart(o->inputs.word, o->inputs.count, &o->keys.passphrase, to_stdout, o->tool);

    if (status == EXIT_DONE && key != NULL)
        status = read_apart(&key, 1, &o->keys.passphrase, to_stdout, o->tool);
    if (status == EXIT_DONE)
        status = read_apart(o->kept.word, o->kept.count, &o->keys.passphrase, to_stdout, o->tool);
    if (status == EXIT_DONE)
        status = board_options_read_apart(&o->board_options, &o->keys.passphrase, o->tool);
    return status;
}

static int read_file(const struct sign_options *o, const char *path, size_t limit, uint8_t **bytes,
                     size_t *size)
{
    struct rprocfw_error error;

    if (path == NULL || read_whole(path, limit, bytes, size, &error) == RPROCFW_OK)
        return EXIT_DONE;
    return fail(o->tool, &error);
}

static int read_files(struct sign_options *o, struct files *files)
{
    const char *key_info = key_info_is_key(o) ? NULL : o->key_info;
    int status = EXIT_DONE;

    if (key_info != NULL)
        status = words_add(&o->kept, key_info, o->tool);
    if (status == EXIT_DONE && o->mode == SIGN_EXTRACT && o->public_key != NULL)
        status = words_add(&o->kept, o->public_key, o->tool);
    if (status == EXIT_DONE && o->signature != NULL)
        status = words_add(&o->kept, o->signature, o->tool);
    if (status == EXIT_DONE && o->enc_key != NULL)
        status = words_add(&o->kept, o->enc_key, o->tool);
    if (status == EXIT_DONE)
        status = check_files(o);
    if (status == EXIT_DONE && passphrase_file(&o->keys.passphrase) != NULL)
        status = words_add(&o->kept, passphrase_file(&o->keys.passphrase), o->tool);
    if (status == EXIT_DONE)
        status = board_options_keep(&o->board_options, &o->kept, o->tool);
    if (status == EXIT_DONE)
        status = read_file(o, key_info, KEY_INFO_LIMIT, &files->key_info, &files->key_info_size);
    if (status == EXIT_DONE)
        status = read_file(o, o->signature, RPROCFW_ANSWER_ROOM, &files->signature,
                           &files->signature_size);
    return status;
}

static int load_enc_key(struct sign_options *o, struct files *files)
{
    const struct rprocfw_log log = sign_log(o);
    struct rprocfw_error error;

    if (o->enc_key == NULL ||
        rprocfw_enc_key_load(&files->enc_key, o->enc_key, &log, &error) == RPROCFW_OK)
        return EXIT_DONE;
    return fail(o->tool, &error);
}

/* ---- The work ---- */

/* What was read for the output, and the output: nothing that is written about it. */
static int list_files(const struct sign_options *o, struct words *files)
{
    const char *key = rprocfw_key_file(sign_key(o));
    int status = EXIT_DONE;

    for (size_t i = 0; i < o->inputs.count && status == EXIT_DONE; i++)
        status = words_add(files, o->inputs.word[i], o->tool);
    if (status == EXIT_DONE && key != NULL)
        status = words_add(files, key, o->tool);
    for (size_t i = 0; i < o->kept.count && status == EXIT_DONE; i++)
        status = words_add(files, o->kept.word[i], o->tool);
    return status;
}

/* Whatever comes of it is reported. */
static int write_report(const struct sign_options *o, const struct sign_record *record)
{
    struct words files = {0};
    int status = list_files(o, &files);

    if (status == EXIT_DONE)
        status = words_add(&files, o->out, o->tool);
    if (status == EXIT_DONE)
        status = sign_report_write(o, record, 1, &files);
    words_free(&files);
    return status;
}

static int sign_job(const struct sign_options *o, struct rprocfw_sign_job *job)
{
    struct sign_record record = {0};
    struct rprocfw_error error;
    int status = EXIT_DONE;
    int reported = EXIT_DONE;

    if (sign_recorded(&record, o, job, &error) != RPROCFW_OK) {
        sign_record_fail(&record, &error);
        status = fail(o->tool, &error);
    }
    if (sign_report_is_wanted(o))
        reported = write_report(o, &record);
    sign_record_free(&record);
    return reported > status ? reported : status;
}

static int sign(struct sign_options *o, const struct rprocfw_key *key, const struct files *files,
                const struct rprocfw_signer *signer)
{
    const bool tbs_to_stdout = o->tbs != NULL && strcmp(o->tbs, "-") == 0;
    const struct rprocfw_tbs tbs = {
        .output = tbs_to_stdout ? NULL : o->tbs,
        .output_fd = STDOUT_FILENO,
        .digest = o->digest,
    };
    struct rprocfw_sign_job job = {
        .inputs = o->inputs.word,
        .input_count = o->inputs.count,
        .container = o->mode != SIGN_ELF ? o->inputs.word[0] : NULL,
        .change = o->mode == SIGN_ATTACH    ? RPROCFW_ATTACH_SIGNATURE
                  : o->mode == SIGN_REPLACE ? RPROCFW_REPLACE_SIGNATURE
                                            : RPROCFW_RESIGN,
        .output = sign_to_stdout(o) ? NULL : o->out,
        .output_fd = STDOUT_FILENO,
        .dry_run = o->dry_run,
        .no_sync = o->no_sync,
        .nonce = o->random_nonce ? RPROCFW_NONCE_RANDOM : RPROCFW_NONCE_DERIVED,
        .key = key,
        .signer = signer,
        .tbs = o->tbs != NULL ? &tbs : NULL,
        .order = o->order,
        .strip = o->strip,
        .loadable_only = o->loadable_only,
        .enc_key = o->enc_key != NULL ? &files->enc_key : NULL,
        .iv = o->enc_deterministic ? RPROCFW_IV_DERIVED : RPROCFW_IV_RANDOM,
        .enc_pad = o->enc_pad,
        .pkeyinfo = key_info_is_key(o) ? files->made_info : files->key_info,
        .pkeyinfo_size = files->key_info_size,
        .plat_tlvs = o->plat_tlvs.tlv,
        .plat_tlv_count = o->plat_tlvs.count,
        .keep = o->kept.word,
        .keep_count = o->kept.count,
        .any_machine = o->any_machine,
        .board = o->board,
        .preflight = o->has_preflight          ? o->preflight
                     : is_script_name(o->tool) ? RPROCFW_PREFLIGHT_WARN
                                               : RPROCFW_PREFLIGHT_REFUSE,
        .private_pkeyinfo = is_script_name(o->tool),
        .log = sign_log(o),
    };
    const int status = sign_job(o, &job);

    if (status != EXIT_DONE)
        return status;
    if (o->tbs != NULL && !tbs_to_stdout && !o->dry_run && !o->quiet)
        return print_sign_lines(o, key);
    return sign_to_stdout(o) || tbs_to_stdout ? finish_stdout(o->tool, EXIT_DONE) : EXIT_DONE;
}

static int sign_by_program(struct sign_options *o, const struct rprocfw_key *key,
                           const struct files *files)
{
    struct command command;
    struct rprocfw_error error;
    int status;

    if (command_parse(&command, "--signer", o->signer, &error) != RPROCFW_OK) {
        status = fail_option(o->tool, &error);
    } else {
        struct rprocfw_program program = {
            .path = command.path,
            .argv = command.argv,
            .envp = environ,
            .error_fd = STDERR_FILENO,
            .timeout = o->signer_timeout,
            .digest = o->digest,
        };
        const struct rprocfw_signer signer = {
            .sign = rprocfw_program_sign, .ctx = &program, .name = command.path};

        start_children();
        status = sign(o, key, files, &signer);
    }
    command_free(&command);
    return status;
}

static int attach(struct sign_options *o, const struct rprocfw_key *key, const struct files *files)
{
    struct rprocfw_attached attached = {
        .name = o->signature, .bytes = files->signature, .size = files->signature_size};
    const struct rprocfw_signer signer = {
        .sign = rprocfw_attached_sign, .ctx = &attached, .name = o->signature};

    return sign(o, key, files, &signer);
}

static int extract(const struct sign_options *o, struct rprocfw_key *key)
{
    const struct rprocfw_keys keys = {.key = &key, .count = 1};
    const struct rprocfw_signature_job job = {
        .container = o->inputs.word[0],
        .keys = key != NULL ? &keys : NULL,
        .output = sign_to_stdout(o) ? NULL : o->out,
        .output_fd = STDOUT_FILENO,
        .der = o->der,
        .dry_run = o->dry_run,
        .no_sync = o->no_sync,
        .keep = o->kept.word,
        .keep_count = o->kept.count,
    };
    struct rprocfw_error error;

    if (rprocfw_signature_extract(&job, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    return sign_to_stdout(o) ? finish_stdout(o->tool, EXIT_DONE) : EXIT_DONE;
}

static int make_key_info(const struct sign_options *o, const struct rprocfw_key *key,
                         struct files *files)
{
    struct rprocfw_error error;

    if (!key_info_is_key(o) ||
        rprocfw_key_pkeyinfo(key, files->made_info, &files->key_info_size, &error) == RPROCFW_OK)
        return EXIT_DONE;
    return fail(o->tool, &error);
}

static int work(struct sign_options *o, struct rprocfw_key *key, const struct files *files)
{
    switch (o->mode) {
    case SIGN_ELF:
    case SIGN_AGAIN:
        return o->signer != NULL ? sign_by_program(o, key, files) : sign(o, key, files, NULL);
    case SIGN_ATTACH:
    case SIGN_REPLACE:
        return attach(o, key, files);
    case SIGN_EXTRACT:
        break;
    }
    return extract(o, key);
}

static bool is_stdout(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

/* What the output is made of. */
static int make_depfile(const struct sign_options *o, struct depfile *depfile)
{
    struct words files = {0};
    int status = o->depfile != NULL ? list_files(o, &files) : EXIT_DONE;

    if (status == EXIT_DONE && o->depfile != NULL)
        status = depfile_add(depfile, o->out, &files, o->tool);
    words_free(&files);
    return status;
}

static int write_depfile(const struct sign_options *o, const struct depfile *depfile)
{
    struct words files = {0};
    int status = list_files(o, &files);

    if (status == EXIT_DONE)
        status = words_add(&files, o->out, o->tool);
    if (status == EXIT_DONE)
        status = depfile_write(depfile, o->depfile, &files, o->tool);
    words_free(&files);
    return is_stdout(o->depfile) ? finish_stdout(o->tool, status) : status;
}

/* Each file is written once; mostly there is the container alone. */
static int check_places(const struct sign_options *o)
{
    struct places places = {.tool = o->tool};
    int status;

    if (o->depfile == NULL && !sign_report_is_wanted(o))
        return EXIT_DONE;
    status = places_write(&places, o->out, "--out");
    if (status == EXIT_DONE)
        status = places_write(&places, is_stdout(o->depfile) ? NULL : o->depfile, "--depfile");
    if (status == EXIT_DONE)
        status = places_write(&places, o->report, "--report");
    if (status == EXIT_DONE)
        status = places_write(&places, o->sarif, "--sarif");
    if (status == EXIT_DONE)
        status = places_check(&places);
    places_free(&places);
    return status;
}

static int run(struct sign_options *o)
{
    struct rprocfw_key *key = NULL;
    struct depfile depfile = {0};
    struct files files = {0};
    int status = check_places(o);

    if (status == EXIT_DONE)
        status = read_files(o, &files);
    if (status == EXIT_DONE)
        status = make_depfile(o, &depfile);
    if (status == EXIT_DONE)
        status = load_key(o, &key);
    key_options_wipe(&o->keys, o->argv);
    if (status == EXIT_DONE)
        status = load_enc_key(o, &files);
    if (status == EXIT_DONE)
        status = board_options_load(&o->board_options, &o->board, o->tool);
    if (status == EXIT_DONE)
        status = make_key_info(o, key, &files);
    if (status == EXIT_DONE)
        status = work(o, key, &files);
    if (status == EXIT_DONE && o->depfile != NULL && !o->dry_run)
        status = write_depfile(o, &depfile);
    depfile_free(&depfile);
    rprocfw_enc_key_wipe(&files.enc_key);
    rprocfw_key_free(key);
    free(files.key_info);
    free(files.signature);
    return status;
}

int main(int argc, char **argv)
{
    struct sign_options o = {.tool = start_tool("rproc-sign", argv), .argv = argv};
    bool finished;
    int status;

    if (o.tool == NULL)
        return EXIT_FAILED;
    status = sign_options_parse(&o, argc, argv, &finished);
    if (status == EXIT_DONE && !finished)
        status = o.manifest != NULL ? sign_manifest(&o) : run(&o);
    sign_options_free(&o);
    return status;
}
