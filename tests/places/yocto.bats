#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# examples/yocto: the class signs, and what it cannot sign fails; recipe and layer say what the tree says. Debian has
# no BitBake: bitbake.py reads the files, and runs their functions.
load common

setup() {
    enter_copy yocto
    cp "$TREE/examples/firmware/firmware.elf" one.elf
    cp "$TREE/tests/vectors/elf/zephyr_ns.elf" ns.elf
    cp "$TREE/tests/vectors/elf/tfm_s.elf" s.elf
    mkdir keys signed
    cp "$KEYS"/*.pem keys
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out keys/ec.pem
    class=meta-rprocfw/classes-recipe/rproc-sign.bbclass
}

bitbake() { # VERB NAME [VARIABLE=VALUE...]: one of the class
    python3 "$TREE/tests/places/bitbake.py" "$class" "$1" "$2" "BBPATH=/nonexistent:$PWD" "B=$PWD" "WORKDIR=$PWD" \
        "RPROC_SIGN_OUTPUT_DIR=$PWD/signed" "STAGING_BINDIR_NATIVE=$PREFIX/bin" "D=$PWD/image" \
        "nonarch_base_libdir=/lib" "${@:3}"
}

rsa=(SIGN_COPRO_ENABLE=1 SIGN_COPRO_ECC=0 SIGN_COPRO_RSA=1 SIGN_COPRO_RSA_PRIVKEY=keys/key.pem)

@test "yocto: one image and two, RSA; installed" {
    bitbake run do_rproc_sign "${rsa[@]}" "RPROC_SIGN_CONTAINERS=one.sig:one.elf two.sig:ns.elf,s.elf" \
        RPROC_SIGN_BOARD= RPROC_SIGN_OPTIONS='--strip --plat-tlv 0x10010 "two words" --preflight=warn'
    rproc-verify -q --key key.pub.pem signed/one.sig signed/two.sig
    [ "$(rproc-dump --format json signed/two.sig | jq '.files[0].images | length')" -eq 2 ]
    grep -q 'two words' signed/two.sig
    cmp <(head -c 120 signed/one.sig) <(rproc-sign --layout st --strip --plat-tlv 0x10010 "two words" \
        --preflight=off --key key.pem one.elf - | head -c 120)
    bitbake run do_install:append "${rsa[@]}"
    cmp signed/one.sig image/lib/firmware/one.sig
    cmp signed/two.sig image/lib/firmware/two.sig
}

@test "yocto: ECDSA with PKEYINFO for ST's boards, encrypted; keys by absolute paths" {
    head -c 32 /dev/urandom > keys/aes.bin
    bitbake run do_rproc_sign SIGN_COPRO_ENABLE=1 "SIGN_COPRO_ECC_PRIVKEY=$PWD/keys/ec.pem" \
        SIGN_COPRO_ECC_INFOKEY=spki ENCRYPT_COPRO_ENABLE=1 ENCRYPT_COPRO_KEY=keys/aes.bin \
        "RPROC_SIGN_CONTAINERS=fw.sig:$TREE/tests/vectors/elf/ns_aligned16.elf"
    rproc-verify -q --key keys/ec.pem --enc_key keys/aes.bin \
        --original "$TREE/tests/vectors/elf/ns_aligned16.elf" signed/fw.sig
    rproc-dump signed/fw.sig | grep -q PKEYINFO
}

@test "yocto: a passphrase is on no command line and in no log" {
    cat > tool << SH
#!/bin/sh
printf '%s\n' "\$@" > arguments
env > environment
exec "$PREFIX/bin/rproc-sign" "\$@"
SH
    chmod +x tool
    run -0 bitbake run do_rproc_sign "${rsa[@]}" SIGN_COPRO_RSA_PRIVKEY=keys/key.encrypted.pem \
        SIGN_COPRO_RSA_PASS=azerty "RPROC_SIGN_TOOL=$PWD/tool" RPROC_SIGN_CONTAINERS=fw.sig:one.elf
    rproc-verify -q --key key.pub.pem signed/fw.sig
    [[ $output == *"NOTE: rproc-sign:"* ]]
    [[ $output != *azerty* ]]
    [ -s arguments ] && [ -s environment ]
    run ! grep azerty arguments environment
    printf 'azerty\n' > passphrase
    run -0 bitbake run do_rproc_sign "${rsa[@]}" SIGN_COPRO_RSA_PRIVKEY=keys/key.encrypted.pem \
        "RPROC_SIGN_PASSPHRASE=file:$PWD/passphrase" RPROC_SIGN_CONTAINERS=fw2.sig:one.elf
    rproc-verify -q --key key.pub.pem signed/fw2.sig
    # nor does it decide what is done again
    [[ "$(bitbake show 'do_rproc_sign[vardepsexclude]')" == *SIGN_COPRO_RSA_PASS* ]]
}

@test "yocto: the manifest of the README, with a passphrase" {
    awk '/^```yaml$/ { within = 1; next } /^```$/ { within = 0 } within' README.md > keys/firmware.yaml
    cp ns.elf hello.elf
    cp ns.elf zephyr.elf
    cp s.elf tfm_s.elf
    manifest=("${rsa[@]}" SIGN_COPRO_RSA_PRIVKEY=keys/key.encrypted.pem RPROC_SIGN_MANIFEST=keys/firmware.yaml)
    run -0 bitbake run do_rproc_sign "${manifest[@]}" SIGN_COPRO_RSA_PASS=azerty
    [[ $output == *"NOTE: rproc-sign: 2 signed"* ]]
    [[ $output != *azerty* ]]
    rproc-verify -q --key key.pub.pem --board stm32mp257f-ev1 --strict signed/hello.sig signed/secure.sig
    [[ "$(bitbake show 'do_rproc_sign[file-checksums]' "${manifest[@]}")" == *" $PWD/keys/firmware.yaml:True"* ]]
    rm signed/*
    run -1 bitbake run do_rproc_sign "${manifest[@]}"
    [[ $output == *"keys/firmware.yaml: not signed, exit status 2"*"passphrase"* ]]
    [ -z "$(ls signed)" ]
}

@test "yocto: what cannot be signed fails the build" {
    fails() { # MESSAGE VARIABLE=VALUE...
        run -1 bitbake run do_rproc_sign "${rsa[@]}" RPROC_SIGN_CONTAINERS=fw.sig:one.elf "${@:2}"
        [[ $output == *"FATAL: rproc-sign: "*"$1"* ]] || { echo "$output"; false; }
        [ -z "$(ls signed)" ]
    }
    fails "fw.sig: not signed, exit status 2" RPROC_SIGN_CONTAINERS=fw.sig:missing.elf
    fails "signing needs the private key" SIGN_COPRO_RSA_PRIVKEY=keys/key.pub.pem
    fails "keys/nokey.pem" SIGN_COPRO_RSA_PRIVKEY=keys/nokey.pem
    fails "fw.sig: not signed" SIGN_COPRO_RSA_PRIVKEY=keys/ec.pem # another kind
    fails "fw.sig: not signed" SIGN_COPRO_RSA_PRIVKEY=keys/key.encrypted.pem SIGN_COPRO_RSA_PASS=wrong
    fails "fw.sig: not signed, exit status 2" SIGN_COPRO_RSA_PRIVKEY=keys/key.encrypted.pem # none: it does not ask
    fails "board stm32mp15-st" RPROC_SIGN_CONTAINERS=fw.sig:ns.elf RPROC_SIGN_BOARD=stm32mp15-st
    fails "fw.sig: not run" RPROC_SIGN_TOOL=/nonexistent/rproc-sign
    fails "SIGN_COPRO_RSA_PRIVKEY is not set" SIGN_COPRO_RSA_PRIVKEY=
    fails "one of SIGN_COPRO_ECC and SIGN_COPRO_RSA must be '1'" SIGN_COPRO_ECC=1
    fails "one of SIGN_COPRO_ECC and SIGN_COPRO_RSA must be '1'" SIGN_COPRO_RSA=0
    fails "ENCRYPT_COPRO_KEY is not set" ENCRYPT_COPRO_ENABLE=1
    fails "what is to be signed" RPROC_SIGN_CONTAINERS=
    fails "one of RPROC_SIGN_CONTAINERS and RPROC_SIGN_MANIFEST must be set" RPROC_SIGN_MANIFEST=many.yaml
    fails "many.yaml: not signed, exit status 2" RPROC_SIGN_CONTAINERS= RPROC_SIGN_MANIFEST=many.yaml
    fails "'fw.sig' is not CONTAINER:ELF" RPROC_SIGN_CONTAINERS=fw.sig
    fails "'../fw.sig:one.elf' is not CONTAINER:ELF" RPROC_SIGN_CONTAINERS=../fw.sig:one.elf
    fails "what is encrypted is signed, too" SIGN_COPRO_ENABLE=0 ENCRYPT_COPRO_ENABLE=1
}

@test "yocto: not asked to sign, the class does nothing, and needs no tool" {
    bitbake run do_rproc_sign
    bitbake run do_install:append
    [ -z "$(ls signed)" ]
    [ ! -e image ]
    [ -z "$(bitbake show DEPENDS | tr -d ' ')" ]
    [ "$(bitbake show DEPENDS "${rsa[@]}")" = rprocfw-native ]
}

@test "yocto: the task runs again for another key, other options, another board" {
    cp "$PREFIX/share/rprocfw/boards/stm32mp15-st.yaml" keys/board.yaml
    [ "$(bitbake show 'do_rproc_sign[file-checksums]' "${rsa[@]}" RPROC_SIGN_BOARD=keys/board.yaml)" = \
        "$PWD/keys/key.pem:True $PWD/keys/board.yaml:True" ]
    [ -z "$(bitbake show 'do_rproc_sign[file-checksums]' "${rsa[@]}" SIGN_COPRO_RSA_PRIVKEY='pkcs11:token=t')" ]
    local name
    while read -r name; do
        case $name in SIGN_COPRO_ENABLE | *_PASS) continue ;; esac # BitBake sees the first itself
        [[ " $(bitbake show 'do_rproc_sign[vardeps]') " == *" $name "* ]] || { echo "$name"; false; }
    done < <(grep -o '^SIGN_COPRO_[A-Z_]*' "$class" | sort -u)
    [ "$(bitbake show 'do_rproc_sign[cleandirs]')" = "$PWD/signed" ]
}

@test "yocto: recipe and layer say what the tree says" {
    local version recipe=(meta-rprocfw/recipes-devtools/rprocfw/rprocfw_*.bb)
    version=$(sed -n 's/^project(rprocfw VERSION \([0-9.]*\).*/\1/p' "$TREE/CMakeLists.txt")
    [ "${recipe[*]}" = "meta-rprocfw/recipes-devtools/rprocfw/rprocfw_$version.bb" ]
    grep -qF "rprocfw-$version.tar.gz" "${recipe[0]}"
    class=${recipe[0]}
    [ "$(bitbake show LIC_FILES_CHKSUM)" = "file://LICENSE;md5=$(md5sum < "$TREE/LICENSE" | cut -d' ' -f1)" ]
    [ "$(bitbake show BBCLASSEXTEND)" = "native nativesdk" ]
    run -1 bitbake run '' # the anonymous function
    [[ $output == *"RPROCFW_URI is not set"* ]]
    bitbake run '' RPROCFW_URI=file:///x.tar.gz
    # what the build asks pkg-config for, and libfdt
    [ "$(bitbake show DEPENDS)" = "openssl elfutils libyaml jansson dtc" ]
    [ "$(grep -o 'pkg_check_modules([A-Z]* ' "$TREE/src/CMakeLists.txt" | tr -d '\n')" = \
        "pkg_check_modules(CRYPTO pkg_check_modules(ELF pkg_check_modules(YAML pkg_check_modules(JANSSON " ]
    grep -q 'LAYERSERIES_COMPAT_rprocfw = "scarthgap ' meta-rprocfw/conf/layer.conf
    # every variable that the README names is one of the class, the recipe, or BitBake's
    local name
    while read -r name; do
        grep -qE "^$name( |\[)|, $name=" meta-rprocfw/*/rproc-sign.bbclass "${recipe[0]}" || { echo "$name"; false; }
    done < <(grep -oE '\b((SIGN|ENCRYPT)_COPRO|RPROC_SIGN|RPROCFW)_[A-Z0-9_]+' README.md | sort -u)
}
