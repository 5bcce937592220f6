// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/device_reader.h"
#include "helper/kernel/wireguard/set_messages.h"

#include <QRandomGenerator>
#include <QTest>

#include <cstring>
#include <linux/wireguard.h>
#include <map>

using namespace sallyport;
using namespace sallyport::wireguard;
using namespace Qt::StringLiterals;

/// Reads the bytes of requests with a parser of its own, as the kernel would.
namespace {

constexpr quint16 kFamily = 0x1f;

struct Attribute {
    int type = 0;
    QByteArray value;
};

QList<Attribute> attributesIn(const QByteArray &bytes)
{
    QList<Attribute> list;
    for (qsizetype at = 0; at + 4 <= bytes.size();) {
        quint16 length = 0;
        quint16 type = 0;
        std::memcpy(&length, bytes.constData() + at, 2);
        std::memcpy(&type, bytes.constData() + at + 2, 2);
        if (length < 4 || at + length > bytes.size())
            qFatal("damaged attribute");
        list.append({type & 0x3fff, bytes.mid(at + 4, length - 4)});
        at += (length + 3) & ~3;
    }
    return list;
}

std::optional<QByteArray> find(const QList<Attribute> &list, int type)
{
    for (const Attribute &attribute : list) {
        if (attribute.type == type)
            return attribute.value;
    }
    return std::nullopt;
}

quint32 number(const std::optional<QByteArray> &value)
{
    quint32 result = 0;
    if (value)
        std::memcpy(&result, value->constData(), std::min<std::size_t>(4, std::size_t(value->size())));
    return result;
}

struct SentPeer {
    QByteArray key;
    quint32 flags = 0;
    QList<Attribute> attributes;
    QByteArrayList allowedIps; ///< family, length, address
};

struct Sent {
    qsizetype size = 0;
    QList<Attribute> device;
    QList<SentPeer> peers;
};

SentPeer sentPeer(const QByteArray &bytes)
{
    const QList<Attribute> list = attributesIn(bytes);
    SentPeer peer{find(list, WGPEER_A_PUBLIC_KEY).value_or(QByteArray()), number(find(list, WGPEER_A_FLAGS)), list, {}};
    for (const Attribute &one : attributesIn(find(list, WGPEER_A_ALLOWEDIPS).value_or(QByteArray()))) {
        const QList<Attribute> allowed = attributesIn(one.value);
        peer.allowedIps.append(*find(allowed, WGALLOWEDIP_A_IPADDR) + *find(allowed, WGALLOWEDIP_A_CIDR_MASK));
    }
    return peer;
}

QList<Sent> sentBy(const ConfigureWireGuard &change, const Secrets &secrets, std::size_t room)
{
    QList<Sent> all;
    const auto messages = setMessages(change, secrets, kFamily, room);
    if (!messages)
        return all;
    for (const netlink::Message &message : *messages) {
        const auto span = message.bytes();
        const QByteArray bytes(reinterpret_cast<const char *>(span.data()), qsizetype(span.size()));
        Sent sent{bytes.size(), attributesIn(bytes.mid(20)), {}};
        for (const Attribute &one : attributesIn(find(sent.device, WGDEVICE_A_PEERS).value_or(QByteArray())))
            sent.peers.append(sentPeer(one.value));
        all.append(sent);
    }
    return all;
}

class OneSecret : public Secrets {
public:
    const SecretKey *find(const QString &name) const override { return name == u"known"_s ? &m_key : nullptr; }
    const SecretKey &key() const { return m_key; }

private:
    SecretKey m_key = SecretKey::generatePreshared();
};

QByteArray bytesOf(const SecretKey &key)
{
    return QByteArray(reinterpret_cast<const char *>(key.bytes().data()), kKeySize);
}

PublicKey publicKey(int number)
{
    PublicKey key;
    key.bytes.fill(3);
    std::memcpy(key.bytes.data(), &number, sizeof number);
    return key;
}

QByteArray bytesOf(const PublicKey &key)
{
    return QByteArray(reinterpret_cast<const char *>(key.bytes.data()), kKeySize);
}

PeerChange peer(int number, int allowedIps)
{
    PeerChange change;
    change.publicKey = publicKey(number);
    change.endpoint = *Endpoint::parse(u"203.0.113.7:51820");
    change.presharedKeyName = u"known"_s;
    change.allowedIps.emplace();
    for (int i = 0; i < allowedIps; ++i)
        change.allowedIps->push_back(*Prefix::parse(u"10.%1.%2.%3"_s.arg(number % 250).arg(i / 250).arg(i % 250)));
    return change;
}

} // namespace

class WireGuardMessagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void device_isSaidInTheFirstMessageOnly()
    {
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        change.privateKeyName = u"known"_s;
        change.listenPort = quint16(53333);
        change.mark = 0xa1000000U;
        change.replacePeers = true;
        for (int i = 1; i <= 200; ++i)
            change.peers.push_back(peer(i, 3));
        const QList<Sent> sent = sentBy(change, m_secrets, 2048);
        QVERIFY(sent.size() > 10);
        for (qsizetype i = 0; i < sent.size(); ++i) {
            QVERIFY(sent[i].size <= 2048);
            QCOMPARE(find(sent[i].device, WGDEVICE_A_IFNAME), QByteArray("sally-home", 11));
            for (const int type : {WGDEVICE_A_PRIVATE_KEY, WGDEVICE_A_LISTEN_PORT, WGDEVICE_A_FWMARK, WGDEVICE_A_FLAGS})
                QCOMPARE(find(sent[i].device, type).has_value(), i == 0);
        }
        QCOMPARE(*find(sent[0].device, WGDEVICE_A_PRIVATE_KEY), bytesOf(m_secrets.key()));
        QCOMPARE(number(find(sent[0].device, WGDEVICE_A_LISTEN_PORT)), 53333u);
        QCOMPARE(number(find(sent[0].device, WGDEVICE_A_FWMARK)), 0xa1000000u);
        QCOMPARE(number(find(sent[0].device, WGDEVICE_A_FLAGS)), quint32(WGDEVICE_F_REPLACE_PEERS));
    }

    void everyAllowedIp_isSentOnce_data()
    {
        QTest::addColumn<int>("room");
        QTest::addColumn<int>("allowedIps");
        for (const int room : {256, 300, 333, 512, 1000, 4096, 32768}) {
            for (const int count : {0, 1, 7, 100, 999})
                QTest::addRow("%d bytes, %d each", room, count) << room << count;
        }
    }

    void everyAllowedIp_isSentOnce()
    {
        QFETCH(int, room);
        QFETCH(int, allowedIps);
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        for (int i = 1; i <= 5; ++i)
            change.peers.push_back(peer(i, allowedIps));
        QMap<QByteArray, QByteArrayList> arrived;
        QByteArray current;
        for (const Sent &message : sentBy(change, m_secrets, std::size_t(room))) {
            QVERIFY(message.size <= room);
            for (const SentPeer &one : message.peers) {
                const bool first = one.key != current;
                current = one.key;
                // The rest of a peer must neither replace what was sent before nor bring back a removed peer.
                QCOMPARE(one.flags, quint32(first ? WGPEER_F_REPLACE_ALLOWEDIPS : WGPEER_F_UPDATE_ONLY));
                QCOMPARE(find(one.attributes, WGPEER_A_ENDPOINT).has_value(), first);
                QCOMPARE(find(one.attributes, WGPEER_A_PRESHARED_KEY).has_value(), first);
                QVERIFY(first || !one.allowedIps.isEmpty());
                arrived[one.key] += one.allowedIps;
            }
        }
        QCOMPARE(arrived.size(), 5);
        for (const PeerChange &wanted : change.peers) {
            QByteArrayList expected;
            for (const Prefix &prefix : *wanted.allowedIps)
                expected.append(
                    QByteArray(reinterpret_cast<const char *>(prefix.address().bytes().data()), 4) + char(32));
            QCOMPARE(arrived[bytesOf(wanted.publicKey)], expected);
        }
    }

    void flags_sayWhatWasAsked()
    {
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        PeerChange removal = peer(1, 4);
        removal.remove = true;
        PeerChange update;
        update.publicKey = publicKey(2);
        update.updateOnly = true;
        update.presharedKeyName = u""_s;
        update.persistentKeepalive = quint16(0);
        change.peers = {removal, update};
        const QList<Sent> sent = sentBy(change, m_secrets, kSetRoom);
        QCOMPARE(sent.size(), 1);
        QCOMPARE(sent[0].peers[0].flags & WGPEER_F_REMOVE_ME, quint32(WGPEER_F_REMOVE_ME));
        QVERIFY(sent[0].peers[0].allowedIps.isEmpty());
        QCOMPARE(sent[0].peers[1].flags, quint32(WGPEER_F_UPDATE_ONLY));
        QCOMPARE(*find(sent[0].peers[1].attributes, WGPEER_A_PRESHARED_KEY), QByteArray(32, '\0'));
        QVERIFY(find(sent[0].peers[1].attributes, WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL).has_value());
        QVERIFY(!find(sent[0].peers[1].attributes, WGPEER_A_ENDPOINT));
    }

    void unknownSecret_isAnError()
    {
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        change.privateKeyName = u"unknown"_s;
        const auto messages = setMessages(change, m_secrets, kFamily);
        QVERIFY(!messages);
        QCOMPARE(messages.error().code, Errc::NotConfigured);
    }

    void reader_mergesAPeerThatWasSplit()
    {
        // What WG_CMD_SET_DEVICE carries has the layout of what WG_CMD_GET_DEVICE answers.
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        change.peers = {peer(1, 300), peer(2, 1), peer(3, 0)};
        DeviceReader reader;
        const auto messages = setMessages(change, m_secrets, kFamily, 1024);
        QVERIFY(messages && messages->size() > 5);
        for (const netlink::Message &message : *messages)
            reader.read(message.bytes().subspan(20));
        const Device device = reader.take();
        QCOMPARE(device.peers.size(), 3u);
        for (std::size_t i = 0; i < 3; ++i) {
            QCOMPARE(device.peers[i].peer.publicKey, change.peers[i].publicKey);
            QCOMPARE(device.peers[i].peer.allowedIps.size(), change.peers[i].allowedIps->size());
            QCOMPARE(device.peers[i].peer.endpoint, change.peers[i].endpoint);
            QCOMPARE(device.peers[i].peer.presharedKey, m_secrets.key().digest());
        }
    }

    void reader_survivesDamagedMessages()
    {
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        change.peers = {peer(1, 5), peer(2, 5)};
        const auto messages = setMessages(change, m_secrets, kFamily);
        const auto span = messages->front().bytes().subspan(20);
        QRandomGenerator random(42);
        for (int round = 0; round < 20000; ++round) {
            // Of exactly its length, so that a sanitizer sees the first byte read behind it.
            std::vector<quint8> bytes(span.begin(), span.begin() + random.bounded(int(span.size()) + 1));
            for (int i = random.bounded(4); i > 0 && !bytes.empty(); --i)
                bytes[random.bounded(quint32(bytes.size()))] = quint8(random.generate());
            DeviceReader reader;
            reader.read(bytes);
            QVERIFY(reader.take().peers.size() <= 40);
        }
    }

private:
    OneSecret m_secrets;
};

QTEST_APPLESS_MAIN(WireGuardMessagesTest)
#include "wireguard_messages_test.moc"
