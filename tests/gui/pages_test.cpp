// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/gui/gui_world.h"
#include "tests/support/fake_mesh.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

const QString kNasKey = u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s;

QListView *listOf(QWidget &page)
{
    return page.findChild<QListView *>();
}

QStringList rowsOf(const QListView *list)
{
    QStringList rows;
    for (int row = 0; row < list->model()->rowCount(); ++row)
        rows += list->model()->index(row, 0).data().toString();
    return rows;
}

/// All that can be read on a page now.
QString textOf(const QWidget &page)
{
    QStringList texts;
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisible())
            texts += label->text();
    }
    return texts.join(u'\n');
}

template<class Button>
Button *buttonNamed(const QWidget &page, const QString &text)
{
    for (Button *button : page.findChildren<Button *>()) {
        if (button->text().remove(u'&') == text)
            return button;
    }
    return nullptr;
}

QVariantMap someLedger()
{
    const QVariantMap used{{u"address"_s, u"10.41.1.4:53333"_s}, {u"endpoint"_s, u"10.41.1.4:53333"_s},
        {u"source"_s, u"manual"_s}, {u"state"_s, u"in-use"_s}, {u"roundTripMicroseconds"_s, 400LL},
        {u"successes"_s, 9U}, {u"failures"_s, 1U}};
    return {{u"schema"_s, 1},
        {u"peers"_s,
            QVariantList{QVariantMap{{u"publicKey"_s, kNasKey}, {u"agent"_s, true}, {u"onLink"_s, true},
                {u"roundTripMicroseconds"_s, 400LL}, {u"candidates"_s, QVariantList{used}}}}}};
}

} // namespace

class PagesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void overviewProvesOnlyWhatWasMeasured();
    void overviewShowsTrafficOfTheLastMinute();
    void devicesAreListedWithTheirPath();
    void deviceDetailsFollowTheSelection();
    void ledgerIsShownAndAWayCanBePinned();
    void devicesAreFound();
    void aThousandDevicesKeepTheirPlace();
    void withHomeOffDevicesSayWhy();
    void exitsAreInSectionsAndFound();
    void favouritesAreKept();
    void activityTellsWhatChanged();
    void activityIsFiltered();
    void diagnoseShowsTheCheckUp();
    void reportIsReadAndChangedBeforeItIsSaved();
    void reportIsNotMadeAnewOverSomebodysChanges();
    void pictureIsToldAndGoesBackInTime();
    void autostartIsADesktopFile();
    void localNetworkIsAskedOfTheHelper();
    void marksInSettingsMoveOnlyWithTheModel();
    void noticesAreKept();
};

void PagesTest::overviewProvesOnlyWhatWasMeasured()
{
    World world({u"--play"_s, u"both"_s});
    auto *proof = world.window().findChild<ProofLine *>();
    QTRY_VERIFY_WITH_TIMEOUT(proof->accessibleName().contains(u"nas answers"_s), kPatienceMs);
    QVERIFY(proof->accessibleName().contains(u"mullvad-se answers"_s));
    QVERIFY(proof->accessibleName().contains(u"nothing leaves past the exit"_s));
    world.helper.play(u"blocked"_s);
    QTRY_VERIFY_WITH_TIMEOUT(proof->accessibleName().contains(u"Not so: mullvad-se does not answer"_s), kPatienceMs);
    world.helper.play(u"off"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!proof->isVisible(), kPatienceMs);
}

void PagesTest::overviewShowsTrafficOfTheLastMinute()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    const auto *curve = world.home()->findChild<Sparkline *>();
    QCOMPARE(curve->accessibleName(), QString()); // one look is no rate
    qulonglong bytes = 2'000'000;
    const auto moreTraffic = [&] {
        world.helper.emitCounters(bytes += 1'000'000);
        return curve->accessibleName().contains(u"B/s"_s) && !curve->accessibleName().contains(u"↓ 0 "_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(moreTraffic(), kPatienceMs);
    QVERIFY(textOf(*world.home()).contains(u"B/s"_s));
}

void PagesTest::devicesAreListedWithTheirPath()
{
    World world({u"--play"_s, u"silent-device"_s});
    world.window().setPage(PageId::Devices);
    QListView *list = listOf(world.window().devices());
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(list), QStringList({u"nas"_s, u"desktop"_s, u"phone"_s, u"vps"_s}), kPatienceMs);
    const auto row = [&](int number) {
        return list->model()->index(number, 0).data(DeviceListModel::kRowRole).value<DeviceRow>();
    };
    QCOMPARE(row(0).path, u"on this network"_s);
    QCOMPARE(row(0).line, PathLine::Solid);
    QCOMPARE(row(0).handshake, u"3 s ago"_s);
    QCOMPARE(row(0).roundTrip, QString()); // nobody measured it
    QCOMPARE(row(1).path, u"not heard from yet"_s);
    QCOMPARE(row(2).path, u"does not answer"_s);
    QVERIFY(list->model()->index(2, 0).data(Qt::AccessibleTextRole).toString().contains(u"does not answer"_s));
    world.helper.play(u"away"_s);
    QTRY_COMPARE_WITH_TIMEOUT(row(0).line, PathLine::Dashed, kPatienceMs);
}

void PagesTest::deviceDetailsFollowTheSelection()
{
    World world({u"--play"_s, u"silent-device"_s});
    world.window().setPage(PageId::Devices);
    DevicesPage &page = world.window().devices();
    QTRY_COMPARE_WITH_TIMEOUT(page.selected(), u"nas"_s, kPatienceMs);
    QVERIFY(textOf(page).contains(u"10.42.1.4"_s));
    QVERIFY(textOf(page).contains(u"sallyport-meshd does not run"_s));
    QTest::mouseClick(buttonNamed<QPushButton>(page, u"Copy address"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"10.42.1.4"_s);
    QTest::mouseClick(buttonNamed<QPushButton>(page, u"Copy key"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), kNasKey);
    QTest::mouseClick(buttonNamed<QPushButton>(page, u"Use as exit"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.count(uR"(SetIntent {"exit":true,"exitName":"nas"})"_s), 1, kPatienceMs);
    QTest::keyClick(listOf(page), Qt::Key_Down);
    QCOMPARE(page.selected(), u"desktop"_s);
    QVERIFY(!textOf(page).contains(u"10.42.1.4"_s));
    QVERIFY(!buttonNamed<QPushButton>(page, u"Use as exit"_s)->isVisible());
}

void PagesTest::ledgerIsShownAndAWayCanBePinned()
{
    World world({u"--play"_s, u"both"_s});
    FakeMesh mesh(world.bus.connect());
    mesh.ledger = someLedger();
    Q_EMIT mesh.LedgerChanged(mesh.ledger);
    world.window().setPage(PageId::Devices);
    DevicesPage &page = world.window().devices();
    auto *ways = page.findChild<QTreeWidget *>();
    const auto measured = [&] { return ways->topLevelItemCount() > 0 ? ways->topLevelItem(0)->text(1) : QString(); };
    QTRY_COMPARE_WITH_TIMEOUT(measured(), u"0.4 ms · 9 of 10 answered"_s, kPatienceMs);
    QVERIFY(textOf(page).contains(u"This way was typed in. In use: nothing better has answered."_s));
    QCOMPARE(ways->topLevelItemCount(), 2); // the second one only the configuration knows
    QVERIFY(textOf(page).contains(u"Round trip: 0.4 ms"_s));
    auto *pin = buttonNamed<QToolButton>(page, u"Pin"_s);
    QTest::mouseClick(pin, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.log().filter(u"\"use\":\"pin\""_s).size(), 1, kPatienceMs);
    QVERIFY(world.helper.log().filter(u"\"use\":\"pin\""_s).first().contains(u"10.41.1.4:53333"_s));
    QVERIFY(!pin->isChecked()); // only the helper pins
}

void PagesTest::devicesAreFound()
{
    World world({u"--play"_s, u"silent-device"_s});
    world.window().setPage(PageId::Devices);
    DevicesPage &page = world.window().devices();
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(listOf(page)).size(), 4, kPatienceMs);
    QTest::keyClicks(page.findChild<QLineEdit *>(), u"PHO"_s);
    QCOMPARE(rowsOf(listOf(page)), QStringList{u"phone"_s});
}

void PagesTest::aThousandDevicesKeepTheirPlace()
{
    World world({u"--play"_s, u"crowd"_s});
    world.window().setPage(PageId::Devices);
    DevicesPage &page = world.window().devices();
    QListView *list = listOf(page);
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 1000, kPatienceMs);
    list->setCurrentIndex(list->model()->index(700, 0));
    list->scrollTo(list->currentIndex(), QAbstractItemView::PositionAtTop);
    const int place = list->verticalScrollBar()->value();
    QVERIFY(place > 0);
    int resets = 0;
    int changes = 0;
    connect(list->model(), &QAbstractItemModel::modelReset, this, [&] { ++resets; });
    connect(list->model(), &QAbstractItemModel::dataChanged, this, [&] { ++changes; });
    world.helper.emitCounters(5'000'000); // of the first device
    QTRY_COMPARE_WITH_TIMEOUT(changes, 1, kPatienceMs);
    QCOMPARE(resets, 0);
    QCOMPARE(page.selected(), u"device-700"_s);
    QCOMPARE(list->verticalScrollBar()->value(), place);
}

void PagesTest::withHomeOffDevicesSayWhy()
{
    World world({u"--play"_s, u"off"_s});
    world.window().setPage(PageId::Devices);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(world.window().devices()).contains(u"Home is off."_s), kPatienceMs);
    world.helper.play(u"empty"_s);
    QTRY_VERIFY_WITH_TIMEOUT(textOf(world.window().devices()).contains(u"not set up yet"_s), kPatienceMs);
    world.helper.kill();
    QTRY_VERIFY_WITH_TIMEOUT(textOf(world.window().devices()).contains(u"Nothing is known"_s), kPatienceMs);
}

void PagesTest::exitsAreInSectionsAndFound()
{
    World world({u"--play"_s, u"provider"_s});
    world.window().setPage(PageId::Exits);
    ExitsPage &page = world.window().exits();
    QListView *list = listOf(page);
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 60, kPatienceMs);
    const QStringList rows = rowsOf(list);
    QCOMPARE(rows.mid(0, 2), QStringList({u"Recent"_s, u"se-sto-wg-001"_s})); // it answers, so it was used
    QVERIFY(rows.indexOf(u"Your own devices"_s) < rows.indexOf(u"Brazil"_s));
    QVERIFY(rows.indexOf(u"Brazil"_s) < rows.indexOf(u"Sweden"_s));
    QCOMPARE(rows.last(), u"work"_s);
    auto *search = page.findChild<QLineEdit *>();
    QTest::keyClicks(search, u"japan"_s);
    QCOMPARE(rowsOf(list).size(), 7);
    QCOMPARE(rowsOf(list).first(), u"Japan"_s);
    search->setFocus();
    QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.log().filter(u"jp-tyo-wg-002"_s).size(), 1, kPatienceMs);
    search->setText(u"nowhere"_s);
    QVERIFY(textOf(page).contains(u"No exit is called that."_s));
}

void PagesTest::favouritesAreKept()
{
    World world({u"--play"_s, u"off"_s});
    world.window().setPage(PageId::Exits);
    ExitsPage &page = world.window().exits();
    QListView *list = listOf(page);
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 3, kPatienceMs);
    const auto row = [&](const QString &name) {
        return list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly).first();
    };
    const QRect area = list->visualRect(row(u"mullvad-de"_s));
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, QPoint(area.right() - 16, area.center().y()));
    QCOMPARE(world.preferences.values().habits.favouriteExits, QStringList{u"mullvad-de"_s});
    QTRY_COMPARE_WITH_TIMEOUT(rowsOf(list).first(), u"Favourites"_s, kPatienceMs);
    QCOMPARE(world.helper.log().filter(u"SetIntent"_s).size(), 0);
    list->setCurrentIndex(row(u"mullvad-de"_s));
    QTest::mouseClick(buttonNamed<QPushButton>(page, u"Favourite"_s), Qt::LeftButton);
    QCOMPARE(world.preferences.values().habits.favouriteExits, QStringList());
}

void PagesTest::activityTellsWhatChanged()
{
    World world({u"--play"_s, u"off"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Activity);
    QVERIFY(textOf(world.window().activity()).contains(u"Nothing has changed"_s));
    world.helper.play(u"both"_s);
    QListView *list = listOf(world.window().activity());
    const auto all = [&] { return rowsOf(list).join(u'\n'); };
    QTRY_VERIFY_WITH_TIMEOUT(all().contains(u"Home was switched on."_s), kPatienceMs);
    QVERIFY2(all().contains(u"nas is reached on this network."_s), qPrintable(all()));
    world.helper.play(u"blocked"_s);
    QTRY_VERIFY_WITH_TIMEOUT(all().contains(u"Internet is blocked so that nothing leaks"_s), kPatienceMs);
    QVERIFY(rowsOf(list).first().contains(u"blocked"_s)); // the newest first
    world.helper.kill();
    QTRY_VERIFY_WITH_TIMEOUT(all().contains(u"The background service has stopped."_s), kPatienceMs);
}

void PagesTest::activityIsFiltered()
{
    World world({u"--play"_s, u"off"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Activity);
    world.helper.play(u"both"_s);
    QListView *list = listOf(world.window().activity());
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 3, kPatienceMs);
    auto *topic = world.window().activity().findChild<QComboBox *>();
    topic->setCurrentIndex(topic->findText(u"devices"_s));
    QCOMPARE(list->model()->rowCount(), 1);
    QVERIFY(rowsOf(list).first().contains(u"nas"_s));
}

void PagesTest::diagnoseShowsTheCheckUp()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Diagnose);
    DiagnosePage &page = world.window().diagnose();
    QTRY_VERIFY_WITH_TIMEOUT(textOf(page).contains(u"no polkit on the bus"_s), 2 * kPatienceMs);
    QVERIFY(textOf(page).contains(u"Something is wrong"_s));
    QVERIFY(textOf(page).contains(u"→ Install polkitd."_s));
    QVERIFY(buttonNamed<QPushButton>(page, u"Check now"_s)->isEnabled());
}

void PagesTest::reportIsReadAndChangedBeforeItIsSaved()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Diagnose);
    auto *button = buttonNamed<QPushButton>(world.window().diagnose(), u"Report…"_s);
    QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), 2 * kPatienceMs);
    QTest::mouseClick(button, Qt::LeftButton);
    ReportDialog *dialog = world.presence.diagnose().report();
    QVERIFY(dialog && dialog->isVisible());
    auto *text = dialog->findChild<QPlainTextEdit *>();
    QVERIFY(text->toPlainText().contains(u"What the helper says"_s));
    QVERIFY(!text->toPlainText().contains(kNasKey));
    QVERIFY(text->toPlainText().contains(u"\"nas\""_s));
    dialog->findChild<QComboBox *>()->setCurrentIndex(int(Anonymity::Strict));
    QVERIFY(!text->toPlainText().contains(u"\"nas\""_s));
    text->insertPlainText(u"It began on Monday.\n"_s);
    const QString path = world.folder.filePath(u"report.txt"_s);
    Q_EMIT dialog->saveRequested(path, text->toPlainText());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), text->toPlainText());
    QVERIFY(!(file.permissions() & QFile::ReadOther));
    QVERIFY(textOf(*dialog).contains(path));
    Q_EMIT dialog->saveRequested(u"/nonexistent/report.txt"_s, u"x"_s);
    QVERIFY(textOf(*dialog).contains(u"could not be saved"_s));
}

void PagesTest::reportIsNotMadeAnewOverSomebodysChanges()
{
    ReportDialog dialog;
    dialog.show(u"as made"_s);
    dialog.show();
    auto *level = dialog.findChild<QComboBox *>();
    QVERIFY(level->isEnabled());
    dialog.findChild<QPlainTextEdit *>()->insertPlainText(u"mine "_s);
    QVERIFY(!level->isEnabled());
    auto *again = buttonNamed<QPushButton>(dialog, u"Start over"_s);
    QVERIFY(again->isVisible());
    dialog.show(u"as made"_s);
    QVERIFY(level->isEnabled() && !again->isVisible());
}

void PagesTest::pictureIsToldAndGoesBackInTime()
{
    World world({u"--play"_s, u"off"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.helper.play(u"both"_s);
    QTRY_VERIFY_WITH_TIMEOUT(world.store.snapshot().home.enabled, kPatienceMs);
    world.window().setPage(PageId::Picture);
    const auto *view = world.window().findChild<PictureView *>();
    const auto told = [&] { return view->accessibleDescription(); };
    QTRY_VERIFY_WITH_TIMEOUT(told().contains(u"nas: on this network."_s), kPatienceMs);
    QVERIFY(told().contains(u"Your way out is mullvad-se."_s));
    world.helper.play(u"away"_s);
    QTRY_VERIFY_WITH_TIMEOUT(told().contains(u"nas: through the internet."_s), kPatienceMs);
    auto *slider = world.window().picture().findChild<QSlider *>();
    slider->setFocus();
    QTest::keyClick(slider, Qt::Key_Left);
    QVERIFY(told().contains(u"nas: on this network."_s));
    world.helper.play(u"blocked"_s); // whoever looks at the past is left there
    QTRY_COMPARE_WITH_TIMEOUT(slider->maximum() - slider->value(), 2, kPatienceMs);
    QVERIFY(told().contains(u"Your way out is mullvad-se."_s));
    QTest::keyClick(slider, Qt::Key_End);
    QVERIFY(told().contains(u"Internet is blocked"_s));
}

void PagesTest::autostartIsADesktopFile()
{
    World world({u"--play"_s, u"off"_s});
    world.window().setPage(PageId::Settings);
    auto *check = buttonNamed<QCheckBox>(world.window().settings(), u"Start at login, in the panel"_s);
    QVERIFY(!check->isChecked());
    check->click();
    QVERIFY(check->isChecked());
    QFile file(world.folder.filePath(u"org.sallyport.Sallyport.desktop"_s));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("\nExec=\"/opt/sally port\" --hidden\n"));
    file.close();
    check->click();
    QVERIFY(!check->isChecked());
    QVERIFY(!file.exists());
    QDir().mkpath(file.fileName()); // something in the way
    check->click();
    QVERIFY(!check->isChecked());
    QVERIFY(textOf(world.window().settings()).contains(u"could not be changed"_s));
}

void PagesTest::localNetworkIsAskedOfTheHelper()
{
    World world({u"--play"_s, u"off"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Settings);
    auto *check = buttonNamed<QCheckBox>(
        world.window().settings(), u"Devices on this network stay reachable while Exit is on"_s);
    QTRY_VERIFY_WITH_TIMEOUT(check->isEnabled(), kPatienceMs);
    QVERIFY(check->isChecked());
    check->click();
    QVERIFY(check->isChecked()); // until the helper says so
    QTRY_VERIFY_WITH_TIMEOUT(!check->isChecked() && check->isEnabled(), kPatienceMs);
    QCOMPARE(world.helper.log().filter(u"Configure "_s).size(), 1);
    QVERIFY(world.helper.log().filter(u"Configure "_s).first().contains(u"home"_s)); // nothing else is lost
}

void PagesTest::marksInSettingsMoveOnlyWithTheModel()
{
    SettingsPage page;
    SettingsModel model;
    model.allowsLan = true;
    page.show(model);
    page.show();
    for (QCheckBox *check : page.findChildren<QCheckBox *>()) {
        const bool before = check->isChecked();
        check->click();
        QVERIFY2(check->isChecked() == before, qPrintable(check->text()));
    }
}

void PagesTest::noticesAreKept()
{
    World world({u"--play"_s, u"off"_s});
    world.window().setPage(PageId::Settings);
    auto *check = buttonNamed<QCheckBox>(world.window().settings(), u"internet is blocked, or is no longer"_s);
    QVERIFY(check->isChecked());
    check->click();
    QVERIFY(!check->isChecked());
    QVERIFY(!PreferencesFile(world.folder.filePath(u"preferences.json"_s)).values().notices.blocked);
}

QTEST_MAIN(PagesTest)
#include "pages_test.moc"
