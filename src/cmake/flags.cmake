# SPDX-License-Identifier: BSD-2-Clause
# Interface targets with compiler flags: rprocfw_warnings for all code of this tree,
# rprocfw_freestanding for core, rprocfw_hardened for host library and tools.

# Binaries do not name the folders that they were built from and in: two builds give the same. A
# debugger finds the sources from the top of the tree.
add_compile_options(-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(NOT RPROCFW_SANITIZE AND NOT RPROCFW_COVERAGE) # their reports name whole paths
  add_compile_options($<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>
    $<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>)
endif()

add_library(rprocfw_warnings INTERFACE)
target_compile_options(rprocfw_warnings INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wpedantic $<$<BOOL:${RPROCFW_WERROR}>:-Werror>)

add_library(rprocfw_freestanding INTERFACE)
target_compile_options(rprocfw_freestanding INTERFACE -ffreestanding -fno-stack-protector
  -U_FORTIFY_SOURCE -ffunction-sections -fdata-sections)

add_library(rprocfw_hardened INTERFACE)
if(RPROCFW_HARDENING)
  target_compile_options(rprocfw_hardened INTERFACE -fstack-protector-strong)
  if(NOT RPROCFW_SANITIZE) # fortified calls would hide reads from the sanitizer
    target_compile_options(rprocfw_hardened INTERFACE
      $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>)
  endif()
  target_link_options(rprocfw_hardened INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack
    -Wl,--as-needed)
  if(NOT RPROCFW_STATIC) # these are position-independent anyhow
    target_link_options(rprocfw_hardened INTERFACE
      $<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)
  endif()
endif()

if(RPROCFW_SANITIZE)
  add_compile_options(-fsanitize=${RPROCFW_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RPROCFW_SANITIZE})
endif()

# For what ships, not for tests: which of their lines run says nothing.
set(rprocfw_count_options)
if(RPROCFW_COVERAGE)
  set(rprocfw_count_options --coverage -fprofile-update=atomic) # threads sign
  add_link_options(--coverage)
endif()
