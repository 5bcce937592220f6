// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/random_values.h"

#include <QDBusObjectPath>
#include <QDBusSignature>
#include <QDBusVariant>

#include <array>
#include <limits>

namespace sallyport::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kDeepest = 17; // deeper than what is allowed; a bus itself refuses what is deeper than 64 containers

const std::array kKeys = {"home", "exits", "policy", "gateway", "requires", "name", "device", "addresses", "listenPort",
    "domain", "devices", "aliases", "publicKey", "endpoints", "address", "scope", "routes", "offersExit", "provider",
    "peer", "endpoint", "dns", "allowLan", "exitDns", "serve", "mtu", "persistentKeepalive", "presharedKey", "exit",
    "exitName", "lockdown", "pauseSeconds", "privateKeyFile", "revision", "helper", "version", "enabled", "phase",
    "interface", "backend", "peers", "via", "handshakeAgeSeconds", "rxBytes", "candidates", "families", "guard",
    "state", "sentence", "conflicts", "lastError", "code", "detail", "place", "configured", "path", "use",
    "preference"};

const std::array kTexts = {"", "nas", "10.42.1.4", "10.42.1.2/16", "10.42.0.0/33", "fd00::1/64", "0.0.0.0/0", "::/0",
    "192.0.2.4:53333", "[2001:db8::1]:51820", "192.0.2.4:0", "192.0.2.4:99999", "lan", "public", "any", "up", "stale",
    "kernel", "../../etc/shadow", "sally-home", "%s%n%x",
    "\xe2\x80\xae"
    "evil",
    "a\nb", "\x1b[2J", "\xef\xbf\xbf",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=", "true", "1e9",
    "nan", "org.sallyport.Error.Internal", "teleport", "pin", "forbid", "none"};

const std::array kDoubles = {0.0, -0.0, 1.5, 53333.0, -1.0, 1e308, std::numeric_limits<double>::quiet_NaN(),
    std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(), 4294967296.0, 65535.5};

} // namespace

QString RandomValues::text()
{
    const quint32 kind = m_next(20);
    if (kind == 0)
        return QString(qsizetype(m_next(5000)), QChar(char16_t('!' + m_next(90))));
    if (kind > 4)
        return QString::fromUtf8(kTexts[m_next(kTexts.size())]);
    QString made;
    for (quint32 left = m_next(12); left > 0; --left)
        made += QChar(char16_t(m_next(kind == 1 ? 0xd800 : 128)));
    return made.remove(QChar(0)); // the bus does not carry it
}

QString RandomValues::key()
{
    return m_next(12) == 0 ? text() : QString::fromLatin1(kKeys[m_next(kKeys.size())]);
}

QVariant RandomValues::plain()
{
    switch (m_next(10)) {
    case 0:
        return m_next(2) == 1;
    case 1:
        return QVariant::fromValue(uchar(m_next(256)));
    case 2:
        return QVariant::fromValue(short(m_next(65536)));
    case 3:
        return QVariant::fromValue(ushort(m_next(65536)));
    case 4:
        return int(m_next(3) == 0 ? -int(m_next(1000)) : int(m_next(70000)));
    case 5:
        return m_next(2) == 0 ? m_next(100000) : std::numeric_limits<uint>::max();
    case 6:
        return m_next(2) == 0 ? std::numeric_limits<qlonglong>::min() : qlonglong(m_next(100000));
    case 7:
        return m_next(2) == 0 ? std::numeric_limits<qulonglong>::max() : qulonglong(m_next(100000));
    case 8:
        return kDoubles[m_next(kDoubles.size())];
    default:
        return text();
    }
}

QVariant RandomValues::odd()
{
    switch (m_next(5)) {
    case 0:
        return QVariant::fromValue(QDBusObjectPath(u"/org/sallyport"_s));
    case 1:
        return QVariant::fromValue(QDBusSignature(u"a{sv}"_s));
    case 2:
        return QVariant::fromValue(QDBusVariant(plain()));
    case 3:
        return QByteArray(qsizetype(m_next(64)), char(m_next(256)));
    default: {
        QStringList texts;
        for (quint32 left = m_next(40); left > 0; --left)
            texts += text();
        return texts;
    }
    }
}

QVariant RandomValues::list(int depth)
{
    QVariantList made;
    if (m_next(30) == 0)
        return QVariantList(qsizetype(m_next(3000)), plain());
    for (quint32 left = m_next(6); left > 0; --left)
        made += value(depth + 1);
    return made;
}

QVariant RandomValues::value(int depth)
{
    --m_budget;
    const quint32 kind = m_next(10);
    if (depth >= kDeepest || m_budget <= 0 || kind < 4)
        return plain();
    if (kind == 4)
        return odd();
    return kind < 7 ? list(depth) : QVariant(map(depth + 1));
}

QVariant RandomValues::any()
{
    m_budget = kBudget;
    return value(kDeepest / 3); // it stands within other containers
}

QVariantMap RandomValues::map(int depth)
{
    if (depth == 0)
        m_budget = kBudget;
    QVariantMap made;
    for (quint32 left = m_next(8); left > 0; --left)
        made.insert(key(), value(depth));
    return made;
}

QVariantMap disturbed(const QVariantMap &map, RandomValues &values, const RandomValues::Next &next)
{
    QVariantMap changed = map;
    for (auto entry = changed.begin(); entry != changed.end(); ++entry) {
        if (next(10) == 0)
            *entry = values.any();
        else if (entry->typeId() == QMetaType::QVariantMap)
            *entry = disturbed(entry->toMap(), values, next);
        else if (entry->typeId() == QMetaType::QVariantList && !entry->toList().isEmpty()
            && entry->toList().constFirst().typeId() == QMetaType::QVariantMap)
            *entry = QVariantList{disturbed(entry->toList().constFirst().toMap(), values, next)};
    }
    return changed;
}

} // namespace sallyport::test
