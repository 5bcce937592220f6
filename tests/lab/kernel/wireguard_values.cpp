// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/kernel/wireguard_values.h"

#include "helper/kernel/wireguard/uapi_wireguard.h"
#include "tests/lab/kernel/private_network.h"

#include <algorithm>

namespace sallyport::test {

using namespace Qt::StringLiterals;

PublicKey publicKey(quint32 number)
{
    PublicKey key;
    key.bytes.fill(7);
    for (std::size_t i = 0; i < 4; ++i)
        key.bytes[i] = static_cast<quint8>(number >> (8 * i));
    return key;
}

Prefix prefix(const QString &text)
{
    return *Prefix::parse(text);
}

PeerChange peer(quint32 number, const QString &endpoint, const QStringList &allowedIps)
{
    PeerChange change;
    change.publicKey = publicKey(number);
    if (!endpoint.isEmpty())
        change.endpoint = *Endpoint::parse(endpoint);
    change.allowedIps.emplace();
    for (const QString &text : allowedIps)
        change.allowedIps->push_back(prefix(text));
    return change;
}

ConfigureWireGuard configure(const QString &link, std::vector<PeerChange> peers)
{
    ConfigureWireGuard change;
    change.link = link;
    change.peers = std::move(peers);
    return change;
}

QList<QByteArrayList> dump(const QString &link)
{
    QList<QByteArrayList> lines;
    for (const QByteArray &line : run({u"wg"_s, u"show"_s, link, u"dump"_s}).split('\n')) {
        if (!line.isEmpty())
            lines.append(line.split('\t'));
    }
    return lines;
}

QByteArrayList dumpedPeer(const QString &link, const PublicKey &key)
{
    const QList<QByteArrayList> lines = dump(link);
    for (const QByteArrayList &line : lines.mid(1)) {
        if (line.first() == key.toBase64().toLatin1())
            return line;
    }
    return {};
}

QByteArrayList sorted(QByteArrayList list)
{
    std::ranges::sort(list);
    return list;
}

int serverOf(const QString &link)
{
    wireguard::UapiConnection connection;
    return wireguard::connectUapi(u"/var/run/wireguard/"_s + link + u".sock"_s, connection) ? connection.process : 0;
}

} // namespace sallyport::test
