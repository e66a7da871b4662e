#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# rprocfw-manifest(5) has the keys that the reader takes, no more and no less, and of each an example
# that it takes; so is the one at its end. There is a key for each option. Needs BUILD_DIR, where libraries and
# programs are, CC and python3-yaml.
# Usage: BUILD_DIR=DIR man_manifest.sh [TREE]
. "$(dirname "$0")/common.bash"
tree=${1:-$tree}
[ -n "${BUILD_DIR:-}" ] || fail "usage: BUILD_DIR=DIR $0 [TREE]"
libraries=$(cd "$BUILD_DIR/lib" && pwd)
page=$tree/man/rprocfw-manifest.5
export BUILD=out VERSION=1

"${CC:-cc}" -std=c11 -D_GNU_SOURCE -I"$tree/include" -o "$work/reader" "$tree/tests/setup/manifest_reader.c" \
    -L"$libraries" -Wl,-rpath,"$libraries" -lrprocfw

# --- Keys ---------------------------------------------------------------------------------------

# What the reader answers to a mapping that has a key too many: each of its keys as the page writes it.
while IFS='|' read -r prefix text; do
    printf '%b\n' "$text" > "$work/unknown.yaml"
    "$work/reader" "$work/unknown.yaml" | sed -n "s/.*unknown key 'no_such_key'; there are //p" | tr -d ' ' |
        tr ',' '\n' | sed "s/^/$prefix/"
done > "$work/reader.keys" << 'MAPPINGS'
|no_such_key: 1
|containers: {c: {no_such_key: 1}}
platform_tlvs[].|containers: {c: {platform_tlvs: {65536: {no_such_key: 1}}}}
MAPPINGS
[ "$(wc -l < "$work/reader.keys")" -gt 30 ] || fail "the reader names too few keys"

awk '/^\.It Va / { key = $3; next }
    /^\.El/ { key = "" }
    key != "" { print key "|" $0 }' "$page" > "$work/entries"
cut -d '|' -f 1 "$work/entries" | sort -u > "$work/page.keys"
diff <(sort "$work/reader.keys") "$work/page.keys" || fail "keys differ (<: reader, >: page)"

# --- Options ------------------------------------------------------------------------------------

# What rproc-sign can be told on a command line a manifest can say, but for how the work is done, for what
# is no signing of ELF files by a key that is there, and for a passphrase itself.
work_only='manifest jobs fail-fast if-changed depfile report sarif no-sync dry-run verbose quiet help version'
others='tbs attach resign extract-signature replace-signature der key_pwd'
"$BUILD_DIR/bin/rproc-sign" --help all | sed -nE 's/^ +(-[a-z], )?--([a-zA-Z_-]+).*/\2/p' | sort -u > "$work/options"
[ "$(wc -l < "$work/options")" -gt 40 ] || fail "rproc-sign --help all has too few options"
while read -r option; do
    [[ " $work_only $others " != *" $option "* ]] || continue
    key=${option//-/_}
    case $key in
    in) key=inputs ;;
    out) key=output ;;
    provider) key=providers ;;
    plat_tlv*) key=platform_tlvs ;;
    esac
    grep -qx "$key" "$work/reader.keys" || fail "--$option: manifests have no key $key"
done < "$work/options"

# --- Examples -----------------------------------------------------------------------------------

awk '/^\.\\" example manifest.yaml/ { on = 1 }
    /^\.Ed/ { on = 0 }
    on && !/^\./' "$page" > "$work/example.yaml"
[ "$("$work/reader" "$work/example.yaml")" = "$work/example.yaml: good" ] ||
    fail "the example: $("$work/reader" "$work/example.yaml")"

# with_key KEY EXAMPLE: a manifest that has this, and what it needs.
with_key() {
    python3 - "$@" << 'PYTHON'
import sys
import yaml

key, text = sys.argv[1:]
example = yaml.safe_load(text)
last = key.rpartition(".")[2]
assert list(example) == [last], example
container = {"inputs": ["a"], "output": "b", "key": "k"}
by_program = {"key": None, "public_key": "p", "signer": "s"}
needs = {"signer": by_program, "signer_timeout": by_program, "digest": by_program,
         "enc_pad": {"enc_key": "e"}, "enc_deterministic": {"enc_key": "e"},
         "rproc_node": {"board": "b"}, "linux_dtb": {"board": "b"}}
document = {"containers": {"c": container}}
if key in ("env", "defaults", "containers"):
    document.update(example)
elif last != key:
    container["platform_tlvs"] = {65552: example}
else:
    container.update(needs.get(key, {}))
    container.update(example)
print(yaml.safe_dump(document))
PYTHON
}
sed -nE 's/^([^|]*)\|\.Li "(.*)"$/\1|\2/p' "$work/entries" > "$work/examples"
diff <(cut -d '|' -f 1 "$work/examples" | sort) "$work/page.keys" || fail "keys without an example (>)"
while IFS='|' read -r key text; do
    with_key "$key" "$text" > "$work/one.yaml" || fail "$key: no YAML: $text"
    [ "$("$work/reader" "$work/one.yaml")" = "$work/one.yaml: good" ] ||
        fail "$key: the example is refused: $("$work/reader" "$work/one.yaml")"
done < "$work/examples"
