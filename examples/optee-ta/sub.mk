# SPDX-License-Identifier: BSD-2-Clause
# The sources, where they lie in the tree: core without the texts of statuses, and src/tee with one
# of its two ways to verify a signature.
rprocfw-src := ../../src
rprocfw-tee := ta.c platform.c pta.c

ifeq ($(CFG_RPROCFW_PUBLIC_KEY),y)
rprocfw-tee += verify_key.c
srcs-y += $(RPROCFW_PUBLIC_KEY)
else
rprocfw-tee += verify_pta.c
endif

global-incdirs-y += ../../include $(rprocfw-src)/tee

srcs_ext_base-y := $(rprocfw-src)
srcs_ext-y += $(addprefix core/,$(filter-out status.c,\
	$(notdir $(wildcard $(rprocfw-src)/core/*.c))))
srcs_ext-y += $(addprefix tee/,$(rprocfw-tee))

# As core is built everywhere. A switch without default lets the compiler find a forgotten value.
cflags-y += -ffreestanding -fno-stack-protector -ffunction-sections -fdata-sections
cflags-y += -Wno-switch-default
