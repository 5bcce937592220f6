// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/system_error.h"

#include <cerrno>
#include <cstring>

namespace sallyport {

using namespace Qt::StringLiterals;

Error systemError(const QString &what, int errorNumber, const QString &explanation, Errc code)
{
    // strerrordesc_np does not translate: errors of the helper are English everywhere.
    const char *description = strerrordesc_np(errorNumber);
    const QString reason = description != nullptr ? QString::fromLatin1(description)
                                                  : u"unknown error %1"_s.arg(errorNumber);
    const QString words = explanation.isEmpty() ? reason : QString(reason + u" ("_s + explanation + u')');
    return Error{errorNumber == ETIMEDOUT ? Errc::TimedOut : code, what + u": "_s + words + u'.', {}};
}

Result<Done> Answer::toResult(const QString &what) const
{
    if (errorNumber == 0)
        return Done{};
    return systemError(what, errorNumber, explanation);
}

} // namespace sallyport
