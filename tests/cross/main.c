/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Core on this machine: cross [-v] VECTORS. -v prints every outcome. The first line says for what
 * machine the program was compiled; all others are the same on every machine. Exit status 0: every
 * check held.
 */
#include <stdio.h>
#include <string.h>

#include "report.h"
#include "sections.h"

#if defined(__thumb2__)
#define MACHINE "armhf Thumb-2"
#elif defined(__aarch64__)
#define MACHINE "aarch64"
#elif defined(__s390x__)
#define MACHINE "s390x"
#elif defined(__x86_64__)
#define MACHINE "x86_64"
#elif defined(__i386__)
#define MACHINE "i686"
#else
#define MACHINE "other"
#endif

static void print_machine(void)
{
    static const uint32_t one = 1;
    uint8_t first;

    memcpy(&first, &one, 1);
    printf("machine: " MACHINE ", %u bits, %s-endian\n", (unsigned)sizeof(void *) * 8,
           first == 1 ? "little" : "big");
}

int main(int argc, char **argv)
{
    report_all = argc == 3 && strcmp(argv[1], "-v") == 0;
    if (argc != 2 && !report_all) {
        fprintf(stderr, "usage: cross [-v] VECTORS\n");
        return 2;
    }
    vectors = argv[argc - 1];
    print_machine();
    section_sha256();
    section_decode();
    section_tlv();
    section_device();
    section_expected();
    section_mutations();
    section_overlap();
    section_work();
    printf("%u checks, %u failed\n", checks_made, checks_failed);
    return checks_failed == 0 && fflush(stdout) == 0 ? 0 : 1;
}
