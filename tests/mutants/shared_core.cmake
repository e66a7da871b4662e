# SPDX-License-Identifier: BSD-2-Clause
# Given to the tree's project() by run.py: core becomes a shared library, so that the test programs
# need not be linked again for each mutant of it.
macro(add_library name kind)
  if("${name} ${kind}" STREQUAL "rprocfw-core STATIC")
    _add_library(${name} SHARED ${ARGN})
  else()
    _add_library(${name} ${kind} ${ARGN})
  endif()
endmacro()
