# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` puts where. The pkg-config files and the CMake package find their prefix
# from where they lie, so `cmake --install BUILD --prefix ANYWHERE` works. Components are what
# packages.cmake makes packages of.
include(CMakePackageConfigHelpers)

set(RPROCFW_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/rprocfw)
set(RPROCFW_GENERATED ${PROJECT_BINARY_DIR}/package)

# Exported as rprocfw::NAME for find_package.
function(rprocfw_install_library target name)
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  install(TARGETS ${target} EXPORT rprocfw-${name}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)
  install(EXPORT rprocfw-${name} NAMESPACE rprocfw:: DESTINATION ${RPROCFW_CMAKE_DIR}
    COMPONENT development)
endfunction()

function(rprocfw_install_pkg_config name)
  file(RELATIVE_PATH up ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
  string(REGEX REPLACE "/$" "" up ${up})
  set(PC_PREFIX \${pcfiledir}/${up})
  cmake_path(APPEND PC_INCLUDEDIR \${prefix} ${CMAKE_INSTALL_INCLUDEDIR})
  cmake_path(APPEND PC_LIBDIR \${prefix} ${CMAKE_INSTALL_LIBDIR})
  configure_file(src/cmake/${name}.pc.in ${RPROCFW_GENERATED}/${name}.pc @ONLY)
  install(FILES ${RPROCFW_GENERATED}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
    COMPONENT development)
endfunction()

rprocfw_install_library(rprocfw-core core)
rprocfw_install_pkg_config(rprocfw-core)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation)

# For builds for any machine: rprocfw-config.cmake leaves out what is of another one.
write_basic_package_version_file(${RPROCFW_GENERATED}/rprocfw-config-version.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_package_config_file(src/cmake/rprocfw-config.cmake.in ${RPROCFW_GENERATED}/rprocfw-config.cmake
  INSTALL_DESTINATION ${RPROCFW_CMAKE_DIR} PATH_VARS CMAKE_INSTALL_BINDIR
  NO_SET_AND_CHECK_MACRO NO_CHECK_REQUIRED_COMPONENTS_MACRO)
install(FILES ${RPROCFW_GENERATED}/rprocfw-config.cmake ${RPROCFW_GENERATED}/rprocfw-config-version.cmake
  DESTINATION ${RPROCFW_CMAKE_DIR} COMPONENT development)

if(RPROCFW_CORE_ONLY)
  install(FILES include/rprocfw/format.h include/rprocfw/status.h include/rprocfw/image.h
    include/rprocfw/verify.h include/rprocfw/rproc.h include/rprocfw/public_key.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rprocfw COMPONENT development)
  return()
endif()
install(DIRECTORY include/rprocfw DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)

if(TARGET rprocfw-shared)
  set_target_properties(rprocfw-shared PROPERTIES INSTALL_RPATH "")
  rprocfw_install_library(rprocfw-shared rprocfw)
endif()
rprocfw_install_library(rprocfw-static static)
rprocfw_install_pkg_config(rprocfw)

install(TARGETS rproc-sign rproc-verify rproc-dump rproc-key
  DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
install(FILES ${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/sign_rproc_fw
  DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
install(FILES src/cmake/rprocfw-sign.cmake DESTINATION ${RPROCFW_CMAKE_DIR} COMPONENT development)
foreach(name rproc-sign sign_rproc_fw rproc-verify rproc-dump rproc-key)
  install(FILES src/completion/rprocfw.bash RENAME ${name}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tools)
  install(FILES src/completion/rprocfw.fish RENAME ${name}.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tools)
endforeach()
install(FILES src/completion/_rprocfw DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
  COMPONENT tools)

install(DIRECTORY src/schema DESTINATION ${CMAKE_INSTALL_DATADIR}/rprocfw COMPONENT tools)

foreach(section 1 3 5 7)
  set(component tools)
  if(section EQUAL 3)
    set(component development)
  endif()
  file(GLOB pages CONFIGURE_DEPENDS man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT ${component})
endforeach()
file(CREATE_LINK rproc-sign.1 ${RPROCFW_GENERATED}/sign_rproc_fw.1 SYMBOLIC)
install(FILES ${RPROCFW_GENERATED}/sign_rproc_fw.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
  COMPONENT tools)
install(FILES README.md NEWS.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT documentation)
