// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/files/replace_file.h"
#include "helper/kernel/hosts/hosts_file.h"
#include "helper/kernel/hosts/hosts_text.h"
#include "helper/kernel/linux_kernel.h"
#include "helper/kernel/nft/tables.h"
#include "helper/kernel/settings/sysctl.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

QByteArray contentAt(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(no file)");
}

void put(const QString &path, const QByteArray &content)
{
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

std::vector<HostName> someHosts()
{
    return {{*IpAddress::parse(u"10.42.1.4"), {u"nas.wgnet"_s, u"nas"_s}},
        {*IpAddress::parse(u"fd00:42::4"), {u"nas.wgnet"_s}}};
}

const QByteArray kBlock
    = "# sallyport begin\n10.42.1.4\tnas.wgnet nas\t# sallyport\nfd00:42::4\tnas.wgnet\t# sallyport\n"
      "# sallyport end\n";

class NoSecrets : public Secrets {
public:
    const SecretKey *find(const QString &) const override { return nullptr; }
};

} // namespace

class SystemFilesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void hostsBlock_comesAndGoesWithoutATrace_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("usual") << QByteArray("127.0.0.1\tlocalhost\n::1 ip6-localhost\n");
        QTest::newRow("no last line break") << QByteArray("127.0.0.1 localhost\n10.0.0.1 printer");
        QTest::newRow("one line without break") << QByteArray("127.0.0.1 localhost");
        QTest::newRow("blank lines at the end") << QByteArray("127.0.0.1 localhost\n\n\n");
        QTest::newRow("carriage returns") << QByteArray("127.0.0.1 localhost\r\n10.0.0.1 printer\r\n");
        QTest::newRow("not UTF-8") << QByteArray("127.0.0.1 localhost # \xff\xfe\n\0\n", 28);
    }

    void hostsBlock_comesAndGoesWithoutATrace()
    {
        QFETCH(QByteArray, before);
        const QByteArray with = hosts::withBlock(before, someHosts());
        QCOMPARE(with.count(kBlock), 1);
        QCOMPARE(hosts::namesIn(with), someHosts());
        QCOMPARE(hosts::withBlock(with, someHosts()), with);
        QCOMPARE(hosts::withBlock(with, {}), before);
        std::vector<HostName> fewer = someHosts();
        fewer.pop_back();
        QCOMPARE(hosts::namesIn(hosts::withBlock(with, fewer)), fewer);
        QCOMPARE(hosts::withBlock(hosts::withBlock(with, fewer), {}), before);
    }

    void damagedMarkers_costNobodyALine_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray ours = "10.42.1.4\tnas\t# sallyport\n";
        QTest::newRow("no end") << QByteArray("a\n# sallyport begin\n" + ours + "b\n");
        QTest::newRow("no begin") << QByteArray("a\n" + ours + "# sallyport end\nb\n");
        QTest::newRow("no markers") << QByteArray("a\n" + ours + "b\n");
        QTest::newRow("two begins") << QByteArray(
            "# sallyport begin\n" + ours + "a\n# sallyport begin\n" + ours + "# sallyport end\nb\n");
        QTest::newRow("two blocks") << QByteArray("a\n" + kBlock + "b\n" + kBlock);
        QTest::newRow("end before begin") << QByteArray("a\n# sallyport end\nb\n# sallyport begin\n" + ours);
    }

    void damagedMarkers_costNobodyALine()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(hosts::withBlock(text, {}), QByteArray("a\nb\n"));
        QCOMPARE(hosts::withBlock(text, someHosts()), "a\nb\n" + kBlock);
    }

    void hostsFile_keepsModeAndFollowsLinks()
    {
        const QString real = m_folder->filePath(u"real/hosts"_s);
        const QString link = m_folder->filePath(u"hosts"_s);
        put(real, "127.0.0.1 localhost\n");
        QVERIFY(QFile::link(real, link));
        QCOMPARE(::chmod(real.toUtf8().constData(), 0640), 0);
        const hosts::HostsFile file(link);
        QVERIFY(file.write(someHosts()));
        QCOMPARE(contentAt(real), "127.0.0.1 localhost\n" + kBlock);
        QVERIFY(QFileInfo(link).isSymLink());
        struct stat status {};
        QCOMPARE(::stat(real.toUtf8().constData(), &status), 0);
        QCOMPARE(status.st_mode & 07777u, 0640u);
        QCOMPARE(*file.read(), someHosts());
        QVERIFY(file.write({}));
        QCOMPARE(contentAt(real), QByteArray("127.0.0.1 localhost\n"));
        QCOMPARE(QDir(QFileInfo(real).path()).entryList(QDir::Files | QDir::Hidden), QStringList{u"hosts"_s});
    }

    void whatAKilledWriterLeft_isSweptWithTheNextStart()
    {
        const QString folder = m_folder->filePath(u"real"_s);
        const QStringList others
            = {u"hosts.backup"_s, u"hosts.new-backup"_s, u"hosts.sallyport-ab"_s, u"myhosts.sallyport-abcdef"_s};
        for (const QString &name : others + QStringList{u"hosts"_s, u"hosts.sallyport-aZ09bc"_s})
            put(folder + u'/' + name, "half");
        put(journal(), "");
        put(journal() + u".sallyport-123456"_s, "half");
        Paths paths;
        paths.hosts = m_folder->filePath(u"hosts"_s);
        paths.settingsJournal = journal();
        QVERIFY(QFile::link(folder + u"/hosts"_s, paths.hosts));
        const NoSecrets none;
        const LinuxKernel kernel(none, paths);
        QStringList left = others + QStringList{u"hosts"_s};
        left.sort();
        QCOMPARE(QDir(folder).entryList(QDir::Files, QDir::Name), left);
        QVERIFY(QFile::exists(journal()));
        QVERIFY(!QFile::exists(journal() + u".sallyport-123456"_s));
    }

    void hostsFile_refusesNamesThatWouldBeMore()
    {
        const hosts::HostsFile file(m_folder->filePath(u"hosts"_s));
        for (const QString &name : {u"a b"_s, u"a\n1.1.1.1 bank"_s, u""_s, u"a#"_s}) {
            const Result<Done> refused = file.write({{*IpAddress::parse(u"10.0.0.1"), {name}}});
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, Errc::InvalidArgument);
        }
        QVERIFY(!QFile::exists(m_folder->filePath(u"hosts"_s)));
    }

    void unwritableFolder_isStorageFailed()
    {
        const Result<Done> refused = replaceFile(u"/proc/nowhere/hosts"_s, "x", 0644);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, Errc::StorageFailed);
    }

    void setting_isJournalledWrittenAndRestored()
    {
        put(sysctl(kMark), "0\n");
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({kMark, u"1"_s}));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("1"));
        QCOMPARE(contentAt(journal()), QByteArray("ipv4/conf/all/src_valid_mark\t0\t1\n"));
        QCOMPARE(sysctls.observe({kMark})->front(), (ObservedSetting{{kMark, u"1"_s}, true}));
        settings::Sysctl restarted = make();
        QVERIFY(restarted.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("0"));
        QCOMPARE(contentAt(journal()), QByteArray());
        QCOMPARE(restarted.observe({kMark})->front(), (ObservedSetting{{kMark, u"0"_s}, false}));
    }

    void settingChangedByOthers_isLeftAlone()
    {
        put(sysctl(kMark), "0\n");
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({kMark, u"1"_s}));
        put(sysctl(kMark), "2\n");
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("2"));
        QVERIFY(!sysctls.observe({kMark})->front().changedByUs);
    }

    void settingThatIsAsWantedAlready_isNotOurs()
    {
        put(sysctl(kMark), "1\n");
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({kMark, u"1"_s}));
        QVERIFY(!sysctls.observe({kMark})->front().changedByUs);
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("1"));
    }

    void crashBetweenJournalAndWrite_losesNothing()
    {
        put(sysctl(kMark), "0\n");
        put(journal(), "ipv4/conf/all/src_valid_mark\t0\t1\n"); // the value was not written yet
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({kMark, u"1"_s}));
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("0"));
        put(journal(), "ipv4/conf/all/src_valid_mark\t0\t1\n");
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("0"));
        QCOMPARE(contentAt(journal()), QByteArray());
    }

    void secondWrite_keepsTheValueFromBefore()
    {
        put(sysctl(kMark), "0\n");
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({kMark, u"1"_s}));
        QVERIFY(sysctls.write({kMark, u"2"_s}));
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("0"));
    }

    void settingOfAGoneLink_isForgotten()
    {
        const QString filter = u"ipv4/conf/sally-exit/rp_filter"_s;
        put(sysctl(filter), "1\n");
        settings::Sysctl sysctls = make();
        QVERIFY(sysctls.write({filter, u"2"_s}));
        QVERIFY(QFile::remove(sysctl(filter)));
        QVERIFY(sysctls.observe({})->empty());
        QCOMPARE(contentAt(journal()), QByteArray());
        QVERIFY(sysctls.restore(filter));
        QVERIFY(!sysctls.write({filter, u"2"_s}));
    }

    void damagedJournal_isReadAsFarAsItGoes()
    {
        put(sysctl(kMark), "1\n");
        put(journal(), "garbage\n\t\t\n../../etc/passwd\t0\t1\nipv4/conf/all/src_valid_mark\t0\t1\nhalf a li");
        settings::Sysctl sysctls = make();
        const auto observed = sysctls.observe({});
        QVERIFY(observed);
        QCOMPARE(observed->size(), 1u);
        QVERIFY(sysctls.restore(kMark));
        QCOMPARE(contentAt(sysctl(kMark)).trimmed(), QByteArray("0"));
    }

    void pathsThatLeadElsewhere_areRefused()
    {
        settings::Sysctl sysctls = make();
        put(m_folder->filePath(u"outside"_s), "0\n");
        for (const QString &path : {u"../outside"_s, u"ipv4/../../outside"_s, u"ipv4"_s, u"core/somaxconn"_s,
                 u"/ipv4/x"_s, u"ipv4//x"_s, u"ipv4/./x"_s, u"ipv4/x\n"_s, u""_s}) {
            const Result<Done> refused = sysctls.write({path, u"1"_s});
            QVERIFY2(!refused, qPrintable(path));
            QCOMPARE(refused.error().code, Errc::InvalidArgument);
        }
        QVERIFY(!sysctls.write({kMark, u"1\n2"_s}));
        QCOMPARE(contentAt(m_folder->filePath(u"outside"_s)), QByteArray("0\n"));
    }

    void tableComment_isFoundAmongTheUserData()
    {
        const QByteArray data("\x05\x02xy\x00\x04"
                              "abc\x00",
            10);
        const auto bytes = [](const QByteArray &from) {
            return std::span(reinterpret_cast<const quint8 *>(from.constData()), std::size_t(from.size()));
        };
        QCOMPARE(nft::commentIn(bytes(data)), u"abc"_s);
        for (qsizetype size = 0; size < data.size(); ++size)
            QVERIFY(nft::commentIn(bytes(data.left(size))).isEmpty());
    }

private:
    QString sysctl(const QString &path) const { return m_folder->filePath(u"sys/"_s + path); }
    QString journal() const { return m_folder->filePath(u"state/journal"_s); }
    settings::Sysctl make() const { return {m_folder->filePath(u"sys"_s), journal()}; }

    const QString kMark = u"ipv4/conf/all/src_valid_mark"_s;
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_APPLESS_MAIN(SystemFilesTest)
#include "system_files_test.moc"
