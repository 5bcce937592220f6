// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/constants.h"
#include "tests/lab/kernel/kernel_test.h"

#include <QDir>
#include <QFile>

#include <sys/mount.h>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

Table table(const QByteArray &version, const QByteArray &body)
{
    Table made;
    made.name = QLatin1StringView(kGuardTable);
    made.version = QString::fromLatin1(version);
    made.text = "table inet sallyport_guard {\n  comment \"" + version + "\"\n" + body + "\n}\n";
    return made;
}

const QByteArray kChain = "  chain out { type filter hook output priority 10; policy accept;\n"
                          "    meta mark & 0xff000000 == 0xa2000000 counter accept\n  }";

QByteArray listed(const QString &name)
{
    return run({u"nft"_s, u"-j"_s, u"list"_s, u"table"_s, u"inet"_s, name});
}

QByteArray contentAt(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

void put(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

} // namespace

class TablesTest : public KernelTest {
    Q_OBJECT

private Q_SLOTS:
    void table_isReplacedAsAWholeAndDeleted()
    {
        const QString name = QLatin1StringView(kGuardTable);
        VERIFY_DONE(m_kernel.execute(DeleteTable{name})); // nothing there is no error
        QVERIFY(m_kernel.observe()->tables.empty());
        VERIFY_DONE(m_kernel.execute(ReplaceTable{table("version 1", kChain)}));
        QCOMPARE(m_kernel.observe()->tables, (std::vector<ObservedTable>{{name, u"version 1"_s}}));
        QVERIFY(listed(name).contains("\"hook\": \"output\""));
        VERIFY_DONE(m_kernel.execute(
            ReplaceTable{table("version 2", kChain + "\n  set s { type ipv4_addr; elements = { 10.0.0.1 }\n  }")}));
        QCOMPARE(m_kernel.observe()->tables, (std::vector<ObservedTable>{{name, u"version 2"_s}}));
        const QByteArray now = listed(name);
        QCOMPARE(now.count("\"chain\": {"), 1);
        QVERIFY(now.contains("10.0.0.1"));
        QVERIFY(run({u"nft"_s, u"list"_s, u"table"_s, u"inet"_s, name}).contains("comment \"version 2\""));
        VERIFY_DONE(m_kernel.execute(DeleteTable{name}));
        QVERIFY(!run({u"nft"_s, u"list"_s, u"tables"_s}).contains("sallyport"));
        QVERIFY(m_kernel.observe()->tables.empty());
    }

    void refusedText_leavesTheOldInForce()
    {
        const QString name = QLatin1StringView(kGuardTable);
        VERIFY_DONE(m_kernel.execute(ReplaceTable{table("version 1", kChain)}));
        const QByteArray before = listed(name);
        for (const QByteArray &body : {QByteArray("  nonsense"), QByteArray("  chain c { jump nowhere\n  }"),
                 QByteArray("  chain c { type nat hook forward priority 0;\n  }")}) {
            const Result<Done> refused = m_kernel.execute(ReplaceTable{table("version 2", body)});
            QVERIFY(!refused);
            QVERIFY(refused.error().code == Errc::KernelRefused || refused.error().code == Errc::FeatureMissing);
            QVERIFY2(refused.error().detail.contains(u"nftables says"_s), qPrintable(refused.error().detail));
            QVERIFY2(!refused.error().detail.contains(u'\n'), qPrintable(refused.error().detail));
            QCOMPARE(listed(name), before);
        }
        VERIFY_DONE(m_kernel.execute(ReplaceTable{table("version 3", kChain)})); // and the context still works
        VERIFY_DONE(m_kernel.execute(DeleteTable{name}));
    }

    void tablesOfOthers_areNeitherSeenNorTouched()
    {
        run({u"nft"_s, u"-f"_s, u"-"_s},
            "table inet other { comment \"mine\"\n}\ntable ip sallyport { }\ntable inet sallyport { }\n");
        const std::vector<ObservedTable> tables = m_kernel.observe()->tables;
        QCOMPARE(tables, (std::vector<ObservedTable>{{u"sallyport"_s, {}}}));
        VERIFY_DONE(m_kernel.execute(DeleteTable{u"sallyport"_s}));
        QCOMPARE(run({u"nft"_s, u"list"_s, u"tables"_s}), QByteArray("table inet other\ntable ip sallyport\n"));
        run({u"nft"_s, u"flush"_s, u"ruleset"_s});
    }

    void longComment_isReadWhole()
    {
        const QByteArray version(127, 'v');
        VERIFY_DONE(m_kernel.execute(ReplaceTable{table(version, kChain)}));
        QCOMPARE(m_kernel.observe()->tables.front().version, QString::fromLatin1(version));
        VERIFY_DONE(m_kernel.execute(DeleteTable{QLatin1StringView(kGuardTable)}));
    }

    void setting_isWrittenToThisNetworkNamespace()
    {
        const QString mark = u"ipv4/conf/all/src_valid_mark"_s;
        const ObservedSetting untouched{{u"ipv6/fwmark_reflect"_s, u"0"_s}, false};
        VERIFY_DONE(m_kernel.execute(WriteSetting{{mark, u"1"_s}}));
        QCOMPARE(run({u"cat"_s, u"/proc/sys/net/"_s + mark}), QByteArray("1\n"));
        QCOMPARE(m_kernel.observe()->settings, (std::vector<ObservedSetting>{{{mark, u"1"_s}, true}, untouched}));
        VERIFY_DONE(m_kernel.execute(RestoreSetting{mark}));
        QCOMPARE(run({u"cat"_s, u"/proc/sys/net/"_s + mark}), QByteArray("0\n"));
        QCOMPARE(m_kernel.observe()->settings, (std::vector<ObservedSetting>{{{mark, u"0"_s}, false}, untouched}));
    }

    void refusedSetting_saysSo()
    {
        const Result<Done> refused = m_kernel.execute(WriteSetting{{u"ipv4/conf/all/src_valid_mark"_s, u"many"_s}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::KernelRefused);
        QVERIFY2(refused.error().detail.contains(u"Invalid argument"_s), qPrintable(refused.error().detail));
        VERIFY_DONE(m_kernel.execute(RestoreSetting{u"ipv4/conf/all/src_valid_mark"_s}));
    }

    void hostsFileThatIsAMountPoint_isRewrittenInPlace()
    {
        const QString path = pathsIn(m_folder).hosts;
        const QString source = m_folder.filePath(u"source"_s);
        put(source, "127.0.0.1 localhost\n");
        put(path, "");
        QCOMPARE(mount(source.toUtf8().constData(), path.toUtf8().constData(), nullptr, MS_BIND, nullptr), 0);
        const std::vector<HostName> names = {{*IpAddress::parse(u"10.42.1.4"), {u"nas.wgnet"_s}}};
        VERIFY_DONE(m_kernel.execute(WriteHosts{names}));
        QCOMPARE(contentAt(source),
            QByteArray("127.0.0.1 localhost\n# sallyport begin\n10.42.1.4\tnas.wgnet\t# sallyport\n# sallyport end\n"));
        QCOMPARE(m_kernel.observe()->hosts, names);
        VERIFY_DONE(m_kernel.execute(WriteHosts{{}}));
        QCOMPARE(contentAt(source), QByteArray("127.0.0.1 localhost\n"));
        QCOMPARE(umount(path.toUtf8().constData()), 0);
    }

    void fullDisk_leavesTheHostsFileAsItWas()
    {
        const QString folder = m_folder.filePath(u"small"_s);
        QVERIFY(QDir().mkpath(folder));
        QCOMPARE(mount("tmpfs", folder.toUtf8().constData(), "tmpfs", 0, "size=8k"), 0);
        const QString path = folder + u"/hosts"_s;
        put(path, QByteArray(3000, '#') + '\n');
        std::vector<HostName> names;
        for (int i = 0; i < 200; ++i)
            names.push_back({*IpAddress::parse(u"10.42.1.4"), {u"a-rather-long-name-%1.wgnet"_s.arg(i)}});
        Paths paths = pathsIn(m_folder);
        paths.hosts = path;
        LinuxKernel kernel(m_secrets, paths);
        const Result<Done> refused = kernel.execute(WriteHosts{names});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::StorageFailed);
        QVERIFY2(refused.error().detail.contains(u"No space left"_s), qPrintable(refused.error().detail));
        QCOMPARE(contentAt(path), QByteArray(3000, '#') + '\n');
        QCOMPARE(QDir(folder).entryList(QDir::Files | QDir::Hidden).size(), 1);
        QCOMPARE(umount(folder.toUtf8().constData()), 0);
    }
};

int main(int argc, char **argv)
{
    return runInPrivateNetwork<TablesTest>(argc, argv);
}

#include "tables_test.moc"
