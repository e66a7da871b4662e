# SPDX-License-Identifier: BSD-2-Clause
# A script: the shipped boards as C source, in the order given, byte for byte.
#   cmake -D OUTPUT=FILE.c -D FOLDER=src/boards -D BOARDS=NAME,NAME... -P boards.cmake
string(REPLACE "," ";" boards "${BOARDS}")
set(source "/* Made by boards.cmake of src/boards. */\n#include \"boards/board.h\"\n\n")
set(table "")
set(number 0)
foreach(name IN LISTS boards)
  file(READ ${FOLDER}/${name}.yaml bytes HEX)
  string(REGEX REPLACE "................................" "\\0\n" bytes "${bytes}") # lines of 16
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND source "static const uint8_t board_${number}[] = {\n${bytes}\n};\n\n")
  string(APPEND table "    {\"${name}\", board_${number}, sizeof(board_${number})},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND source "const struct rprocfw_board_shipped rprocfw_boards_shipped[] = {\n${table}};\n"
  "const size_t rprocfw_boards_shipped_count = ${number};\n")
file(WRITE ${OUTPUT} "${source}")
