// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/system_error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

struct Advice {
    int errorNumber;
    QLatin1StringView sentence;
};

/// What somebody can do about it, where that is the same whoever met it.
constexpr std::array kAdvice = {
    Advice{EPERM, "start sallyport-helper as root with CAP_NET_ADMIN"_L1},
    Advice{EADDRINUSE, "another program uses this port, so end that program or choose another listenPort"_L1},
    Advice{ENOSPC, "free some space there"_L1},
    Advice{EDQUOT, "free some space there"_L1},
    Advice{EROFS, "make it writable"_L1},
};

} // namespace

QString adviceOn(int errorNumber)
{
    const auto found = std::ranges::find(kAdvice, errorNumber, &Advice::errorNumber);
    return found == kAdvice.end() ? QString() : QString(u"; "_s + found->sentence);
}

QString reasonOf(int errorNumber)
{
    // strerrordesc_np does not translate: errors of the helper are English everywhere.
    const char *description = strerrordesc_np(errorNumber);
    return description != nullptr ? QString::fromLatin1(description) : u"unknown error %1"_s.arg(errorNumber);
}

Error systemError(const QString &what, int errorNumber, const QString &explanation, Errc code)
{
    const QString reason = reasonOf(errorNumber);
    const QString words = explanation.isEmpty() ? reason : QString(reason + u" ("_s + explanation + u')');
    return Error{errorNumber == ETIMEDOUT ? Errc::TimedOut : code,
        what + u": "_s + words + (explanation.isEmpty() ? adviceOn(errorNumber) : QString()) + u'.', {}};
}

Result<Done> Answer::toResult(const QString &what) const
{
    if (errorNumber == 0)
        return Done{};
    return systemError(what, errorNumber, explanation);
}

} // namespace sallyport
