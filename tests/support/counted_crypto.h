// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/// A program with this part calls libsodium's hash and its opening of sealed boxes through counters.
namespace sallyport::test {

struct CryptoCalls {
    int hashes = 0;
    int openings = 0;

    bool operator==(const CryptoCalls &) const = default;
};

CryptoCalls &cryptoCalls();

} // namespace sallyport::test
