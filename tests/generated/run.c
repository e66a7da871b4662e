/* SPDX-License-Identifier: BSD-2-Clause */
/* A run over many generated containers, in batches. */
#define _GNU_SOURCE

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "elf_image.h"
#include "run.h"
#include "suite.h"

#define BATCH        100u /* containers */
#define MAX_BATCHES  20000u
#define DEFAULT_SEED 1u

enum { ONE_IMAGE, TWO_IMAGES, FEW_IMAGES, MANY_IMAGES, IMAGE_COUNTS };

/* Which containers, and what came of them: the batches are other processes. */
static struct run {
    uint64_t seed;
    uint32_t first;
    uint32_t count;
    char folder[64];

    struct {
        bool begun;
        bool done;
        uint32_t number; /* of the container at work */
    } batch[MAX_BATCHES];
    unsigned containers;
    unsigned encrypted;
    unsigned of_order[2];
    unsigned of_key[KEY_COUNT];
    unsigned of_images[IMAGE_COUNTS];
    unsigned tables;
    unsigned pkeyinfos;
    unsigned plat_tlvs;
    uint64_t phdrs;
    uint64_t loads;
    uint64_t zero_fills;
    unsigned changes[COUNTED_KINDS][2][OUTCOMES]; /* as they are, and signed again */
    unsigned statuses[RPROCFW_ERR_MANIFEST + 1];
} * run;

/* ---- counts ---- */

static void count_phdrs(const struct made_elf *elf)
{
    uint32_t i;

    run->phdrs += elf->phnum;
    for (i = 0; i < elf->phnum; i++) {
        run->loads += elf->phdrs[i].type == PT_LOAD;
        run->zero_fills +=
            elf->phdrs[i].type == PT_LOAD && elf->phdrs[i].memsz > elf->phdrs[i].filesz;
    }
}

static void count_container(const struct generated *g)
{
    uint32_t i;

    run->containers++;
    run->encrypted += g->encrypted;
    run->of_order[g->order]++;
    run->of_key[g->key - keys]++;
    run->of_images[g->image_count == 1   ? ONE_IMAGE
                   : g->image_count == 2 ? TWO_IMAGES
                   : g->image_count <= 8 ? FEW_IMAGES
                                         : MANY_IMAGES]++;
    run->tables += g->table_image != NONE;
    run->pkeyinfos += g->has_pkeyinfo;
    run->plat_tlvs += g->plat_tlv_count > 0;
    for (i = 0; i < g->image_count; i++)
        count_phdrs(&g->images[i]);
}

void run_count(const struct change *change, enum outcome outcome, enum rprocfw_status status)
{
    run->changes[change->kind][change->signed_again][outcome]++;
    require(status <= RPROCFW_ERR_MANIFEST, "status %d", (int)status);
    run->statuses[status]++;
}

void run_count_while_loaded(enum outcome outcome)
{
    run->changes[WHILE_LOADED][0][outcome]++;
}

/* ---- one batch ---- */

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *place)
{
    (void)info;
    (void)type;
    (void)place;
    return remove(path);
}

static void remove_folder(const char *folder)
{
    (void)nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* In the arena, but for the run's own folder. */
static const char *batch_folder(int batch, const char *kind)
{
    char name[32];

    snprintf(name, sizeof(name), "%d%s", batch, kind);
    return file_path(run->folder, name);
}

static void make_folder(const char *path)
{
    require(mkdir(path, 0777) == 0, "%s cannot be made", path);
}

void run_batch(int batch, judge_fn *judge)
{
    const char *folder = batch_folder(batch, "");
    const size_t mark = arena_mark();
    struct generated *g;
    uint32_t i;

    run->batch[batch].begun = true;
    make_folder(folder);
    for (i = (uint32_t)batch * BATCH; i < ((uint32_t)batch + 1) * BATCH && i < run->count; i++) {
        run->batch[batch].number = run->first + i;
        (void)unlink(file_path(folder, CHANGED_FILE)); /* of the one before */
        g = arena_alloc(sizeof(*g));
        generate(g, run->seed, run->first + i, 0, NULL);
        count_container(g);
        judge(g, generated_sign(g, folder), folder);
        arena_release(mark);
    }
    remove_folder(folder);
    run->batch[batch].done = true;
}

/* ---- all batches ---- */

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    char *end;
    uint64_t value;

    if (text == NULL || *text == '\0')
        return otherwise;
    value = strtoull(text, &end, 0);
    if (*end == '\0')
        return value;
    fprintf(stderr, "%s=%s is no number\n", name, text);
    exit(2);
}

static void set_up(const char *name, uint32_t part, uint32_t parts, uint32_t share)
{
    const bool longer = setting("RPROCFW_LONG", 0) != 0;
    uint64_t all = (longer ? 10u : 1u) * GENERATED_COUNT / share;
    uint64_t from;

    run = mmap(NULL, sizeof(*run), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(run != MAP_FAILED, "no memory");
    run->seed = setting("RPROCFW_SEED", longer ? (uint64_t)time(NULL) : DEFAULT_SEED);
    all = setting("RPROCFW_GENERATED", all);
    from = all * part / parts;
    run->first = (uint32_t)(setting("RPROCFW_FIRST", 0) + from);
    run->count = (uint32_t)(all * (part + 1) / parts - from);
    require(run->count <= BATCH * MAX_BATCHES, "%u containers are too many", run->count);
    /* in memory, if there is a file system for that: syncing costs nothing there */
    snprintf(run->folder, sizeof(run->folder), "%s/rprocfw-%s-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", name);
    require(mkdtemp(run->folder) != NULL, "%s cannot be made", run->folder);
    printf("%s: seed %llu, containers %u to %u\n", name, (unsigned long long)run->seed, run->first,
           run->first + run->count - 1);
}

/* A file of the batch that failed, copied to where the program was started. */
static void keep_file(const char *name, int batch, const char *file)
{
    const char *folder = batch_folder(batch, "");
    char copy[128];

    if (access(file_path(folder, file), R_OK) != 0)
        return;
    snprintf(copy, sizeof(copy), "%s-%llu-%u-%s", name, (unsigned long long)run->seed,
             run->batch[batch].number, file);
    file_write(".", copy, file_read(folder, file));
    printf("  %s\n", copy);
}

static void report_failures(const char *name)
{
    int batch;

    for (batch = 0; batch < (int)MAX_BATCHES; batch++) {
        if (!run->batch[batch].begun || run->batch[batch].done)
            continue;
        printf("FAILED: seed %llu, container %u; RPROCFW_SEED=%llu RPROCFW_FIRST=%u "
               "RPROCFW_GENERATED=1 repeats it; its files:\n",
               (unsigned long long)run->seed, run->batch[batch].number,
               (unsigned long long)run->seed, run->batch[batch].number);
        keep_file(name, batch, GOOD_FILE);
        keep_file(name, batch, CHANGED_FILE);
        remove_folder(batch_folder(batch, ""));
        arena_release(0);
    }
}

static void print_containers(void)
{
    printf("%u containers: %u in OP-TEE's order, %u in ST's; %u encrypted\n", run->containers,
           run->of_order[RPROCFW_ORDER_OPTEE], run->of_order[RPROCFW_ORDER_ST], run->encrypted);
    printf("  keys: %u P-256, %u and %u RSA-2048, %u RSA-3072, %u RSA-4096\n", run->of_key[0],
           run->of_key[1], run->of_key[2], run->of_key[3], run->of_key[4]);
    printf("  images: %u one, %u two, %u three to eight, %u more\n", run->of_images[ONE_IMAGE],
           run->of_images[TWO_IMAGES], run->of_images[FEW_IMAGES], run->of_images[MANY_IMAGES]);
    printf("  program headers: %llu, %llu of them PT_LOAD, %llu with zero-fill\n",
           (unsigned long long)run->phdrs, (unsigned long long)run->loads,
           (unsigned long long)run->zero_fills);
    printf("  with resource table %u, PKEYINFO %u, platform TLVs %u\n", run->tables, run->pkeyinfos,
           run->plat_tlvs);
}

static unsigned sum(const unsigned of[OUTCOMES])
{
    return of[REFUSED] + of[SAME] + of[HIDDEN_TABLE] + of[OTHER_TABLE];
}

static void print_row(const char *name, const unsigned of[OUTCOMES])
{
    printf("%-42s %8u %8u %8u %8u\n", name, of[REFUSED], of[SAME], of[HIDDEN_TABLE],
           of[OTHER_TABLE]);
}

static void print_changes(void)
{
    unsigned sums[OUTCOMES] = {0};
    unsigned kind;
    unsigned i;

    printf("%-42s %8s %8s %8s %8s\n", "changed", "refused", "same", "no table", "other t.");
    for (kind = 0; kind < COUNTED_KINDS; kind++) {
        unsigned(*of)[OUTCOMES] = run->changes[kind];

        print_row(change_names[kind], of[0]);
        if (sum(of[1]) > 0)
            print_row("  and signed again", of[1]);
        for (i = 0; i < OUTCOMES; i++)
            sums[i] += of[0][i] + of[1][i];
    }
    print_row("all", sums);
}

static void print_statuses(void)
{
    unsigned kinds = 0;
    unsigned i;

    printf("refused with:");
    for (i = 1; i < COUNT(run->statuses); i++) {
        if (run->statuses[i] == 0)
            continue;
        kinds++;
        printf(" %s %u", rprocfw_status_name((enum rprocfw_status)i), run->statuses[i]);
    }
    printf(" (%u statuses)\n", kinds);
}

/* ---- are there enough? ---- */

#define ENOUGH 1000u /* containers, for which the following is to be expected */
#define SELDOM 200u  /* of so many containers at least one was changed in a kind */

static bool at_least(unsigned least, unsigned is, const char *what)
{
    if (is < least)
        printf("FAILED: %s: %u, which is less than %u\n", what, is, least);
    return is >= least;
}

/* Each kind of change was made, also signed again what can be, and all came of them that may. */
static bool changed_enough(unsigned kinds)
{
    unsigned of[OUTCOMES] = {0};
    bool enough = true;
    unsigned kind;
    unsigned i;

    if (run->containers < ENOUGH)
        return true;
    for (kind = 0; kind < kinds; kind++) {
        unsigned(*changes)[OUTCOMES] = run->changes[kind];

        enough &= at_least(run->containers / SELDOM, sum(changes[0]) + sum(changes[1]),
                           change_names[kind]);
        if (kind >= CUT_AND_MEASURED && kind <= PHDR_AND_ENTRY)
            enough &= at_least(1, sum(changes[1]), change_names[kind]);
        for (i = 0; i < OUTCOMES; i++)
            of[i] += changes[0][i] + changes[1][i];
    }
    enough &= at_least(run->containers / 4, of[REFUSED], "refused");
    enough &= at_least(run->containers / 20, of[SAME], "the same");
    enough &= at_least(1, of[HIDDEN_TABLE], "no table");
    enough &= at_least(1, of[OTHER_TABLE], "another table");
    return enough;
}

int run_all(const char *name, int argc, char **argv, const TTest *test, uint32_t share,
            unsigned kinds)
{
    const uint32_t parts = argc == 3 ? (uint32_t)atoi(argv[2]) : 1;
    const uint32_t part = argc == 3 ? (uint32_t)atoi(argv[1]) : 1;
    int failed;

    if ((argc != 1 && argc != 3) || part < 1 || part > parts) {
        fprintf(stderr, "usage: %s [PART PARTS]\n", argv[0]);
        return 2;
    }
    set_up(name, part - 1, parts, share);
    fflush(stdout); /* the batches inherit what is not written yet */
    keys_load();
    failed = run_loop_tests(name, &test, 1, (run->count + BATCH - 1) / BATCH);
    keys_free();
    print_containers();
    print_changes();
    print_statuses();
    report_failures(name);
    remove_folder(run->folder);
    return failed != 0 || !changed_enough(kinds);
}
