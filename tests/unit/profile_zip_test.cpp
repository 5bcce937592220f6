// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_scanner.h"
#include "core/profile/export.h"
#include "core/profile/zip.h"
#include "tests/unit/profile_documents.h"
#include "tests/unit/zip_builder.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

const QByteArray kConf
    = "[Interface]\nAddress=10.64.0.2/32\n[Peer]\n"
      "PublicKey=2jRZyiO6ELFrIMjlM0lVdGYv/cxAhWZEPgBo/YrFVC0=\nAllowedIPs=0.0.0.0/0\nEndpoint=192.0.2.1:5\n";

std::span<const char> view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

ZipEntry entry(const QByteArray &name, const QByteArray &contents = kConf)
{
    ZipEntry value;
    value.name = name;
    value.contents = contents;
    return value;
}

Result<ZipImport> import(const std::vector<ZipEntry> &entries)
{
    const QByteArray bytes = zipOf(entries);
    return importZip(view(bytes), ImportKind::Guess, {});
}

QStringList exitNames(const ZipImport &zip)
{
    QStringList names;
    for (const Imported &part : zip.parts)
        names += std::get<Exit>(part.part).name;
    return names;
}

} // namespace

class ProfileZipTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void confFiles_areImportedInTheirOrder()
    {
        ZipEntry packed = entry("folder/b.CONF");
        packed.deflated = true;
        const auto zip = import({entry("folder/"), packed, entry("a.conf"), entry("readme.txt")});
        QVERIFY(zip);
        QCOMPARE(exitNames(*zip), (QStringList{u"b"_s, u"a"_s}));
        QCOMPARE(zip->entries.size(), std::size_t(4));
        QCOMPARE(zip->entries[0].verdict, Verdict::Ignored);
        QCOMPARE(zip->entries[1].verdict, Verdict::Used);
        QCOMPARE(zip->entries[3].verdict, Verdict::Ignored);
    }

    void badEntries_areRefusedOneByOne_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("reason");
        QTest::newRow("parent") << QByteArray("../a.conf") << u"out of the archive"_s;
        QTest::newRow("parent inside") << QByteArray("x/../../a.conf") << u"out of the archive"_s;
        QTest::newRow("parent, backslash") << QByteArray("..\\a.conf") << u"out of the archive"_s;
        QTest::newRow("absolute") << QByteArray("/etc/wireguard/a.conf") << u"absolute"_s;
        QTest::newRow("drive") << QByteArray("C:/a.conf") << u"absolute"_s;
        QTest::newRow("backslash") << QByteArray("x\\a.conf") << u"backslash"_s;
        QTest::newRow("control") << QByteArray("a\nb.conf") << u"control"_s;
        QTest::newRow("nested") << QByteArray("a.zip") << u"not opened"_s;
        QTest::newRow("nul") << QByteArray("a.conf\0.exe", 11) << u"end in .conf"_s;
    }
    void badEntries_areRefusedOneByOne()
    {
        QFETCH(QByteArray, name);
        QFETCH(QString, reason);
        const auto zip = import({entry(name), entry("good.conf")});
        QVERIFY(zip);
        QCOMPARE(exitNames(*zip), QStringList{u"good"_s});
        QVERIFY(zip->entries[0].verdict != Verdict::Used);
        QVERIFY2(zip->entries[0].sentence.contains(reason), qUtf8Printable(zip->entries[0].sentence));
    }

    void links_encryptedDamagedAndRepeatedEntries_areRefused()
    {
        ZipEntry link = entry("link.conf", "/etc/shadow");
        link.unixMode = 0120777;
        ZipEntry encrypted = entry("secret.conf");
        encrypted.flags = 1;
        ZipEntry damaged = entry("damaged.conf");
        damaged.damaged = true;
        const auto zip
            = import({link, encrypted, damaged, entry("a.conf"), entry("a.conf"), entry("bad.conf", "[Peer\n")});
        QVERIFY(zip);
        QCOMPARE(exitNames(*zip), QStringList{u"a"_s});
        const QStringList reasons
            = {u"symbolic link"_s, u"encrypted"_s, u"damaged"_s, QString(), u"already"_s, u"1:1: "_s};
        for (int i = 0; i < reasons.size(); ++i) {
            const ZipEntryReport &report = zip->entries[static_cast<std::size_t>(i)];
            QCOMPARE(report.verdict, i == 3 ? Verdict::Used : Verdict::Refused);
            QVERIFY2(report.sentence.contains(reasons[i]), qUtf8Printable(report.sentence));
        }
    }

    void equalNamesInDifferentFolders_areKeptApart()
    {
        const auto zip = import({entry("x/a.conf"), entry("y/a.conf")});
        QVERIFY(zip);
        QCOMPARE(exitNames(*zip), (QStringList{u"a"_s, u"a-2"_s}));
    }

    void bombs_areStoppedByWhatComesOut()
    {
        ZipEntry big = entry("big.conf", QByteArray(8 * 1024 * 1024, '\n'));
        big.deflated = true;
        const auto zip = import({big, entry("good.conf")});
        QVERIFY(zip);
        QVERIFY(zip->entries[0].sentence.contains(u"larger than 1048576"));
        QCOMPARE(exitNames(*zip), QStringList{u"good"_s});
    }

    void manyEntriesAtTheirLimit_areStoppedByTheSum()
    {
        std::vector<ZipEntry> entries;
        for (int i = 0; i < 70; ++i) {
            entries.push_back(entry(QByteArray::number(i) + ".conf", kConf + QByteArray(1000 * 1000, '\n')));
            entries.back().deflated = true;
        }
        const auto zip = import(entries);
        QVERIFY(zip);
        QCOMPARE(zip->parts.size(), std::size_t(67));
        QVERIFY(zip->entries.back().sentence.contains(u"larger than 67108864"));
    }

    void tooManyKeys_areStoppedByTheSum()
    {
        QByteArray conf = "[Interface]\nAddress=10.0.0.1/8\n";
        for (int i = 0; i < 1500; ++i) {
            conf += "[Peer]\nPublicKey=" + QByteArray::number(100000 + i) + QByteArray(37, 'A')
                + "=\nPresharedKey=" + QByteArray(42, 'B') + "A=\nAllowedIPs=10.1." + QByteArray::number(i / 200) + '.'
                + QByteArray::number(i % 200) + '\n';
        }
        std::vector<ZipEntry> entries;
        for (int i = 0; i < 6; ++i)
            entries.push_back(entry(QByteArray::number(i) + ".conf", conf));
        const auto zip = import(entries);
        QVERIFY(zip);
        QVERIFY2(zip->parts.size() == 4, qUtf8Printable(zip->entries[0].sentence));
        QVERIFY(zip->entries.back().sentence.contains(u"more than 5000 keys"));
    }

    void tooManyEntries_areRefusedWhole()
    {
        std::vector<ZipEntry> entries(10001, entry("readme"));
        QCOMPARE(import(entries).error().code, Errc::LimitExceeded);
    }

    void otherFiles_areNoArchives()
    {
        QVERIFY(!importZip({}, ImportKind::Guess, {}));
        QVERIFY(!importZip(view(kConf), ImportKind::Guess, {}));
        const QByteArray archive = zipOf({entry("a.conf")});
        QVERIFY(!importZip(view(archive.left(archive.size() - 30)), ImportKind::Guess, {}));
        const auto empty = import({});
        QVERIFY(!empty || empty->parts.empty());
    }

    void nothing_isWrittenToDisk()
    {
        const QTemporaryDir folder;
        const QString before = QDir::currentPath();
        QVERIFY(QDir::setCurrent(folder.path()));
        const auto zip = import({entry("../a.conf"), entry("b.conf"), entry("sub/c.conf")});
        QDir::setCurrent(before);
        QVERIFY(zip);
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void writtenArchive_comesBack()
    {
        RandomDocuments documents(7);
        std::vector<ZipFile> files;
        std::vector<Exit> exits;
        for (int i = 0; i < 20; ++i) {
            exits.push_back(documents.providerExit(i));
            auto text = exportExit(exits.back(), nullptr);
            QVERIFY(text);
            files.push_back({u"%1.conf"_s.arg(i), std::move(*text)});
        }
        const auto archive = writeZip(files);
        QVERIFY(archive);
        const auto zip = importZip(archive->view(), ImportKind::Guess, {});
        QVERIFY(zip);
        QCOMPARE(zip->parts.size(), exits.size());
        for (std::size_t i = 0; i < exits.size(); ++i)
            QCOMPARE(std::get<Exit>(zip->parts[i].part), exits[i]);
        QVERIFY(std::ranges::equal(archive->view(), writeZip(files)->view()));
    }

    void emptyArchive_isNotWritten() { QVERIFY(!writeZip({})); }
};

QTEST_APPLESS_MAIN(ProfileZipTest)
#include "profile_zip_test.moc"
