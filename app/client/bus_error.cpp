// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/client/bus_error.h"

#include "core/constants.h"
#include "core/wire/error_names.h"

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error unavailable(const QString &detail)
{
    return Error{Errc::HelperUnavailable, detail, {}};
}

bool isOtherVersion(QDBusError::ErrorType type)
{
    return type == QDBusError::UnknownObject || type == QDBusError::UnknownProperty;
}

} // namespace

Error noBus()
{
    return unavailable(u"The system bus cannot be reached; the background service is reached through it."_s);
}

Error otherVersion(const QString &detail)
{
    return Error{Errc::UnsupportedRequirement,
        detail.isEmpty() ? u"The background service is of another version; install the same version of both."_s
                         : detail,
        {}};
}

Error errorOf(const QDBusError &error, const QDBusMessage &reply)
{
    const Errc code = isOtherVersion(error.type()) ? Errc::UnsupportedRequirement : errcFromDbusName(error.name());
    if (error.name().startsWith(u"org.sallyport.Error."))
        return Error{code, error.message(), {}};
    // The bus answers for a helper that left; a time that ran out is noticed here, without a sender.
    if (code == Errc::TimedOut && !reply.service().isEmpty())
        return unavailable(u"The background service stopped before it answered."_s);
    if (code == Errc::TimedOut)
        return Error{code, u"The background service did not answer in time."_s, {}};
    if (code == Errc::HelperUnavailable)
        return unavailable(u"The background service is not installed or cannot be started."_s);
    if (code == Errc::UnsupportedRequirement)
        return otherVersion({});
    return Error{code, error.message(), {}};
}

Result<Done> checkApiVersion(const QDBusReply<QDBusVariant> &answer)
{
    bool isNumber = false;
    const uint version = answer.isValid() ? answer.value().variant().toUInt(&isNumber) : 0;
    if (!isNumber)
        return otherVersion({});
    if (version < kApiVersion)
        return otherVersion(
            u"The background service is too old (interface %1, needed %2); update it."_s.arg(version).arg(kApiVersion));
    return Done{};
}

} // namespace sallyport
