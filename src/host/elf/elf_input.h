/* SPDX-License-Identifier: BSD-2-Clause */
/* What the readers of input ELFs share: they know libelf. */
#ifndef RPROCFW_HOST_ELF_INPUT_H
#define RPROCFW_HOST_ELF_INPUT_H

#include <libelf.h>

#include "../host.h"

/* ---- elf_input.c ---- */

/*
 * libelf failed: because of the machine, which errno tells if it was 0 before, or of another one
 * who writes to the file? RPROCFW_OK: because of what is in the file.
 */
enum rprocfw_status rprocfw_elf_failure(const struct rprocfw_input *file,
                                        struct rprocfw_error *error);

/* By offset; they are not over each other. */
void rprocfw_patches_sort(struct rprocfw_patches *patches);

/* ---- elf_loadable.c ---- */

/*
 * Of program headers that were judged, those that --loadable-only leaves out become PT_NULL; no
 * others than these and PT_LOADs are left.
 */
enum rprocfw_status rprocfw_elf_loadable(struct rprocfw_phdr *phdrs, size_t count,
                                         struct rprocfw_error *error);

/* ---- elf_strip.c ---- */

/* Does a section stay when others are left out? Its bytes and their offset do, then. */
bool rprocfw_elf_section_stays(const Elf32_Shdr *shdr, const char *name);

/* The sections of a stripped image. */
struct rprocfw_stripped {
    size_t left_out;   /* of the file's; 0: nothing else here counts */
    Elf32_Shdr *shdrs; /* from number 0 to that of the section names */
    size_t count;
    char *names;
    size_t names_size; /* bytes */
};

/* sections is to be freed, after a failure too. RPROCFW_ERR_INPUT: they cannot be read. */
enum rprocfw_status rprocfw_elf_strip(struct rprocfw_stripped *sections,
                                      const struct rprocfw_input *file, Elf *elf,
                                      struct rprocfw_error *error);
void rprocfw_stripped_free(struct rprocfw_stripped *sections);

/* Has it bytes in the file? */
bool rprocfw_elf_has_bytes(const Elf32_Shdr *shdr);

/* ---- elf_trim.c ---- */

/*
 * Leaves out of an input, whose program headers are read and judged, what wish asks for. *ehdr is
 * the file's, and becomes the image's; elf stays the file's. If there is nothing to leave out,
 * nothing changes. RPROCFW_ERR_INPUT with the reason if loaded bytes would change, or if sections
 * cannot be read.
 */
enum rprocfw_status rprocfw_elf_trim(struct rprocfw_elf_input *input, Elf *elf, Elf32_Ehdr *ehdr,
                                     const struct rprocfw_elf_wish *wish,
                                     struct rprocfw_error *error);

/* ---- elf_encrypt.c ---- */

/*
 * Prepares an input, whose program headers are read and judged, for encryption: phdrs are the
 * PT_LOADs, entries and patches are set. pad: segments may be padded. RPROCFW_ERR_INPUT with the
 * reason if it cannot be encrypted.
 */
enum rprocfw_status rprocfw_elf_encrypt(struct rprocfw_elf_input *input, Elf *elf,
                                        const Elf32_Ehdr *ehdr, bool pad,
                                        struct rprocfw_error *error);

#endif
