// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/configuration_codec.h"
#include "core/wire/json.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot open %s", qUtf8Printable(path));
    return file.readAll();
}

QStringList jsonFiles(const QString &folder)
{
    QStringList files;
    for (const QString &name : QDir(folder).entryList({u"*.json"_s}, QDir::Files, QDir::Name))
        files += folder + u'/' + name;
    return files;
}

void addFiles(const QString &folder)
{
    QTest::addColumn<QString>("path");
    for (const QString &path : jsonFiles(folder))
        QTest::newRow(qUtf8Printable(QFileInfo(path).fileName())) << path;
}

} // namespace

/// The files that people start from, and the ones they get wrong.
class ProfileConfigurationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void examples_areTakenWithoutNotes_data() { addFiles(QStringLiteral(SOURCE_DIR "/resources/examples")); }
    void examples_areTakenWithoutNotes()
    {
        QFETCH(QString, path);
        const auto map = readJson(contents(path));
        QVERIFY(map);
        const auto decoded = decodeConfiguration(*map);
        QVERIFY2(decoded, decoded ? "" : qUtf8Printable(decoded.error().place + decoded.error().detail));
        QVERIFY(decoded->notes.empty());
        const auto again = decodeConfiguration(encodeConfiguration(decoded->configuration));
        QVERIFY(again && again->configuration == decoded->configuration);
    }

    void badDocuments_areRefusedWithTheirPlace_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("place");
        const QString places = QString::fromUtf8(contents(QStringLiteral(TEST_DATA "/configuration/bad.places")));
        for (const QString &line : places.split(u'\n', Qt::SkipEmptyParts))
            QTest::newRow(qUtf8Printable(line.section(u' ', 0, 0)))
                << QString(QStringLiteral(TEST_DATA "/configuration/bad/") + line.section(u' ', 0, 0))
                << line.section(u' ', 1);
    }
    void badDocuments_areRefusedWithTheirPlace()
    {
        QFETCH(QString, path);
        QFETCH(QString, place);
        const auto map = readJson(contents(path));
        QVERIFY(map);
        const auto decoded = decodeConfiguration(*map);
        QVERIFY(!decoded);
        QCOMPARE(decoded.error().place, place);
        QVERIFY2(decoded.error().detail.endsWith(u'.'), qUtf8Printable(decoded.error().detail));
    }

    void everyBadDocument_hasItsPlaceWritten()
    {
        const QString places = QString::fromUtf8(contents(QStringLiteral(TEST_DATA "/configuration/bad.places")));
        QCOMPARE(places.count(u'\n'), jsonFiles(QStringLiteral(TEST_DATA "/configuration/bad")).size());
    }

    void brokenTexts_areRefusedWithLineAndColumn_data() { addFiles(QStringLiteral(TEST_DATA "/configuration/broken")); }
    void brokenTexts_areRefusedWithLineAndColumn()
    {
        QFETCH(QString, path);
        const auto map = readJson(contents(path));
        QVERIFY(!map);
        QVERIFY2(map.error().place.contains(u':'), qUtf8Printable(map.error().place + map.error().detail));
    }
};

QTEST_APPLESS_MAIN(ProfileConfigurationTest)
#include "profile_configuration_test.moc"
