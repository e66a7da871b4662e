/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-verify: judge containers. */
#include <inttypes.h>
#include <stdio.h>

#include <rprocfw/rprocfw.h>

#include "apart.h"
#include "board_list.h"
#include "board_options.h"
#include "explain.h"
#include "help.h"
#include "json.h"
#include "key_options.h"
#include "map_file.h"
#include "options.h"
#include "report_json.h"
#include "verify.h"

static void write_log(void *ctx, enum rprocfw_log_level level, const char *message)
{
    const struct verify_options *o = ctx;

    if (level == RPROCFW_LOG_WARNING ? !o->quiet : o->verbose)
        complain(o->tool, "%s", message);
}

/* ---- The command line ---- */

enum long_option {
    OPT_NO_SIGNATURE = 256,
    OPT_COVERAGE,
    OPT_MAP,
    OPT_FORMAT,
    OPT_ENC_KEY,
    OPT_ORIGINAL,
    OPT_EXPLAIN,
    OPT_LIST_BOARDS,
    OPT_STRICT,
    OPT_MANIFEST
};

static const struct option long_options[] = {
    {"key", required_argument, NULL, 'k'},
    {"no-signature", no_argument, NULL, OPT_NO_SIGNATURE},
    {"no_signature", no_argument, NULL, OPT_NO_SIGNATURE},
    {"enc_key", required_argument, NULL, OPT_ENC_KEY},
    {"enc-key", required_argument, NULL, OPT_ENC_KEY},
    {"original", required_argument, NULL, OPT_ORIGINAL},
    {"explain", required_argument, NULL, OPT_EXPLAIN},
    {"coverage", no_argument, NULL, OPT_COVERAGE},
    {"manifest", required_argument, NULL, OPT_MANIFEST},
    {"strict", no_argument, NULL, OPT_STRICT},
    {"list-boards", no_argument, NULL, OPT_LIST_BOARDS},
    {"list_boards", no_argument, NULL, OPT_LIST_BOARDS},
    {"map", required_argument, NULL, OPT_MAP},
    {"format", required_argument, NULL, OPT_FORMAT},
    {"verbose", no_argument, NULL, 'v'},
    {"quiet", no_argument, NULL, 'q'},
    {"help", optional_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    KEY_LONG_OPTIONS,
    BOARD_LONG_OPTIONS,
    {NULL, 0, NULL, 0},
};

static int take_option(void *ctx, int option, int argc, char **argv)
{
    struct verify_options *o = ctx;
    int status;

    (void)argc;
    (void)argv;
    if (key_options_take(&o->access, option, o->tool, &status) ||
        board_options_take(&o->board_options, option, o->tool, &status))
        return status;
    switch (option) {
    case 'k':
        return words_add(&o->keys, key_name(optarg), o->tool);
    case OPT_COVERAGE:
        o->coverage = true;
        return EXIT_DONE;
    case OPT_MAP:
        return set_once(o->tool, &o->map, "--map", optarg);
    case OPT_FORMAT:
        return take_format(o->tool, &o->format,
                           FORMATS_OF_REPORTS | FORMAT_BIT(FORMAT_YAML) | FORMAT_BIT(FORMAT_SARIF),
                           optarg);
    case OPT_ENC_KEY:
        return set_once(o->tool, &o->enc_key, "--enc_key", optarg);
    case OPT_ORIGINAL:
        return words_add(&o->originals, optarg, o->tool);
    case OPT_MANIFEST:
        return set_once(o->tool, &o->manifest, "--manifest", optarg);
    case OPT_EXPLAIN:
        return set_once(o->tool, &o->explain, "--explain", optarg);
    case OPT_LIST_BOARDS:
        o->list_boards = true;
        return EXIT_DONE;
    case OPT_STRICT:
        o->strict = true;
        return EXIT_DONE;
    case OPT_NO_SIGNATURE:
        o->no_signature = true;
        return EXIT_DONE;
    case 'v':
        o->verbose = true;
        return EXIT_DONE;
    case 'q':
        o->quiet = true;
        return EXIT_DONE;
    default:
        return EXIT_FAILED; /* no option of long_options comes here */
    }
}

static const struct command_line command_line = {
    .help = &help_verify,
    .short_options = ":k:vqhV",
    .long_options = long_options,
    .take = take_option,
};

static int find_answer(struct verify_options *o)
{
    if (o->explain == NULL)
        return EXIT_DONE;
    o->answer = rprocfw_answer_find(o->explain);
    if (o->answer == NULL)
        return usage_error(o->tool,
                           "--explain: no answer that is known in '%s'; give the number that the "
                           "board's log has, such as 0xffff0006 or -22",
                           o->explain);
    return EXIT_DONE;
}

/* An option that is for files, and was given; NULL: none. */
static const char *option_for_files(const struct verify_options *o)
{
    const struct {
        bool given;
        const char *name;
    } options[] = {
        {o->map != NULL, "--map"},
        {o->coverage, "--coverage"},
        {o->strict, "--strict"},
        {o->keys.count > 0, "--key"},
        {o->no_signature, "--no-signature"},
        {o->enc_key != NULL, "--enc_key"},
        {o->originals.count > 0, "--original"},
        {o->access.passphrase.source != NULL, "--passphrase"},
        {o->access.providers.count > 0, "--provider"},
        {o->access.propquery != NULL, "--propquery"},
        {o->access.engine != NULL, "--engine"},
    };

    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
        if (options[i].given)
            return options[i].name;
    return NULL;
}

/* Of what is judged: a profile is none of it. */
static int check_format(const struct verify_options *o)
{
    if (o->format != FORMAT_YAML)
        return EXIT_DONE;
    return usage_error(o->tool,
                       "--format yaml is for --list-boards; expected text, json, lines or sarif");
}

/* Beside --explain, of which no verdict comes. */
static int check_explain(const struct verify_options *o)
{
    const char *needs_file = option_for_files(o);
    const char *other = NULL;

    if (needs_file == NULL && o->board_options.source.name != NULL)
        needs_file = "--board";
    if (o->files.count == 0 && needs_file != NULL)
        return usage_error(o->tool, "%s without a file to look at", needs_file);
    if (o->map != NULL)
        other = "--map";
    else if (o->coverage)
        other = "--coverage";
    else if (o->strict)
        other = "--strict";
    else if (o->format == FORMAT_SARIF)
        other = "--format sarif";
    return other == NULL ? EXIT_DONE
                         : usage_error(o->tool, "--explain and %s exclude each other", other);
}

static int check_options(const struct verify_options *o)
{
    if (check_format(o) != EXIT_DONE)
        return EXIT_FAILED;
    if (o->files.count == 0 && o->answer == NULL)
        return usage_error(o->tool, "no file to verify");
    if (o->answer != NULL && check_explain(o) != EXIT_DONE)
        return EXIT_FAILED;
    if (o->keys.count == 0 && !o->no_signature && o->answer == NULL)
        return usage_error(o->tool, "no key; give the public key with --key, or --no-signature to "
                                    "check all but the signature");
    if (o->keys.count != 0 && o->no_signature)
        return usage_error(o->tool, "--key and --no-signature exclude each other");
    if (o->originals.count != 0 && o->enc_key == NULL)
        return usage_error(o->tool, "--original without --enc_key: there is nothing to decrypt");
    if (o->strict && o->board_options.source.name == NULL)
        return usage_error(o->tool, "--strict needs a board; name it with --board");
    if (board_options_check(&o->board_options, o->tool) != EXIT_DONE)
        return EXIT_FAILED;
    return map_check(o->map, o->files.count, o->format == FORMAT_TEXT, o->tool);
}

/* ---- The work ---- */

/* What is read is no place for the picture. */
static int draw_map(const struct verify_options *o, const struct rprocfw_report *report)
{
    const struct words *const lists[] = {&o->files, &o->keys, &o->originals};
    struct words keep = {0};
    int status = EXIT_DONE;

    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
        for (size_t k = 0; k < lists[i]->count && status == EXIT_DONE; k++)
            status = words_add(&keep, lists[i]->word[k], o->tool);
    if (status == EXIT_DONE && o->enc_key != NULL)
        status = words_add(&keep, o->enc_key, o->tool);
    if (status == EXIT_DONE)
        status = board_options_keep(&o->board_options, &keep, o->tool);
    if (status == EXIT_DONE)
        status = map_write(o->map, report, o->board, &keep, o->tool);
    words_free(&keep);
    return status;
}

static int judge(const struct verify_options *o, const struct rprocfw_report_job *job,
                 json_t *document)
{
    struct rprocfw_report report;
    struct rprocfw_error error;
    int status;
    bool told;

    if (rprocfw_report_build(&report, job, &error) == RPROCFW_OK) {
        status = o->answer == NULL ? exit_for(report.status) : EXIT_DONE;
        told = verify_tell(o, document, &report);
        if (o->answer == NULL && !verify_tell_device(o, &report) && status == EXIT_DONE)
            status = EXIT_REFUSED;
        if (told && o->map != NULL && draw_map(o, &report) != EXIT_DONE)
            status = EXIT_FAILED;
        rprocfw_report_free(&report);
    } else {
        status = fail(o->tool, &error);
        told = verify_document_add_error(o, document, job->path, &error);
    }
    if (told)
        return status;
    return no_memory(o->tool);
}

/* All files, with all that job says but for the path. */
static int judge_all(const struct verify_options *o, struct rprocfw_report_job *job)
{
    json_t *document = verify_document_new(o);
    int worst = EXIT_DONE;

    if (document == NULL)
        return no_memory(o->tool);
    if (o->answer != NULL && o->format != FORMAT_TEXT && !document_add_answer(document, o->answer))
        worst = no_memory(o->tool);
    else if (o->answer != NULL && o->format == FORMAT_TEXT)
        print_answer(o->answer, o->files.count == 0 || o->verbose);
    else if (o->no_signature && o->format == FORMAT_TEXT && !map_to_stdout(o->map))
        (void)puts("NOT AUTHENTICATED: no signature is checked, anybody may have made these files");
    for (size_t i = 0; i < o->files.count; i++) {
        int status;

        job->path = o->files.word[i];
        status = judge(o, job, document);
        if (status > worst)
            worst = status;
    }
    if (o->format != FORMAT_TEXT && !print_document(document, o->format))
        worst = no_memory(o->tool);
    json_decref(document);
    return finish_stdout(o->tool, worst);
}

static int load_keys(struct verify_options *o, struct rprocfw_keys *keys)
{
    const struct rprocfw_log log = {.write = write_log, .ctx = o};
    struct rprocfw_key_access access;
    struct rprocfw_error error;
    int status;

    if (!o->quiet)
        key_options_warn(o->argv, o->tool);
    status = key_options_open(&o->access, &access, &error) == RPROCFW_OK ? EXIT_DONE
                                                                         : fail(o->tool, &error);
    if (o->access.passphrase.source == NULL) /* nobody is asked unless it is asked for */
        access.passphrase = (struct rprocfw_passphrase){0};
    for (size_t i = 0; i < o->keys.count && status == EXIT_DONE; i++)
        if (rprocfw_keys_add(keys, o->keys.word[i], &access, &log, &error) != RPROCFW_OK)
            status = fail(o->tool, &error);
    return status;
}

/* With the AES key, which is in memory while it is needed. */
static int decrypt_all(struct verify_options *o, const struct rprocfw_report_job *job)
{
    const struct rprocfw_log log = {.write = write_log, .ctx = o};
    struct rprocfw_enc_key enc_key;
    struct rprocfw_report_job with = *job;
    struct rprocfw_error error;
    int status;

    if (rprocfw_enc_key_load(&enc_key, o->enc_key, &log, &error) != RPROCFW_OK)
        return fail(o->tool, &error);
    with.enc_key = &enc_key;
    with.originals = o->originals.word;
    with.original_count = o->originals.count;
    status = judge_all(o, &with);
    rprocfw_enc_key_wipe(&enc_key);
    return status;
}

static int check_files(const struct verify_options *o)
{
    const struct passphrase *passphrase = &o->access.passphrase;
    int status = read_apart(o->keys.word, o->keys.count, passphrase, true, o->tool);

    if (status == EXIT_DONE)
        status = read_apart(o->files.word, o->files.count, passphrase, true, o->tool);
    if (status == EXIT_DONE)
        status = read_apart(o->originals.word, o->originals.count, passphrase, true, o->tool);
    if (status == EXIT_DONE && o->enc_key != NULL)
        status = read_apart(&o->enc_key, 1, passphrase, true, o->tool);
    if (status == EXIT_DONE)
        status = board_options_read_apart(&o->board_options, passphrase, o->tool);
    return status;
}

static int run(struct verify_options *o)
{
    struct rprocfw_keys keys = {0};
    struct rprocfw_report_job job = {
        .mode = o->keys.count == 0 ? RPROCFW_REPORT_NO_SIGNATURE : RPROCFW_REPORT_VERIFY,
        .keys = &keys,
        .preflight = true,
    };
    int status = find_answer(o);

    if (status == EXIT_DONE)
        status = check_options(o);
    if (status == EXIT_DONE)
        status = check_files(o);
    if (status == EXIT_DONE)
        status = board_options_load(&o->board_options, &o->board, o->tool);
    job.board = o->board;
    if (status == EXIT_DONE && o->keys.count > 0)
        status = load_keys(o, &keys);
    key_options_wipe(&o->access, o->argv);
    if (status == EXIT_DONE && o->enc_key != NULL)
        status = decrypt_all(o, &job);
    else if (status == EXIT_DONE)
        status = judge_all(o, &job);
    rprocfw_keys_free(&keys);
    return status;
}

/* What a manifest says, or what is for one file. */
static int check_manifest(const struct verify_options *o)
{
    struct verify_options of = *o;
    const char *other;

    of.strict = false; /* goes with it */
    other = option_for_files(&of);
    if (other == NULL && o->explain != NULL)
        other = "--explain";
    if (other == NULL && o->list_boards)
        other = "--list-boards";
    if (other == NULL && o->board_options.source.name != NULL)
        other = "--board";
    if (other != NULL)
        return usage_error(o->tool, "--manifest and %s exclude each other", other);
    if (check_format(o) != EXIT_DONE)
        return EXIT_FAILED;
    return board_options_check(&o->board_options, o->tool);
}

static int list_boards(struct verify_options *o)
{
    const char *other = o->explain != NULL ? "--explain" : option_for_files(o);
    int status;

    if (o->files.count > 0)
        return usage_error(o->tool, "--list-boards takes no file; --board NAME shows one board");
    if (other != NULL)
        return usage_error(o->tool, "--list-boards and %s exclude each other", other);
    if (o->format == FORMAT_SARIF)
        return usage_error(o->tool, "--list-boards and --format sarif exclude each other");
    if (o->format == FORMAT_YAML && o->board_options.source.name == NULL)
        return usage_error(o->tool, "--format yaml is for one board; name it with --board");
    status = board_options_check(&o->board_options, o->tool);
    if (status == EXIT_DONE)
        status = board_options_load(&o->board_options, &o->board, o->tool);
    return status == EXIT_DONE ? board_list(o->board, o->format, o->tool) : status;
}

int main(int argc, char **argv)
{
    struct verify_options o = {.tool = start_tool("rproc-verify", argv), .argv = argv};
    bool finished;
    int status;

    if (o.tool == NULL)
        return EXIT_FAILED;
    status = parse_command_line(&command_line, o.tool, &o, &o.files, argc, argv, &finished);
    if (status == EXIT_DONE && !finished)
        status = o.manifest != NULL ? check_manifest(&o)
                 : o.list_boards    ? list_boards(&o)
                                    : run(&o);
    if (status == EXIT_DONE && !finished && o.manifest != NULL)
        status = verify_manifest(&o);
    rprocfw_board_free(o.board);
    key_options_close(&o.access);
    words_free(&o.keys);
    words_free(&o.files);
    words_free(&o.originals);
    return status;
}
