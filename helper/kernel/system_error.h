// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

namespace sallyport {

/// What the kernel said to a request: 0 or an errno, and its own words (NETLINK_EXT_ACK) where it has some.
struct [[nodiscard]] Answer {
    int errorNumber = 0;
    QString explanation;

    explicit operator bool() const noexcept { return errorNumber == 0; }
    /// `what` was tried: `Adding the address 10.42.1.2/16 to sally-home`.
    Result<Done> toResult(const QString &what) const;
};

/// The kernel's own English words.
QString reasonOf(int errorNumber);
/// `; what to do`, or nothing where there is no advice that always fits.
QString adviceOn(int errorNumber);
/// `what: reason (explanation); what to do.`; TimedOut for ETIMEDOUT, otherwise `code`.
Error systemError(
    const QString &what, int errorNumber, const QString &explanation = {}, Errc code = Errc::KernelRefused);

} // namespace sallyport
