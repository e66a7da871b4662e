/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The umbrella: core and host. A device includes <rprocfw/rproc.h> alone.
 *
 * Conventions of all functions: sizes are in bytes; what a function returns through a pointer is
 * undefined when it fails, unless said otherwise; strings are UTF-8 and end with a zero; nothing
 * is global, so different objects may be used in different threads.
 */
#ifndef RPROCFW_RPROCFW_H
#define RPROCFW_RPROCFW_H

#include <rprocfw/format.h>
#include <rprocfw/status.h>
#include <rprocfw/image.h>
#include <rprocfw/verify.h>
#include <rprocfw/rproc.h>
#include <rprocfw/public_key.h>
#include <rprocfw/error.h>
#include <rprocfw/key.h>
#include <rprocfw/enc_key.h>
#include <rprocfw/sign.h>
#include <rprocfw/manifest.h>
#include <rprocfw/board.h>
#include <rprocfw/device.h>
#include <rprocfw/answer.h>
#include <rprocfw/report.h>
#include <rprocfw/match.h>
#include <rprocfw/save.h>

/* Of the library that is loaded, which may be another than that of the headers: "1.2.3". */
RPROCFW_API const char *rprocfw_version(void);

#endif
