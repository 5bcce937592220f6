#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What each purpose needs, as Debian package names, and how it gets there. "a|b": the first one that the system offers.
# Sourced by ./dev.

declare -rA packages=(
    [build]='g++ cmake ninja-build pkg-config git qt6-base-dev qt6-svg-dev qt6-tools-dev qt6-tools-dev-tools
        qt6-l10n-tools libgl-dev qtkeychain-qt6-dev libsodium-dev libnl-3-dev libnl-genl-3-dev libnl-route-3-dev
        libnftables-dev libzip-dev zlib1g-dev libqrencode-dev libzbar-dev libxcb1-dev libglib2.0-dev libpolkit-gobject-1-dev
        libpolkit-agent-1-dev libpolkit-qt6-1-dev|xz-utils'
    [lab]='iproute2 nftables wireguard-tools wireguard-go dnsmasq-base tcpdump iputils-ping procps psmisc python3
        python3-dbus dbus polkitd strace'
    [test]='expect xvfb openbox xdotool imagemagick xfce4-panel zbar-tools bsdutils openssl gnome-keyring libsecret-1-0
        libglib2.0-bin python3-jsonschema zip unzip iptables'
    [systemd]='mmdebstrap util-linux iproute2 dnsmasq-base wireguard-go wireguard-tools python3'
    [vm]='qemu-system-x86 mmdebstrap e2fsprogs fakeroot kmod binutils xz-utils zstd lz4'
    [lint]='clang-format-14 clang-tidy-16|clang-tidy shellcheck libxml2-utils reuse universal-ctags python3 git'
    # firewalld filters the traffic of the machine from the moment it is installed.
    [neighbours]='firewalld ufw'
    [fuzz]='clang-16|clang libclang-rt-16-dev|libclang-rt-dev'
)

is_offered() {
    apt-cache show --no-all-versions "$1" >/dev/null 2>&1
}

# Of "a|b|c": the first that is installed or offered, else the last.
choose() {
    local name names
    IFS='|' read -ra names <<<"$1"
    for name in "${names[@]}"; do
        if [ -n "${installed[$name]:-}" ] || is_offered "$name"; then break; fi
    done
    printf '%s' "$name"
}

# Prints which packages of the given purposes are missing, one per line.
missing() {
    local purpose item items status name
    local -A installed=()
    items=$(for purpose in "$@"; do printf '%s ' "${packages[$purpose]}"; done)
    # shellcheck disable=SC2016,SC2086 # dpkg's own fields; words on purpose
    while read -r status name; do
        [ "$status" != installed ] || installed[$name]=yes
    done < <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' ${items//|/ } 2>/dev/null)
    for item in $items; do
        [[ $item != *'|'* ]] || item=$(choose "$item")
        [ -n "${installed[$item]:-}" ] || printf '%s\n' "$item"
    done | sort -u
}

# Fills `apt` with the command for apt-get as root: sudo asks first, but not under CI.
become_root() {
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
    if [ "$(id -u)" = 0 ]; then return; fi
    if ! command -v sudo >/dev/null; then
        printf 'Only root can install them, and there is no sudo here.\n' >&2
        return 1
    fi
    if [ "${CI:-}" != true ]; then
        local answer=n
        printf 'Install these with sudo apt-get? [Y/n] ' >&2
        { read -r answer </dev/tty; } 2>/dev/null || true
        [[ ${answer:-y} =~ ^[yYjJ] ]] || return 1
    fi
    sudo -v || return 1
    apt=(sudo "${apt[@]}")
}

# quietly COMMAND...: its output goes to build/apt.log, and to the screen only when it fails.
quietly() {
    mkdir -p build
    "$@" >>build/apt.log 2>&1 && return
    tail -n 20 build/apt.log >&2
    return 1
}

# Leaves in `wanted` what the system offers, and says what it does not.
drop_unknown() {
    local name
    local -a known=()
    for name in "${wanted[@]}"; do
        if is_offered "$name"; then known+=("$name"); else printf 'Not offered by this system: %s\n' "$name" >&2; fi
    done
    wanted=("${known[@]}")
}

# Installs what is missing for the purposes; asks for fresh lists when a name is unknown or a version is gone.
install_missing() {
    local -a apt wanted
    local name
    become_root || return 1
    mapfile -t wanted < <(missing "$@")
    for name in "${wanted[@]}"; do
        is_offered "$name" && continue
        quietly "${apt[@]}" update || true
        mapfile -t wanted < <(missing "$@")
        break
    done
    drop_unknown
    [ ${#wanted[@]} -gt 0 ] || return 0
    printf 'Packages to install: %d.\n' ${#wanted[@]} >&2
    quietly "${apt[@]}" install --no-install-recommends "${wanted[@]}" && return
    quietly "${apt[@]}" update && quietly "${apt[@]}" install --no-install-recommends "${wanted[@]}"
}

# need PURPOSE...: what they need is there afterwards. Elsewhere than on Debian and its kin: says what to look for.
need() {
    local names purpose
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        printf 'This is not a Debian system. Needed, under whatever names it has here:\n' >&2
        for purpose in "$@"; do printf '  %s: %s\n' "$purpose" "$(tr -s ' \n' ' ' <<<"${packages[$purpose]}")"; done >&2
        return
    fi
    names=$(missing "$@")
    [ -n "$names" ] || return 0
    printf 'Missing for %s: %s\n' "$*" "$(tr '\n' ' ' <<<"$names")" >&2
    install_missing "$@" && return
    printf './dev: not installed; install them by hand and try again.\n' >&2
    return 1
}
