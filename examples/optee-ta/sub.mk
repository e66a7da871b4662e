# SPDX-License-Identifier: BSD-2-Clause
# The sources, where they lie in the tree: src/tee with one of its two ways to verify a signature,
# and core without what tells people more than a number. The dev kit links all that is named here.
rprocfw-src := ../../src
rprocfw-tee := ta.c platform.c pta.c log.c
rprocfw-not := status.c

# log.c says where a container failed from level 3 on
ifneq ($(filter 0 1 2,$(CFG_TEE_TA_LOG_LEVEL)),)
rprocfw-not += explain.c
endif

ifeq ($(CFG_RPROCFW_PUBLIC_KEY),y)
rprocfw-tee += verify_key.c
srcs-y += $(RPROCFW_PUBLIC_KEY)
else
rprocfw-tee += verify_pta.c
endif

global-incdirs-y += ../../include $(rprocfw-src)/tee

srcs_ext_base-y := $(rprocfw-src)
srcs_ext-y += $(addprefix core/,$(filter-out $(rprocfw-not),\
	$(notdir $(wildcard $(rprocfw-src)/core/*.c))))
srcs_ext-y += $(addprefix tee/,$(rprocfw-tee))

# As core is built everywhere. Its switches have no default, so that the compiler finds a value
# that was forgotten.
cflags-y += -ffreestanding -fno-stack-protector -ffunction-sections -fdata-sections
cflags-y += -Wno-switch-default
