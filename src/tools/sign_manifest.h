/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-sign --manifest: all containers of a file, or some. */
#ifndef RPROCFW_TOOLS_SIGN_MANIFEST_H
#define RPROCFW_TOOLS_SIGN_MANIFEST_H

#include "sign_options.h"

/* Exit status: the worst of all containers. */
int sign_manifest(struct sign_options *o);

#endif
