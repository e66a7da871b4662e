/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a board will say of a container, before it is flashed: the answer of its TA to LOAD,
 * foretold check by check in the TA's order, and findings that no TA looks for. Neither has a say
 * in whether a container is authentic.
 */
#ifndef RPROCFW_DEVICE_H
#define RPROCFW_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rprocfw/board.h>

/* The answer to LOAD. */
struct rprocfw_device {
    bool is_predicted; /* if not, of the members below ta, board and reason are valid, and reason
                          says why it cannot be told, unless it is empty */
    struct rprocfw_ta ta;
    const char *board; /* its name: the profile's own; NULL: none was given, and what depends on
                          memory, heap and keys of a board was not looked at */
    bool signature_assumed; /* nobody looked at the signature: it is taken as good */
    uint32_t result;        /* TEE_Result: 0 the container is loaded */
    const char *name;       /* of result: "TEE_SUCCESS", "TEE_ERROR_BAD_PARAMETERS" ... */
    const char *check;      /* the check that fails, as rprocfw-checks(7) names it; NULL: none */
    uint32_t image;         /* number of the image, from 0, or RPROCFW_NOWHERE */
    uint32_t segment;       /* number of the program header in its image, or RPROCFW_NOWHERE */
    char reason[512];       /* what is wrong, with its place; empty if nothing is */
    char remedy[256];       /* what to do */
    bool has_rsc_table;
    uint32_t rsc_da;   /* device address of the resource table that is reported to Linux */
    uint32_t rsc_size; /* bytes */
};

#define RPROCFW_TA_NAME 64u

/* "OP-TEE 4.10", "ST 4.0": whose TA it is; writes it to text and returns it. */
RPROCFW_API const char *rprocfw_ta_name(const struct rprocfw_ta *ta, char text[RPROCFW_TA_NAME]);

enum rprocfw_finding_level {
    RPROCFW_FINDING_NOTE,    /* worth knowing */
    RPROCFW_FINDING_WARNING, /* not what one wants, probably, or Linux will not boot it */
    RPROCFW_FINDING_ERROR    /* does not load, start or work, whoever starts it */
};

struct rprocfw_finding {
    enum rprocfw_finding_level level;
    const char *id; /* as rprocfw-checks(7) names it; stable */
    const char
        *check;       /* of struct rprocfw_device: the board's answer that says the same; or NULL */
    uint32_t image;   /* number of the image, from 0, or RPROCFW_NOWHERE */
    uint32_t segment; /* number of the program header in its image, or RPROCFW_NOWHERE */
    char text[512];   /* what was found, what was expected; what to do */
};

/* In the order of the images and of rprocfw-checks(7). */
struct rprocfw_findings {
    struct rprocfw_finding *finding;
    size_t count;
};

#endif
