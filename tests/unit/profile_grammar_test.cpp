// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_scanner.h"
#include "core/profile/wg_conf.h"

#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kPrivate = "oIYH+jXhTEvLdDg1RP8RnNLVCeDtgKbTw3OVFcbG5Gc=";
const QByteArray kPublic = "2jRZyiO6ELFrIMjlM0lVdGYv/cxAhWZEPgBo/YrFVC0=";
const QByteArray kOtherPublic = "b/JwEDlmV8ybzm7ZyVlMTCcmULOGXx1IMnKVHo/LyUw=";

std::span<const char> view(const QByteArray &text)
{
    return {text.constData(), static_cast<std::size_t>(text.size())};
}

Result<WgConf> parse(const QByteArray &text)
{
    return parseWgConf(view(text));
}

QByteArray peer(const QByteArray &lines)
{
    return "[Interface]\n[Peer]\nPublicKey = " + kPublic + '\n' + lines;
}

QByteArray interface(const QByteArray &lines)
{
    return "[Interface]\n" + lines;
}

LineReport reportOf(const WgConf &conf, const QString &key)
{
    for (const LineReport &report : conf.reports) {
        if (report.key == key)
            return report;
    }
    return {};
}

QStringList texts(const std::vector<Prefix> &prefixes)
{
    QStringList list;
    for (const Prefix &prefix : prefixes)
        list += prefix.toCidr();
    return list;
}

/// Settings in the wrong place and lines that are none.
void addStructures()
{
    const auto row
        = [](const char *name, const QByteArray &text, bool accepted) { QTest::newRow(name) << text << accepted; };
    row("unknown key", interface("Colour = blue"), false);
    row("peer key in interface", interface("AllowedIPs = 10.0.0.1"), false);
    row("interface key in peer", peer("Address = 10.0.0.1"), false);
    row("unknown section", "[Colour]\n", false);
    row("section with a tail", "[Interface] x\n", false);
    row("before any section", "ListenPort = 5\n", false);
    row("no equals sign", interface("ListenPort 5"), false);
    row("peer without key", "[Interface]\n[Peer]\nAllowedIPs=10.0.0.1\n", false);
    row("two interfaces", interface("ListenPort=5\n[Interface]\nMTU=1400"), true);
    row("empty file", "", true);
    row("phone", interface("ExcludedApplications = org.example.app"), true);
}

} // namespace

class ProfileGrammarTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keysAndSections_areReadInAnyCase()
    {
        const auto conf = parse("[INTERFACE]\nlistenport = 51820\n[pEEr]\nPUBLICKEY=" + kPublic + "\n");
        QVERIFY(conf);
        QCOMPARE(conf->interface.listenPort, quint16(51820));
        QCOMPARE(conf->peers.front().publicKey.toBase64().toLatin1(), kPublic);
    }

    void blanks_areDroppedEvenInsideValues()
    {
        const auto conf = parse(" [ Interface ]\t\n\tListen Port = 5 18 20  \n[Peer]\nPublicKey=" + kPublic.left(10)
            + " " + kPublic.mid(10) + "\nAllowedIPs = 10.0.0.1 / 24 ,\t10.1.0.0/16\n");
        QVERIFY(conf);
        QCOMPARE(conf->interface.listenPort, quint16(51820));
        QCOMPARE(texts(conf->peers.front().allowedIps), (QStringList{u"10.0.0.0/24"_s, u"10.1.0.0/16"_s}));
    }

    void comments_endSettingsButNotCommands()
    {
        const auto conf = parse(interface("ListenPort = 5 # five\nPostUp = echo a # b\n# PrivateKey = nonsense\n"));
        QVERIFY(conf);
        QCOMPARE(conf->interface.listenPort, quint16(5));
        QVERIFY(reportOf(*conf, u"PostUp"_s).sentence.endsWith(u"echo a # b"));
        QCOMPARE(conf->reports.size(), std::size_t(2));
    }

    void windowsLineEnds_byteOrderMarkAndMissingLastBreak_areFine()
    {
        const auto conf = parse("\xef\xbb\xbf[Interface]\r\nPrivateKey=" + kPrivate + "\r\nListenPort=7");
        QVERIFY(conf);
        QVERIFY(conf->interface.privateKey);
        QCOMPARE(conf->interface.listenPort, quint16(7));
        QCOMPARE(reportOf(*conf, u"ListenPort"_s).line, 3);
    }

    void lists_accumulateOverRepeatedKeys()
    {
        const auto conf = parse("[Interface]\nAddress=10.0.0.1/24\nAddress = fd00::1/64 10.9.0.1\nDNS=10.0.0.2\n"
                                "DNS=example.org, fd00::2\n[Peer]\nPublicKey="
            + kPublic + "\nAllowedIPs=10.1.0.0/16\nAllowedIPs=10.2.0.0/16,fd01::/64\n");
        QVERIFY(conf);
        QCOMPARE(conf->interface.addresses.size(), std::size_t(3));
        QCOMPARE(conf->interface.addresses[2].toString(), u"10.9.0.1/32"_s);
        QCOMPARE(conf->interface.dns.size(), std::size_t(2));
        QCOMPARE(conf->interface.searchDomains, QStringList{u"example.org"_s});
        QCOMPARE(conf->peers.front().allowedIps.size(), std::size_t(3));
    }

    void repeatedScalar_lastWinsAndIsTold()
    {
        const auto conf = parse(interface("ListenPort=1\nListenPort=2\n"));
        QVERIFY(conf);
        QCOMPARE(conf->interface.listenPort, quint16(2));
        QCOMPARE(conf->reports.back().verdict, Verdict::Changed);
        QVERIFY(conf->reports.back().sentence.contains(u"line 2"));
    }

    void allowedIps_mayBeEmpty()
    {
        const auto conf = parse(peer("AllowedIPs =\n"));
        QVERIFY(conf);
        QVERIFY(conf->peers.front().allowedIps.empty());
    }

    void hostBits_areClearedAndTold()
    {
        const auto conf = parse(peer("AllowedIPs = 10.192.124.1/24\n"));
        QVERIFY(conf);
        QCOMPARE(texts(conf->peers.front().allowedIps), QStringList{u"10.192.124.0/24"_s});
        const LineReport report = reportOf(*conf, u"AllowedIPs"_s);
        QCOMPARE(report.verdict, Verdict::Changed);
        QCOMPARE(report.line, 4);
        QVERIFY(report.sentence.contains(u"10.192.124.0/24"));
    }

    void endpoints_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("read");
        QTest::newRow("v4") << QByteArray("192.0.2.1:51820") << u"192.0.2.1:51820"_s;
        QTest::newRow("v6") << QByteArray("[2001:db8::1]:51820") << u"[2001:db8::1]:51820"_s;
        QTest::newRow("v6 without brackets") << QByteArray("2001:db8::1:51820") << u"[2001:db8::1]:51820"_s;
        QTest::newRow("name") << QByteArray("vpn.example.org:1") << u"vpn.example.org:1"_s;
        QTest::newRow("service") << QByteArray("192.0.2.1:domain") << QString();
        QTest::newRow("port 0") << QByteArray("192.0.2.1:0") << QString();
        QTest::newRow("port 65536") << QByteArray("192.0.2.1:65536") << QString();
        QTest::newRow("no port") << QByteArray("192.0.2.1") << QString();
        QTest::newRow("open bracket") << QByteArray("[2001:db8::1:5") << QString();
        QTest::newRow("no closing port") << QByteArray("[2001:db8::1]") << QString();
        QTest::newRow("five numbers") << QByteArray("1.2.3.4.5:5") << QString();
        QTest::newRow("empty") << QByteArray() << QString();
    }
    void endpoints()
    {
        QFETCH(QByteArray, written);
        QFETCH(QString, read);
        const auto conf = parse(peer("Endpoint = " + written + "\n"));
        QCOMPARE(bool(conf), !read.isEmpty());
        if (conf)
            QCOMPARE(conf->peers.front().endpoint->toString(), read);
        else
            QVERIFY(conf.error().place.startsWith(u"4:"));
    }

    void settings_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("accepted");
        const auto row
            = [](const char *name, const QByteArray &text, bool accepted) { QTest::newRow(name) << text << accepted; };
        row("mark off", interface("FwMark = off"), true);
        row("mark Off", interface("FwMark = OFF"), true);
        row("mark decimal", interface("FwMark = 51820"), true);
        row("mark hex", interface("FwMark = 0xCA6C"), true);
        row("mark largest", interface("FwMark = 4294967295"), true);
        row("mark too large", interface("FwMark = 4294967296"), false);
        row("mark word", interface("FwMark = on"), false);
        row("mark negative", interface("FwMark = -1"), false);
        row("mark hex word", interface("FwMark = 0xzz"), false);
        row("keepalive off", peer("PersistentKeepalive = Off"), true);
        row("keepalive 0", peer("PersistentKeepalive = 0"), true);
        row("keepalive largest", peer("PersistentKeepalive = 65535"), true);
        row("keepalive too large", peer("PersistentKeepalive = 65536"), false);
        row("keepalive negative", peer("PersistentKeepalive = -1"), false);
        row("keepalive word", peer("PersistentKeepalive = yes"), false);
        row("port 0", interface("ListenPort = 0"), true);
        row("port largest", interface("ListenPort = 65535"), true);
        row("port too large", interface("ListenPort = 65536"), false);
        row("port service", interface("ListenPort = domain"), false);
        row("port sign", interface("ListenPort = +5"), false);
        row("port huge", interface("ListenPort = 99999999999999999999"), false);
        row("port empty", interface("ListenPort ="), false);
        row("mtu", interface("MTU = 1420"), true);
        row("mtu small", interface("MTU = 100"), false);
        row("mtu word", interface("MTU = auto"), false);
        row("save true", interface("SaveConfig = TRUE"), true);
        row("save other", interface("SaveConfig = 1"), false);
        row("table", interface("Table = off"), true);
        row("address", interface("Address = 10.0.0.1/33"), false);
        row("address word", interface("Address = dhcp"), false);
        row("dns word", interface("DNS = exa mple"), true);
        row("dns number", interface("DNS = 10.0.0"), false);
        row("dns v6 mistyped", interface("DNS = fd00:::1"), false);
        row("dns symbol", interface("DNS = -"), false);
        row("allowed 33", peer("AllowedIPs = 10.0.0.1/33"), false);
        row("allowed slash", peer("AllowedIPs = 10.0.0.1/"), false);
        row("allowed trailing comma", peer("AllowedIPs = 10.0.0.1,"), false);
        row("allowed empty entry", peer("AllowedIPs = 10.0.0.1, , 10.0.0.2"), false);
        row("allowed v6 everything", peer("AllowedIPs = ::/0"), true);
        row("allowed bare", peer("AllowedIPs = 10.0.0.1"), true);
        row("preshared short", peer("PresharedKey = AAAA"), false);
        row("key not canonical", interface("PrivateKey = " + kPrivate.left(42) + "d="), false);
        row("key with hex", interface("PrivateKey = " + QByteArray(64, 'a')), false);
        addStructures();
    }
    void settings()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, accepted);
        const auto conf = parse(text);
        if (!accepted && !conf) {
            QVERIFY2(!conf.error().detail.isEmpty() && conf.error().detail.endsWith(u'.'),
                qUtf8Printable(conf.error().detail));
            QVERIFY(conf.error().place.contains(u':'));
        }
        QVERIFY2(bool(conf) == accepted, conf ? "was accepted" : qUtf8Printable(conf.error().detail));
    }

    void incrementalNetworks_areRefusedWithTheReason()
    {
        for (const char *sign : {"+", "-"}) {
            const auto conf = parse(peer(QByteArray("AllowedIPs = ") + sign + "10.0.0.1/32\n"));
            QVERIFY(!conf);
            QVERIFY(conf.error().detail.contains(u"running interface"));
            QCOMPARE(conf.error().place, u"4:14"_s);
        }
    }

    void hooks_areRefusedAndShown()
    {
        for (const QString &hook : {u"PreUp"_s, u"PostUp"_s, u"PreDown"_s, u"PostDown"_s}) {
            const auto conf = parse(interface(hook.toLatin1() + " = iptables -A FORWARD -i %i -j ACCEPT\n"));
            QVERIFY(conf);
            QCOMPARE(conf->reports.front().verdict, Verdict::Refused);
            QVERIFY(conf->reports.front().sentence.contains(u"iptables -A FORWARD -i %i -j ACCEPT"));
        }
    }

    void settingsWithoutMeaning_areIgnoredWithTheReason()
    {
        const auto conf = parse(interface("FwMark=0xca6c\nTable=1234\nSaveConfig=true\n"));
        QVERIFY(conf);
        for (const LineReport &report : conf->reports) {
            QCOMPARE(report.verdict, Verdict::Ignored);
            QVERIFY(!report.sentence.isEmpty());
        }
    }

    void everySetting_hasOneReport()
    {
        const auto conf = parse(peer("AllowedIPs=10.0.0.1\nEndpoint=192.0.2.1:5\nPersistentKeepalive=25\n"));
        QVERIFY(conf);
        QStringList keys;
        for (const LineReport &report : conf->reports)
            keys += report.key;
        QCOMPARE(
            keys, (QStringList{u"[Peer]"_s, u"PublicKey"_s, u"AllowedIPs"_s, u"Endpoint"_s, u"PersistentKeepalive"_s}));
    }

    void limits_areKept()
    {
        QVERIFY(!parse(QByteArray(kMaximumConfSize + 1, '\n')));
        QVERIFY(parse(QByteArray(kMaximumConfSize, '\n')));
        const auto longLine = parse("\n#" + QByteArray(kMaximumConfLine, 'x'));
        QCOMPARE(longLine.error().code, Errc::LimitExceeded);
        QCOMPARE(longLine.error().place, u"2:1"_s);
        QByteArray many = "[Interface]\n";
        for (std::size_t i = 0; i < kMaximumConfPeers; ++i)
            many += "[Peer]\nPublicKey=" + kPublic + '\n';
        QVERIFY(parse(many));
        QCOMPARE(parse(many + "[Peer]\nPublicKey=" + kPublic).error().code, Errc::LimitExceeded);
        QByteArray networks;
        for (int i = 0; i < 1001; ++i)
            networks += "AllowedIPs=10.0.0.1\n";
        QCOMPARE(parse(peer(networks)).error().code, Errc::LimitExceeded);
    }

    void binaryFiles_areRefused()
    {
        QCOMPARE(parse(QByteArray("[Interface]\nMTU\0=5", 18)).error().place, u"2:4"_s);
        QVERIFY(parse(QByteArray("\xff\xfe[\0I\0", 6)).error().detail.contains(u"UTF-16"));
    }

    void errorsAndReports_neverRepeatAKey()
    {
        const QByteArray broken[] = {interface(kPrivate), interface("X" + kPrivate), interface("PrivateKey" + kPrivate),
            interface("PrivateKey = x" + kPrivate), interface("PublicKey = " + kPrivate),
            interface("ListenPort " + kPrivate), peer("PresharedKey = " + kPrivate + "=\n"),
            "[Interface]\n[Peer]\nPublicKey = x" + kPrivate, interface("[" + kPrivate + "]")};
        for (const QByteArray &text : broken) {
            const auto conf = parse(text);
            QVERIFY2(!conf, text.constData());
            QVERIFY2(
                !conf.error().detail.contains(QLatin1String(kPrivate.left(12))), qUtf8Printable(conf.error().detail));
        }
        const auto good = parse(interface("PrivateKey = " + kPrivate + "\n# PrivateKey = " + kPrivate + "\n# "
            + kPrivate + "\n[Peer]\nPublicKey=" + kPublic + "\n# Name = nas"));
        QVERIFY(good);
        for (const LineReport &report : good->reports)
            QVERIFY(!report.sentence.contains(QLatin1String(kPrivate.left(12))));
        QVERIFY(good->interface.annotations.empty());
    }

    void privateKey_isTheOneOfTheFile()
    {
        const auto conf = parse(interface("PrivateKey = " + kPrivate));
        const auto expected = SecretKey::parse(view(kPrivate));
        QVERIFY(conf && expected && conf->interface.privateKey->equals(*expected));
    }

    void comments_belongToTheSectionBelowOrAround()
    {
        const auto conf = parse("[Interface]\n# Name = laptop\n\n# alice\n[Peer]\nPublicKey=" + kPublic
            + "\n[Peer]\n# Name = bob\nPublicKey=" + kOtherPublic + "\n");
        QVERIFY(conf);
        QCOMPARE(annotatedText(conf->interface.annotations, u"name"_s), u"laptop"_s);
        QCOMPARE(annotatedText(conf->peers[0].annotations, QString()), u"alice"_s);
        QCOMPARE(annotatedText(conf->peers[1].annotations, u"name"_s), u"bob"_s);
    }

    void settingsBelowOurOwnBlock_areRefused()
    {
        const auto conf = parse(peer("\n# [This device]\n# PublicKey = " + kOtherPublic + "\nAllowedIPs = 10.0.0.1\n"));
        QVERIFY(!conf);
        QCOMPARE(conf.error().place, u"7:14"_s);
    }
};

QTEST_APPLESS_MAIN(ProfileGrammarTest)
#include "profile_grammar_test.moc"
