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
    bool is_predicted; /* the members below are valid */
    struct rprocfw_ta ta;
    uint32_t result;   /* TEE_Result: 0 the container is loaded */
    const char *check; /* the check that fails, as rprocfw-checks(7) names it; NULL: none */
    uint32_t image;    /* number of the image, from 0, or RPROCFW_NOWHERE */
    uint32_t segment;  /* number of the program header in its image, or RPROCFW_NOWHERE */
    char reason[512];  /* what is wrong (where); empty if nothing is */
    char remedy[256];  /* what to do */
    bool has_rsc_table;
    uint32_t rsc_da;   /* device address of the resource table that is reported to Linux */
    uint32_t rsc_size; /* bytes */
};

enum rprocfw_finding_level {
    RPROCFW_FINDING_NOTE,    /* worth knowing */
    RPROCFW_FINDING_WARNING, /* loads, but is not what one wants, probably */
    RPROCFW_FINDING_ERROR    /* does not load, start or work */
};

struct rprocfw_finding {
    enum rprocfw_finding_level level;
    const char *id;   /* as rprocfw-checks(7) names it; stable */
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
