# SPDX-License-Identifier: BSD-2-Clause
# Run by cpack when it has made the packages: what it cannot say of them. Libraries of several
# architectures may be there at once; and ldconfig is run by a trigger, not by a script of ours.
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  set(folder ${package}.folder)
  file(REMOVE_RECURSE ${folder})
  execute_process(COMMAND dpkg-deb --raw-extract ${package} ${folder} COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE ${folder}/DEBIAN/postinst ${folder}/DEBIAN/postrm)

  set(multi_arch same)
  if(package MATCHES "-tools_[^/]*$")
    set(multi_arch foreign)
  endif()
  file(READ ${folder}/DEBIAN/control control)
  string(STRIP "${control}" control) # an empty line would end it
  file(WRITE ${folder}/DEBIAN/control "${control}\nMulti-Arch: ${multi_arch}\n")

  execute_process(COMMAND chmod -R u=rwX,go=rX ${folder} COMMAND_ERROR_IS_FATAL ANY) # whatever umask is
  execute_process(COMMAND dpkg-deb --root-owner-group -Zxz --build ${folder} ${package}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE_RECURSE ${folder})
endforeach()
