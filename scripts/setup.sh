#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the program needs and this machine lacks, and nothing else; done in well under a second when
# nothing lacks. Debian 12 is what it knows. With --tests also what the tests need: a browser, readers of PDF, and
# .venv with the Python packages of Tests/BrowserTests/requirements.txt.
set -euo pipefail
cd "$(dirname "$0")/.."

needed=(
    libsqlite3-dev libsodium-dev libqrencode-dev zlib1g-dev libssl-dev libcjose-dev libnghttp2-dev libsrt-openssl-dev pkg-config  # to build
    libcurl4-openssl-dev libgmime-3.0-dev  # to build, and to reach servers outside
    libldap-dev libfido2-dev  # to build the entrance
    weasyprint fonts-thai-tlwg fonts-tlwg-laksaman fonts-tlwg-loma  # to print papers
    ffmpeg  # for the studio's ladder, loudness meter and pictures
    poppler-utils  # for the pages of slides
)
# Intel's ciphers, which there are for x86 alone.
[[ $(uname -m) != x86_64 ]] || needed+=(libipsec-mb-dev)
tests=no
case "${1:-}" in
    "") ;;
    --tests)
        tests=yes
        needed+=(chromium zbar-tools python3-venv procps)
        needed+=(slapd ldap-utils)  # a directory to sign in by
        needed+=(mpv gstreamer1.0-tools gstreamer1.0-plugins-{base,good,bad,ugly})  # to publish and play
        needed+=(nghttp2-server openssl postfix dovecot-imapd)  # other ends for the post office
        needed+=(libsrtp2-dev)  # to compare our SRTP with
        needed+=(iproute2)  # a network of a test's own
        needed+=(firefox-esr gstreamer1.0-nice python3-gi gir1.2-gst-plugins-bad-1.0 coturn)  # to call by WebRTC
        ;;
    *) echo "usage: scripts/setup.sh [--tests]" >&2; exit 2 ;;
esac

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

missing_packages() {
    # dpkg-query fails for packages it has never heard of: those are missing too, so its complaint is dropped.
    local installed
    installed=" $({ dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' "${needed[@]}" 2>/dev/null || true; } \
        | sed -n 's/^ii *//p' | tr '\n' ' ') "
    local package
    for package in "${needed[@]}"; do
        [[ $installed == *" $package "* ]] || echo "$package"
    done
}

install_packages() {
    local as_root=()
    if [[ $(id -u) != 0 ]]; then
        command -v sudo >/dev/null || fail "run as root, or install sudo, to install: $*"
        as_root=(sudo)
    fi
    local quiet=(env DEBIAN_FRONTEND=noninteractive)
    say "installing from Debian: $*"
    "${as_root[@]}" "${quiet[@]}" apt-get update -q || fail "apt-get update failed (see above); is there a network?"
    "${as_root[@]}" "${quiet[@]}" apt-get install -y -q --no-install-recommends "$@" \
        || fail "apt-get could not install: $*"
}

install_python() {
    local list=Tests/BrowserTests/requirements.txt
    cmp -s "$list" .venv/installed.txt && return
    say "installing into .venv from PyPI: $(grep -v '^#' "$list" | tr '\n' ' ')"
    [[ -x .venv/bin/python ]] || /usr/bin/python3 -m venv .venv || fail "python3 could not make .venv"
    .venv/bin/python -m pip install --disable-pip-version-check --progress-bar off -q -r "$list" \
        || fail "pip could not install the packages of $list"
    cp "$list" .venv/installed.txt
}

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    fail "this is not Debian (no apt-get). Please install the likes of these by hand: ${needed[*]}"
fi
mapfile -t missing < <(missing_packages)
[[ ${#missing[@]} == 0 ]] || install_packages "${missing[@]}"
[[ $tests == no ]] || install_python
command -v swift >/dev/null || fail "no swift on the PATH: install Swift 6.2 or later from https://www.swift.org/install/linux/"
say "everything is there"
