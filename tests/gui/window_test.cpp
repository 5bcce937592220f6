// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/gui/gui_world.h"

#include <QAccessible>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

/// A panel that shows icons, as far as a program can tell before it makes one.
class FakePanel : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.kde.StatusNotifierWatcher")
    Q_PROPERTY(bool IsStatusNotifierHostRegistered READ hasHost)

public:
    explicit FakePanel(TestBus &bus) : m_bus(bus.connect())
    {
        m_bus.registerObject(u"/StatusNotifierWatcher"_s, this, QDBusConnection::ExportAllProperties);
        m_bus.registerService(u"org.kde.StatusNotifierWatcher"_s);
    }
    ~FakePanel() override
    {
        m_bus.unregisterService(u"org.kde.StatusNotifierWatcher"_s);
        m_bus.unregisterObject(u"/StatusNotifierWatcher"_s);
    }
    bool hasHost() const { return true; }

private:
    QDBusConnection m_bus;
};

} // namespace

class WindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clickGoesToTheWireAndTheMarkComesBackFromIt();
    void markStaysWhilePendingAndTheCardSaysSo();
    void anyPartOfTheCardIsItsSwitch_data();
    void anyPartOfTheCardIsItsSwitch();
    void keysToggle();
    void refusalIsShownWithAdviceAndCanBePutAway();
    void sentenceFollowsTheSnapshot();
    void choosingAnExitAsksForItAndShowsItOnceItIs();
    void missingHelperIsExplainedAndSwitchesRest();
    void screenReadersSeeTwoSwitches();
    void countersAreWatchedOnlyWhileTheWindowShows();
    void nothingIsCutOffInTheSmallestWindow_data();
    void nothingIsCutOffInTheSmallestWindow();
    void everyPageIsReachedByKeys();
    void everythingThatCanBeFocusedHasAName();
    void narrowWindowsShowIconsOnly();
    void withoutAPanelClosingEnds();
    void trayFollowsPanelsThatComeAndGo();
    void missingTrayIsExplainedOnce();
    void whatHappensBehindTheWindowIsANotice();
};

void WindowTest::clickGoesToTheWireAndTheMarkComesBackFromIt()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QVERIFY(!world.home()->isChecked());
    QTest::mouseClick(world.home(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(world.home()->isChecked(), kPatienceMs);
    QCOMPARE(world.helper.count(uR"(SetIntent {"home":true})"_s), 1);
    QVERIFY(!world.exit()->isChecked());
    QTest::mouseClick(world.exit(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(world.exit()->isChecked(), kPatienceMs);
    QCOMPARE(world.helper.count(uR"(SetIntent {"exit":true,"exitName":"mullvad-se"})"_s), 1);
    QTest::mouseClick(world.home(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!world.home()->isChecked(), kPatienceMs);
    QVERIFY(world.exit()->isChecked());
}

void WindowTest::markStaysWhilePendingAndTheCardSaysSo()
{
    World world({u"--play"_s, u"slow"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QTest::mouseClick(world.home(), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.count(uR"(SetIntent {"home":true})"_s), 1, kPatienceMs);
    QVERIFY(!world.home()->isChecked());
    QVERIFY(world.text().contains(u"Switching on…"_s));
    world.helper.release();
    QTRY_VERIFY_WITH_TIMEOUT(world.home()->isChecked(), kPatienceMs);
    QVERIFY(!world.text().contains(u"Switching on…"_s));
}

void WindowTest::anyPartOfTheCardIsItsSwitch_data()
{
    QTest::addColumn<QSize>("window");
    QTest::newRow("at first") << QSize(920, 620);
    QTest::newRow("smallest") << QSize(640, 440);
}

void WindowTest::anyPartOfTheCardIsItsSwitch()
{
    QFETCH(QSize, window);
    World world;
    world.window().resize(window);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QVERIFY(QTest::qWaitForWindowExposed(&world.presence.window()));
    const QSize size = world.home()->size();
    const QRect area = world.home()->rect().adjusted(4, 4, -4, -4);
    int asked = 0;
    for (const QPoint &point :
        {area.topLeft(), area.topRight(), area.center(), area.bottomLeft(), area.bottomRight()}) {
        // Through the window, as a pointer does: a label in the way would swallow it.
        QTest::mouseClick(
            world.window().windowHandle(), Qt::LeftButton, {}, world.home()->mapTo(&world.presence.window(), point));
        ++asked;
        QTRY_COMPARE_WITH_TIMEOUT(world.helper.log().filter(u"SetIntent"_s).size(), asked, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(world.home()->isChecked(), asked % 2 == 1, kPatienceMs);
        QCOMPARE(world.home()->size(), size); // a switch that moves away from the pointer is none
    }
}

void WindowTest::keysToggle()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QVERIFY(QTest::qWaitForWindowActive(&world.presence.window()));
    QTest::keyClick(&world.presence.window(), Qt::Key_H);
    QTRY_VERIFY_WITH_TIMEOUT(world.home()->isChecked(), kPatienceMs);
    QTest::keyClick(&world.presence.window(), Qt::Key_E);
    QTRY_VERIFY_WITH_TIMEOUT(world.exit()->isChecked(), kPatienceMs);
    world.home()->setFocus();
    QTest::keyClick(world.home(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(!world.home()->isChecked(), kPatienceMs);
}

void WindowTest::refusalIsShownWithAdviceAndCanBePutAway()
{
    World world({u"--play"_s, u"refused"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QTest::mouseClick(world.home(), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(world.text().contains(u"You are not allowed to do this from here."_s), kPatienceMs);
    QVERIFY(world.text().contains(u"ask an administrator"_s));
    QVERIFY(world.text().contains(u"This session may not switch."_s));
    QVERIFY(!world.home()->isChecked());
    auto *close = world.presence.window().findChild<TroubleBar *>()->findChild<QPushButton *>();
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(!world.text().contains(u"not allowed"_s));
}

void WindowTest::sentenceFollowsTheSnapshot()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.text().contains(u"Home and Exit are off."_s), kPatienceMs);
    world.helper.play(u"both"_s);
    QTRY_VERIFY_WITH_TIMEOUT(world.text().contains(u"Your way out is mullvad-se."_s), kPatienceMs);
    world.helper.play(u"blocked"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        world.text().contains(u"Internet is blocked so that nothing leaks; Home still works."_s), kPatienceMs);
}

void WindowTest::choosingAnExitAsksForItAndShowsItOnceItIs()
{
    World world({u"--play"_s, u"exit-on"_s, u"--play"_s, u"slow"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.exit(), kPatienceMs);
    world.window().setPage(PageId::Exits);
    auto *list = world.window().exits().findChild<QListView *>();
    const auto item = [&](const QString &name) {
        const auto found = list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly);
        return found.isEmpty() ? ExitItem() : found.first().data(ExitListModel::kItemRole).value<ExitItem>();
    };
    QTRY_VERIFY_WITH_TIMEOUT(item(u"mullvad-se"_s).isInUse, kPatienceMs);
    const auto other = list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, u"mullvad-de"_s, 1);
    list->setCurrentIndex(other.first());
    list->setFocus();
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(
        world.helper.count(uR"(SetIntent {"exit":true,"exitName":"mullvad-de"})"_s), 1, kPatienceMs);
    QVERIFY(item(u"mullvad-se"_s).isInUse);
    QVERIFY(item(u"mullvad-de"_s).isPending);
    world.helper.release();
    QTRY_VERIFY_WITH_TIMEOUT(item(u"mullvad-de"_s).isInUse, kPatienceMs);
}

void WindowTest::missingHelperIsExplainedAndSwitchesRest()
{
    World world;
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    world.helper.kill();
    QTRY_VERIFY_WITH_TIMEOUT(world.text().contains(u"The background service has stopped."_s), kPatienceMs);
    QVERIFY(world.text().contains(u"systemctl start sallyport-helper"_s));
    QVERIFY(!world.home()->isEnabled());
    QVERIFY(!world.exit()->isEnabled());
    FakeHelperProcess again(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.home()->isEnabled(), kPatienceMs);
}

void WindowTest::screenReadersSeeTwoSwitches()
{
    World world({u"--play"_s, u"home-on"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    const auto *home = QAccessible::queryAccessibleInterface(world.home());
    QCOMPARE(home->role(), QAccessible::CheckBox);
    QCOMPARE(home->text(QAccessible::Name), u"Home"_s);
    QVERIFY(home->state().checked);
    QVERIFY(home->text(QAccessible::Description).startsWith(u"On"_s));
    const auto *exit = QAccessible::queryAccessibleInterface(world.exit());
    QCOMPARE(exit->text(QAccessible::Name), u"Exit"_s);
    QVERIFY(!exit->state().checked);
}

void WindowTest::countersAreWatchedOnlyWhileTheWindowShows()
{
    World world({u"--play"_s, u"home-on"_s});
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.count(u"Watch on"_s), 1, kPatienceMs);
    world.helper.emitCounters(7'000'000);
    QTRY_VERIFY_WITH_TIMEOUT(
        world.text().contains(QLocale().formattedDataSize(7'000'000, 1, QLocale::DataSizeSIFormat)), kPatienceMs);
    world.presence.window().hide();
    QTRY_COMPARE_WITH_TIMEOUT(world.helper.count(u"Watch off"_s), 1, kPatienceMs);
}

void WindowTest::nothingIsCutOffInTheSmallestWindow_data()
{
    QTest::addColumn<QString>("scenario");
    for (const char *scenario : {"off", "both", "starting", "blocked", "failed", "empty", "conflict"})
        QTest::addRow("%s", scenario) << QString::fromLatin1(scenario);
}

void WindowTest::nothingIsCutOffInTheSmallestWindow()
{
    QFETCH(QString, scenario);
    World world({u"--play"_s, scenario});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected() && world.home(), kPatienceMs);
    QVERIFY(QTest::qWaitForWindowExposed(&world.window()));
    world.window().resize(640, 440);
    for (const PageId page : kPages) {
        world.window().setPage(page);
        QCoreApplication::sendPostedEvents();
        for (const QLabel *label : world.window().findChildren<QLabel *>()) {
            if (label->isVisible() && label->hasHeightForWidth())
                QVERIFY2(label->heightForWidth(label->width()) <= label->height() + 1, qPrintable(label->text()));
        }
        for (const QScrollArea *area : world.window().findChildren<QScrollArea *>()) {
            if (area->isVisible())
                QVERIFY2(area->widget()->width() <= area->viewport()->width(), "has to be scrolled sideways");
        }
    }
}

void WindowTest::everyPageIsReachedByKeys()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QVERIFY(QTest::qWaitForWindowActive(&world.window()));
    for (const PageId page : kPages) {
        QTest::keyClick(&world.window(), Qt::Key(int(Qt::Key_1) + int(page)), Qt::ControlModifier);
        QCOMPARE(world.window().page(), page);
        QVERIFY2(world.window().focusWidget() && world.window().focusWidget()->isVisible(), "nothing has the focus");
    }
    auto *navigation = world.window().findChild<Navigation *>();
    navigation->setFocus();
    QTest::keyClick(navigation, Qt::Key_Home);
    QCOMPARE(world.window().page(), PageId::Overview);
    QTest::keyClick(navigation, Qt::Key_Down);
    QCOMPARE(world.window().page(), PageId::Devices);
}

/// What a screen reader would call "button" or "list" and nothing else.
void WindowTest::everythingThatCanBeFocusedHasAName()
{
    World world({u"--play"_s, u"silent-device"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    int looked = 0;
    for (const PageId page : kPages) {
        world.window().setPage(page);
        for (QWidget *widget : world.window().findChildren<QWidget *>()) {
            if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith(u"qt_"))
                continue;
            QAccessibleInterface *accessible = QAccessible::queryAccessibleInterface(widget);
            QVERIFY(accessible);
            QVERIFY2(!accessible->text(QAccessible::Name).isEmpty(), widget->metaObject()->className());
            ++looked;
        }
    }
    QVERIFY(looked > 20);
}

void WindowTest::narrowWindowsShowIconsOnly()
{
    World world;
    auto *navigation = world.window().findChild<Navigation *>();
    world.window().resize(920, 620);
    QVERIFY(QTest::qWaitForWindowExposed(&world.window()));
    QCOMPARE(navigation->item(0)->text(), u"Overview"_s);
    const int wide = navigation->width();
    world.window().resize(700, 620);
    QTRY_COMPARE_WITH_TIMEOUT(navigation->item(0)->text(), QString(), kPatienceMs);
    QVERIFY(navigation->width() < wide);
    QCOMPARE(navigation->item(0)->data(Qt::AccessibleTextRole).toString(), u"Overview"_s);
}

void WindowTest::withoutAPanelClosingEnds()
{
    World world;
    QSignalSpy quit(&world.presence, &Presence::quitRequested);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.presence.window().close();
    QCOMPARE(quit.size(), 1);
    QCOMPARE(world.helper.log().filter(u"SetIntent"_s).size(), 0); // the tunnels stay as they are
}

void WindowTest::trayFollowsPanelsThatComeAndGo()
{
    World world({u"--play"_s, u"home-on"_s});
    QSignalSpy quit(&world.presence, &Presence::quitRequested);
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    QVERIFY(!world.presence.tray());
    auto panel = std::make_unique<FakePanel>(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.presence.tray(), kPatienceMs);
    world.presence.window().close();
    QVERIFY(!world.presence.window().isVisible());
    QCOMPARE(quit.size(), 0);
    panel.reset();
    QTRY_VERIFY_WITH_TIMEOUT(world.presence.window().isVisible(), kPatienceMs);
    QVERIFY(!world.presence.tray());
    panel = std::make_unique<FakePanel>(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.presence.tray(), kPatienceMs);
    QVERIFY(!world.presence.window().isVisible()); // it stood in for the panel only
}

void WindowTest::missingTrayIsExplainedOnce()
{
    World world;
    world.presence.setPatience(std::chrono::milliseconds(50));
    world.presence.start();
    QTRY_VERIFY_WITH_TIMEOUT(world.text().contains(u"shows icons of programs"_s), kPatienceMs);
    auto *close = world.window().findChild<HintBar *>()->findChild<QPushButton *>();
    QTest::mouseClick(close, Qt::LeftButton);
    QVERIFY(!world.text().contains(u"shows icons of programs"_s));
    QVERIFY(world.preferences.values().explainedMissingTray);
    QSignalSpy looked(&world.hosts, &TrayHosts::looked);
    world.presence.start();
    QTRY_VERIFY_WITH_TIMEOUT(!looked.isEmpty(), kPatienceMs);
    auto panel = std::make_unique<FakePanel>(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.presence.tray(), kPatienceMs);
    panel.reset(); // explains itself once for all
    QTRY_VERIFY_WITH_TIMEOUT(!world.presence.tray(), kPatienceMs);
    QVERIFY(!world.text().contains(u"shows icons of programs"_s));
}

void WindowTest::whatHappensBehindTheWindowIsANotice()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    FakePanel panel(world.bus);
    QTRY_VERIFY_WITH_TIMEOUT(world.presence.tray(), kPatienceMs);
    QSignalSpy noticed(&world.presence, &Presence::noticed);
    world.presence.window().close();
    world.helper.play(u"blocked"_s);
    QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 1, kPatienceMs);
    QVERIFY(noticed[0][0].toString().contains(u"Internet is blocked"_s));
    world.helper.play(u"both"_s);
    QTRY_COMPARE_WITH_TIMEOUT(noticed.size(), 2, kPatienceMs);
    Preferences quiet = world.preferences.values();
    quiet.notices.blocked = false;
    world.preferences.change(quiet);
    world.helper.play(u"blocked"_s);
    QTRY_COMPARE_WITH_TIMEOUT(world.store.snapshot().guard.state, GuardState::Blocked, kPatienceMs);
    QCOMPARE(noticed.size(), 2);
}

QTEST_MAIN(WindowTest)
#include "window_test.moc"
