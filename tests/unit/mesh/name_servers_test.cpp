// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/name_servers.h"

#include <QFile>
#include <QTest>

using namespace sallyport;
using namespace sallyport::mesh;
using namespace Qt::StringLiterals;

namespace {

std::vector<Endpoint> servers(const QStringList &addresses)
{
    std::vector<Endpoint> list;
    for (const QString &address : addresses)
        list.push_back({*IpAddress::parse(address), 53});
    return list;
}

QStringList texts(const std::vector<Endpoint> &list)
{
    QStringList all;
    for (const Endpoint &server : list)
        all.append(server.address.toString());
    return all;
}

TunnelView homeBehindNas()
{
    return {{*Prefix::parse(u"10.42.0.0/16"), *Prefix::parse(u"10.41.0.0/16")}, {*Prefix::parse(u"172.16.5.0/24")}, 7};
}

} // namespace

class NameServersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void filesOfDistributionsAreRead();
    void serversBehindHomeAreNotAsked();
    void aServerOfTheNetworkThatWeStandOnIsAsked();
    void whenTheDeviceIsTheExit_namesGoAsEverythingElse();
    void theStubIsAskedUnlessItAsksHome();
};

void NameServersTest::filesOfDistributionsAreRead()
{
    QFile file(QStringLiteral(TEST_DATA) + u"/resolv/ubuntu-stub.conf"_s);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(texts(serversIn(file.readAll())), QStringList{u"127.0.0.53"_s});
    QCOMPARE(
        texts(serversIn("# nameserver 1.1.1.1\n nameserver\t9.9.9.9 \nnameserver fe80::1%lo\nnameserver x\noptions a\n"
                        "nameserver 2001:db8::9")),
        QStringList({u"9.9.9.9"_s, u"fe80::1"_s, u"2001:db8::9"_s}));
    QCOMPARE(serversIn("nameserver fe80::1%lo").front().scopeId, 1U);
    QVERIFY(serversIn({}).empty());
}

void NameServersTest::serversBehindHomeAreNotAsked()
{
    QCOMPARE(texts(serversToAsk(servers({u"10.42.1.4"_s, u"9.9.9.9"_s, u"10.41.0.1"_s}), {}, homeBehindNas())),
        QStringList{u"9.9.9.9"_s});
    QVERIFY(serversToAsk(servers({u"10.42.1.4"_s}), {}, homeBehindNas()).empty());
    QCOMPARE(texts(serversToAsk(servers({u"10.42.1.4"_s}), {}, {})), QStringList{u"10.42.1.4"_s});
}

void NameServersTest::aServerOfTheNetworkThatWeStandOnIsAsked()
{
    TunnelView tunnel = homeBehindNas();
    tunnel.onLink = {*Prefix::parse(u"10.41.0.0/16")};
    QCOMPARE(texts(serversToAsk(servers({u"10.41.0.1"_s}), {}, tunnel)), QStringList{u"10.41.0.1"_s});
}

void NameServersTest::whenTheDeviceIsTheExit_namesGoAsEverythingElse()
{
    TunnelView tunnel = homeBehindNas();
    tunnel.inside.push_back(Prefix::everything(Family::IPv4));
    QCOMPARE(texts(serversToAsk(servers({u"9.9.9.9"_s, u"10.42.1.4"_s}), {}, tunnel)), QStringList{u"9.9.9.9"_s});
}

void NameServersTest::theStubIsAskedUnlessItAsksHome()
{
    const auto stub = servers({u"127.0.0.53"_s});
    StubView view{false, servers({u"10.42.1.4"_s, u"172.16.5.1"_s})};
    QCOMPARE(texts(serversToAsk(stub, view, homeBehindNas())), QStringList{u"127.0.0.53"_s});
    view.asksHome = true;
    QCOMPARE(texts(serversToAsk(stub, view, homeBehindNas())), QStringList{u"172.16.5.1"_s});
    view.servers = servers({u"10.42.1.4"_s});
    QVERIFY(serversToAsk(stub, view, homeBehindNas()).empty());
}

QTEST_GUILESS_MAIN(NameServersTest)
#include "name_servers_test.moc"
