// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/glyph_painter.h"
#include "app/tray/tray_icon.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

constexpr Glyph kGlyphs[] = {Glyph::Off, Glyph::Starting, Glyph::On, Glyph::Doubtful, Glyph::Blocked, Glyph::Attention};
const QColor kLightPanel(Qt::white);
const QColor kDarkPanel(0x2e, 0x34, 0x36);

/// How much of the picture is drawn, from 0 to 1 of one half.
QList<bool> shape(const QImage &image)
{
    QList<bool> drawn;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            drawn += qAlpha(image.pixel(x, y)) > 70;
    }
    return drawn;
}

qsizetype difference(const QList<bool> &one, const QList<bool> &other)
{
    qsizetype count = 0;
    for (qsizetype index = 0; index < one.size(); ++index)
        count += one[index] != other[index];
    return count;
}

/// Pixels that nobody would take for the same.
int strongDifferences(const QImage &one, const QImage &other)
{
    int count = 0;
    for (int y = 0; y < one.height(); ++y) {
        for (int x = 0; x < one.width(); ++x)
            count += std::abs(qGray(one.pixel(x, y)) - qGray(other.pixel(x, y))) >= 60;
    }
    return count;
}

TrayModel someModel()
{
    TrayModel model;
    model.home = {u"Home"_s, Glyph::On, true, true, false, u"On"_s, {}, u"Home"_s};
    model.exit = {u"Exit"_s, Glyph::Off, false, true, false, u"Off"_s, {}, u"Exit"_s};
    model.exits = {{u"one & two"_s, true}, {u"three"_s, false}};
    model.exitsEnabled = true;
    model.sentence = u"Home is on. Exit is off."_s;
    model.tooltip = model.sentence;
    return model;
}

QAction *actionNamed(const QMenu &menu, const QString &text)
{
    for (QAction *action : menu.actions()) {
        if (action->text() == text)
            return action;
    }
    return nullptr;
}

QMenu *submenu(const QMenu &menu)
{
    for (QAction *action : menu.actions()) {
        if (action->menu())
            return action->menu();
    }
    return nullptr;
}

} // namespace

Q_DECLARE_METATYPE(sallyport::Ground)

class TrayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStateHasItsOwnShapeAtEverySize_data();
    void everyStateHasItsOwnShapeAtEverySize();
    void glyphsStayInTheirHalf();
    void inkCanBeSeenOnItsGround();
    void iconOffersAllSizes();
    void statesDifferInGreyAt16Pixels_data();
    void statesDifferInGreyAt16Pixels();
    void leftClickAsksForTheWindowAndMiddleClickForTheLastExit();
    void pauseAndLockdownAreAskedFor();
    void devicesOfferTheirAddressAndTheirExit();
    void exitsAreGroupedAndTheRestIsOnAPage();
    void menuShowsTheModel();
    void checkMarkStaysUntilTheModelChanges();
    void choosingAnExitAsksAndMarksNothing();
    void troubleIsShownOnlyWhenThereIsSome();
    void exitsAreHiddenWhenThereAreNone();
};

void TrayTest::everyStateHasItsOwnShapeAtEverySize_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {16, 22, 24, 32, 48})
        QTest::addRow("%d", size) << size;
}

void TrayTest::everyStateHasItsOwnShapeAtEverySize()
{
    QFETCH(int, size);
    for (const Glyph one : kGlyphs) {
        for (const Glyph other : kGlyphs) {
            if (one == other)
                continue;
            // Symbolic and opaque: only the shape is left to tell them apart.
            const auto house = [&](Glyph glyph) {
                return shape(trayImage({glyph, Glyph::On, Ground::Unknown, true}, size));
            };
            const auto shield = [&](Glyph glyph) {
                return shape(trayImage({Glyph::On, glyph, Ground::Unknown, true}, size));
            };
            const qsizetype least = size * size / 100; // 1 % of the whole, 2 pixels of 16 × 16
            QVERIFY2(difference(house(one), house(other)) >= least, qPrintable(u"house %1"_s.arg(int(one))));
            QVERIFY2(difference(shield(one), shield(other)) >= least, qPrintable(u"shield %1"_s.arg(int(one))));
        }
    }
}

void TrayTest::glyphsStayInTheirHalf()
{
    const QImage base = trayImage({Glyph::Off, Glyph::Off, Ground::Unknown, false}, 32);
    for (const Glyph glyph : kGlyphs) {
        const QImage changed = trayImage({Glyph::Off, glyph, Ground::Unknown, false}, 32);
        QCOMPARE(changed.copy(0, 0, 16, 32), base.copy(0, 0, 16, 32));
        const QImage other = trayImage({glyph, Glyph::Off, Ground::Unknown, false}, 32);
        QCOMPARE(other.copy(16, 0, 16, 32), base.copy(16, 0, 16, 32));
    }
}

void TrayTest::inkCanBeSeenOnItsGround()
{
    const auto blended = [](const Ink &ink, const QColor &ground) {
        const auto mix = [&](int over, int under) { return qRound(over * ink.opacity + under * (1 - ink.opacity)); };
        return QColor(mix(ink.colour.red(), ground.red()), mix(ink.colour.green(), ground.green()),
            mix(ink.colour.blue(), ground.blue()));
    };
    const auto seen = [&](Glyph glyph, Ground ground, const QColor &panel) {
        return std::min(contrast(blended(inkOf(glyph, ground), panel), panel),
            contrast(blended(symbolicInkOf(glyph, ground), panel), panel));
    };
    QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
    for (const Glyph glyph : kGlyphs) {
        const QByteArray name = QByteArray::number(int(glyph));
        QVERIFY2(seen(glyph, Ground::Light, kLightPanel) >= 3, name);
        QVERIFY2(seen(glyph, Ground::Dark, kDarkPanel) >= 3, name);
        QVERIFY2(seen(glyph, Ground::Unknown, kLightPanel) >= 3, name);
        QVERIFY2(seen(glyph, Ground::Unknown, kDarkPanel) >= 3, name);
    }
    QCOMPARE(groundOf(kLightPanel), Ground::Light);
    QCOMPARE(groundOf(kDarkPanel), Ground::Dark);
}

void TrayTest::iconOffersAllSizes()
{
    const QIcon icon = trayIcon({Glyph::On, Glyph::Blocked, Ground::Unknown, false});
    for (const int size : {16, 22, 24, 32, 48})
        QVERIFY(icon.availableSizes().contains(QSize(size, size)));
}

void TrayTest::statesDifferInGreyAt16Pixels_data()
{
    QTest::addColumn<Ground>("ground");
    QTest::addColumn<bool>("symbolic");
    QTest::addColumn<QColor>("panel");
    QTest::newRow("symbolic, light panel") << Ground::Light << true << kLightPanel;
    QTest::newRow("symbolic, dark panel") << Ground::Dark << true << kDarkPanel;
    QTest::newRow("coloured, light panel") << Ground::Unknown << false << kLightPanel;
    QTest::newRow("coloured, dark panel") << Ground::Unknown << false << kDarkPanel;
}

/// As somebody who sees no colours sees the panel.
void TrayTest::statesDifferInGreyAt16Pixels()
{
    QFETCH(Ground, ground);
    QFETCH(bool, symbolic);
    QFETCH(QColor, panel);
    const auto grey = [&](Glyph glyph) {
        QImage seen(16, 16, QImage::Format_RGB32);
        seen.fill(panel);
        QPainter(&seen).drawImage(0, 0, trayImage({glyph, glyph, ground, symbolic}, 16));
        return seen.convertToFormat(QImage::Format_Grayscale8);
    };
    for (const Glyph one : kGlyphs) {
        for (const Glyph other : kGlyphs) {
            for (const QRect &half : {QRect(0, 0, 8, 16), QRect(8, 0, 8, 16)}) {
                const int strong = strongDifferences(grey(one).copy(half), grey(other).copy(half));
                QVERIFY2(one == other || strong >= 3,
                    qPrintable(u"%1 and %2: %3 pixels"_s.arg(int(one)).arg(int(other)).arg(strong)));
            }
        }
    }
}

void TrayTest::leftClickAsksForTheWindowAndMiddleClickForTheLastExit()
{
    TrayIcon icon({});
    QSignalSpy window(&icon, &TrayIcon::windowRequested);
    QSignalSpy exit(&icon, &TrayIcon::lastExitToggled);
    Q_EMIT icon.item().activated(QSystemTrayIcon::Trigger);
    QCOMPARE(window.size(), 1);
    Q_EMIT icon.item().activated(QSystemTrayIcon::MiddleClick);
    QCOMPARE(exit.size(), 1);
    Q_EMIT icon.item().activated(QSystemTrayIcon::Context); // the host opens the menu
    QCOMPARE(window.size(), 1);
    QCOMPARE(exit.size(), 1);
}

void TrayTest::pauseAndLockdownAreAskedFor()
{
    TrayMenu tray;
    TrayModel model = someModel();
    model.pause = {true, false, u"Pause Exit"_s};
    model.lockdown = {false, true};
    tray.show(model);
    QSignalSpy pause(&tray, &TrayMenu::pauseRequested);
    QSignalSpy lockdown(&tray, &TrayMenu::lockdownRequested);
    QMenu *pauses = actionNamed(tray, u"Pause Exit"_s)->menu();
    QVERIFY(!actionNamed(*pauses, u"End the pause"_s)->isVisible());
    actionNamed(*pauses, u"For 30 minutes"_s)->trigger();
    QCOMPARE(pause.at(0).at(0).value<std::chrono::seconds>(), std::chrono::seconds(1800));
    QAction *lock = actionNamed(tray, u"Lockdown: no internet without an exit"_s);
    lock->trigger();
    QCOMPARE(lockdown.size(), 1);
    QVERIFY(!lock->isChecked());
    model.pause = {true, true, u"Exit is paused until 12:00"_s};
    model.lockdown.checked = true;
    tray.show(model);
    QVERIFY(lock->isChecked());
    actionNamed(*pauses, u"End the pause"_s)->trigger();
    QCOMPARE(pause.at(1).at(0).value<std::chrono::seconds>(), std::chrono::seconds(0));
    model.pause.isOffered = false;
    tray.show(model);
    QVERIFY(!pauses->menuAction()->isVisible());
}

void TrayTest::devicesOfferTheirAddressAndTheirExit()
{
    TrayMenu tray;
    TrayModel model = someModel();
    model.devices = {{u"nas"_s, u"10.42.1.4"_s, true, u"nas"_s}, {u"phone"_s, {}, false, {}}};
    tray.show(model);
    QSignalSpy copied(&tray, &TrayMenu::copyRequested);
    QSignalSpy chosen(&tray, &TrayMenu::exitChosen);
    const QMenu *devices = actionNamed(tray, u"Devices"_s)->menu();
    const QMenu *nas = actionNamed(*devices, u"nas"_s)->menu();
    actionNamed(*nas, u"Copy address 10.42.1.4"_s)->trigger();
    actionNamed(*nas, u"Copy name"_s)->trigger();
    actionNamed(*nas, u"Use as exit"_s)->trigger();
    QCOMPARE(copied.at(0).at(0).toString(), u"10.42.1.4"_s);
    QCOMPARE(copied.at(1).at(0).toString(), u"nas"_s);
    QCOMPARE(chosen.at(0).at(0).toString(), u"nas"_s);
    const QMenu *phone = actionNamed(*devices, u"phone – no answer"_s)->menu();
    QCOMPARE(phone->actions().size(), 1);
    model.devices.clear();
    tray.show(model);
    QVERIFY(!actionNamed(tray, u"Devices"_s)->isVisible());
}

void TrayTest::exitsAreGroupedAndTheRestIsOnAPage()
{
    TrayMenu tray;
    TrayModel model = someModel();
    model.exits = {{u"liked"_s, false, ExitGroup::Favourite}, {u"used"_s, true, ExitGroup::Recent}};
    model.hasMoreExits = true;
    tray.show(model);
    QSignalSpy page(&tray, &TrayMenu::exitsPageRequested);
    const QMenu *exits = submenu(tray);
    QVERIFY(exits->actions().at(1)->isSeparator());
    actionNamed(*exits, u"More exits…"_s)->trigger();
    QCOMPARE(page.size(), 1);
}

void TrayTest::menuShowsTheModel()
{
    TrayMenu tray;
    tray.show(someModel());
    QAction *home = actionNamed(tray, u"Home"_s);
    QAction *exit = actionNamed(tray, u"Exit"_s);
    QVERIFY(home && exit);
    QVERIFY(home->isChecked());
    QVERIFY(!exit->isChecked());
    QVERIFY(actionNamed(tray, u"Home is on. Exit is off."_s));
    QMenu *exits = submenu(tray);
    QVERIFY(exits);
    QCOMPARE(exits->actions().size(), 2);
    QCOMPARE(exits->actions()[0]->text(), u"one && two"_s);
    QVERIFY(exits->actions()[0]->isChecked());
    TrayModel off = someModel();
    off.home.enabled = false;
    off.home.menuText = u"Home – Not set up"_s;
    tray.show(off);
    QCOMPARE(home->text(), u"Home – Not set up"_s);
    QVERIFY(!home->isEnabled());
}

void TrayTest::checkMarkStaysUntilTheModelChanges()
{
    TrayMenu tray;
    tray.show(someModel());
    QSignalSpy home(&tray, &TrayMenu::homeRequested);
    QSignalSpy exit(&tray, &TrayMenu::exitRequested);
    QAction *homeAction = actionNamed(tray, u"Home"_s);
    QAction *exitAction = actionNamed(tray, u"Exit"_s);
    homeAction->trigger();
    exitAction->trigger();
    QCOMPARE(home.size(), 1);
    QCOMPARE(home[0][0].toBool(), false);
    QCOMPARE(exit[0][0].toBool(), true);
    QVERIFY(homeAction->isChecked());
    QVERIFY(!exitAction->isChecked());
    TrayModel both = someModel();
    both.exit.checked = true;
    tray.show(both);
    QVERIFY(exitAction->isChecked());
}

void TrayTest::choosingAnExitAsksAndMarksNothing()
{
    TrayMenu tray;
    tray.show(someModel());
    QSignalSpy chosen(&tray, &TrayMenu::exitChosen);
    QMenu *exits = submenu(tray);
    exits->actions()[1]->trigger();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), u"three"_s);
    QVERIFY(exits->actions()[0]->isChecked());
    QVERIFY(!exits->actions()[1]->isChecked());
}

void TrayTest::troubleIsShownOnlyWhenThereIsSome()
{
    TrayMenu tray;
    TrayModel model = someModel();
    model.trouble = {u"It was refused."_s, u"Try again."_s, {}};
    tray.show(model);
    QAction *trouble = actionNamed(tray, u"It was refused."_s);
    QVERIFY(trouble && trouble->isVisible());
    QSignalSpy window(&tray, &TrayMenu::windowRequested);
    trouble->trigger();
    QCOMPARE(window.size(), 1);
    tray.show(someModel());
    QVERIFY(!trouble->isVisible());
}

void TrayTest::exitsAreHiddenWhenThereAreNone()
{
    TrayMenu tray;
    tray.show(someModel());
    TrayModel model = someModel();
    model.exits.clear();
    tray.show(model);
    QVERIFY(!submenu(tray)->menuAction()->isVisible());
}

QTEST_MAIN(TrayTest)
#include "tray_test.moc"
