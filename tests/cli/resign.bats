#!/usr/bin/env bats
# SPDX-License-Identifier: BSD-2-Clause
# rproc-sign and containers that there are: --resign, --extract-signature, --replace-signature.

# shellcheck disable=SC2154 # vectors, keys, output, stderr: of common.bash and bats
load common

expected=$vectors/expected
rsa=$keys/rsa2048.pub.pem
ec=$keys/p256.pub.pem

# The TLVs but SIGNTYPE, and the payload, as bytes.
kept() { # FILE
    local tlvs signature
    tlvs=$(u32 "$1" 8)
    signature=$(u32 "$1" 12)
    head -c 36 "$1" | tail -c +21 | head -c 8 # SIGNTYPE's own header
    tail -c +37 "$1" | head -c $((tlvs - 16))
    tail -c +$((21 + tlvs + (signature + 7) / 8 * 8)) "$1"
}

@test "--resign with the same key gives every container that the scripts wrote to the byte" {
    local file count=0
    for file in "$expected"/{rsa2048,st}_*.sig; do
        case ${file##*/} in rsa2048_pkcs1.sig | st_ecc.sig) continue ;; esac
        case $file in # what no board loads
        */rsa2048_three_images.sig | */rsa2048_device_refuses.sig)
            expect 1 rproc-sign --resign --key "$keys/rsa2048.pem" "$file" out
            [ ! -e out ]
            expect 0 rproc-sign --resign --key "$keys/rsa2048.pem" --preflight=off "$file" out
            ;;
        *) expect 0 rproc-sign --resign --key "$keys/rsa2048.pem" "$file" out ;;
        esac
        cmp out "$file"
        case $file in
        */rsa2048_segments1000.sig) says "warning: out: header, TLVs, signature and a copy" ;;
        */rsa2048_plat_tlv.sig) says "warning: out: bootaddr-outside: BOOTADDR 0x80100000" ;;
        *) [ -z "$output$stderr" ] ;;
        esac
        rm out
        count=$((count + 1))
    done
    [ $count -ge 18 ]
}

@test "--resign with another key: SIGNTYPE and lengths follow, all else stays, and back again" {
    for name in rsa2048_plat_tlv st_tfm st_encrypted_two rsa2048_two_images; do
        from=$expected/$name.sig
        for key in p256 rsa3072 rsa4096; do
            rproc-sign --resign --key "$keys/$key.pem" "$from" out
            rproc-verify -q --key "$keys/$key.pub.pem" out
            cmp <(kept "$from") <(kept out)
            rproc-sign --resign --key "$keys/rsa2048.pem" out back
            cmp back "$from"
        done
    done
    # as if it had been signed so
    rproc-sign --resign --key "$keys/p256.pem" "$expected/rsa2048_two_images.sig" out
    rproc-sign --key "$keys/p256.pem" "$vectors"/elf/{tfm_s,zephyr_ns}.elf direct
    cmp out direct
}

@test "--resign keeps TLVs that nobody knows, and a last padding that is not counted" {
    for name in unknown_generic_tlv unknown_platform_tlv tlv_out_of_both_ranges; do
        rproc-sign --resign --key "$keys/rsa2048.pem" "$vectors/device/$name.sig" out
        cmp out "$vectors/device/$name.sig"
        rproc-sign --resign --key "$keys/p256.pem" out other
        cmp <(kept out) <(kept other)
    done
    rproc-sign --key "$keys/rsa2048.pem" --plat-tlv 0x10005 abc m4.elf odd
    put odd 8 "\\x$(printf %02x $(($(u32 odd 8) % 256 - 5)))" # the padding of the last TLV
    openssl dgst -sha256 -sign "$keys/rsa2048.pem" -out s <(head -c $((20 + $(u32 odd 8) + 5)) odd)
    rproc-sign --public-key "$rsa" --replace-signature s odd good
    rproc-verify -q --key "$rsa" good
    rproc-sign --resign --key "$keys/rsa2048.pem" good out
    cmp out good
    rproc-sign --resign --key "$keys/rsa2048.pem" --key_info "$vectors/keyinfo.bin" good out
    rproc-verify -q --key "$rsa" out
}

@test "--resign: a PKEYINFO of another key is an error, unless a new one is given" {
    spki() { openssl pkey -pubin -in "$keys/$1.pub.pem" -outform DER; }
    spki p256 > ec.der
    spki rsa2048 > rsa.der
    from=$expected/st_ecc.sig # with the key as PKEYINFO
    rproc-sign --resign --key "$keys/p256.pem" "$from" out
    rproc-verify -q --key "$ec" out
    for key in rsa2048 rsa3072; do
        rm -f out
        expect 2 rproc-sign --resign --key "$keys/$key.pem" "$from" out
        says "st_ecc.sig: its PKEYINFO is another key than $keys/$key.pem, and boards that read it would look for that one; give a new one with --key_info"
        [ ! -e out ]
    done
    rproc-sign --resign --key "$keys/rsa2048.pem" --key_info rsa.der "$from" out
    rproc-dump --extract parts out
    cmp parts/tlv-00000011.bin rsa.der
    rproc-sign --resign --key "$keys/p256.pem" --key_info ec.der out back
    cmp <(kept back) <(kept "$from")
    expect 2 rproc-sign --resign --key "$keys/rsa2048.pem" --key_info ec.der "$from" never
    says "st_ecc.sig: the new PKEYINFO is another key than $keys/rsa2048.pem"
    # the same key in other words: with a compressed point
    openssl ec -pubin -in "$ec" -conv_form compressed -outform DER -out compressed.der
    run ! cmp -s compressed.der ec.der
    rproc-sign --resign --key "$keys/p256.pem" --key_info compressed.der "$from" out
    # what is no key stays, or is replaced
    rproc-sign --resign --key "$keys/p256.pem" "$expected/rsa2048_key_info.sig" out
    cmp <(kept out) <(kept "$expected/rsa2048_key_info.sig")
    # a key that signs nothing here is another one, too
    openssl genpkey -algorithm ED25519 | openssl pkey -pubout -outform DER -out ed.der
    expect 2 rproc-sign --resign --key "$keys/p256.pem" --key_info ed.der "$from" never
    says "is another key"
    [ ! -e never ]
}

@test "--resign --key_info puts a PKEYINFO where the scripts put one" {
    for layout in optee st; do
        args=(--key "$keys/rsa2048.pem" --layout "$layout" --plat-tlv BOOTADDR 0x80100000)
        rproc-sign "${args[@]}" m4.elf without
        rproc-sign "${args[@]}" --key_info "$vectors/keyinfo.bin" m4.elf with
        rproc-sign --resign --key "$keys/rsa2048.pem" --key_info "$vectors/keyinfo.bin" without out
        cmp out with
        rproc-sign --key "$keys/rsa2048.pem" --layout "$layout" m4.elf without
        rproc-sign --key "$keys/rsa2048.pem" --layout "$layout" --key_info "$vectors/keyinfo.bin" m4.elf with
        rproc-sign --resign --key "$keys/rsa2048.pem" --key_info "$vectors/keyinfo.bin" without out
        cmp out with
    done
}

@test "--resign by a program, and elsewhere" {
    from=$expected/p256_two_images.sig
    rproc-sign --resign --public-key "$rsa" --signer "openssl dgst -sha256 -sign $keys/rsa2048.pem" "$from" out
    cmp out "$expected/rsa2048_two_images.sig"
    expect 0 rproc-sign --resign --public-key "$rsa" --tbs t "$from"
    KEY=$keys/rsa2048.pem sh -c "${lines[0]}"
    sh -c "${lines[1]}"
    cmp t.sig "$expected/rsa2048_two_images.sig"
}

@test "what is refused is not signed again: the verdict of rproc-verify decides" {
    local name refused=0
    for file in "$vectors"/device/*.sig; do
        name=${file##*/}
        rproc-verify -q --no-signature "$file" 2> said && status=0 || status=$?
        case $name in signtype_unknown.sig) status=0 ;; esac # it gets a known one
        expect $status rproc-sign --resign --key "$keys/rsa2048.pem" "$file" out
        if [ $status -eq 1 ]; then
            [ ! -e out ]
            says "$name: "
            refused=$((refused + 1))
        else
            rproc-verify -q --key "$rsa" out
            rm out
        fi
    done
    [ $refused -ge 40 ]
    expect 1 rproc-sign --resign --key "$keys/rsa2048.pem" "$vectors/device/segment_flip.sig" out
    says "segment_flip.sig: not signed: rproc-verify would refuse it, as boards do or may: a segment's bytes are not those that were signed"
    expect 1 rproc-sign --resign --key "$keys/rsa2048.pem" m4.elf out
    says "m4.elf: not a signed container but a bare ELF file"
    expect 1 rproc-sign --resign --key "$keys/rsa2048.pem" --dry-run "$vectors/device/segment_flip.sig" out
    only_files m4.elf said
}

@test "--resign: the usual options, and those that it cannot have" {
    from=$expected/rsa2048_single.sig
    cp "$from" in.sig
    cp "$keys/p256.pem" key.pem
    rproc-sign --resign --key key.pem --in in.sig --out - > a
    rproc-sign --resign --key key.pem in.sig b
    cmp a b
    expect 0 rproc-sign --resign --key key.pem --dry-run -v in.sig out
    says "not written (dry run)"
    [ ! -e out ]
    for out in in.sig ./in.sig key.pem; do
        expect 2 rproc-sign --resign --key key.pem in.sig --out $out
        says "the output is the "
    done
    cmp in.sig "$from"
    expect 2 rproc-sign --resign --key key.pem in.sig
    says "--resign: no output; name it behind the container"
    expect 2 rproc-sign --resign --key key.pem in.sig in.sig --out out
    says "--resign takes one container, found 2"
    expect 2 rproc-sign --resign --key key.pem
    says "--resign: no container"
    expect 2 rproc-sign --resign in.sig out
    says "no key"
    expect 2 rproc-sign --resign --key key.pem --plat-tlv BOOTSEC 0x1 in.sig out
    says "--resign: platform TLVs stay as they are"
    expect 2 rproc-sign --resign --key key.pem --layout st in.sig out
    says "--resign: the order of the TLVs stays"
    expect 2 rproc-sign --resign --key key.pem --key_type RSA in.sig out
    says "--key_type RSA, but key.pem is an EC P-256 key"
    expect 2 rproc-sign --resign --key key.pem nothing out
    says "nothing: cannot open"
    [ ! -e out ]
}

@test "--resign: containers larger than what is read at once, by way of a pipe, too" {
    python3 "$BATS_TEST_DIRNAME/../make_elf.py" large.elf 3 400000
    rproc-sign --key "$keys/rsa2048.pem" large.elf a
    rproc-sign --key "$keys/rsa4096.pem" large.elf b
    rproc-sign --resign --key "$keys/rsa4096.pem" a out
    cmp out b
    rproc-sign --resign --key "$keys/rsa4096.pem" a - | cmp - b
    rproc-sign --resign --key "$keys/rsa4096.pem" a --dry-run out2
    put a 900000 XXXX
    expect 1 rproc-sign --resign --key "$keys/rsa4096.pem" a --dry-run out2
    expect 1 rproc-sign --resign --key "$keys/rsa4096.pem" a out2
    only_files m4.elf large.elf a b out
}

@test "--extract-signature and --replace-signature: raw and DER, there and back" {
    from=$expected/p256_single.sig
    rproc-sign --extract-signature "$from" raw
    cmp raw <(tail -c +$((21 + $(u32 "$from" 8))) "$from" | head -c 64)
    rproc-sign --extract-signature --der "$from" der
    rproc-sign --public-key "$ec" --tbs t -q m4.elf
    openssl dgst -sha256 -verify "$ec" -signature der t
    rproc-sign --extract-signature "$from" - | cmp - raw
    rproc-sign --resign --key "$keys/p256.pem" --random-nonce "$from" other
    run ! cmp -s other "$from"
    for signature in raw der; do
        rproc-sign --public-key "$ec" --replace-signature $signature other out
        cmp out "$from"
        rproc-sign --public-key "$ec" --replace-signature $signature t.unsigned out
        cmp out "$from"
    done
    from=$expected/rsa2048_single.sig
    rproc-sign --extract-signature --public-key "$rsa" "$from" raw
    [ "$(stat -c %s raw)" -eq 256 ]
    rproc-sign --public-key "$rsa" --replace-signature raw "$vectors/device/signature_flip.sig" out
    cmp out "$vectors/device/good.sig"
    expect 2 rproc-sign --extract-signature --der "$from" out2
    says "rsa2048_single.sig: its signature is an RSA one, for which there is no DER; take it raw"
    [ ! -e out2 ]
}

@test "--extract-signature asks core first, and with a key the signature" {
    expect 1 rproc-sign --extract-signature "$vectors/device/segment_flip.sig" out
    says "segment_flip.sig: a segment's bytes are not those that were signed"
    expect 1 rproc-sign --extract-signature --public-key "$ec" "$expected/rsa2048_single.sig" out
    says "rsa2048_single.sig: the signature is RSA-2048, and no key given is of that kind"
    expect 1 rproc-sign --extract-signature --public-key "$rsa" "$vectors/device/signature_flip.sig" out
    says "the RSA-2048 signature does not verify"
    expect 0 rproc-sign --extract-signature --dry-run "$vectors/device/signature_flip.sig" out
    expect 2 rproc-sign --extract-signature --key "$keys/rsa2048.pem" "$expected/rsa2048_single.sig" out
    says "--extract-signature does not sign"
    expect 2 rproc-sign --extract-signature "$expected/rsa2048_single.sig"
    says "--extract-signature: no output"
    cp "$expected/rsa2048_single.sig" in.sig
    expect 2 rproc-sign --extract-signature in.sig ./in.sig
    says "./in.sig: the output is the container"
    cp "$rsa" pub
    expect 2 rproc-sign --extract-signature --public-key pub in.sig --out pub
    says "pub: the output is pub, which an option reads"
    only_files m4.elf in.sig pub
}

@test "--replace-signature: a signature of another container is refused" {
    rproc-sign --extract-signature "$expected/rsa2048_single.sig" s
    expect 1 rproc-sign --public-key "$rsa" --replace-signature s "$expected/rsa2048_two_images.sig" out
    says "s: a signature of the key $rsa over other bytes: their SHA-256 is "
    expect 2 rproc-sign --public-key "$rsa" --replace-signature s "$expected/p256_single.sig" out
    says "p256_single.sig: made for an ECDSA signature of 64 bytes, and $rsa is an RSA-2048 key"
    expect 2 rproc-sign --public-key "$rsa" --replace-signature s --key_info s "$expected/rsa2048_single.sig" out
    says "--replace-signature: PKEYINFO stays as it is"
    [ ! -e out ]
}
