/* SPDX-License-Identifier: BSD-2-Clause */
/* Which version of the library this is. */
#include <rprocfw/rprocfw.h>

const char *rprocfw_version(void)
{
    return RPROCFW_PACKAGE_VERSION;
}
