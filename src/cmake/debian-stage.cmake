# SPDX-License-Identifier: BSD-2-Clause
# Run by cpack when it has installed each component into a folder of its own, before it makes a package
# of it: what Debian wants to be otherwise than `cmake --install` leaves it.
if(NOT CPACK_PACKAGING_INSTALL_PREFIX STREQUAL "/usr")
  message(FATAL_ERROR "Debian packages are installed in /usr, not ${CPACK_PACKAGING_INSTALL_PREFIX}: "
    "configure with -DCMAKE_INSTALL_PREFIX=/usr")
endif()
foreach(program gzip dpkg-deb dpkg-shlibdeps file) # without the last two cpack leaves out Depends
  find_program(found-${program} ${program})
  if(NOT found-${program})
    message(FATAL_ERROR "${program} is missing: install gzip, dpkg, dpkg-dev and file")
  endif()
endforeach()

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Without time and name in it.
function(compress file)
  run(gzip -9nf ${file})
endfunction()

function(compress_pages folder)
  file(GLOB pages ${folder}/share/man/man*/*)
  foreach(page IN LISTS pages)
    if(IS_SYMLINK ${page})
      file(READ_SYMLINK ${page} target)
      file(REMOVE ${page})
      file(CREATE_LINK ${target}.gz ${page}.gz SYMBOLIC)
    else()
      compress(${page})
    endif()
  endforeach()
endfunction()

# In the form that Debian calls machine-readable.
function(write_copyright file)
  file(READ ${CPACK_RPROCFW_SOURCE_DIR}/LICENSE text)
  string(REGEX REPLACE ".*Copyright \\(c\\) ([^\n]*)\n.*" "\\1" who ${text})
  string(REGEX REPLACE ".*Copyright [^\n]*\n\n" "" text ${text})
  string(STRIP ${text} text)
  string(REPLACE "\n\n" "\n.\n" text ${text})
  string(REPLACE "\n" "\n " text ${text})
  file(WRITE ${file} "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: rprocfw

Files: *
Copyright: ${who}
License: BSD-2-Clause
 ${text}
")
endfunction()

function(write_changelog file)
  string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH, if there is one
  file(WRITE ${file}
    "rprocfw (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Made by cpack of version ${CPACK_PACKAGE_VERSION}; changelog.gz has what is new in it.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
  compress(${file})
endfunction()

foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  set(folder ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/${component}/usr)
  string(TOUPPER ${component} name)
  set(name ${CPACK_DEBIAN_${name}_PACKAGE_NAME})
  set(documentation ${folder}/share/doc/${name})

  file(MAKE_DIRECTORY ${documentation})
  write_copyright(${documentation}/copyright)
  write_changelog(${documentation}/changelog.Debian)
  file(COPY_FILE ${CPACK_RPROCFW_SOURCE_DIR}/NEWS.md ${documentation}/changelog)
  compress(${documentation}/changelog)
  if(component STREQUAL tools)
    # site-functions is for what the machine's administrator installs
    file(RENAME ${folder}/share/zsh/site-functions ${folder}/share/zsh/vendor-completions)
    file(COPY_FILE ${CPACK_RPROCFW_SOURCE_DIR}/README.md ${documentation}/README.md)
    compress(${documentation}/README.md)
  endif()
  compress_pages(${folder})
  file(WRITE ${folder}/share/lintian/overrides/${name}
    "# made by who built it, not uploaded to Debian\n${name}: initial-upload-closes-no-bugs\n")

  file(GLOB archives ${folder}/lib/*/*.a)
  foreach(archive IN LISTS archives)
    run(${CPACK_RPROCFW_STRIP} --strip-debug --enable-deterministic-archives ${archive})
  endforeach()
endforeach()
