################################################################################
#
# host-jansson
#
################################################################################

# Buildroot builds it for the target only, so far; version and hashes are Buildroot's.
ifeq ($(HOST_JANSSON_NAME),)
$(eval $(host-autotools-package))
HOST_JANSSON_HASH_FILES = $(JANSSON_HASH_FILES)
endif
