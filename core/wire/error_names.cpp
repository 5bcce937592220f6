// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/error_names.h"

#include <algorithm>
#include <array>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView kErrorPrefix("org.sallyport.Error.");

struct Name {
    Errc code = Errc::Internal;
    QLatin1StringView dbus;
    QLatin1StringView json;
};

constexpr std::array kNames = {
    Name{Errc::InvalidArgument, "InvalidArgument"_L1, "invalid-argument"_L1},
    Name{Errc::UnsupportedRequirement, "UnsupportedRequirement"_L1, "unsupported-requirement"_L1},
    Name{Errc::LimitExceeded, "LimitExceeded"_L1, "limit-exceeded"_L1},
    Name{Errc::NotAuthorized, "NotAuthorized"_L1, "not-authorized"_L1},
    Name{Errc::AuthorizationUnavailable, "AuthorizationUnavailable"_L1, "authorization-unavailable"_L1},
    Name{Errc::NotConfigured, "NotConfigured"_L1, "not-configured"_L1},
    Name{Errc::UnknownName, "UnknownName"_L1, "unknown-name"_L1},
    Name{Errc::NameTaken, "NameTaken"_L1, "name-taken"_L1},
    Name{Errc::FeatureMissing, "FeatureMissing"_L1, "feature-missing"_L1},
    Name{Errc::KernelRefused, "KernelRefused"_L1, "kernel-refused"_L1},
    Name{Errc::StorageFailed, "StorageFailed"_L1, "storage-failed"_L1},
    Name{Errc::Superseded, "Superseded"_L1, "superseded"_L1},
    Name{Errc::HelperUnavailable, "HelperUnavailable"_L1, "helper-unavailable"_L1},
    Name{Errc::TimedOut, "TimedOut"_L1, "timed-out"_L1},
    Name{Errc::Internal, "Internal"_L1, "internal"_L1},
};

const Name &find(Errc code)
{
    return *std::ranges::find(kNames, code, &Name::code);
}

struct Foreign {
    QLatin1StringView name;
    Errc code = Errc::Internal;
};

/// What the bus itself answers (D-Bus specification, "Standard error names" of the reference library).
constexpr std::array kForeign = {
    Foreign{"org.freedesktop.DBus.Error.ServiceUnknown"_L1, Errc::HelperUnavailable},
    Foreign{"org.freedesktop.DBus.Error.NameHasNoOwner"_L1, Errc::HelperUnavailable},
    Foreign{"org.freedesktop.DBus.Error.NoServer"_L1, Errc::HelperUnavailable},
    Foreign{"org.freedesktop.DBus.Error.Disconnected"_L1, Errc::HelperUnavailable},
    Foreign{"org.freedesktop.DBus.Error.NoReply"_L1, Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.Timeout"_L1, Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.TimedOut"_L1, Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.AccessDenied"_L1, Errc::NotAuthorized},
    Foreign{"org.freedesktop.DBus.Error.LimitsExceeded"_L1, Errc::LimitExceeded},
    Foreign{"org.freedesktop.DBus.Error.InvalidArgs"_L1, Errc::InvalidArgument},
    Foreign{"org.freedesktop.DBus.Error.UnknownMethod"_L1, Errc::UnsupportedRequirement},
    Foreign{"org.freedesktop.DBus.Error.UnknownInterface"_L1, Errc::UnsupportedRequirement},
};

} // namespace

QString dbusName(Errc code)
{
    return kErrorPrefix + find(code).dbus;
}

Errc errcFromDbusName(const QString &name)
{
    if (name.startsWith(kErrorPrefix)) {
        const QStringView own = QStringView(name).mid(kErrorPrefix.size());
        const auto found = std::ranges::find_if(kNames, [&](const Name &entry) { return entry.dbus == own; });
        return found == kNames.end() ? Errc::Internal : found->code;
    }
    const auto found = std::ranges::find_if(kForeign, [&](const Foreign &entry) { return entry.name == name; });
    if (found != kForeign.end())
        return found->code;
    return name.startsWith(u"org.freedesktop.DBus.Error.Spawn") ? Errc::HelperUnavailable : Errc::Internal;
}

QString jsonName(Errc code)
{
    return find(code).json;
}

Errc errcFromJsonName(const QString &name)
{
    const auto found = std::ranges::find_if(kNames, [&](const Name &entry) { return entry.json == name; });
    return found == kNames.end() ? Errc::Internal : found->code;
}

} // namespace sallyport
