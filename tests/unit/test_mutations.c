/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Containers cut, and their TLVs removed, doubled, moved and given other lengths, each signed
 * again: refused with the status that is expected, or accepted with exactly the same segments and
 * resource tables.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "board.h"
#include "container.h"
#include "suite.h"

static const struct vector {
    const char *path;
    unsigned options;
} vectors[] = {
    {"expected/rsa2048_single.sig", 0},
    {"expected/rsa2048_two_images.sig", 0},
    {"expected/rsa2048_plat_tlv.sig", 0},
    {"expected/rsa2048_key_info.sig", 0},
    {"expected/st_encrypted_two.sig", RPROCFW_VERIFY_CIPHERTEXT},
};

static EVP_PKEY *key;
static const struct vector *vector; /* the one that is being changed */
static struct bytes file;
static struct container good;
static struct board before; /* what the unchanged container does */
static size_t mark;
static unsigned accepted;
static unsigned refused;

/* One vector of the loop of tests: unchanged, it is accepted. */
static void begin(size_t number)
{
    vector = &vectors[number];
    key = vector_public_key("keys/rsa2048.pub.pem");
    file = vector_load(vector->path);
    container_split(file, &good);
    memset(&before, 0, sizeof(before));
    before.key = key;
    board_verify(&before, file, vector->options);
    assert_accepted(&before);
    ck_assert_uint_gt(before.load_count, 0);
    mark = arena_mark();
    accepted = 0;
    refused = 0;
}

static void end(const char *what)
{
    EVP_PKEY_free(key);
    arena_release(0);
    printf("%s, %s: %u refused, %u accepted with the same outcome\n", vector->path, what, refused,
           accepted);
}

/* Verifies and counts; accepted means the same outcome. */
static enum rprocfw_status judge(struct bytes container)
{
    struct board b = {.key = key};
    enum rprocfw_status status = board_verify(&b, container, vector->options);

    if (status == RPROCFW_OK) {
        ck_assert_msg(board_same_outcome(&before, &b), "%s: accepted, but not the same",
                      vector->path);
        accepted++;
    } else {
        ck_assert_msg(rprocfw_status_is_refusal(status), "%s: %d", vector->path, (int)status);
        refused++;
    }
    return status;
}

/* The changed container, signed again, is to end with status. */
static void expect(struct container *c, enum rprocfw_status status, const char *what, uint32_t type,
                   uint32_t value)
{
    enum rprocfw_status is;

    container_measure(c);
    container_sign(c);
    is = judge(container_join(c));
    ck_assert_msg(is == status, "%s, TLV %#x %s %#x: %s instead of %s", vector->path, type, what,
                  value, rprocfw_status_name(is), rprocfw_status_name(status));
    arena_release(mark);
}

/* ---- the whole file ---- */

START_TEST(a_container_cut_at_any_length_is_refused)
{
    uint32_t size;

    begin((size_t)_i);
    for (size = 0; size < file.size; size++) {
        ck_assert_msg(judge(arena_copy(file.data, size, 0)) != RPROCFW_OK, "%s cut at %u",
                      vector->path, size);
        arena_release(mark);
    }
    ck_assert_uint_eq(refused, file.size);
    end("cut");
}
END_TEST

/* Cut before the last image's end and made consistent again: a whole payload is signed too. */
START_TEST(a_payload_cut_and_measured_again_is_refused)
{
    uint32_t less;

    begin((size_t)_i);
    for (less = 8; less <= good.payload.size; less *= 2) {
        struct container c = good;

        c.payload.size -= less;
        expect(&c, RPROCFW_ERR_IMGSIZE_SUM, "payload less by", RPROCFW_TLV_IMGSIZE, less);
    }
    end("payload cut");
}
END_TEST

static void flip_all(uint32_t from, uint32_t size)
{
    uint32_t bit;

    for (bit = 8 * from; bit < 8 * (from + size); bit++) {
        struct bytes changed = arena_copy(file.data, file.size, 0);

        changed.data[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert_msg(judge(changed) != RPROCFW_OK, "%s with bit %u flipped", vector->path, bit);
        arena_release(mark);
    }
}

START_TEST(any_bit_flipped_in_the_signed_part_is_refused)
{
    begin((size_t)_i);
    flip_all(0, signature_offset(&good));
    end("bits flipped in the signed part");
}
END_TEST

START_TEST(any_bit_flipped_in_the_signature_is_refused)
{
    begin((size_t)_i);
    flip_all(signature_offset(&good), good.header.sign_len);
    end("bits flipped in the signature");
}
END_TEST

/* ---- TLVs ---- */

/* What a container is refused with that lacks this TLV; RPROCFW_OK: it may. */
static enum rprocfw_status when_missing(uint32_t type)
{
    switch (type) {
    case RPROCFW_TLV_SIGNTYPE:
        return RPROCFW_ERR_SIGNTYPE_MISSING;
    case RPROCFW_TLV_HASHTYPE:
        return RPROCFW_ERR_HASHTYPE_MISSING;
    case RPROCFW_TLV_NUM_IMG:
        return RPROCFW_ERR_NUM_IMG_MISSING;
    case RPROCFW_TLV_IMGTYPE:
        return RPROCFW_ERR_IMGTYPE_MISSING;
    case RPROCFW_TLV_IMGSIZE:
        return RPROCFW_ERR_IMGSIZE_MISSING;
    case RPROCFW_TLV_ENCTYPE:
        return RPROCFW_ERR_ENCTYPE_MISSING;
    case RPROCFW_TLV_HASHTABLE:
        return RPROCFW_ERR_HASHTABLE_MISSING;
    case RPROCFW_TLV_ENCTABLE:
        return RPROCFW_ERR_ENCTABLE_MISSING;
    default: /* PKEYINFO and platform TLVs */
        return RPROCFW_OK;
    }
}

/* And with this TLV of a length that is not its own. An empty table is none. */
static enum rprocfw_status when_length(uint32_t type, uint32_t length)
{
    switch (type) {
    case RPROCFW_TLV_SIGNTYPE:
        return RPROCFW_ERR_SIGNTYPE_LENGTH;
    case RPROCFW_TLV_HASHTYPE:
        return RPROCFW_ERR_HASHTYPE_LENGTH;
    case RPROCFW_TLV_NUM_IMG:
        return RPROCFW_ERR_NUM_IMG_LENGTH;
    case RPROCFW_TLV_IMGTYPE:
        return RPROCFW_ERR_IMGTYPE_LENGTH;
    case RPROCFW_TLV_IMGSIZE:
        return RPROCFW_ERR_IMGSIZE_LENGTH;
    case RPROCFW_TLV_ENCTYPE:
        return RPROCFW_ERR_ENCTYPE_LENGTH;
    case RPROCFW_TLV_HASHTABLE:
        return length == 0 ? RPROCFW_ERR_HASHTABLE_MISSING : RPROCFW_ERR_HASHTABLE_LENGTH;
    case RPROCFW_TLV_ENCTABLE:
        return length == 0 ? RPROCFW_ERR_ENCTABLE_MISSING : RPROCFW_ERR_ENCTABLE_LENGTH;
    default:
        return RPROCFW_OK;
    }
}

START_TEST(a_removed_tlv_is_missed_if_it_is_needed)
{
    unsigned i;

    begin((size_t)_i);
    for (i = 0; i < good.tlv_count; i++) {
        struct container c = good;

        tlv_remove(&c, i);
        expect(&c, when_missing(good.tlvs[i].type), "removed", good.tlvs[i].type, 0);
    }
    end("TLVs removed");
}
END_TEST

START_TEST(a_doubled_tlv_is_refused)
{
    unsigned i;

    begin((size_t)_i);
    for (i = 0; i < good.tlv_count; i++) {
        const struct tlv *tlv = &good.tlvs[i];
        struct container adjacent = good;
        struct container at_the_end = good;

        tlv_insert(&adjacent, i, tlv->type, tlv->value, tlv->size);
        expect(&adjacent, RPROCFW_ERR_TLV_DUPLICATE, "doubled beside", tlv->type, i);
        tlv_append(&at_the_end, tlv->type, tlv->value, tlv->size);
        expect(&at_the_end, RPROCFW_ERR_TLV_DUPLICATE, "doubled at the end", tlv->type, i);
    }
    ck_assert_uint_eq(accepted, 0);
    end("TLVs doubled");
}
END_TEST

START_TEST(a_moved_tlv_changes_nothing)
{
    unsigned from;
    unsigned to;

    begin((size_t)_i);
    for (from = 0; from < good.tlv_count; from++) {
        for (to = 0; to < good.tlv_count; to++) {
            struct container c = good;

            if (to == from)
                continue;
            tlv_move(&c, from, to);
            expect(&c, RPROCFW_OK, "moved to", good.tlvs[from].type, to);
        }
    }
    ck_assert_uint_eq(refused, 0);
    end("TLVs moved");
}
END_TEST

/* 0, 1, one less, one more, 0x7fffffff, 0xffffffff */
#define LENGTHS 6

static uint32_t length_of(unsigned number, uint32_t length)
{
    const uint32_t lengths[LENGTHS] = {0, 1, length - 1, length + 1, 0x7FFFFFFF, 0xFFFFFFFF};

    return lengths[number];
}

/*
 * Lengths that make records out of the bytes of a value, and what comes of it. The value of a TLV
 * that is needed is gone then: that is refused without a line here.
 */
static const struct {
    const char *path;
    uint32_t type;
    uint32_t length;
    enum rprocfw_status status;
} others[] = {
    /* 0x80100000, 0: an empty TLV of a type that nobody knows */
    {"expected/rsa2048_plat_tlv.sig", RPROCFW_TLV_BOOTADDR, 0, RPROCFW_OK},
    {"expected/st_encrypted_two.sig", RPROCFW_TLV_BOOTADDR, 0, RPROCFW_OK},
    /* 1, 0: a second SIGNTYPE */
    {"expected/rsa2048_plat_tlv.sig", RPROCFW_TLV_BOOTSEC, 0, RPROCFW_ERR_TLV_DUPLICATE},
    /* text: long TLVs */
    {"expected/rsa2048_plat_tlv.sig", 0x10010, 0, RPROCFW_ERR_TLV_LENGTH},
    {"expected/rsa2048_plat_tlv.sig", 0x10010, 1, RPROCFW_ERR_TLV_PADDING},
    {"expected/rsa2048_key_info.sig", RPROCFW_TLV_PKEYINFO, 0, RPROCFW_ERR_TLV_LENGTH},
    {"expected/rsa2048_key_info.sig", RPROCFW_TLV_PKEYINFO, 1, RPROCFW_ERR_TLV_PADDING},
};

static bool is_zero(const uint8_t *data, uint32_t size)
{
    while (size > 0 && data[size - 1] == 0)
        size--;
    return size == 0;
}

/* Of a length field of a TLV, the bytes behind it left as they are. False: see refused_anyhow. */
static bool foreseen(const struct tlv *tlv, uint32_t length, enum rprocfw_status *status)
{
    const uint32_t room = round8(tlv->size);
    size_t i;

    if (length >= 0x7FFFFFFF)
        *status = RPROCFW_ERR_TLV_LENGTH;
    else if (length < tlv->size &&
             !is_zero(tlv->value + length,
                      round8(length) < tlv->size ? round8(length) - length : tlv->size - length))
        *status = RPROCFW_ERR_TLV_PADDING; /* of the value, or of what is left of it */
    else if (round8(length) == room)
        *status = length == tlv->size ? RPROCFW_OK : when_length(tlv->type, length);
    else {
        for (i = 0; i < COUNT(others); i++) {
            *status = others[i].status;
            if (strcmp(others[i].path, vector->path) == 0 && others[i].type == tlv->type &&
                others[i].length == length)
                return true;
        }
        return false;
    }
    return true;
}

/* The statuses of a TLV area in which a needed value was taken for records. */
static bool refused_anyhow(enum rprocfw_status status, const struct tlv *tlv, uint32_t length)
{
    ck_assert_int_ne(when_length(tlv->type, length), RPROCFW_OK);
    return status == when_length(tlv->type, length) || status == RPROCFW_ERR_TLV_LENGTH ||
           status == RPROCFW_ERR_TLV_PADDING || status == RPROCFW_ERR_TLV_DUPLICATE;
}

START_TEST(a_length_field_alone_changed)
{
    unsigned i;
    unsigned n;

    begin((size_t)_i);
    for (i = 0; i < good.tlv_count; i++) {
        const struct tlv *tlv = &good.tlvs[i];

        for (n = 0; n < LENGTHS; n++) {
            const uint32_t length = length_of(n, tlv->size);
            struct container c = good;
            enum rprocfw_status status;

            c.tlvs[i].length = length;
            if (foreseen(tlv, length, &status)) {
                expect(&c, status, "with length field", tlv->type, length);
                continue;
            }
            container_sign(&c);
            status = judge(container_join(&c));
            ck_assert_msg(refused_anyhow(status, tlv, length), "%s, TLV %#x, length %u: %s",
                          vector->path, tlv->type, length, rprocfw_status_name(status));
            arena_release(mark);
        }
    }
    end("length fields changed");
}
END_TEST

START_TEST(a_value_really_cut_or_extended)
{
    unsigned i;
    unsigned n;

    begin((size_t)_i);
    for (i = 0; i < good.tlv_count; i++) {
        const struct tlv *tlv = &good.tlvs[i];

        for (n = 0; n < 4; n++) { /* the two huge ones are no sizes of a file */
            const uint32_t size = length_of(n, tlv->size);
            struct container c = good;

            tlv_resize(&c.tlvs[i], size);
            expect(&c, size == tlv->size ? RPROCFW_OK : when_length(tlv->type, size), "of size",
                   tlv->type, size);
        }
    }
    end("values cut and extended");
}
END_TEST

/* Whole entries: one less is a segment unsigned, one zero entry more is padding or unused. */
START_TEST(a_table_of_another_number_of_entries)
{
    struct container less;
    struct container more;
    uint32_t type;
    uint32_t entry;

    begin((size_t)_i);
    type =
        vector->options == RPROCFW_VERIFY_CIPHERTEXT ? RPROCFW_TLV_ENCTABLE : RPROCFW_TLV_HASHTABLE;
    entry = type == RPROCFW_TLV_ENCTABLE ? 80 : 64;
    less = good;
    tlv_resize(tlv_find(&less, type), tlv_find(&less, type)->size - entry);
    expect(&less, RPROCFW_ERR_PHDR_NOT_SIGNED, "less by an entry", type, entry);
    more = good;
    tlv_resize(tlv_find(&more, type), tlv_find(&more, type)->size + entry);
    expect(&more, type == RPROCFW_TLV_ENCTABLE ? RPROCFW_OK : RPROCFW_ERR_ENTRY_UNUSED,
           "more by an entry", type, entry);
    end("tables cut and extended");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {a_container_cut_at_any_length_is_refused,
                                  a_payload_cut_and_measured_again_is_refused,
                                  any_bit_flipped_in_the_signed_part_is_refused,
                                  any_bit_flipped_in_the_signature_is_refused,
                                  a_removed_tlv_is_missed_if_it_is_needed,
                                  a_doubled_tlv_is_refused,
                                  a_moved_tlv_changes_nothing,
                                  a_length_field_alone_changed,
                                  a_value_really_cut_or_extended,
                                  a_table_of_another_number_of_entries};

    return run_loop_tests("mutations", tests, COUNT(tests), COUNT(vectors));
}
