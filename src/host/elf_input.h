/* SPDX-License-Identifier: BSD-2-Clause */
/* What the readers of input ELFs share: they know libelf. */
#ifndef RPROCFW_HOST_ELF_INPUT_H
#define RPROCFW_HOST_ELF_INPUT_H

#include <libelf.h>

#include "host.h"

/*
 * libelf failed: because of the machine, which errno tells if it was 0 before, or of another one
 * who writes to the file? RPROCFW_OK: because of what is in the file.
 */
enum rprocfw_status rprocfw_elf_failure(const struct rprocfw_input *file,
                                        struct rprocfw_error *error);

/*
 * Prepares an input, whose program headers are read and judged, for encryption: phdrs are the
 * PT_LOADs, entries and patches are set. pad: segments may be padded. RPROCFW_ERR_INPUT with the
 * reason if it cannot be encrypted.
 */
enum rprocfw_status rprocfw_elf_encrypt(struct rprocfw_elf_input *input, Elf *elf,
                                        const Elf32_Ehdr *ehdr, bool pad,
                                        struct rprocfw_error *error);

#endif
