################################################################################
#
# rprocfw
#
################################################################################

RPROCFW_VERSION = 0.1.0
RPROCFW_SITE = $(call qstrip,$(BR2_RPROCFW_SITE))
# As long as rprocfw.hash has none of the tarball.
BR_NO_CHECK_HASH_FOR += rprocfw-$(RPROCFW_VERSION).tar.gz
RPROCFW_LICENSE = BSD-2-Clause
RPROCFW_LICENSE_FILES = LICENSE
RPROCFW_INSTALL_STAGING = YES
RPROCFW_DEPENDENCIES = host-pkgconf dtc elfutils jansson libyaml openssl
HOST_RPROCFW_DEPENDENCIES = host-pkgconf host-dtc host-elfutils host-jansson \
	host-libyaml host-openssl

# host-dtc has its headers in a folder of their own.
HOST_RPROCFW_CONF_OPTS = -DFDT_INCLUDE_DIR=$(HOST_DIR)/include/libfdt

$(eval $(cmake-package))
$(eval $(host-cmake-package))
