# SPDX-License-Identifier: BSD-2-Clause
# find_package(rprocfw [COMPONENTS static]): rprocfw::core and, unless core alone was installed,
# rprocfw::rprocfw (the shared library). Component static: rprocfw::static, which makes its users
# link libcrypto, libelf, libyaml and libfdt.
include(${CMAKE_CURRENT_LIST_DIR}/rprocfw-core.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/rprocfw-rprocfw.cmake OPTIONAL)

set(rprocfw_static_FOUND FALSE)
if("static" IN_LIST rprocfw_FIND_COMPONENTS)
  include(CMakeFindDependencyMacro)
  find_dependency(PkgConfig)
  pkg_check_modules(RPROCFW_CRYPTO IMPORTED_TARGET libcrypto)
  pkg_check_modules(RPROCFW_ELF IMPORTED_TARGET libelf)
  pkg_check_modules(RPROCFW_YAML IMPORTED_TARGET yaml-0.1)
  find_library(RPROCFW_FDT_LIBRARY fdt)
  if(RPROCFW_CRYPTO_FOUND AND RPROCFW_ELF_FOUND AND RPROCFW_YAML_FOUND AND RPROCFW_FDT_LIBRARY)
    include(${CMAKE_CURRENT_LIST_DIR}/rprocfw-static.cmake OPTIONAL
      RESULT_VARIABLE rprocfw_static_FOUND)
  endif()
endif()

foreach(component IN LISTS rprocfw_FIND_COMPONENTS)
  if(rprocfw_FIND_REQUIRED_${component} AND NOT rprocfw_${component}_FOUND)
    set(rprocfw_FOUND FALSE)
    set(rprocfw_NOT_FOUND_MESSAGE "rprocfw has no component ${component}, or what it needs is missing")
  endif()
endforeach()
