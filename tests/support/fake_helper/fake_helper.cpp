// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/fake_helper/fake_helper.h"

#include "core/ipc/unwrap.h"

#include <QDBusArgument>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

/// Of each exit its name, and where there is one the endpoint, the first address and the first DNS server.
QString described(const QVariantList &exits)
{
    QString text;
    for (const QVariant &each : exits) {
        const QVariantMap exit = each.toMap();
        text += u"; "_s + exit.value(u"name"_s).toString();
        const QVariantMap peer = exit.value(u"peer"_s).toMap();
        if (!peer.isEmpty())
            text += u" at "_s + peer.value(u"endpoint"_s).toString() + u" from "_s
                + exit.value(u"addresses"_s).toStringList().value(0) + u" asks "_s
                + exit.value(u"dns"_s).toStringList().value(0);
    }
    return text;
}

const QStringList &behaviours()
{
    static const QStringList names{u"obeys"_s, u"refused"_s, u"kernel-refused"_s, u"superseded"_s, u"slow"_s,
        u"silent"_s, u"dies"_s, u"too-old"_s, u"newer"_s, u"garbage"_s};
    return names;
}

/// Maps within maps arrive packed.
QString text(QVariantMap map)
{
    for (QVariant &value : map) {
        if (value.metaType() == QMetaType::fromType<QDBusArgument>())
            value = qdbus_cast<QVariantMap>(value);
    }
    return QString::fromUtf8(QJsonDocument(QJsonObject::fromVariantMap(map)).toJson(QJsonDocument::Compact));
}

/// Everything that a client must survive: wrong types where maps are expected, deep nesting, structures, huge numbers.
QVariantMap garbage()
{
    QVariantMap deep{{u"end"_s, true}};
    for (int level = 0; level < 18; ++level)
        deep = {{u"deeper"_s, deep}};
    QDBusArgument structure;
    structure.beginStructure();
    structure << 1 << u"two"_s;
    structure.endStructure();
    return {{u"revision"_s, u"many"_s}, {u"home"_s, 7}, {u"exit"_s, QVariantList{QVariantMap{{u"enabled"_s, true}}}},
        {u"guard"_s, deep}, {u"conflicts"_s, QVariant::fromValue(structure)}};
}

} // namespace

FakeHelper::FakeHelper(QDBusConnection bus, QObject *parent)
    : QObject(parent), m_bus(std::move(bus)),
      m_world(*worldNamed(u"off"_s)), m_exits{QVariantMap{{u"name"_s, u"nas"_s}, {u"device"_s, u"nas"_s}}}
{
}

bool FakeHelper::play(const QString &scenario)
{
    if (const auto world = worldNamed(scenario)) {
        const quint64 revision = m_world.revision + 1;
        m_world = *world;
        m_world.revision = revision;
        publish();
        return true;
    }
    if (!behaviours().contains(scenario))
        return false;
    m_behaviour = scenario;
    m_apiVersion = scenario == u"too-old" ? 0 : scenario == u"newer" ? 7 : 1;
    return true;
}

void FakeHelper::release(bool reversed)
{
    std::vector<Held> held = std::exchange(m_held, {});
    if (reversed)
        std::ranges::reverse(held);
    for (const Held &one : held) {
        obey(one.change);
        m_bus.send(one.call.createReply());
    }
}

void FakeHelper::emitGarbage()
{
    Q_EMIT SnapshotChanged(garbage());
}

void FakeHelper::emitOld()
{
    World old = *worldNamed(u"both"_s);
    old.revision = 0;
    Q_EMIT SnapshotChanged(snapshotOf(old));
}

void FakeHelper::emitCounters(qulonglong receivedBytes)
{
    m_world.receivedBytes = receivedBytes;
    publish();
}

namespace {

QVariantList devicesIn(const QVariantMap &configuration)
{
    const auto home = qdbus_cast<QVariantMap>(configuration.value(u"home"_s));
    return qdbus_cast<QVariantList>(home.value(u"devices"_s));
}

} // namespace

void FakeHelper::shakeHands()
{
    const QVariantList devices = devicesIn(m_configured);
    if (devices.isEmpty())
        return;
    auto peer = qdbus_cast<QVariantMap>(devices.last());
    peer = {{u"name"_s, peer.value(u"name"_s)}, {u"publicKey"_s, peer.value(u"publicKey"_s)}, {u"phase"_s, u"up"_s},
        {u"handshakeAgeSeconds"_s, 0LL}};
    m_world.newPeers = {peer};
    publish();
}

QStringList FakeHelper::devices() const
{
    QStringList names;
    for (const QVariant &device : devicesIn(m_configured))
        names += qdbus_cast<QVariantMap>(device).value(u"name"_s).toString();
    return names;
}

void FakeHelper::Configure(const QVariantMap &configuration)
{
    const auto plain = unwrap(configuration);
    QVariantList exits = plain ? plain->value(u"exits"_s).toList() : QVariantList();
    m_log += u"Configure "_s + configuration.keys().join(u',') + described(exits);
    if (m_behaviour == u"refused")
        return refuse(u"NotAuthorized"_s, u"This session may not configure."_s);
    m_configured = configuration;
    m_exits = std::move(exits);
    m_world.allowLan = qdbus_cast<QVariantMap>(configuration.value(u"policy"_s)).value(u"allowLan"_s, true).toBool();
}

void FakeHelper::SetIntent(const QVariantMap &change)
{
    m_log += u"SetIntent "_s + text(change);
    if (m_behaviour == u"refused")
        refuse(u"NotAuthorized"_s, u"This session may not switch."_s);
    else if (m_behaviour == u"superseded")
        refuse(u"Superseded"_s, u"A newer request was accepted."_s);
    else if (m_behaviour == u"kernel-refused")
        refuse(u"KernelRefused"_s, u"sally-exit: Operation not permitted"_s);
    else if (m_behaviour == u"slow" || m_behaviour == u"silent")
        hold(change);
    else if (m_behaviour == u"dies")
        ::_exit(3);
    else
        obey(change);
}

QVariantMap FakeHelper::GetSnapshot()
{
    m_log += u"GetSnapshot"_s;
    return m_behaviour == u"garbage" ? garbage() : snapshotOf(m_world);
}

QVariantMap FakeHelper::GetConfiguration()
{
    m_log += u"GetConfiguration"_s;
    if (m_behaviour == u"garbage")
        return {{u"home"_s, u"not a map"_s}};
    if (!m_configured.isEmpty())
        return m_configured;
    if (!m_world.isConfigured)
        return {};
    const QVariantMap device{{u"name"_s, u"nas"_s}, {u"addresses"_s, QStringList{u"10.42.1.4"_s}},
        {u"offersExit"_s, true}, {u"publicKey"_s, u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s}};
    const QVariantMap home{{u"name"_s, u"wgnet"_s}, {u"device"_s, u"laptop"_s},
        {u"addresses"_s, QStringList{u"10.42.1.2/16"_s}}, {u"devices"_s, QVariantList{device}}};
    return {{u"home"_s, home}, {u"exits"_s, m_exits}, {u"policy"_s, QVariantMap{{u"allowLan"_s, m_world.allowLan}}}};
}

void FakeHelper::ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd)
{
    QFile file;
    const int all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
    const bool sealed = ::fcntl(memfd.fileDescriptor(), F_GET_SEALS) == all;
    const QString content = file.open(memfd.fileDescriptor(), QIODevice::ReadOnly, QFileDevice::DontCloseHandle)
        ? QString::fromLatin1(file.readAll())
        : u"unreadable"_s;
    m_log += u"ProvideSecret "_s + name + (sealed ? u" sealed "_s : u" open "_s) + content;
}

void FakeHelper::Watch(bool on)
{
    m_log += on ? u"Watch on"_s : u"Watch off"_s;
}

void FakeHelper::obey(const QVariantMap &change)
{
    m_world.home = change.value(u"home"_s, m_world.home).toBool();
    m_world.exit = change.value(u"exit"_s, m_world.exit).toBool();
    m_world.exitName = change.value(u"exitName"_s, m_world.exitName).toString();
    m_world.homePhase.clear();
    m_world.exitPhase.clear();
    m_world.guard.clear();
    publish();
}

void FakeHelper::refuse(const QString &error, const QString &sentence)
{
    sendErrorReply(u"org.sallyport.Error."_s + error, sentence);
}

void FakeHelper::hold(const QVariantMap &change)
{
    setDelayedReply(true);
    m_held.push_back({message(), change});
}

void FakeHelper::publish()
{
    ++m_world.revision;
    Q_EMIT SnapshotChanged(snapshotOf(m_world));
}

} // namespace sallyport::test
