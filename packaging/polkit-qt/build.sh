#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build.sh PREFIX: PolkitQt6-1 for systems that package it for Qt 5 only (Debian 12). Takes the upstream tarball that
# the next Debian release ships, through apt (so its checksum is signed) with a private configuration, and installs it
# into PREFIX. Never fails: without it the helper is built with its plain QtDBus authoriser.
set -euo pipefail
prefix=${1:?usage: build.sh PREFIX}
suite=trixie
work=$(dirname "$prefix")/polkit-qt

give_up() {
    printf 'PolkitQt6-1 cannot be had (%s); the helper will ask polkit over QtDBus.\n' "$1" >&2
    mkdir -p "$work" && printf '%s\n' "$1" >"$work/gave-up"
    exit 0
}

# The address that the system itself takes Debian from, whatever the format of its sources.
debian_uri() {
    # shellcheck disable=SC2016 # these are apt's own fields
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' \
        | awk '$1 == "Debian" && $2 !~ /security/ { print $2; exit }'
}

private_apt() {
    local uri=$1 keys=/usr/share/keyrings/debian-archive-keyring.gpg
    mkdir -p "$work"/apt/{etc/apt.conf.d,etc/preferences.d,etc/trusted.gpg.d,lists/partial,cache/archives/partial,state}
    : >"$work/apt/status"
    printf 'deb-src [signed-by=%s] %s %s main\n' "$keys" "$uri" "$suite" >"$work/apt/etc/sources.list"
    apt=(apt-get -qq -o "Dir::Etc=$work/apt/etc" -o Dir::Etc::sourcelist=sources.list -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State=$work/apt/state" -o "Dir::State::lists=$work/apt/lists" -o "Dir::State::status=$work/apt/status"
        -o "Dir::Cache=$work/apt/cache" -o APT::Sandbox::User= -o APT::Update::Error-Mode=any
        -o Acquire::Retries=2 -o Acquire::http::Timeout=20)
}

fetch() {
    local uri
    uri=$(debian_uri) || true
    [ -n "$uri" ] || give_up 'this is not a Debian system'
    private_apt "$uri"
    "${apt[@]}" update >"$work/log" 2>&1 || give_up "no index of $suite"
    (cd "$work" && "${apt[@]}" source --download-only --tar-only polkit-qt-1) >>"$work/log" 2>&1 \
        || give_up "no source package in $suite"
}

compile() {
    tar -C "$work" -xJf "$1" || return
    cmake -S "$work"/polkit-qt-1-*/ -B "$work/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DQT_MAJOR_VERSION=6 \
        -DCMAKE_SHARED_LINKER_FLAGS=-Wl,-z,now -DCMAKE_INSTALL_PREFIX="$prefix" || return
    cmake --build "$work/build" && cmake --install "$work/build"
}

if compgen -G "$prefix/lib*/cmake/PolkitQt6-1" >/dev/null; then exit 0; fi
if [ "$(dpkg-query -W -f '${db:Status-Status}' libpolkit-qt6-1-dev 2>/dev/null)" = installed ]; then exit 0; fi
if [ -e "$work/gave-up" ]; then
    printf 'Still without PolkitQt6-1 (%s); remove %s to try again.\n' "$(cat "$work/gave-up")" "$work" >&2
    exit 0
fi
command -v apt-get >/dev/null || give_up 'there is no apt-get'
rm -rf "$work" && mkdir -p "$work"
printf 'Building PolkitQt6-1 from the source of Debian %s.\n' "$suite" >&2
fetch
tarballs=("$work"/polkit-qt-1_*.orig.tar.xz)
[ -e "${tarballs[0]}" ] || give_up 'no tarball'
compile "${tarballs[0]}" >>"$work/log" 2>&1 || give_up "it does not compile, see $work/log"
