# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck disable=SC2154 # here, store: of the including script
# Makes the guest's disk and kernel. Sourced by `vm`, which has set $here and $store.

# Shared libraries of our programs, by the name that the linker uses. Only packages of those that this machine has
# are put into the image; whatever else a program needs travels with the run.
guest_libraries=(libQt6Core libQt6DBus libQt6Network libQt6Test libsodium libnl-3 libnl-genl-3 libnl-route-3
    libnftables libzip libqrencode libz libpolkit-gobject-1)
# Parts of the kernel's module tree that tunnels, firewalls and simulated networks come from.
guest_modules=(net crypto arch/x86/crypto lib drivers/net drivers/virtio fs/overlayfs fs/fuse)

# The image knows how to unpack the tree of a run; everything else comes with that tree.
first_init='#!/bin/bash
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t devtmpfs devtmpfs /dev 2>/dev/null
tar -xf /dev/nvme1n1 -C /
exec /guest-init'

say() { printf 'vm: %s\n' "$*" >&2; }
fail() { say "$*"; exit 125; }

need_tools() {
    local tool missing=()
    for tool in "$@"; do command -v "$tool" >/dev/null || missing+=("$tool"); done
    if [[ ${#missing[@]} -gt 0 ]]; then
        say "not installed: ${missing[*]}; ./dev vm installs what it needs"
        exit 77
    fi
}

# The host's own package sources, so that the guest's libraries are the ones our programs were linked with.
debian_sources() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v suite="$(suite)" '$1 == "Debian" && index($4, suite) == 1 { sub(/^[^ ]* /, ""); print }' | sort -u
}

suite() { (. /etc/os-release && printf '%s' "${VERSION_CODENAME:?}"); }

kernel_package() {
    apt-cache depends linux-image-cloud-amd64 | awk '/Depends: linux-image/ { print $2; exit }'
}

# Packages that ship the libraries named above, whatever this release calls them.
library_packages() {
    local name path
    for name in "${guest_libraries[@]}"; do
        path=$(ldconfig -p | awk -v n="$name.so." 'index($1, n) == 1 && !hit { print $NF; hit = 1 }')
        [[ -n $path ]] || continue
        dpkg -S "$(readlink -f "$path")" 2>/dev/null | cut -d: -f1
    done | sort -u
}

guest_packages() { { grep -v '^#' "$here/packages"; library_packages; } | sort -u; }

# One name for everything the image is made of: a change of any part is another image.
image_id() {
    { guest_packages; kernel_package; suite; cat "$here/image.sh"; } | sha256sum | cut -c1-12
}

fetch_kernel() { # DIR
    local package
    package=$(kernel_package)
    [[ -n $package ]] || fail "the package sources have no linux-image-cloud-amd64; run apt-get update"
    (cd "$1" && apt-get download -qq -o APT::Sandbox::User=root "$package") || fail "cannot download $package"
    dpkg-deb -x "$1/$package"_*.deb "$1/kernel"
    python3 "$here/extract_vmlinux.py" "$1"/kernel/boot/vmlinuz-* "$1/vmlinux"
    say "kernel $(basename "$1"/kernel/boot/vmlinuz-*)"
}

# Unpacking thousands of small files is twice as fast in memory.
scratch() {
    local options room
    options=,$(findmnt -no OPTIONS -T /dev/shm 2>/dev/null),
    room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)
    if [[ $options =~ ,(noexec|nodev|nosuid|ro), || ${room:-0} -lt 2097152 ]]; then
        printf '%s' "${TMPDIR:-/tmp}"
    else
        printf /dev/shm
    fi
}

fetch_root() { # DIR
    local packages
    packages=$(guest_packages | paste -sd,)
    debian_sources >"$1/sources.list"
    [[ -s $1/sources.list ]] || fail "found no Debian package sources for $(suite)"
    TMPDIR=$(scratch) mmdebstrap --quiet --dpkgopt=force-unsafe-io --variant=minbase --include="$packages" \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/i18n/*' \
        "$(suite)" "$1/root.tar" "$1/sources.list" || fail "mmdebstrap failed"
    say "root file system of $(suite), $(($(stat -c %s "$1/root.tar") >> 20)) MB"
}

add_modules() { # DIR ROOT
    local version part from to
    version=$(ls "$1/kernel/lib/modules")
    from=$1/kernel/lib/modules/$version
    to=$2/usr/lib/modules/$version
    mkdir -p "$to/kernel"
    cp "$from"/modules.{order,builtin*} "$to"
    for part in "${guest_modules[@]}"; do
        [[ -d $from/kernel/$part ]] || continue
        mkdir -p "$(dirname "$to/kernel/$part")"
        cp -a "$from/kernel/$part" "$(dirname "$to/kernel/$part")"
    done
    depmod -b "$2" "$version"
}

# Under fakeroot unless we are root: owners in the tar must survive.
pack_image() { # DIR
    local root=$1/root size
    mkdir "$root"
    tar -C "$root" --exclude='./dev/*' -xf "$1/root.tar"
    add_modules "$1" "$root"
    install -m755 /dev/stdin "$root/usr/sbin/first-init" <<<"$first_init"
    mkdir -p "$root/out"
    (cd "$root" && find usr/lib lib -name '*.so*' -printf '/%p\n') | sort >"$1/libraries"
    size=$(($(du -sm --apparent-size "$root" | cut -f1) * 13 / 10 + 400))
    # The cloud kernel has ext4 and NVMe built in: no initramfs is needed to mount this.
    mke2fs -q -t ext4 -O ^has_journal -E lazy_itable_init=1 -d "$root" "$1/root.ext4" "${size}M" >/dev/null
}

build_image() { # prints the image's folder
    local id work started=$SECONDS
    [[ $(uname -m) == x86_64 ]] || { say "the virtual machine lane needs an x86-64 machine"; exit 77; }
    need_tools apt-get dpkg-deb mmdebstrap mke2fs depmod python3 qemu-system-x86_64 sha256sum
    id=$(image_id)
    mkdir -p "$store"
    exec 9>"$store/lock"
    flock 9
    if [[ ! -f $store/$id/ready ]]; then
        work=$(mktemp -d "$store/new.XXXXXX")
        chmod 755 "$work"
        fetch_kernel "$work" &
        fetch_root "$work" || exit
        wait $! || exit
        pack "$work"
        rm -rf "$work"/{root,root.tar,kernel} "$work"/*.deb
        drop_old_images
        touch "$work/ready"
        mv "$work" "$store/$id"
        say "image built in $((SECONDS - started)) s"
    fi
    exec 9>&-
    printf '%s\n' "$store/$id"
}

pack() { # DIR
    if [[ $EUID -eq 0 ]]; then
        pack_image "$1"
    else
        need_tools fakeroot
        fakeroot -- "$here/vm" pack-image "$1"
    fi
}

drop_old_images() {
    local old
    for old in "$store"/*/; do
        [[ ! -f $old/ready ]] || rm -rf "$old"
    done
}
