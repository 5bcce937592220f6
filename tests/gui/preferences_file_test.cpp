// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/preferences_file.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

class PreferencesFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatWasChangedIsThereTheNextTime();
    void brokenFileIsKeptAsideAndTold_data();
    void brokenFileIsKeptAsideAndTold();
    void strangeValuesAreReadAsTheDefault();
    void whatCannotBeSavedIsTold();
};

void PreferencesFileTest::whatWasChangedIsThereTheNextTime()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"deeper/preferences.json"_s);
    Preferences wanted;
    wanted.habits = {{u"mullvad-se"_s}, {u"nas"_s}};
    wanted.notices.blocked = false;
    wanted.iconStyle = IconStyle::DarkOnLight;
    PreferencesFile first(path);
    QVERIFY(!(first.values() == wanted));
    QSignalSpy changed(&first, &PreferencesFile::changed);
    first.change(wanted);
    first.change(wanted);
    QCOMPARE(changed.size(), 1);
    const PreferencesFile second(path);
    QVERIFY(second.values() == wanted);
    QCOMPARE(second.keptAside(), QString());
}

void PreferencesFileTest::brokenFileIsKeptAsideAndTold_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("cut off") << QByteArray("{\"recentExits\": [");
    QTest::newRow("another kind") << QByteArray("[1, 2]");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("binary") << QByteArray("\0\xff\xfe", 3);
}

void PreferencesFileTest::brokenFileIsKeptAsideAndTold()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"preferences.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
    file.close();
    const PreferencesFile preferences(path);
    QVERIFY(preferences.values() == Preferences());
    QCOMPARE(preferences.keptAside(), path + u".broken"_s);
    QFile aside(preferences.keptAside());
    QVERIFY(aside.open(QIODevice::ReadOnly));
    QCOMPARE(aside.readAll(), content);
    QVERIFY(!QFile::exists(path));
}

void PreferencesFileTest::strangeValuesAreReadAsTheDefault()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"preferences.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"recentExits": ["a", 7, {}, "b"], "icon": "purple", "notices": {"blocked": "no"}, "more": 1})");
    file.close();
    const PreferencesFile preferences(path);
    QCOMPARE(preferences.values().habits.recentExits, QStringList({u"a"_s, u"b"_s}));
    QVERIFY(preferences.values().iconStyle == IconStyle::Automatic);
    QVERIFY(preferences.values().notices.blocked);
}

void PreferencesFileTest::whatCannotBeSavedIsTold()
{
    PreferencesFile preferences(u"/proc/sallyport/preferences.json"_s);
    QSignalSpy told(&preferences, &PreferencesFile::notSaved);
    Preferences wanted;
    wanted.habits.favouriteExits = QStringList{u"nas"_s};
    preferences.change(wanted);
    QCOMPARE(told.size(), 1);
    QVERIFY(preferences.values() == wanted);
}

QTEST_GUILESS_MAIN(PreferencesFileTest)
#include "preferences_file_test.moc"
