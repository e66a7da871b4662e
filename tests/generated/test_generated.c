/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers of all shapes, as the library signs them: they are what was asked for, to the byte,
 * and are accepted; what rproc-dump says of them is what was put in, and so is what it extracts;
 * another key changes nothing but SIGNTYPE, signature and lengths; without what need not be in the
 * images the same is loaded.
 * Changed in any way, they are refused, or load the same bytes at the same addresses, with the same
 * zero-fill and the same resource table: outcome.h. Library and core say the same of both.
 */
#include <stdlib.h>

#include "both.h"
#include "facts.h"
#include "resigned.h"
#include "run.h"
#include "suite.h"

static struct both both;
static struct memory expected;

static void load_good(const struct generated *g, struct bytes good)
{
    both.key = g->key->public_key;
    both.board.key = both.key;
    both.memory = g->memory;
    memory_poison(&both.memory);
    expected = memory_after(g, good);
    require(both_accept(&both, good), "refused: %s", status_name(both.device.status));
    require(outcome_of(g, good, &both.memory, &expected, both.device.rsc_pa,
                       both.device.rsc_size) == SAME,
            "another resource table");
}

static bool is_old_layout(enum rprocfw_status status)
{
    return status == RPROCFW_ERR_OLD_LAYOUT_2020 || status == RPROCFW_ERR_OLD_LAYOUT_2023;
}

static bool is_of_images(enum rprocfw_status status)
{
    return status >= RPROCFW_ERR_ELF_SIZE && status <= RPROCFW_ERR_RSC_TWICE;
}

/*
 * What core refuses the library may know as an older layout. It looks at no resource table in
 * encrypted segments, and goes on: to what is wrong in the images behind that, or to the end.
 */
static bool agree(const struct generated *g, enum rprocfw_status library, enum rprocfw_status core)
{
    if (library == core)
        return true;
    if (g->encrypted && core >= RPROCFW_ERR_RSC_VERSION && core <= RPROCFW_ERR_RSC_TWICE)
        return library == RPROCFW_OK || is_of_images(library);
    return core != RPROCFW_OK && is_old_layout(library);
}

static void judge_changed(const struct generated *g, struct bytes good, const char *folder)
{
    const char *path = file_path(folder, CHANGED_FILE);
    const char *other = file_path(folder, ".."); /* for files of another container */
    const struct change change = change_container(g, good, other);
    enum outcome outcome = REFUSED;
    enum rprocfw_status library;

    file_write(folder, CHANGED_FILE, change.bytes);
    if (both_accept(&both, change.bytes)) {
        if (change.means != g)
            expected = memory_after(g, change.bytes);
        outcome = outcome_of(change.means, change.bytes, &both.memory, &expected,
                             both.device.rsc_pa, both.device.rsc_size);
    }
    library = verdict_of_anything(path);
    if (g->number % 4 == 0)
        show_anything(path, file_path(folder, "parts"));
    require(agree(g, library, both.board.status), "the library: %s, core: %s", status_name(library),
            status_name(both.board.status));
    run_count(&change, outcome, both.device.status);
}

/* After load_good(). */
static void judge_trimmed(const struct generated *g, const char *folder)
{
    const unsigned wishes = 1 + g->number / 8 % 3;
    const struct bytes trimmed =
        generated_sign_trimmed(g, folder, (wishes & 1) != 0, (wishes & 2) != 0);

    if (trimmed.size == 0 || g->encrypted)
        return;
    both.memory = g->memory;
    memory_poison(&both.memory);
    require(both_accept(&both, trimmed), "refused: %s", status_name(both.device.status));
    require(memory_equal(&both.memory, &expected), "trimmed, other bytes are loaded");
    require(both.device.rsc_pa == g->table_pa && both.device.rsc_size == g->table_size,
            "trimmed, it has another resource table");
}

static void judge(const struct generated *g, struct bytes good, const char *folder)
{
    const char *path = file_path(folder, GOOD_FILE);

    report_check(g, path, good, file_path(folder, "parts"));
    if (g->number % 16 == 0)
        resigned_check(g, path, good, folder);
    load_good(g, good);
    if (g->number % 8 == 4)
        judge_trimmed(g, folder);
    judge_changed(g, good, folder);
}

START_TEST(what_is_signed_is_shown_and_loaded_as_made_and_a_change_is_refused_or_loads_the_same)
{
    run_batch(_i, judge);
}
END_TEST

int main(int argc, char **argv)
{
    return run_all(
        "generated", argc, argv,
        what_is_signed_is_shown_and_loaded_as_made_and_a_change_is_refused_or_loads_the_same, 1,
        CHANGE_KINDS);
}
