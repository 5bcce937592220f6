// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/report.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

const QString kKey = u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s;

Checkup someCheckup()
{
    PeerSnapshot peer;
    peer.name = u"nas"_s;
    peer.publicKey = *PublicKey::parse(kKey);
    peer.addresses = QStringList{u"10.42.1.4"_s};
    peer.endpoint = u"123.45.67.89:54445"_s;
    peer.candidates.push_back({u"nas.example.net:53333"_s, u"dns"_s, u"possible"_s});
    Snapshot snapshot;
    snapshot.home.enabled = true;
    snapshot.home.name = u"wgnet"_s;
    snapshot.home.device = u"laptop"_s;
    snapshot.home.peers.push_back(peer);
    snapshot.exit.available = QStringList{u"mullvad-se"_s};
    Checkup checkup;
    checkup.system.kernelRelease = u"6.1.0"_s;
    checkup.bus.connected = true;
    checkup.bus.snapshot = snapshot;
    return checkup;
}

} // namespace

class ReportTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void openSaysEverything();
    void carefulHidesWhereAndWho();
    void strictHidesNamesToo();
    void sameThingHasTheSameReplacement();
    void whatOnlyLooksLikeAnAddressStays();
    void withoutAHelperThereIsStillAReport();
};

void ReportTest::openSaysEverything()
{
    const QString text = reportText(someCheckup(), Anonymity::Open);
    for (const QString &word :
        {kKey, u"123.45.67.89:54445"_s, u"10.42.1.4"_s, u"nas.example.net"_s, u"mullvad-se"_s, u"6.1.0"_s, u"meshd"_s})
        QVERIFY2(text.contains(word), qPrintable(word));
}

void ReportTest::carefulHidesWhereAndWho()
{
    const QString text = reportText(someCheckup(), Anonymity::Careful);
    QVERIFY(!text.contains(kKey));
    QVERIFY(!text.contains(u"123.45.67.89"_s));
    QVERIFY2(text.contains(u"<address-1>:54445"_s), qPrintable(text));
    QVERIFY(text.contains(u"10.42.1.4"_s));
    QVERIFY(text.contains(u"\"nas\""_s));
}

void ReportTest::strictHidesNamesToo()
{
    const QString text = reportText(someCheckup(), Anonymity::Strict);
    for (const QString &word : {kKey, u"123.45.67.89"_s, u"10.42.1.4"_s, u"\"nas\""_s, u"nas.example.net"_s,
             u"mullvad-se"_s, u"wgnet"_s, u"laptop"_s})
        QVERIFY2(!text.contains(word), qPrintable(word));
    QVERIFY(text.contains(u"publicKey"_s)); // the words of the format stay
}

void ReportTest::sameThingHasTheSameReplacement()
{
    const QString text = u"9.9.9.9 then 8.8.8.8 then 9.9.9.9, 2001:db8::1 and [2001:db8::1]:53"_s;
    QCOMPARE(anonymised(text, {}, Anonymity::Careful),
        u"<address-1> then <address-2> then <address-1>, <address-3> and [<address-3>]:53"_s);
    QCOMPARE(anonymised(u"nas asks nasty nas-2 and nas"_s, {u"nas"_s, u"nas-2"_s}, Anonymity::Strict),
        u"<name-1> asks nasty <name-2> and <name-1>"_s);
}

void ReportTest::whatOnlyLooksLikeAnAddressStays()
{
    for (const QString &text : {u"at 09:41:03"_s, u"version 1.2.3"_s, u"999.1.1.1"_s, u"127.0.0.53 and fe80::1"_s})
        QCOMPARE(anonymised(text, {}, Anonymity::Careful), text);
}

void ReportTest::withoutAHelperThereIsStillAReport()
{
    const QString text = reportText(Checkup(), Anonymity::Strict);
    QVERIFY(text.contains(u"[bad]  helper: The system bus cannot be reached."_s));
    QVERIFY(!text.contains(u"What the helper says"_s));
}

QTEST_GUILESS_MAIN(ReportTest)
#include "report_test.moc"
