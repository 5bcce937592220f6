// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/uapi_text.h"

#include <QRandomGenerator>
#include <QTest>

using namespace sallyport;
using namespace sallyport::wireguard;
using namespace Qt::StringLiterals;

namespace {

const std::string kZeroes(64, '0');
const std::string kKey = "0102030405060708091011121314151617181920212223242526272829303132";
/// As wireguard-go writes it.
const std::string kAnswer
    = "private_key=" + std::string("e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a")
    + "\nlisten_port=12912\nfwmark=2701131776\npublic_key=" + kKey + "\npreshared_key=" + kZeroes
    + "\nprotocol_version=1\nendpoint=[abcd:23::33]:51820\nlast_handshake_time_sec=0\nlast_handshake_time_nsec=0\n"
      "tx_bytes=38333\nrx_bytes=2224\npersistent_keepalive_interval=111\nallowed_ip=192.168.4.4/32\n"
      "allowed_ip=10.0.0.0/8\npublic_key="
    + std::string(64, 'a') + "\nendpoint=182.122.22.19:3233\nerrno=0\n\n";

class NoSecrets : public Secrets {
public:
    const SecretKey *find(const QString &) const override { return nullptr; }
};

} // namespace

class UapiTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answer_isReadWhole()
    {
        const Result<Device> device = parseGetAnswer(kAnswer);
        QVERIFY(device);
        QCOMPARE(device->listenPort, quint16(12912));
        QCOMPARE(device->mark, 0xa1000000u);
        // The public key that belongs to this private key, from the protocol's own documentation of Curve25519 keys.
        QVERIFY(!device->publicKey.isNull());
        QCOMPARE(device->peers.size(), 2u);
        const ObservedPeer &first = device->peers[0];
        QCOMPARE(first.peer.publicKey.bytes[31], quint8(0x32));
        QCOMPARE(first.peer.presharedKey, SecretDigest{});
        QCOMPARE(first.peer.endpoint->toString(), u"[abcd:23::33]:51820"_s);
        QCOMPARE(first.peer.persistentKeepalive, quint16(111));
        QCOMPARE(first.peer.allowedIps.size(), 2u);
        QCOMPARE(first.peer.allowedIps[0].toCidr(), u"10.0.0.0/8"_s);
        QCOMPARE(first.activity.receivedBytes, quint64(2224));
        QCOMPARE(first.activity.sentBytes, quint64(38333));
        QVERIFY(!first.activity.handshakeAge);
        QVERIFY(device->peers[1].peer.allowedIps.empty());
        QCOMPARE(*parseErrorNumber(kAnswer), 0);
    }

    void zone_becomesTheScope()
    {
        const Result<Device> device = parseGetAnswer("public_key=" + kKey + "\nendpoint=[fe80::1%7]:5\nerrno=0\n\n");
        QVERIFY(device);
        QCOMPARE(device->peers[0].peer.endpoint->scopeId, 7u);
        QCOMPARE(device->peers[0].peer.endpoint->address.toString(), u"fe80::1"_s);
    }

    void garbage_isAnErrorThatKeepsValuesToItself_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("no equals sign") << QByteArray("hello\nerrno=0\n\n");
        QTest::newRow("short key") << QByteArray("public_key=0102\n\n");
        QTest::newRow("no hexadecimal") << QByteArray("private_key=" + QByteArray(64, 'x') + "\n\n");
        QTest::newRow("port too large") << QByteArray("listen_port=70000\n\n");
        QTest::newRow("negative port") << QByteArray("listen_port=-1\n\n");
        QTest::newRow("empty number") << QByteArray("fwmark=\n\n");
        QTest::newRow("number and more") << QByteArray("fwmark=12x\n\n");
        QTest::newRow("endpoint") << QByteArray("public_key=" + QByteArray(64, 'a') + "\nendpoint=somewhere\n\n");
        QTest::newRow("port zero") << QByteArray("public_key=" + QByteArray(64, 'a') + "\nendpoint=1.2.3.4:0\n\n");
        QTest::newRow("allowed IP") << QByteArray("public_key=" + QByteArray(64, 'a') + "\nallowed_ip=10.0.0.0/99\n\n");
    }

    void garbage_isAnErrorThatKeepsValuesToItself()
    {
        QFETCH(QByteArray, answer);
        const Result<Device> device = parseGetAnswer({answer.constData(), std::size_t(answer.size())});
        QVERIFY(!device);
        QVERIFY(!device.error().detail.contains(u"xxxx"_s));
        QVERIFY(!device.error().detail.contains(u"0102"_s));
    }

    void unknownKeys_areIgnored()
    {
        QVERIFY(parseGetAnswer("new_thing=1\npublic_key=" + kKey + "\nother_thing=2\nerrno=0\n\n"));
    }

    void errorNumber_standsInTheLastLine()
    {
        QCOMPARE(*parseErrorNumber("errno=98\n\n"), 98);
        QCOMPARE(*parseErrorNumber("errno=-98\n\n"), -98);
        for (const std::string_view bad :
            {"", "\n\n", "errno=1", "errno=1\n", "errno=\n\n", "errno=1x\n\n", "xerrno=1\n\n"})
            QVERIFY2(!parseErrorNumber(bad), std::string(bad).c_str());
    }

    void request_hasTheOrderThatTheProtocolWants()
    {
        ConfigureWireGuard change;
        change.link = u"sally-home"_s;
        change.listenPort = quint16(1);
        change.mark = 2U;
        change.replacePeers = true;
        PeerChange peer;
        peer.publicKey.bytes.fill(0xab);
        peer.updateOnly = true;
        peer.presharedKeyName = u""_s;
        peer.endpoint = Endpoint{*IpAddress::parse(u"fe80::1"), 5, 7};
        peer.allowedIps = {{*Prefix::parse(u"10.0.0.1"), *Prefix::parse(u"::/0")}};
        peer.persistentKeepalive = quint16(25);
        PeerChange removal;
        removal.publicKey.bytes.fill(0xcd);
        removal.remove = true;
        change.peers = {peer, removal};
        SecretBuffer text(8); // grows
        QVERIFY(writeSetRequest(change, NoSecrets(), text));
        std::string expected = "set=1\nlisten_port=1\nfwmark=2\nreplace_peers=true\npublic_key=";
        for (int i = 0; i < 32; ++i)
            expected += "ab";
        expected += "\nupdate_only=true\npreshared_key=" + kZeroes
            + "\nendpoint=[fe80::1%7]:5\npersistent_keepalive_interval=25\nreplace_allowed_ips=true\n"
              "allowed_ip=10.0.0.1/32\nallowed_ip=::/0\npublic_key=";
        for (int i = 0; i < 32; ++i)
            expected += "cd";
        expected += "\nremove=true\n\n";
        QCOMPARE(std::string(text.view()), expected);
    }

    void missingSecret_isAnError()
    {
        ConfigureWireGuard change;
        change.privateKeyName = u"nobody"_s;
        SecretBuffer text;
        const Result<Done> written = writeSetRequest(change, NoSecrets(), text);
        QVERIFY(!written);
        QCOMPARE(written.error().code, Errc::NotConfigured);
    }

    void damagedAnswers_doNoHarm()
    {
        QRandomGenerator random(42);
        for (int round = 0; round < 20000; ++round) {
            std::string text = kAnswer.substr(0, random.bounded(quint32(kAnswer.size()) + 1));
            for (int i = random.bounded(4); i > 0 && !text.empty(); --i)
                text[random.bounded(quint32(text.size()))] = "\n=%[]:/\0a9"[random.bounded(10)];
            const Result<Device> device = parseGetAnswer(text);
            QVERIFY(!device || device->peers.size() <= 3);
            (void)static_cast<bool>(parseErrorNumber(text));
        }
    }
};

QTEST_APPLESS_MAIN(UapiTextTest)
#include "uapi_text_test.moc"
