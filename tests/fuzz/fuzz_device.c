/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What boards will say of any bytes, with each of the TAs that are known, without a board and on
 * some: beside core, which judges the same bytes, its signature and hashes answered "good".
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/host/device/device.h"
#include "fuzz.h"

enum { NEW, OLD, ST }; /* rprocfw_known_ta */

struct input {
    const uint8_t *data;
    uint32_t size;
};

/* ---- Core's verdict ---- */

static enum rprocfw_status read_core(void *ctx, uint32_t offset, void *dst, uint32_t size)
{
    const struct input *input = ctx;

    FUZZ_HOLDS(offset <= input->size && size <= input->size - offset);
    memcpy(dst, input->data + offset, size);
    return RPROCFW_OK;
}

static uint32_t verify_signature(void *ctx, const struct rprocfw_signed *what)
{
    (void)ctx;
    (void)what;
    return RPROCFW_AUTHENTIC;
}

static enum rprocfw_status load(void *ctx, const struct rprocfw_segment *segment)
{
    (void)ctx;
    (void)segment;
    return RPROCFW_OK;
}

static enum rprocfw_status read_loaded(void *ctx, const struct rprocfw_segment *segment,
                                       uint32_t offset, void *dst, uint32_t size)
{
    return read_core(ctx, segment->offset + offset, dst, size);
}

static bool core_accepts(struct input *input)
{
    static const struct rprocfw_platform platform = {
        .read = read_core,
        .verify_signature = verify_signature,
        .load = load,
        .read_loaded = read_loaded,
    };
    struct rprocfw_verifier v;
    enum rprocfw_status status =
        rprocfw_verify_begin(&v, &platform, input, input->size, RPROCFW_VERIFY_CIPHERTEXT);
    uint8_t *work;

    if (status != RPROCFW_OK)
        return false;
    work = malloc(v.layout.payload);
    FUZZ_HOLDS(work != NULL);
    status = rprocfw_verify_finish(&v, work, v.layout.payload);
    free(work);
    return status == RPROCFW_OK;
}

/* ---- What must hold ---- */

static void check_text(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        FUZZ_HOLDS((unsigned char)*c >= ' ' && *c != 0x7F);
}

static void check_answer(const struct rprocfw_device *answer)
{
    check_text(answer->reason);
    FUZZ_HOLDS(answer->image != RPROCFW_NOWHERE || answer->segment == RPROCFW_NOWHERE);
    FUZZ_HOLDS(answer->image == RPROCFW_NOWHERE || answer->image < RPROCFW_MAX_IMAGES);
    FUZZ_HOLDS(answer->segment == RPROCFW_NOWHERE || answer->segment < UINT16_MAX);
    if (!answer->is_predicted) {
        FUZZ_HOLDS(answer->reason[0] != '\0' && answer->check == NULL);
        return;
    }
    FUZZ_HOLDS(answer->name != NULL && (answer->result == 0) == (answer->check == NULL));
    FUZZ_HOLDS((answer->result == 0) == (answer->reason[0] == '\0'));
    FUZZ_HOLDS((answer->result == 0) == (answer->remedy[0] == '\0'));
    FUZZ_HOLDS(answer->result == 0 || !answer->has_rsc_table);
}

static bool is_one_of(const char *check, const char *const *of, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(check, of[i]) == 0)
            return true;
    return false;
}

/* What core accepts may fail for these only: core asks for more than the TAs, but for them. */
static void check_accepted(const struct rprocfw_device *answer, unsigned ta)
{
    static const char *const beyond_core[] = {"hash-entry-type", "hash-entry-size", "segment-hash",
                                              "segment-range", "plat-tlv-length"};
    static const size_t of[] = {[NEW] = 3, [OLD] = 4, [ST] = 5};

    FUZZ_HOLDS(answer->is_predicted);
    FUZZ_HOLDS(answer->check == NULL || is_one_of(answer->check, beyond_core, of[ta]));
}

/* ---- Boards ---- */

static char name[] = "board";
static struct rprocfw_board_range all[] = {{0, 0x100000000, 0x100000000}};
static struct rprocfw_board_region everywhere[] = {
    {name, 0x100000000, 0x100000000, RPROCFW_WORLD_ANY}};
static struct rprocfw_board_region somewhere[] = {
    {name, 0x100000000, 0x10000, RPROCFW_WORLD_ANY},
    {name, 0x110000000, 0x40000, RPROCFW_WORLD_ANY},
    {name, 0x120000000, 0x1000, RPROCFW_WORLD_ANY},
};

/* It loads all that its TA does. */
static struct rprocfw_board widest(unsigned ta)
{
    return (struct rprocfw_board){
        .name = name,
        .ta = rprocfw_known_ta[ta],
        .signtypes = 1u << RPROCFW_SIGNTYPE_RSA | 1u << RPROCFW_SIGNTYPE_ECDSA,
        .encrypted = true,
        .range = all,
        .range_count = 1,
        .region = everywhere,
        .region_count = 1,
        .any_tlv = true,
    };
}

/* And less. */
static struct rprocfw_board narrow(unsigned ta)
{
    struct rprocfw_board board = widest(ta);

    board.ta.heap = 4096;
    board.ta.bits = 64;
    board.ta.map_limit = 0x4000;
    board.signtypes = 1u << RPROCFW_SIGNTYPE_RSA;
    board.encrypted = false;
    board.region = somewhere;
    board.region_count = sizeof(somewhere) / sizeof(*somewhere);
    board.any_tlv = false;
    return board;
}

/* ---- All of it ---- */

static enum rprocfw_status read_view(void *ctx, uint32_t offset, void *dst, uint32_t size,
                                     struct rprocfw_error *error)
{
    (void)error;
    return read_core(ctx, offset, dst, size);
}

static void ask(struct rprocfw_foretelling *f, const struct rprocfw_board *board, unsigned ta,
                struct rprocfw_device *answer)
{
    struct rprocfw_error error;

    FUZZ_HOLDS(rprocfw_foretell(f, board, &rprocfw_known_ta[ta], answer, &error) == RPROCFW_OK);
    check_answer(answer);
}

/* Does the TA load it? */
static bool ask_ta(struct rprocfw_foretelling *f, unsigned ta, bool accepted)
{
    const struct rprocfw_board wide = widest(ta);
    const struct rprocfw_board less = narrow(ta);
    struct rprocfw_device alone;
    struct rprocfw_device on_board;

    ask(f, &less, ta, &on_board);
    ask(f, &wide, ta, &alone);
    /* whom memory stops, loads nothing more */
    FUZZ_HOLDS(!on_board.is_predicted || on_board.result != 0 || alone.result == 0);
    ask(f, NULL, ta, &alone);
    FUZZ_HOLDS(!on_board.is_predicted || on_board.result != 0 ||
               (alone.is_predicted && alone.result == 0));
    if (accepted)
        check_accepted(&alone, ta);
    return alone.is_predicted && alone.result == 0;
}

static void ask_all(struct input *input, const uint8_t *metadata, uint32_t size, bool hashed)
{
    const struct rprocfw_view view = {.read = read_view, .ctx = input, .size = input->size};
    const struct rprocfw_foretell_job job = {
        .view = &view,
        .metadata = metadata,
        .metadata_size = size,
        .signature = RPROCFW_FORETELL_ASSUMED,
        .hashed = hashed,
    };
    struct rprocfw_foretelling *f;
    struct rprocfw_error error;
    bool loads[RPROCFW_KNOWN_TAS];
    bool close;

    FUZZ_HOLDS(rprocfw_foretell_begin(&f, &job, &error) == RPROCFW_OK);
    loads[NEW] = ask_ta(f, NEW, hashed && rprocfw_foretell_usual(f) == NEW);
    close = loads[NEW] && rprocfw_foretell_is_close(f);
    loads[OLD] = ask_ta(f, OLD, hashed && rprocfw_foretell_usual(f) == NEW);
    loads[ST] = ask_ta(f, ST, hashed);
    FUZZ_HOLDS(!hashed || close || !loads[NEW] || (loads[OLD] && loads[ST]));
    rprocfw_foretell_end(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {.data = data, .size = (uint32_t)size};
    uint64_t metadata = 0;
    uint8_t *copy; /* of exactly its size */

    if (size >= RPROCFW_HEADER_SIZE)
        metadata = RPROCFW_HEADER_SIZE + rprocfw_r8(rprocfw_u32_decode(data + 8)) +
                   rprocfw_r8(rprocfw_u32_decode(data + 12));
    if (metadata > size)
        metadata = size;
    copy = malloc(metadata + 1);
    FUZZ_HOLDS(copy != NULL);
    memcpy(copy, data, metadata);
    copy = realloc(copy, metadata != 0 ? metadata : 1);
    FUZZ_HOLDS(copy != NULL);
    ask_all(&input, metadata != 0 ? copy : NULL, (uint32_t)metadata, false);
    if (core_accepts(&input))
        ask_all(&input, copy, (uint32_t)metadata, true);
    free(copy);
    return 0;
}
