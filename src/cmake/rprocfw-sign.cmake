# SPDX-License-Identifier: BSD-2-Clause
# rprocfw_sign(TARGET fw KEY key.pem OUTPUT fw.sig
#              [NAME fw-signed] [IMAGES image...] [BOARD name|file] [PREFLIGHT warn|off|strict]
#              [LAYOUT optee|st] [PLATFORM_TLVS id value...] [KEY_INFO spki|file]
#              [PASSPHRASE source] [ENC_KEY file] [STRIP] [LOADABLE_ONLY] [OPTIONS option...])
#
# Signs the ELF file that the executable target TARGET is linked to, as a part of the build: after the
# link, and again when the ELF file, the key or another file below has changed. A failure is one of the
# build, and leaves no OUTPUT.
#
# KEY            a file, or a URI (pkcs11:..., handle:...); for these OPTIONS --engine, --provider
# OUTPUT         the container; relative to the binary folder, in multi-config builds to the
#                configuration's folder therein
# NAME           of the target that makes OUTPUT; TARGET-signed without it
# IMAGES         further images, behind TARGET's: executable targets or ELF files. By ST's convention
#                the non-secure image comes first, so TF-M's secure one is given here.
# PLATFORM_TLVS  pairs
# PASSPHRASE     env:VAR, file:PATH, fd:N, stdin or prompt: a source, never the passphrase
# OPTIONS        what else rproc-sign(1) has
# All but OUTPUT is relative to the source folder.
cmake_policy(PUSH)
cmake_policy(VERSION 3.20)

# Appends an option with its value: one with semicolons, a URI for example, stays one.
function(_rprocfw_append list option value)
  string(REPLACE ";" "\\;" value "${value}")
  list(APPEND ${list} ${option} "${value}")
  set(${list} "${${list}}" PARENT_SCOPE)
endfunction()

# The path of what may be relative to the source folder; as it is what CMake knows later only.
function(_rprocfw_path path result)
  if(NOT path MATCHES "^\\$<")
    cmake_path(ABSOLUTE_PATH path BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} NORMALIZE)
  endif()
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

# The same of a file that an option names, which may name something else instead.
function(_rprocfw_path_or_name value result is_file)
  _rprocfw_path("${value}" path)
  if(EXISTS "${path}" AND NOT IS_DIRECTORY "${path}")
    set(${result} "${path}" PARENT_SCOPE)
    set(${is_file} TRUE PARENT_SCOPE)
  else()
    set(${result} "${value}" PARENT_SCOPE)
    set(${is_file} FALSE PARENT_SCOPE)
  endif()
endfunction()

function(rprocfw_sign)
  set(flags STRIP LOADABLE_ONLY)
  set(values TARGET KEY OUTPUT NAME BOARD LAYOUT KEY_INFO PASSPHRASE ENC_KEY PREFLIGHT)
  set(lists IMAGES PLATFORM_TLVS OPTIONS)
  cmake_parse_arguments(PARSE_ARGV 0 arg "${flags}" "${values}" "${lists}")

  # --- What was written down wrongly ---

  if(DEFINED arg_UNPARSED_ARGUMENTS)
    list(JOIN arg_UNPARSED_ARGUMENTS " " unknown)
    message(FATAL_ERROR "rprocfw_sign: unknown: ${unknown}; other options of rproc-sign go behind OPTIONS")
  endif()
  if(DEFINED arg_KEYWORDS_MISSING_VALUES)
    list(JOIN arg_KEYWORDS_MISSING_VALUES ", " missing)
    message(FATAL_ERROR "rprocfw_sign: no value behind ${missing}")
  endif()
  foreach(name TARGET KEY OUTPUT)
    if(NOT DEFINED arg_${name})
      message(FATAL_ERROR "rprocfw_sign: ${name} is missing; needed are TARGET, KEY and OUTPUT")
    endif()
  endforeach()
  if(NOT TARGET ${arg_TARGET})
    message(FATAL_ERROR "rprocfw_sign: there is no target ${arg_TARGET}; call add_executable first")
  endif()
  get_target_property(type ${arg_TARGET} TYPE)
  if(NOT type STREQUAL "EXECUTABLE")
    message(FATAL_ERROR "rprocfw_sign: the target ${arg_TARGET} is no executable (${type})")
  endif()
  if(NOT DEFINED arg_NAME)
    set(arg_NAME ${arg_TARGET}-signed)
  endif()
  if(TARGET ${arg_NAME})
    message(FATAL_ERROR "rprocfw_sign: there is a target ${arg_NAME} already; give another NAME")
  endif()
  list(LENGTH arg_PLATFORM_TLVS count)
  math(EXPR odd "${count} % 2")
  if(odd)
    message(FATAL_ERROR "rprocfw_sign: PLATFORM_TLVS are pairs, ID VALUE; one value is missing")
  endif()
  if(DEFINED arg_PASSPHRASE AND NOT arg_PASSPHRASE MATCHES "^((env|file|fd):.+|stdin|prompt)$")
    # it may be the passphrase: not said here
    message(FATAL_ERROR "rprocfw_sign: PASSPHRASE is none of env:VAR, file:PATH, fd:N, stdin and prompt")
  endif()

  # --- The command, and the files that it depends on ---

  set(depends ${arg_TARGET})
  set(options)
  if(arg_KEY MATCHES "^[A-Za-z][A-Za-z0-9+.-]+:") # a URI
    _rprocfw_append(options --key "${arg_KEY}")
  else()
    _rprocfw_path("${arg_KEY}" key)
    _rprocfw_append(options --key "${key}")
    list(APPEND depends "${key}")
  endif()
  foreach(option BOARD=--board KEY_INFO=--key_info ENC_KEY=--enc_key)
    string(REPLACE "=" ";" option ${option})
    list(POP_FRONT option name)
    if(DEFINED arg_${name})
      _rprocfw_path_or_name("${arg_${name}}" value is_file)
      _rprocfw_append(options ${option} "${value}")
      if(is_file)
        list(APPEND depends "${value}")
      endif()
    endif()
  endforeach()
  foreach(option LAYOUT=--layout PASSPHRASE=--passphrase)
    string(REPLACE "=" ";" option ${option})
    list(POP_FRONT option name)
    if(DEFINED arg_${name})
      _rprocfw_append(options ${option} "${arg_${name}}")
    endif()
  endforeach()
  if(DEFINED arg_PREFLIGHT)
    list(APPEND options --preflight=${arg_PREFLIGHT})
  endif()
  if(arg_STRIP)
    list(APPEND options --strip)
  endif()
  if(arg_LOADABLE_ONLY)
    list(APPEND options --loadable-only)
  endif()
  while(arg_PLATFORM_TLVS)
    list(POP_FRONT arg_PLATFORM_TLVS id value)
    list(APPEND options --plat-tlv)
    _rprocfw_append(options "${id}" "${value}")
  endwhile()
  if(DEFINED arg_OPTIONS)
    list(APPEND options "${arg_OPTIONS}")
  endif()

  set(inputs --in $<TARGET_FILE:${arg_TARGET}>)
  foreach(image IN LISTS arg_IMAGES)
    if(TARGET ${image})
      list(APPEND inputs --in $<TARGET_FILE:${image}>)
      list(APPEND depends ${image})
    else()
      _rprocfw_path("${image}" path)
      list(APPEND inputs --in "${path}")
      list(APPEND depends "${path}")
    endif()
  endforeach()

  set(folder ${CMAKE_CURRENT_BINARY_DIR})
  get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
  if(multi_config AND NOT arg_OUTPUT MATCHES "\\$<")
    string(APPEND folder /$<CONFIG>)
  endif()
  if(arg_OUTPUT MATCHES "^(/|\\$<|[A-Za-z]:)")
    set(output "${arg_OUTPUT}")
  else()
    set(output "${folder}/${arg_OUTPUT}")
  endif()
  set(terminal)
  if(arg_PASSPHRASE STREQUAL "prompt" OR arg_PASSPHRASE STREQUAL "stdin")
    set(terminal USES_TERMINAL)
  endif()

  # What was signed before is no answer to a build that fails.
  add_custom_command(OUTPUT "${output}"
    COMMAND ${CMAKE_COMMAND} -E rm -f "${output}"
    COMMAND rprocfw::rproc-sign ${options} ${inputs} --out "${output}"
    DEPENDS ${depends} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Signing ${arg_TARGET}" ${terminal} VERBATIM)
  add_custom_target(${arg_NAME} ALL DEPENDS "${output}")
endfunction()

cmake_policy(POP)
