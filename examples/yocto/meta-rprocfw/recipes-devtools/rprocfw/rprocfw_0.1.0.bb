# SPDX-License-Identifier: BSD-2-Clause
SUMMARY = "Sign, verify and show firmware for remote processors"
SECTION = "devel"
LICENSE = "BSD-2-Clause"
LIC_FILES_CHKSUM = "file://LICENSE;md5=f3bd2c12cf7062211ecdf04983e2ea29"

# The source tarball, rprocfw-0.1.0.tar.gz: where you have it, "file:///srv/rprocfw-0.1.0.tar.gz" or
# "https://...", and for the latter its SHA-256.
RPROCFW_URI ??= ""
RPROCFW_SHA256 ??= ""
SRC_URI = "${RPROCFW_URI}"
SRC_URI[sha256sum] = "${RPROCFW_SHA256}"

python () {
    if not d.getVar("RPROCFW_URI"):
        raise bb.parse.SkipRecipe("RPROCFW_URI is not set: where is the source tarball of rprocfw?")
}

DEPENDS = "openssl elfutils libyaml jansson dtc"

inherit cmake pkgconfig bash-completion

EXTRA_OECMAKE = "-DRPROCFW_TESTS=OFF"

FILES:${PN} += "${datadir}/rprocfw ${datadir}/fish ${datadir}/zsh"

BBCLASSEXTEND = "native nativesdk"
