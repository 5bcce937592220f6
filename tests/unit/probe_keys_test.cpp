// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/probe/network_print.h"
#include "tests/support/probe_pair.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <sodium.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

template<std::size_t Size>
std::array<quint8, Size> fromHex(const char *hex)
{
    std::array<quint8, Size> bytes{};
    std::ranges::copy(QByteArray::fromHex(hex), bytes.begin());
    return bytes;
}

/// As the owner of `privateKey` would do it with nothing but libsodium.
QByteArray pairKeyByHand(const SecretKey &privateKey, const PublicKey &own, const PublicKey &peer)
{
    QByteArray shared(32, '\0');
    if (crypto_scalarmult_curve25519(
            reinterpret_cast<unsigned char *>(shared.data()), privateKey.bytes().data(), peer.bytes.data())
        != 0)
        return {};
    const QByteArray first = std::min(bytesOf(own), bytesOf(peer));
    const QByteArray last = std::max(bytesOf(own), bytesOf(peer));
    return hashOf("sallyport probe v1" + first + last, 32, shared);
}

using MacAddress = std::array<quint8, 6>;
constexpr MacAddress kGateway{0x52, 0x54, 0x00, 0x12, 0x34, 0x56};

Prefix network(QStringView text)
{
    return *Prefix::parse(text);
}

} // namespace

class ProbeKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothSidesFindTheSameKey();
    void theKeyIsTheDocumentedOne();
    void everyPairHasAKeyOfItsOwn();
    void keysWithoutASecretAreRefused_data();
    void keysWithoutASecretAreRefused();
    void aNetworkIsKnownByGatewayAndPrefix();
    void aNetworkWithoutAGatewayIsUnknown();
};

void ProbeKeysTest::bothSidesFindTheSameKey()
{
    for (int i = 0; i < 20; ++i) {
        const SecretKey a = SecretKey::generatePrivate();
        const SecretKey b = SecretKey::generatePrivate();
        const auto atA = pairKeyOf(a, b.publicKey());
        const auto atB = pairKeyOf(b, a.publicKey());
        QVERIFY(atA && atB);
        QCOMPARE(bytesOf(*atA).toHex(), bytesOf(*atB).toHex());
        QCOMPARE(bytesOf(*atA).toHex(), pairKeyByHand(b, b.publicKey(), a.publicKey()).toHex());
    }
}

void ProbeKeysTest::theKeyIsTheDocumentedOne()
{
    // Computed with a 20-line X25519 and the BLAKE2b of Python's hashlib.
    const QByteArray expected = "99a1626dec71aa7d0bc3ee7d63684736760700a4fdc773337c8bb2bb6ecc3277";
    const SecretKey a = countingKey(1);
    const SecretKey b = countingKey(33);
    QCOMPARE(bytesOf(*pairKeyOf(a, b.publicKey())).toHex(), expected);
    QCOMPARE(bytesOf(*pairKeyOf(b, a.publicKey())).toHex(), expected);
}

void ProbeKeysTest::everyPairHasAKeyOfItsOwn()
{
    std::vector<SecretKey> devices;
    for (int i = 0; i < 12; ++i)
        devices.push_back(SecretKey::generatePrivate());
    std::set<QByteArray> keys;
    for (const SecretKey &own : devices) {
        for (const SecretKey &peer : devices) {
            if (&own < &peer)
                keys.insert(bytesOf(*pairKeyOf(own, peer.publicKey())));
        }
    }
    QCOMPARE(keys.size(), std::size_t(12 * 11 / 2));
}

void ProbeKeysTest::keysWithoutASecretAreRefused_data()
{
    // Points of small order, as listed in https://cr.yp.to/ecdh.html#validate.
    QTest::addColumn<QByteArray>("key");
    QTest::newRow("0") << QByteArray(32, '\0');
    QTest::newRow("1") << '\1' + QByteArray(31, '\0');
    QTest::newRow("p - 1") << QByteArray::fromHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    QTest::newRow("p") << QByteArray::fromHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    QTest::newRow("p + 1") << QByteArray::fromHex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
    QTest::newRow("order 8") << QByteArray::fromHex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800");
}

void ProbeKeysTest::keysWithoutASecretAreRefused()
{
    QFETCH(QByteArray, key);
    PublicKey peer;
    std::ranges::copy(key, peer.bytes.begin());
    const auto pairKey = pairKeyOf(countingKey(1), peer);
    QVERIFY(!pairKey);
    QCOMPARE(pairKey.error().code, Errc::InvalidArgument);
    QVERIFY(pairKey.error().detail.contains(peer.toBase64()));
}

void ProbeKeysTest::aNetworkIsKnownByGatewayAndPrefix()
{
    // Computed with Python's hashlib.
    const NetworkPrint home = networkPrintOf(kGateway, network(u"192.168.1.0/24"));
    QVERIFY(home == fromHex<8>("46ca7b5518b7d0b3"));
    QVERIFY(networkPrintOf(kGateway, network(u"fd00:0:0:1::/64")) == fromHex<8>("8517dedcccf330e0"));
    MacAddress other = kGateway;
    other[5] ^= 1;
    QVERIFY(networkPrintOf(other, network(u"192.168.1.0/24")) != home);
    QVERIFY(networkPrintOf(kGateway, network(u"192.168.1.0/25")) != home);
    QVERIFY(networkPrintOf(kGateway, network(u"192.168.0.0/24")) != home);
}

void ProbeKeysTest::aNetworkWithoutAGatewayIsUnknown()
{
    QVERIFY(networkPrintOf({}, network(u"192.168.1.0/24")) == NetworkPrint{});
    QVERIFY(networkPrintOf(MacAddress{}, network(u"192.168.1.0/24")) == NetworkPrint{});
}

QTEST_GUILESS_MAIN(ProbeKeysTest)
#include "probe_keys_test.moc"
