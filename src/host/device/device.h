/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a TA answers to LOAD, foretold: its checks in its order, over the bytes as it reads them.
 * Not over what core makes of them: what core refuses a TA may load.
 */
#ifndef RPROCFW_HOST_DEVICE_H
#define RPROCFW_HOST_DEVICE_H

#include "../host.h"
#include "../report/view.h"

/* What is known of the signature over header and TLV area. */
enum rprocfw_foretell_signature {
    RPROCFW_FORETELL_GOOD,
    RPROCFW_FORETELL_BAD,
    RPROCFW_FORETELL_UNKNOWN, /* the keys tell */
    RPROCFW_FORETELL_ASSUMED  /* nobody has looked, nor will: taken as good */
};

/* A container of which something is to be foretold. All of it must live until the end. */
struct rprocfw_foretell_job {
    const struct rprocfw_view *view;
    enum rprocfw_file_kind kind;
    const uint8_t *metadata; /* header, TLV area and signature; NULL: it is no container */
    uint32_t metadata_size;  /* bytes, as far as the view has them */
    enum rprocfw_foretell_signature signature;
    const struct rprocfw_keys *keys; /* those that the board may have; NULL: not known */
    bool hashed; /* each segment's bytes have the digest of their own entry: core said so */
};

struct rprocfw_foretelling;

/* *out is to be ended, after a failure too. */
enum rprocfw_status rprocfw_foretell_begin(struct rprocfw_foretelling **out,
                                           const struct rprocfw_foretell_job *job,
                                           struct rprocfw_error *error);

/*
 * The answer of a board's TA; board NULL: that of ta on a board whose memory, heap and keys are not
 * known. Not predicted, with a reason: it is not in the container.
 */
enum rprocfw_status rprocfw_foretell(struct rprocfw_foretelling *f,
                                     const struct rprocfw_board *board, const struct rprocfw_ta *ta,
                                     struct rprocfw_device *answer, struct rprocfw_error *error);

void rprocfw_foretell_end(struct rprocfw_foretelling *f); /* may be NULL */

/* The TAs that are known, those most likely met first. */
#define RPROCFW_KNOWN_TAS 3u
extern const struct rprocfw_ta rprocfw_known_ta[RPROCFW_KNOWN_TAS];

/* Number of the TA in question when nobody names a board: OP-TEE's newest, or ST's for what is
 * encrypted, which no other loads. */
unsigned rprocfw_foretell_usual(const struct rprocfw_foretelling *f);

/* After OP-TEE's newest loads what core finds good: may another TA that is known refuse it? */
bool rprocfw_foretell_is_close(const struct rprocfw_foretelling *f);

/* Bytes of the TA's heap that LOAD needs at most. */
uint64_t rprocfw_foretell_heap(const struct rprocfw_foretelling *f);

/* So many are there of a TA's heap of size bytes, about, when LOAD begins. */
uint32_t rprocfw_heap_room(uint32_t size, unsigned bits);

#define RPROCFW_PLACE_ROOM 64u

/* "image 0, segment 1: ", as the text about it begins; either number may be RPROCFW_NOWHERE. */
void rprocfw_place_print(char to[RPROCFW_PLACE_ROOM], uint32_t image, uint32_t segment);

/* ---- sign/preflight.c ---- */

/* Is what a board would not load signed all the same? */
static inline bool rprocfw_preflight_signs(enum rprocfw_preflight preflight)
{
    return preflight == RPROCFW_PREFLIGHT_WARN || preflight == RPROCFW_PREFLIGHT_OFF;
}

/* A new container that core has found good. */
struct rprocfw_preflight_job {
    struct rprocfw_foretell_job foretell;
    const struct rprocfw_board *board; /* NULL: any */
    enum rprocfw_preflight preflight;
    const char *output;                             /* what the container is called */
    const char *(*name)(void *ctx, uint32_t image); /* the file that an image is from, or NULL */
    void *ctx;
    const struct rprocfw_watch *watch;
    const struct rprocfw_log *log;
};

/* What to name of an image, or RPROCFW_NOWHERE: the file it comes from, or else the output. */
const char *rprocfw_preflight_file(const struct rprocfw_preflight_job *job, uint32_t image);

/*
 * RPROCFW_ERR_INPUT, or a warning: the board will not load it; without a board, no TA that is known
 * will. What only some of them will not load is a warning.
 */
enum rprocfw_status rprocfw_preflight(const struct rprocfw_preflight_job *job,
                                      struct rprocfw_error *error);

#endif
