#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/cubeide, with a makefile that has the parts of a generated one which matter here.
load common

setup() {
    enter_copy cubeide
    cp "$TREE/examples/firmware/firmware.elf" linked.elf
    mkdir Debug
    cat > Debug/makefile << 'MAKE'
RM := rm -rf
BUILD_ARTIFACT_NAME := fw
BUILD_ARTIFACT_EXTENSION := elf
BUILD_ARTIFACT := $(BUILD_ARTIFACT_NAME).$(BUILD_ARTIFACT_EXTENSION)
SIZE_OUTPUT += default.size.stdout
all:
	+@$(MAKE) --no-print-directory main-build && $(MAKE) --no-print-directory post-build
main-build: fw.elf secondary-outputs
fw.elf: ../linked.elf
	cp ../linked.elf fw.elf
default.size.stdout: fw.elf
	@touch $@
secondary-outputs: $(SIZE_OUTPUT)
clean:
	-$(RM) fw.elf default.size.stdout
post-build:
	-@echo post-build
.PHONY: all clean main-build post-build secondary-outputs
-include ../makefile.targets
MAKE
    cd Debug || return 1
}

@test "cubeide: makefile.targets signs what was linked, and again for another key" {
    make all
    signed fw.sig
    local before
    before=$(written fw.sig)
    make all
    [ "$(written fw.sig)" = "$before" ]
    later
    touch ../key.pem
    make all
    [ "$(written fw.sig)" != "$before" ]
    make clean
    [ ! -e fw.sig ]
}

@test "cubeide: makefile.targets: a failure fails the build and leaves no container" {
    make all
    later
    cp ../key.pub.pem ../key.pem # the public half
    run -2 make all
    [[ $output == *"signing needs the private key"* ]]
    [[ $output != *post-build* ]]
    [ ! -e fw.sig ]
}

# The line of the README, its variables replaced as the IDE does.
post_build_line() {
    local line
    line=$(grep '^rm -f ' ../README.md)
    # shellcheck disable=SC2016 # the IDE's
    line=${line//'${BuildArtifactFileBaseName}'/fw}
    # shellcheck disable=SC2016
    line=${line//'${BuildArtifactFileName}'/fw.elf}
    # shellcheck disable=SC2016
    line=${line//'${ProjDirPath}'/"$(dirname "$PWD")"}
    [[ $line != *'$'* ]]
    echo "$line"
}

@test "cubeide: the post-build line signs" {
    rm ../makefile.targets
    make all
    post_build_line > line
    sh -e line
    signed fw.sig
}

@test "cubeide: the post-build line leaves no container when it fails, which the IDE does not notice" {
    rm ../makefile.targets
    printf '\t-%s\n' "$(post_build_line)" > line
    sed -i '/-@echo post-build/r line' makefile
    make all
    signed fw.sig
    cp ../key.pub.pem ../key.pem
    run -0 make all
    [[ $output == *"signing needs the private key"* ]]
    [ ! -e fw.sig ]
}
