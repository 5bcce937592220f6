// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/service.h"

#include "core/ipc/unwrap.h"
#include "core/wire/configuration_codec.h"
#include "core/wire/error_names.h"
#include "core/wire/intent_codec.h"
#include "core/wire/snapshot_codec.h"
#include "helper/secret_reader.h"

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kMaximumStagedSecrets = 20000; ///< two for each of 10,000 devices
constexpr qsizetype kMaximumSecretName = 256;
/// More than the connections of one user (256), fewer than the match rules of one connection (512).
constexpr std::size_t kMaximumCallers = 384;

/// Switches that a change touches; a newer request only overtakes an older one on the same switch.
QStringList subjectsOf(const IntentChange &change)
{
    QStringList subjects;
    if (change.home)
        subjects += u"home"_s;
    if (change.exit || change.exitName)
        subjects += u"exit"_s;
    if (change.lockdown || change.pauseSeconds)
        subjects += u"lockdown"_s;
    if (change.path)
        subjects += u"path"_s;
    return subjects;
}

Action actionFor(const IntentChange &change)
{
    const bool weakens = (change.lockdown && !*change.lockdown) || change.pauseSeconds.value_or(0) != 0;
    return weakens ? Action::Lockdown : Action::Toggle;
}

/// The place in what was sent comes first; the operation that the kernel refused is in its sentence already.
QString sentence(const Error &error)
{
    const bool isInput = error.code == Errc::InvalidArgument || error.code == Errc::UnsupportedRequirement
        || error.code == Errc::LimitExceeded;
    return error.place.isEmpty() || !isInput ? error.detail : QString(error.place + u": "_s + error.detail);
}

Error tooManyCallers()
{
    return {Errc::LimitExceeded, u"Too many programs watch or hand over secrets already; try again later."_s, {}};
}

/// A reply without values.
Result<QVariantList> asReply(const Result<Done> &done)
{
    if (!done)
        return done.error();
    return QVariantList{};
}

} // namespace

Service::Service(Switchboard &switchboard, Authorizer &authorizer, const QDBusConnection &bus, QObject *parent)
    : QObject(parent), m_switchboard(switchboard), m_authorizer(authorizer), m_bus(bus), m_callers(bus, kMaximumCallers)
{
    connect(&m_callers, &Callers::left, this, &Service::forget);
    connect(&m_switchboard, &Switchboard::changed, this,
        [this](const Snapshot &snapshot) { Q_EMIT SnapshotChanged(encodeSnapshot(snapshot)); });
}

QString Service::version() const
{
    return QStringLiteral(SALLYPORT_VERSION);
}

void Service::Configure(const QVariantMap &configuration)
{
    const auto map = unwrap(configuration);
    if (!map)
        return refuse(message(), map.error());
    auto decoded = decodeConfiguration(*map);
    if (!decoded)
        return refuse(message(), decoded.error());
    const QString caller = message().service();
    perform(Action::Configure, {u"configuration"_s}, [this, caller, wanted = std::move(decoded->configuration)] {
        SecretBox staged;
        if (const auto found = m_staged.find(caller); found != m_staged.end())
            staged = std::move(found->second);
        m_staged.erase(caller);
        release(caller);
        return asReply(m_switchboard.configure(wanted, staged));
    });
}

void Service::SetIntent(const QVariantMap &change)
{
    const auto map = unwrap(change);
    if (!map)
        return refuse(message(), map.error());
    const auto decoded = decodeIntentChange(*map);
    if (!decoded)
        return refuse(message(), decoded.error());
    perform(actionFor(*decoded), subjectsOf(*decoded),
        [this, wanted = *decoded] { return asReply(m_switchboard.setIntent(wanted)); });
}

QVariantMap Service::GetSnapshot()
{
    return encodeSnapshot(m_switchboard.freshSnapshot());
}

QVariantMap Service::GetConfiguration()
{
    // Who may switch may read: the toggle permission never prompts.
    perform(Action::Toggle, {},
        [this] { return Result(QVariantList{encodeConfiguration(m_switchboard.configuration())}); });
    return {};
}

void Service::ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd)
{
    if (name.isEmpty() || name.size() > kMaximumSecretName)
        return refuse(
            message(), {Errc::InvalidArgument, u"A secret needs a name of at most 256 characters."_s, u"name"_s});
    auto secret = readSealedSecret(memfd.fileDescriptor());
    if (!secret)
        return refuse(message(), secret.error());
    const QString caller = message().service();
    auto shared = std::make_shared<SecretKey>(std::move(*secret));
    perform(Action::Configure, {},
        [this, caller, name, shared] { return asReply(stage(caller, name, std::move(*shared))); });
}

Result<Done> Service::stage(const QString &caller, const QString &name, SecretKey secret)
{
    const auto found = m_staged.find(caller);
    if (found != m_staged.end() && found->second.all().size() >= kMaximumStagedSecrets)
        return Error{Errc::LimitExceeded, u"Too many secrets are waiting for a Configure."_s, u"name"_s};
    if (!m_callers.add(caller))
        return tooManyCallers();
    m_staged[caller].put(name, std::move(secret));
    return Done{};
}

void Service::Watch(bool on)
{
    const QString caller = message().service();
    if (on) {
        if (!m_callers.add(caller))
            return refuse(message(), tooManyCallers());
        m_watchers.insert(caller);
    } else {
        m_watchers.erase(caller);
        release(caller);
    }
    m_switchboard.setWatched(!m_watchers.empty());
}

void Service::perform(Action action, const QStringList &subjects, const Work &work)
{
    setDelayedReply(true);
    const QDBusMessage call = message();
    const quint64 number = ++m_lastRequest;
    m_authorizer.authorize(action, call.service(), [this, call, number, subjects, work](const Result<Done> &allowed) {
        if (!allowed)
            return refuse(call, allowed.error());
        if (const auto claimed = claim(number, subjects); !claimed)
            return refuse(call, claimed.error());
        // The switchboard has published before it returns, and one sender's messages stay in order: the signal
        // always precedes the reply.
        const auto values = work();
        if (!values)
            return refuse(call, values.error());
        m_bus.send(call.createReply(*values));
    });
}

Result<Done> Service::claim(quint64 number, const QStringList &subjects)
{
    const bool overtaken = std::ranges::any_of(subjects, [&](const QString &subject) {
        const auto newest = m_accepted.find(subject);
        return newest != m_accepted.end() && newest->second > number;
    });
    if (overtaken)
        return Error{Errc::Superseded, u"Something newer was asked for while this waited for permission."_s, {}};
    for (const QString &subject : subjects)
        m_accepted[subject] = number;
    return Done{};
}

void Service::refuse(const QDBusMessage &call, const Error &error)
{
    // Does nothing when called outside a slot, where the reply is delayed already.
    if (calledFromDBus())
        setDelayedReply(true);
    m_bus.send(call.createErrorReply(dbusName(error.code), sentence(error)));
}

void Service::forget(const QString &caller)
{
    m_staged.erase(caller);
    if (m_watchers.erase(caller) > 0)
        m_switchboard.setWatched(!m_watchers.empty());
}

void Service::release(const QString &caller)
{
    if (!m_staged.contains(caller) && !m_watchers.contains(caller))
        m_callers.remove(caller);
}

} // namespace sallyport
