#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/buildroot: the configuration with a parser of Kconfig, the packages with a stand-in for Buildroot's
# infrastructure, and the script that signs, as Buildroot calls it.
load common

setup() {
    enter_copy buildroot
    export BR2_EXTERNAL_RPROCFW_PATH=$PWD BR2_CONFIG=$PWD/config
    export HOST_DIR=$PREFIX BINARIES_DIR=$PWD/images TARGET_DIR=$PWD/target
    mkdir images target
    cp "$TREE/examples/firmware/firmware.elf" images/one.elf
    cp "$TREE/tests/vectors/elf/zephyr_ns.elf" images/ns.elf
    cp "$TREE/tests/vectors/elf/tfm_s.elf" images/s.elf
}

# The configuration, as Buildroot writes it: signing with key.pem, and these lines.
configured() { # LINE...
    printf '%s\n' BR2_RPROCFW_SIGN=y "BR2_RPROCFW_SIGN_KEY=\"$KEYS/key.pem\"" "$@" > config
}

post_build() {
    board/sign-firmware.sh "$TARGET_DIR"
}

# --- Configuration and packages ---

@test "buildroot: Config.in" {
    cat > Kconfig << 'KCONFIG'
config BR2_USE_WCHAR
	bool "wchar"
config BR2_STATIC_LIBS
	bool "static"
config BR2_TOOLCHAIN_HAS_THREADS
	bool "threads"
KCONFIG
    local symbol
    for symbol in HOST_CMAKE_AT_LEAST_3_25 PACKAGE_DTC PACKAGE_ELFUTILS PACKAGE_JANSSON PACKAGE_LIBYAML \
        PACKAGE_OPENSSL PACKAGE_OPENSSL_FORCE_LIBOPENSSL; do # what is selected
        printf 'config BR2_%s\n\tbool\n' "$symbol" >> Kconfig
    done
    echo 'source "Config.in"' >> Kconfig
    # of Debian, which another python3 does not see
    /usr/bin/python3 - << 'PYTHON'
import kconfiglib
tree = kconfiglib.Kconfig("Kconfig", warn_to_stderr=False)
tree.warn_assign_undef = True
assert not tree.warnings, tree.warnings
undefined = [name for name, symbol in tree.syms.items() if not symbol.nodes and not name.isdigit() and name not in
             ("y", "n", "m", "MODULES", "UNAME_RELEASE")]
assert not undefined, undefined
symbol = tree.syms
symbol["BR2_RPROCFW_SIGN"].set_value("y")
assert symbol["BR2_PACKAGE_HOST_RPROCFW"].str_value == "y"
assert symbol["BR2_RPROCFW_SIGN_KEY"].visibility == 2
assert symbol["BR2_PACKAGE_RPROCFW"].visibility == 0  # no threads
for name in "BR2_USE_WCHAR", "BR2_TOOLCHAIN_HAS_THREADS":
    symbol[name].set_value("y")
symbol["BR2_PACKAGE_RPROCFW"].set_value("y")
assert symbol["BR2_PACKAGE_ELFUTILS"].str_value == "y"
PYTHON
    # each option that the script reads is one that can be set
    while read -r symbol; do
        grep -q "^config BR2_RPROCFW_$symbol$" Config.in || { echo "$symbol"; false; }
    done < <(grep -oE '\bSIGN_[A-Z]+' board/sign-firmware.sh | sort -u)
}

@test "buildroot: the packages" {
    ln -s "$PWD" "$BATS_TEST_TMPDIR/external" # Buildroot takes no path with a blank
    export BR2_EXTERNAL_RPROCFW_PATH=$BATS_TEST_TMPDIR/external
    cat > Makefile << 'MAKE'
qstrip = $(strip $(subst ",,$(1)))
name = $(notdir $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST)))))
cmake-package = PACKAGES += cmake:$(name)
host-cmake-package = PACKAGES += cmake:host-$(name)
host-autotools-package = PACKAGES += autotools:host-$(name)
BR2_RPROCFW_SITE = "file:///srv"
HOST_DIR = /host
include external.mk
show:
	@echo $(PACKAGES)
	@echo $(RPROCFW_SITE) $(RPROCFW_VERSION) $(RPROCFW_LICENSE) $(RPROCFW_LICENSE_FILES) $(BR_NO_CHECK_HASH_FOR)
	@echo $(RPROCFW_DEPENDENCIES) / $(HOST_RPROCFW_DEPENDENCIES) / $(HOST_RPROCFW_CONF_OPTS)
MAKE
    local version
    version=$(sed -n 's/^project(rprocfw VERSION \([0-9.]*\).*/\1/p' "$TREE/CMakeLists.txt")
    make -s show > shown
    diff shown - << TEXT
autotools:host-jansson cmake:rprocfw cmake:host-rprocfw
file:///srv $version BSD-2-Clause LICENSE rprocfw-$version.tar.gz
host-pkgconf dtc elfutils jansson libyaml openssl / host-pkgconf host-dtc host-elfutils host-jansson host-libyaml host-openssl / -DFDT_INCLUDE_DIR=/host/include/libfdt
TEXT
    # a Buildroot that has host-jansson keeps its own
    [[ "$(make -s show HOST_JANSSON_NAME=host-jansson)" != *autotools* ]]
    grep -qF "$(sha256sum < "$TREE/LICENSE" | cut -d' ' -f1)  LICENSE" package/rprocfw/rprocfw.hash
    grep -qF "rprocfw-$version.tar.gz" Config.in package/rprocfw/rprocfw.hash
    grep -qx 'name: RPROCFW' external.desc
}

# --- The script ---

@test "buildroot: signs one image and two, into the target and beside the images" {
    configured 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:one.elf two.sig:ns.elf,s.elf"' \
        'BR2_RPROCFW_SIGN_OPTIONS="--layout st --strip --plat-tlv 0x10010 \"two words\" --preflight=warn"'
    post_build
    rproc-verify -q --key key.pub.pem target/lib/firmware/{one,two}.sig
    [ "$(rproc-dump --format json target/lib/firmware/two.sig | jq '.files[0].images | length')" -eq 2 ]
    grep -q 'two words' target/lib/firmware/two.sig
    board/sign-firmware.sh "$BINARIES_DIR"
    cmp images/one.sig target/lib/firmware/one.sig
}

@test "buildroot: a board and a passphrase; ELF files by absolute paths" {
    cp images/one.elf "$BATS_TEST_TMPDIR/elsewhere.elf"
    printf '%s\n' BR2_RPROCFW_SIGN=y "BR2_RPROCFW_SIGN_KEY=\"$KEYS/key.encrypted.pem\"" \
        "BR2_RPROCFW_SIGN_CONTAINERS=\"one.sig:$BATS_TEST_TMPDIR/elsewhere.elf\"" \
        'BR2_RPROCFW_SIGN_BOARD="stm32mp15-st"' 'BR2_RPROCFW_SIGN_PASSPHRASE="env:PASS"' > config
    PASS=azerty post_build
    signed target/lib/firmware/one.sig
    PASS=wrong run -2 post_build
    [[ $output == *"wrong passphrase"* ]]
    [ ! -e target/lib/firmware/one.sig ]
}

@test "buildroot: the manifest of the README" {
    awk '/^```yaml$/ { within = 1; next } /^```$/ { within = 0 } within' README.md > firmware.yaml
    mkdir keys
    cp "$KEYS/key.encrypted.pem" keys/cm33.pem
    mv images/ns.elf images/zephyr.elf
    mv images/s.elf images/tfm_s.elf
    printf '%s\n' BR2_RPROCFW_SIGN=y "BR2_RPROCFW_SIGN_MANIFEST=\"$PWD/firmware.yaml\"" > config
    CM33_PASS=azerty post_build
    rproc-verify -q --key key.pub.pem target/lib/firmware/cm33.sig
    CM33_PASS=azerty board/sign-firmware.sh "$BINARIES_DIR"
    cmp images/cm33.sig target/lib/firmware/cm33.sig
    CM33_PASS=wrong run -2 post_build
    [[ $output == *"wrong passphrase"* ]]
}

@test "buildroot: what cannot be signed fails the build, and no old container stays" {
    fails() { # STATUS MESSAGE LINE...
        configured 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:one.elf"'
        post_build
        configured "${@:3}"
        run -"$1" post_build
        [[ $output == *"$2"* ]] || { echo "$output"; false; }
    }
    fails 1 "stm32mp15-st" 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:ns.elf"' 'BR2_RPROCFW_SIGN_BOARD="stm32mp15-st"'
    [ ! -e target/lib/firmware/one.sig ]
    fails 2 "missing.elf" 'BR2_RPROCFW_SIGN_CONTAINERS="a.sig:missing.elf one.sig:one.elf"'
    [ ! -e target/lib/firmware/one.sig ]
    fails 2 "BR2_RPROCFW_SIGN_CONTAINERS is not set" 'BR2_RPROCFW_SIGN_CONTAINERS=""'
    fails 2 "'one.sig' is not CONTAINER:ELF" 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig"'
    fails 2 "'one.sig:' is not CONTAINER:ELF" 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:"'
    fails 2 "'../one.sig:one.elf' is not CONTAINER:ELF" 'BR2_RPROCFW_SIGN_CONTAINERS="../one.sig:one.elf"'
    fails 2 "quotes without an end" 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:one.elf"' 'BR2_RPROCFW_SIGN_OPTIONS="\"x"'
    printf '%s\n' BR2_RPROCFW_SIGN=y 'BR2_RPROCFW_SIGN_CONTAINERS="one.sig:one.elf"' > config
    run -2 post_build
    [[ $output == *"BR2_RPROCFW_SIGN_KEY is not set"* ]]
    echo '# BR2_RPROCFW_SIGN is not set' > config
    run -2 post_build
    [[ $output == *"BR2_RPROCFW_SIGN is not set"* ]]
    run -2 board/sign-firmware.sh
}
