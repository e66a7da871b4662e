# SPDX-License-Identifier: BSD-2-Clause
# nativesdk-rprocfw needs it.
BBCLASSEXTEND:append = " nativesdk"
