// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "core/plan/programs.h"
#include "core/plan/seats.h"
#include "helper/kernel/others/networkd.h"
#include "tests/lab/kernel/kernel_test.h"

#include <QDir>
#include <QFile>

#include <algorithm>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

void sh(const QString &script)
{
    (void)run({u"sh"_s, u"-ec"_s, script});
}

void put(const QString &path, const QByteArray &content)
{
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

ForeignRule at(const Others &others, quint32 preference, Family family = Family::IPv4)
{
    const auto found = std::ranges::find_if(
        others.rules, [&](const ForeignRule &rule) { return rule.preference == preference && rule.family == family; });
    return found == others.rules.end() ? ForeignRule{} : *found;
}

} // namespace

/// What others made with their own programs, as we read it by netlink.
class OthersTest : public KernelTest {
    Q_OBJECT

private Q_SLOTS:
    void freshKernel_hasItsOwnRulesOnly()
    {
        const Others others = seen();
        QCOMPARE(others.rules.size(), std::size_t(5));
        QCOMPARE(at(others, 32766).table, kMainTable);
        QCOMPARE(at(others, 32766, Family::IPv6).table, kMainTable);
        QVERIFY(others.defaults.empty() && others.links.empty() && others.tables.empty() && others.answers.empty());
        QVERIFY(!others.networkdDeletesRules);
    }

    void everySelectorIsRead()
    {
        sh(u"ip rule add pref 101 not fwmark 0xca6c lookup 51820\n"
           "ip rule add pref 102 lookup main suppress_prefixlength 0\n"
           "ip rule add pref 103 fwmark 0x80000/0xff0000 unreachable\n"
           "ip rule add pref 104 from 10.9.0.0/16 to 10.8.1.0/24 lookup 77 protocol static\n"
           "ip rule add pref 105 iif lo oif eth9 lookup 77\n"
           "ip rule add pref 106 uidrange 1000-1001 lookup 77\n"
           "ip rule add pref 107 ipproto tcp dport 443 prohibit\n"
           "ip rule add pref 108 goto 32766\n"
           "ip -6 rule add pref 109 from fd00::/8 blackhole"_s);
        const Others others = seen();
        ForeignRule expected = at(others, 101);
        QVERIFY(expected.inverted && expected.mark == 0xca6c && expected.mask == 0xffffffff && expected.table == 51820);
        QCOMPARE(at(others, 102).suppressPrefixLength, std::optional<quint32>(0));
        QVERIFY(!at(others, 101).suppressPrefixLength);
        QVERIFY(at(others, 103).action == ForeignRule::Action::Refuse && at(others, 103).mask == 0xff0000);
        QCOMPARE(at(others, 104).source, std::optional(*Prefix::parse(u"10.9.0.0/16")));
        QCOMPARE(at(others, 104).destination, std::optional(*Prefix::parse(u"10.8.1.0/24")));
        QCOMPARE(at(others, 104).protocol, quint8(4));
        QVERIFY(at(others, 105).inputDevice == u"lo"_s && at(others, 105).outputDevice == u"eth9"_s);
        QVERIFY(at(others, 106).isNarrow && at(others, 107).isNarrow && !at(others, 105).isNarrow);
        QVERIFY(at(others, 107).action == ForeignRule::Action::Refuse);
        QVERIFY(at(others, 108).action == ForeignRule::Action::Other);
        QVERIFY(at(others, 109, Family::IPv6).action == ForeignRule::Action::Refuse);
        sh(u"for p in 101 102 103 104 105 106 107 108; do ip rule del pref $p; done; ip -6 rule del pref 109"_s);
    }

    void ourOwnRulesAreNotAmongThem()
    {
        VERIFY_DONE(m_kernel.execute(AddRule{{Family::IPv4, 5100, kHomeMark, {}, Rule::Action::Lookup, kMainTable}}));
        QCOMPARE(seen().rules.size(), std::size_t(5));
        VERIFY_DONE(
            m_kernel.execute(DeleteRule{{Family::IPv4, 5100, kHomeMark, {}, Rule::Action::Lookup, kMainTable}}));
    }

    void defaultRoutesOfTheirTables()
    {
        sh(u"ip tuntap add corp0 mode tun; ip link set corp0 up\n"
           "ip rule add pref 200 lookup 201; ip -6 rule add pref 200 lookup 202\n"
           "ip rule add pref 203 lookup 203; ip rule add pref 204 lookup 204; ip rule add pref 205 lookup 205\n"
           "ip route add 10.0.0.0/8 dev corp0 table 203\n"
           "ip route add 0.0.0.0/1 dev corp0 table 204; ip route add 128.0.0.0/1 dev corp0 table 204\n"
           "ip route add 0.0.0.0/1 dev corp0 table 205\n"
           "ip route add default dev corp0 table 201; ip -6 route add unreachable default table 202"_s);
        const Others others = seen();
        QCOMPARE(others.defaults,
            (std::vector<ForeignDefault>{
                {Family::IPv4, 201, u"corp0"_s}, {Family::IPv4, 204, u"corp0"_s}, {Family::IPv6, 202, {}}}));
        QCOMPARE(others.links, (std::vector<ForeignLink>{{u"corp0"_s, u"tun"_s}}));
        QCOMPARE(seatsAmong(others, {}).underlay, 180u);
        sh(u"for p in 200 203 204 205; do ip rule del pref $p; done; ip -6 rule del pref 200; ip link del corp0"_s);
    }

    void aFullTableOfRulesIsCutOff()
    {
        sh(u"i=0; while [ $i -lt 400 ]; do echo rule add pref $((1000 + i)) to 10.0.0.1 lookup 77; i=$((i + 1)); done "
           "| ip -batch -"_s);
        const Others others = seen();
        QVERIFY(others.rules.size() <= 260);
        QCOMPARE(at(others, 32766).table, kMainTable); // whether it is there is still known
        sh(u"i=0; while [ $i -lt 400 ]; do echo rule del pref $((1000 + i)); i=$((i + 1)); done | ip -batch -"_s);
    }

    void tablesAndWhoTheySpeakOf()
    {
        sh(u"nft -f - <<'END'\n"
           "table inet firewalld { chain filter_INPUT { type filter hook input priority 10; policy accept; }; }\n"
           "table ip filter {\n"
           "  chain INPUT { type filter hook input priority 0; policy drop; }\n"
           "  chain FORWARD { type filter hook forward priority 0; policy drop; }\n"
           "  chain ufw-user-input { }\n"
           "  chain whatever { }\n"
           "}\n"
           "table inet sallyport_guard { }\n"
           "END\n"_s);
        Others others = seen();
        QCOMPARE(others.tables.size(), std::size_t(2));
        const ForeignTable *filter = findTable(others, u"ip", u"filter");
        QVERIFY(filter && filter->dropsInput && filter->dropsForward && !filter->namesUs);
        QCOMPARE(filter->chains, (QStringList{u"FORWARD"_s, u"INPUT"_s, u"ufw-user-input"_s}));
        sh(u"nft add rule ip filter ufw-user-input iifname sally-home accept"_s);
        sh(u"nft add rule inet firewalld filter_INPUT iifname \"sally-*\" accept"_s);
        others = seen(); // the generation has changed, so it is read again
        QVERIFY(findTable(others, u"ip", u"filter")->namesUs);
        QVERIFY(findTable(others, u"inet", u"firewalld")->namesUs);
        sh(u"nft flush ruleset"_s);
        QVERIFY(seen().tables.empty());
    }

    void networkdIsAskedByItsFiles_data()
    {
        QTest::addColumn<QStringList>("files"); // path, content, …
        QTest::addColumn<bool>("deletes");
        const QString running = u"run/systemd/netif/state"_s;
        const QString no = u"[Network]\nManageForeignRoutingPolicyRules=no\n"_s;
        const QString yes = u"[Network]\n ManageForeignRoutingPolicyRules = yes\n"_s;
        QTest::newRow("does not run") << QStringList{} << false;
        QTest::newRow("runs") << QStringList{running, {}} << true;
        QTest::newRow("our drop-in") << QStringList{running, {}, u"usr/lib/systemd/networkd.conf.d/80-sallyport.conf"_s,
            no} << false;
        QTest::newRow("in its own file") << QStringList{running, {}, u"etc/systemd/networkd.conf"_s, no} << false;
        QTest::newRow("a drop-in wins") << QStringList{running, {}, u"etc/systemd/networkd.conf"_s, no,
            u"etc/systemd/networkd.conf.d/x.conf"_s, yes}
                                        << true;
        QTest::newRow("the last name wins") << QStringList{running, {}, u"etc/systemd/networkd.conf.d/10.conf"_s, yes,
            u"usr/lib/systemd/networkd.conf.d/80-sallyport.conf"_s, no}
                                            << false;
        QTest::newRow("masked by the administrator")
            << QStringList{running, {}, u"etc/systemd/networkd.conf.d/80-sallyport.conf"_s, {},
                   u"usr/lib/systemd/networkd.conf.d/80-sallyport.conf"_s, no}
            << true;
        QTest::newRow("another section") << QStringList{running, {}, u"etc/systemd/networkd.conf"_s,
            u"[DHCPv4]\nManageForeignRoutingPolicyRules=no\n"_s}
                                         << true;
    }
    void networkdIsAskedByItsFiles()
    {
        QFETCH(QStringList, files);
        QFETCH(bool, deletes);
        const QTemporaryDir root;
        for (qsizetype i = 0; i + 1 < files.size(); i += 2)
            put(root.filePath(files[i]), files[i + 1].toUtf8());
        QCOMPARE(others::networkdDeletesRules(root.path()), deletes);
    }

private:
    Others seen()
    {
        const auto observed = m_kernel.observe();
        if (!observed)
            qWarning("%s", qUtf8Printable(observed.error().detail));
        return observed ? observed->others : Others{};
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<OthersTest>(argc, argv);
}

#include "others_test.moc"
