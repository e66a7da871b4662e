/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What Linux asks of the secure side to boot, stop and recover remote processors, one line a step.
 * Linux is played by this file, the board by board.c; the callbacks are those of boot-loader.c.
 *
 *   rproc-key c-source --out public_key.c key.pub.pem
 *   cc boot-sequence.c boot-loader.c board.c public_key.c \
 *       $(pkg-config --cflags --libs rprocfw-core libcrypto)
 *   ./a.out m4.sig zephyr.sig tfm-and-zephyr.sig
 *
 * Exit status: 0 all went as it should, 1 a step did not, 2 usage or files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "board.h"

#define MAX_TABLE 256u

/* A firmware file, in memory that the secure side can see. */
struct file {
    uint8_t bytes[1 << 20];
    uint32_t size;
};

/* What Linux knows of a remote processor. */
struct remote {
    struct coprocessor *cpu;
    uint32_t id;
    uint8_t *loaded;            /* its resource table in shared memory, */
    uint32_t size;              /* and the table's bytes */
    uint8_t clean[MAX_TABLE];   /* the table as it was loaded */
    uint8_t handled[MAX_TABLE]; /* with what Linux has written into it */
};

static struct remote m4 = {.cpu = &board_m4, .id = 0};
static struct remote m33 = {.cpu = &board_m33, .id = 1};

/* ---- the secure side: in a trusted application each of these is a command ---- */

static struct rprocfw_rprocs *secure_side(const struct remote *remote)
{
    static struct rprocfw_rproc rproc[2];
    static struct rprocfw_rprocs rprocs = {.platform = &boot_platform, .rproc = rproc, .count = 2};

    rprocs.ctx = remote->cpu; /* the callbacks do not see the id */
    return &rprocs;
}

/* ---- steps, which end the program if they do not go as they should ---- */

static void step(const struct remote *remote, const char *what, const char *outcome, bool good)
{
    printf("  %-3s  %s: %s\n", remote->cpu->name, what, outcome);
    if (!good)
        exit(1);
}

static void answer(const struct remote *remote, const char *command, enum rprocfw_status status,
                   enum rprocfw_status expected)
{
    step(remote, command, rprocfw_status_name(status), status == expected);
}

static void holds(const struct remote *remote, const char *what, bool is_so)
{
    step(remote, what, is_so ? "yes" : "no", is_so);
}

static void load(const struct remote *remote, const struct file *file, enum rprocfw_status expected)
{
    static _Alignas(uint64_t) uint8_t work[RPROCFW_WORK_SIZE(32)];

    remote->cpu->container = file->bytes;
    answer(remote, "LOAD",
           rprocfw_rproc_load(secure_side(remote), remote->id, file->size, work, sizeof(work)),
           expected);
}

static void get_table(struct remote *remote)
{
    uint64_t pa = 0;

    answer(remote, "GET_RSC_TABLE",
           rprocfw_rproc_rsc_table(secure_side(remote), remote->id, &pa, &remote->size),
           RPROCFW_OK);
    remote->loaded = board_map(pa);
    holds(remote, "it has a table",
          remote->size >= RPROCFW_RSC_HEADER_SIZE && remote->size <= MAX_TABLE);
}

static void start(const struct remote *remote, enum rprocfw_status expected)
{
    const bool runs = expected == RPROCFW_OK;

    answer(remote, "START", rprocfw_rproc_start(secure_side(remote), remote->id), expected);
    holds(remote, runs ? "it runs" : "it does not run", remote->cpu->running == runs);
}

static void stop(const struct remote *remote)
{
    answer(remote, "STOP", rprocfw_rproc_stop(secure_side(remote), remote->id), RPROCFW_OK);
    holds(remote, "it does not run", !remote->cpu->running);
}

static void release(const struct remote *remote)
{
    answer(remote, "RELEASE", rprocfw_rproc_release(secure_side(remote), remote->id), RPROCFW_OK);
    holds(remote, "its memory is clear", board_is_clear(remote->cpu));
}

/* ---- the resource table ---- */

/*
 * An entry of type 3 is a virtio device: u32 type, id, notifyid, dfeatures, gfeatures, config_len,
 * u8 status. Linux accepts the features that the firmware offers, and says that a driver is there.
 */
static void handle_entry(uint8_t *table, uint32_t offset, uint32_t size)
{
    if (offset > size || size - offset < 28 || rprocfw_u32_decode(table + offset) != 3)
        return;
    memcpy(table + offset + 16, table + offset + 12, 4);
    table[offset + 24] = 7; /* ACKNOWLEDGE, DRIVER, DRIVER_OK */
}

/* Linux reads the table, and answers in it. */
static void handle_table(struct remote *remote)
{
    uint8_t *table = remote->loaded;
    uint32_t i;

    memcpy(remote->clean, table, remote->size);
    for (i = 0; i < rprocfw_u32_decode(remote->clean + 4); i++)
        handle_entry(table, rprocfw_u32_decode(remote->clean + RPROCFW_RSC_HEADER_SIZE + 4 * i),
                     remote->size);
    memcpy(remote->handled, table, remote->size);
    holds(remote, "Linux wrote into the table",
          memcmp(remote->clean, remote->handled, remote->size) != 0);
}

static bool table_is(const struct remote *remote, const uint8_t *expected)
{
    return memcmp(remote->loaded, expected, remote->size) == 0;
}

/* ---- sequences ---- */

/* Linux loads twice: to see the table, and to start. The second LOAD must load nothing. */
static void boot(struct remote *remote, const struct file *file)
{
    load(remote, file, RPROCFW_OK);
    get_table(remote);
    handle_table(remote);
    load(remote, file, RPROCFW_OK);
    holds(remote, "what Linux wrote is still there", table_is(remote, remote->handled));
    start(remote, RPROCFW_OK);
}

static void crash(struct remote *remote)
{
    memset(remote->loaded, 0xFF, remote->size);
    step(remote, "it overwrites its table and crashes", "done", true);
}

/* After a crash the memory can be looked at until the next LOAD, which loads everything anew. */
static void recover(struct remote *remote, const struct file *file)
{
    stop(remote);
    holds(remote, "memory is as the crash left it", remote->loaded[0] == 0xFF);
    load(remote, file, RPROCFW_OK);
    holds(remote, "the table is as it was signed", table_is(remote, remote->clean));
    memcpy(remote->loaded, remote->handled, remote->size);
    step(remote, "Linux puts its copy of the table back", "done", true);
    start(remote, RPROCFW_OK);
}

/* Where the file has the resource table; a table that is not there counts as a step gone wrong. */
static uint8_t *find_table(const struct remote *remote, struct file *file)
{
    uint32_t i;

    for (i = 0; i + remote->size <= file->size; i++)
        if (memcmp(file->bytes + i, remote->clean, remote->size) == 0)
            return file->bytes + i;
    step(remote, "find the table in the file", "it is not there", false);
    return NULL;
}

/* A container that was changed leaves nothing behind, and the next one that is good is loaded. */
static void failed_load(struct remote *remote, struct file *file)
{
    uint8_t *table = find_table(remote, file);

    *table ^= 1;
    step(remote, "a bit of the table flips in the file", "done", true);
    load(remote, file, RPROCFW_ERR_SEGMENT_HASH);
    holds(remote, "its memory is clear", board_is_clear(remote->cpu));
    start(remote, RPROCFW_ERR_STATE);
    *table ^= 1;
    step(remote, "the file is as it was", "done", true);
    load(remote, file, RPROCFW_OK);
    start(remote, RPROCFW_OK);
}

/* Each has its own state: what happens to one is nothing to the other. */
static void two_processors(const struct file *for_m4, const struct file *for_m33)
{
    load(&m4, for_m4, RPROCFW_OK);
    load(&m33, for_m33, RPROCFW_OK);
    load(&m4, for_m33, RPROCFW_ERR_OTHER_LOADED);
    start(&m33, RPROCFW_OK);
    start(&m4, RPROCFW_OK);
    stop(&m4);
    release(&m4);
    holds(&m33, "it still runs", m33.cpu->running);
    stop(&m33);
    release(&m33);
}

static bool read_file(struct file *file, const char *path)
{
    FILE *from = fopen(path, "rb");

    if (from == NULL) {
        perror(path);
        return false;
    }
    file->size = (uint32_t)fread(file->bytes, 1, sizeof(file->bytes), from);
    (void)fclose(from);
    return true;
}

int main(int argc, char **argv)
{
    static struct file m4_file, zephyr_file, both_file;

    if (argc != 4) {
        (void)fprintf(stderr, "usage: boot-sequence M4.sig ZEPHYR.sig TFM-AND-ZEPHYR.sig\n");
        return 2;
    }
    if (!read_file(&m4_file, argv[1]) || !read_file(&zephyr_file, argv[2]) ||
        !read_file(&both_file, argv[3]))
        return 2;

    board_power_on();
    puts("Boot");
    boot(&m4, &m4_file);
    puts("Recovery after a crash");
    crash(&m4);
    recover(&m4, &m4_file);
    puts("Stop");
    stop(&m4);
    puts("A failed load, then a good one");
    failed_load(&m4, &m4_file);
    stop(&m4);
    puts("Two containers for two remote processors");
    two_processors(&m4_file, &zephyr_file);
    puts("TF-M and Zephyr in one container");
    boot(&m33, &both_file);
    stop(&m33);
    release(&m33);
    return 0;
}
