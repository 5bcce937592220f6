// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/detect.h"
#include "helper/dns/resolv_text.h"
#include "helper/dns/rewrite_limit.h"

#include <QFile>
#include <QTest>

using namespace sallyport;
using namespace sallyport::dns;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QByteArray file(const char *name)
{
    QFile file(QStringLiteral(TEST_DATA "/resolv/") + QString::fromLatin1(name));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("no %s", qPrintable(file.fileName()));
    return file.readAll();
}

const QByteArray kOpenresolv = "openresolv 3.12.0\nCopyright (c) 2007-2020 Roy Marples\n";
const QByteArray kDebian = "Debian resolvconf 1.91+nmu1\n";
const QByteArray kShim = "systemd 252 (252.39-1~deb12u2)\n+PAM +AUDIT\n";
const LinkDns kExample{u"sally-exit"_s, {{*IpAddress::parse(u"10.64.0.1"), {}}, {*IpAddress::parse(u"fc00::1"), {}}},
    {u"example.org"_s, u"lan"_s}, {u"."_s}};

} // namespace

class DetectDnsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void wayIsFoundByContent_data();
    void wayIsFoundByContent();
    void ourFileIsReadBack();
    void changedFileOfOursIsNotAsWritten();
    void foreignFilesAreNotOurs_data();
    void foreignFilesAreNotOurs();
    void fightEndsAfterTenRewritesAndResumesAfterAMinute();
    void rareRewritesGoOnForever();
};

void DetectDnsTest::wayIsFoundByContent_data()
{
    QTest::addColumn<ResolverFacts>("facts");
    QTest::addColumn<DnsWay>("way");
    const auto row = [](const char *name, const char *content, const char *target, bool resolved,
                         const QByteArray &version, DnsWay way) {
        QTest::newRow(name) << ResolverFacts{QString::fromLatin1(target), file(content), resolved, {}, version} << way;
    };
    const char *stub = "/run/systemd/resolve/stub-resolv.conf";
    row("Ubuntu", "ubuntu-stub.conf", stub, true, {}, DnsWay::Resolved);
    row("Fedora", "ubuntu-stub.conf", stub, true, {}, DnsWay::Resolved);
    row("Arch, uplink list", "resolved-uplink.conf", "/run/systemd/resolve/resolv.conf", true, {}, DnsWay::Resolved);
    row("Arch, static file of systemd", "arch-systemd-stub-copied.conf", "/usr/lib/systemd/resolv.conf", true, {},
        DnsWay::Resolved);
    row("Arch, copied stub", "arch-systemd-stub-copied.conf", "", true, {}, DnsWay::Resolved);
    row("Ubuntu with systemd's resolvconf", "ubuntu-stub.conf", stub, true, kShim, DnsWay::Resolved);
    row("dead link of a removed systemd-resolved", "empty.conf", stub, false, {}, DnsWay::File);
    row("stub of a removed systemd-resolved", "arch-systemd-stub-copied.conf", "", false, {}, DnsWay::File);
    row("stub and somebody else behind it", "mixed-stub.conf", "", true, {}, DnsWay::File);
    row("Debian with NetworkManager, resolved runs beside it", "debian-networkmanager.conf", "", true, {},
        DnsWay::File);
    row("Debian with NetworkManager as a link", "debian-networkmanager.conf", "/run/NetworkManager/resolv.conf", false,
        {}, DnsWay::File);
    row("NetworkManager with dnsmasq", "networkmanager-dnsmasq.conf", "", false, {}, DnsWay::File);
    row("Debian with dhclient", "debian-dhclient.conf", "", false, {}, DnsWay::File);
    row("Debian with dhclient, resolvconf installed and unused", "debian-dhclient.conf", "", false, kDebian,
        DnsWay::File);
    row("Debian resolvconf", "debian-resolvconf.conf", "/run/resolvconf/resolv.conf", false, kDebian,
        DnsWay::DebianResolvconf);
    row("Debian resolvconf, old link", "empty.conf", "/etc/resolvconf/run/resolv.conf", false, kDebian,
        DnsWay::DebianResolvconf);
    row("Debian resolvconf beside a running resolved", "debian-resolvconf.conf", "/run/resolvconf/resolv.conf", true,
        kDebian, DnsWay::DebianResolvconf);
    row("its file, the program is gone", "debian-resolvconf.conf", "/run/resolvconf/resolv.conf", false, {},
        DnsWay::File);
    row("its file, the program is systemd's now", "debian-resolvconf.conf", "/run/resolvconf/resolv.conf", false, kShim,
        DnsWay::File);
    row("openresolv", "openresolv.conf", "", false, kOpenresolv, DnsWay::Openresolv);
    row("NixOS", "nixos-openresolv.conf", "", false, kOpenresolv, DnsWay::Openresolv);
    row("openresolv's file, Debian's program", "openresolv.conf", "", false, kDebian, DnsWay::File);
    row("openSUSE", "opensuse-netconfig.conf", "/run/netconfig/resolv.conf", false, {}, DnsWay::File);
    row("WSL", "wsl.conf", "", false, {}, DnsWay::File);
    row("inside a container", "docker.conf", "", false, {}, DnsWay::File);
    row("Tailscale", "tailscale.conf", "", true, {}, DnsWay::File);
    row("none at all", "empty.conf", "", false, {}, DnsWay::File);
    QTest::newRow("ours, resolved has come since")
        << ResolverFacts{{}, textFor(kExample), true, {}, kOpenresolv} << DnsWay::File;
}

void DetectDnsTest::wayIsFoundByContent()
{
    QFETCH(ResolverFacts, facts);
    QFETCH(DnsWay, way);
    QCOMPARE(detectWay(facts), way);
}

void DetectDnsTest::ourFileIsReadBack()
{
    const QByteArray text = textFor(kExample);
    QVERIFY(text.contains("\nnameserver 10.64.0.1\nnameserver fc00::1\nsearch example.org lan\n"));
    QVERIFY(readBack(text) == kExample);
}

void DetectDnsTest::changedFileOfOursIsNotAsWritten()
{
    const auto read = readBack(textFor(kExample) + "nameserver 192.168.1.1\n");
    QVERIFY(read && *read != kExample);
    const auto options = readBack(textFor(kExample) + "options rotate\n");
    QVERIFY(options && *options != kExample);
}

void DetectDnsTest::foreignFilesAreNotOurs_data()
{
    QTest::addColumn<QByteArray>("content");
    for (const char *name : {"ubuntu-stub.conf", "debian-networkmanager.conf", "openresolv.conf", "empty.conf"})
        QTest::newRow(name) << file(name);
    QTest::newRow("ours further down") << "# mine\n" + textFor(kExample);
}

void DetectDnsTest::foreignFilesAreNotOurs()
{
    QFETCH(QByteArray, content);
    QVERIFY(!readBack(content));
}

void DetectDnsTest::fightEndsAfterTenRewritesAndResumesAfterAMinute()
{
    RewriteLimit limit;
    RewriteLimit::Clock::time_point now{1h};
    for (int i = 0; i < 10; ++i, now += 100ms) {
        QVERIFY(limit.mayWrite(now));
        limit.wrote(now);
    }
    QVERIFY(!limit.mayWrite(now));
    QVERIFY(!limit.mayWrite(now + 59s));
    QVERIFY(limit.mayWrite(now + 61s));
}

void DetectDnsTest::rareRewritesGoOnForever()
{
    RewriteLimit limit;
    RewriteLimit::Clock::time_point now{1h};
    for (int i = 0; i < 100; ++i, now += 600ms) {
        QVERIFY(limit.mayWrite(now));
        limit.wrote(now);
    }
}

QTEST_GUILESS_MAIN(DetectDnsTest)
#include "detect_dns_test.moc"
