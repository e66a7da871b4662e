# SPDX-License-Identifier: BSD-2-Clause
# Debian packages, split as Debian does: rprocfw-tools, librprocfw1 (by its soname), librprocfw-dev.
# `cpack` in a build that was configured with -DCMAKE_INSTALL_PREFIX=/usr makes them; what goes into
# which is said in install.cmake; what Debian wants to be otherwise is done in debian-stage.cmake, what
# cpack cannot say in debian-finish.cmake.
set(RPROCFW_MAINTAINER "rprocfw authors <rprocfw@example.org>" CACHE STRING
  "Who stands for the packages: NAME <ADDRESS>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_CONTACT ${RPROCFW_MAINTAINER})
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_COMPONENTS_ALL tools library development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE) # a package each
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each has its own
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/src/cmake/debian-stage.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/src/cmake/debian-finish.cmake)

# For these scripts: cpack hands on what starts with CPACK_.
set(CPACK_RPROCFW_SOURCE_DIR ${PROJECT_SOURCE_DIR})
set(CPACK_RPROCFW_DOCDIR ${CMAKE_INSTALL_DOCDIR})
set(CPACK_RPROCFW_STRIP ${CMAKE_STRIP})

set(CPACK_DEBIAN_PACKAGE_SOURCE rprocfw)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})
set(same_version "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")

set(library librprocfw${RPROCFW_ABI})
set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME rprocfw-tools)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION embedded)
set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${library} ${same_version}")
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "libengine-pkcs11-openssl, tpm2-openssl")
set(CPACK_COMPONENT_TOOLS_DESCRIPTION "sign and verify firmware for remote processors
The Cortex-M beside the Cortex-A of an STM32MP, for example, runs firmware
that Linux loads through OP-TEE. These programs put such ELF files into the
container that OP-TEE's remoteproc trusted application takes and sign it,
judge such containers as a careful board does, and show what is in them.")

set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME ${library})
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "signed firmware of remote processors - shared library
The format, the verdict, the signer and the reports behind rproc-sign and
rproc-verify, which sign firmware for OP-TEE's remoteproc trusted application.")
foreach(name symbols shlibs triggers)
  list(APPEND CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${RPROCFW_GENERATED}/debian/${name})
endforeach()
configure_file(src/cmake/librprocfw.symbols ${RPROCFW_GENERATED}/debian/symbols COPYONLY)
file(WRITE ${RPROCFW_GENERATED}/debian/shlibs
  "librprocfw ${RPROCFW_ABI} ${library} (>= ${PROJECT_VERSION})\n")
file(WRITE ${RPROCFW_GENERATED}/debian/triggers "activate-noawait ldconfig\n")

set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME librprocfw-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
  "${library} ${same_version}, libelf-dev, libfdt-dev, libssl-dev, libyaml-dev")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_RECOMMENDS rprocfw-tools) # of rprocfw_sign()
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "signed firmware of remote processors - development files
Headers, static libraries and files for pkg-config and CMake, for programs
that sign or verify firmware for OP-TEE's remoteproc trusted application.
librprocfw-core.a is the verifier alone: freestanding, for devices.")

set(CPACK_SOURCE_IGNORE_FILES [/][.]git/ ${PROJECT_SOURCE_DIR}/build)
include(CPack)
