# SPDX-License-Identifier: BSD-2-Clause
# What find_package(Zephyr) does of the things that examples/zephyr relies on: the toolchain, the library "app",
# and a folder of its own in which the kernel is linked.
set(CMAKE_TOOLCHAIN_FILE $ENV{TREE}/examples/cmake/arm-none-eabi.cmake)
project(Zephyr-Kernel LANGUAGES C)
set(CONFIG_KERNEL_BIN_NAME zephyr)
set(PROJECT_BINARY_DIR ${CMAKE_CURRENT_BINARY_DIR}/zephyr)
add_library(app STATIC)
add_subdirectory(${CMAKE_CURRENT_LIST_DIR}/kernel ${PROJECT_BINARY_DIR})
