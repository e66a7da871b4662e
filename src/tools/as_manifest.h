/* SPDX-License-Identifier: BSD-2-Clause */
/* rproc-dump --as-manifest: how a container is made again. */
#ifndef RPROCFW_TOOLS_AS_MANIFEST_H
#define RPROCFW_TOOLS_AS_MANIFEST_H

#include <rprocfw/report.h>

/*
 * A manifest on standard output: rprocfw-manifest(5). Its images and values are the files that
 * rproc-dump --extract writes, its keys are variables. Exit status; EXIT_REFUSED after a message:
 * nothing makes this container again, or it is made, and refused, again.
 */
int print_as_manifest(const struct rprocfw_report *report, const char *tool);

#endif
