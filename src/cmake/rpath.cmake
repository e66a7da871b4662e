# SPDX-License-Identifier: BSD-2-Clause
# Tools find librprocfw.so beside them: in the build folder, and where they are installed unless
# the loader looks there anyhow.
set(CMAKE_BUILD_RPATH_USE_ORIGIN ON)
if(NOT CMAKE_INSTALL_FULL_LIBDIR IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
  file(RELATIVE_PATH RPROCFW_BIN_TO_LIB ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
  set(CMAKE_INSTALL_RPATH $ORIGIN/${RPROCFW_BIN_TO_LIB})
  # Where the two are the same nothing is left to be replaced: with room for that the loader would
  # look for every library in the current folder, too.
  if(RPROCFW_BIN_TO_LIB STREQUAL "../lib")
    set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
  endif()
endif()
