#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The steps behind the commands of ./dev, which sources this file with the repository as working directory.

# part [sudo OPTIONS] PROGRAM ARGUMENTS...: a part with its own program, or one sentence when this checkout has none.
part() {
    local word
    for word in "$@"; do
        [[ $word != tests/* ]] || break
    done
    if [ ! -x "$word" ]; then
        printf './dev: %s is not in this checkout.\n' "$word" >&2
        return 1
    fi
    "$@"
}

# build PRESET [TARGET...]: configures once, then builds, all by default. ccache is used where it is installed.
build() {
    local options=(-DCMAKE_PREFIX_PATH="$PWD/build/prefix")
    packaging/polkit-qt/build.sh "$PWD/build/prefix"
    if command -v ccache >/dev/null; then options+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache); fi
    # Lines are enough to read a failure by; everything else that a debugger wants takes a quarter of the compiling.
    if [ "${CI:-}" = true ]; then options+=("-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG"); fi
    if [ "$1" = fuzz ]; then options+=("-DCMAKE_CXX_COMPILER=$(command -v clang++-16 || command -v clang++)"); fi
    printf 'Building preset %s in build/%s.\n' "$1" "$1"
    cmake --preset "$1" --log-level=WARNING "${options[@]}"
    cmake --build "build/$1" ${2:+--target "${@:2}"}
}

# lab ARGUMENTS...: namespaces need root; the display of whoever asked goes along.
lab() {
    local sudo=()
    if [ "$(id -u)" != 0 ]; then
        sudo=(sudo "--preserve-env=DISPLAY,WAYLAND_DISPLAY,XAUTHORITY,XDG_RUNTIME_DIR,DBUS_SESSION_BUS_ADDRESS")
        sudo -n true 2>/dev/null || printf 'The lab makes network namespaces, which needs root; sudo asks for it.\n' >&2
    fi
    part "${sudo[@]}" tests/lab/lab "$@"
}

# Runs the product in the lab and leaves nothing behind, whatever happens.
try_in_lab() {
    if lab --name try status >/dev/null; then
        printf './dev: it is being tried already. Quit that first; if it is gone: ./dev lab --name try down\n' >&2
        return 1
    fi
    trap 'lab --name try down >/dev/null' EXIT
    trap 'exit 130' INT # not TERM and HUP: what is trapped waits for the program that runs
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        lab --name try tour
        return
    fi
    trap 'lab --name try down' EXIT
    lab --name try up
    printf 'The tray application runs on the laptop of the lab; quit it to end the lab.\n'
    lab --name try exec laptop "$PWD/build/dev/bin/sallyport"
}

# run_tests CTEST-ARGUMENTS...: everything by default; the last line is "N passed, N failed, N skipped".
run_tests() {
    local report=$PWD/build/dev/junit.xml status=0 chosen
    rm -f "$report"
    chosen=$(ctest --test-dir build/dev -N "$@")
    if [[ $chosen == *': vm.'* ]]; then
        part tests/vm/vm build || printf './dev: no image for the vm tests; they will say so.\n' >&2
    fi
    ctest --test-dir build/dev -j2 --output-on-failure --test-output-size-passed 200000 --output-junit "$report" "$@" \
        || status=$?
    packaging/dev/count.py "$report" || status=1
    return "$status"
}

run_bench() {
    local names
    mapfile -t names < <(find tests/bench -maxdepth 1 -type f -executable -printf '%f\n' | sort)
    if [ $# = 0 ]; then
        printf 'usage: ./dev bench NAME, one of: %s\n' "${names[*]:-none in this checkout}"
        return 2
    fi
    build dev
    mkdir -p build/bench
    part "tests/bench/$1" "${@:2}"
}

# run_fuzzers SECONDS [NAME]: a crash stops the run and leaves its input in build/fuzz/findings.
run_fuzzers() {
    local fuzzer name count=0
    mkdir -p build/fuzz/findings
    for fuzzer in build/fuzz/bin/fuzz_*"$2"*; do
        [ -x "$fuzzer" ] || continue
        name=$(basename "$fuzzer")
        mkdir -p "build/fuzz/corpus/$name"
        local seeds=()
        [ ! -d "tests/data/fuzz/${name#fuzz_}" ] || seeds=("tests/data/fuzz/${name#fuzz_}")
        printf '%s for %s s\n' "$name" "$1"
        "$fuzzer" -max_total_time="$1" -print_final_stats=0 -verbosity=0 -artifact_prefix=build/fuzz/findings/ \
            "build/fuzz/corpus/$name" "${seeds[@]}"
        count=$((count + 1))
    done
    printf '%d fuzzers ran %s s each without a finding.\n' "$count" "$1"
    [ "$count" -gt 0 ]
}

# run_lint [--all] [CHECK...]: clang-tidy needs the compile commands, and the headers that the build generates.
run_lint() {
    if [ $# = 0 ] || [[ " $* " == *" --all "* || " $* " == *" tidy "* ]]; then build dev; fi
    tests/lint/lint "$@"
}

update_translations() {
    local tool=/usr/lib/qt6/bin/lupdate
    [ -x "$tool" ] || tool=lupdate
    mkdir -p translations
    if [ -n "$1" ]; then
        "$tool" app core -locations none -target-language "$1" -ts "translations/sallyport_$1.ts"
    elif compgen -G 'translations/*.ts' >/dev/null; then
        "$tool" app core -locations none -ts translations/*.ts
    else
        printf 'There are no translations yet; ./dev i18n LANGUAGE starts one.\n'
    fi
}

pack_tarball() {
    local version name
    version=$(sed -nE 's/^CMAKE_PROJECT_VERSION:[A-Z]+=//p' build/release/CMakeCache.txt)
    name="sallyport-$version-linux-$(uname -m)"
    rm -rf "build/package/$name"
    DESTDIR="$PWD/build/package/$name" cmake --install build/release --prefix /usr --strip >/dev/null
    if [ ! -d "build/package/$name/usr" ]; then
        printf './dev: the build installs nothing, so there is nothing to pack.\n' >&2
        return 1
    fi
    tar -C build/package --sort=name --owner=0 --group=0 -czf "build/package/$name.tar.gz" "$name"
    printf 'build/package/%s.tar.gz\n' "$name"
}
