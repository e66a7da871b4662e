#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds and installs rprocfw in a job of a CI that runs Debian 12, as root.
#   install-rprocfw.sh URL VERSION      its git repository, and a tag or branch of it
set -euo pipefail

if [ $# -ne 2 ]; then
    echo "usage: $0 URL VERSION" >&2
    exit 2
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -q update
apt-get -q -y --no-install-recommends install ca-certificates git gcc libc6-dev cmake make pkg-config \
    libssl-dev libelf-dev libyaml-dev libjansson-dev libfdt-dev openssl
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
git clone -q --depth 1 --branch "$2" "$1" "$work/rprocfw"
cmake -S "$work/rprocfw" -B "$work/build" -DCMAKE_BUILD_TYPE=Release
cmake --build "$work/build" -j "$(nproc)"
cmake --install "$work/build" --prefix /usr/local
ldconfig
