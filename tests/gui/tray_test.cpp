// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/icons/glyph_painter.h"
#include "app/tray/tray_icon.h"

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

class TrayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyStateHasItsOwnShapeAtEverySize_data();
    void everyStateHasItsOwnShapeAtEverySize();
    void glyphsStayInTheirHalf();
    void inkCanBeSeenOnItsGround();
    void iconOffersAllSizes();
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

void TrayTest::menuShowsTheModel()
{
    TrayIcon tray(Ground::Unknown, false);
    tray.show(someModel());
    QAction *home = actionNamed(tray.menu(), u"Home"_s);
    QAction *exit = actionNamed(tray.menu(), u"Exit"_s);
    QVERIFY(home && exit);
    QVERIFY(home->isChecked());
    QVERIFY(!exit->isChecked());
    QVERIFY(actionNamed(tray.menu(), u"Home is on. Exit is off."_s));
    QMenu *exits = submenu(tray.menu());
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
    TrayIcon tray(Ground::Unknown, false);
    tray.show(someModel());
    QSignalSpy home(&tray, &TrayIcon::homeRequested);
    QSignalSpy exit(&tray, &TrayIcon::exitRequested);
    QAction *homeAction = actionNamed(tray.menu(), u"Home"_s);
    QAction *exitAction = actionNamed(tray.menu(), u"Exit"_s);
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
    TrayIcon tray(Ground::Unknown, false);
    tray.show(someModel());
    QSignalSpy chosen(&tray, &TrayIcon::exitChosen);
    QMenu *exits = submenu(tray.menu());
    exits->actions()[1]->trigger();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(chosen[0][0].toString(), u"three"_s);
    QVERIFY(exits->actions()[0]->isChecked());
    QVERIFY(!exits->actions()[1]->isChecked());
}

void TrayTest::troubleIsShownOnlyWhenThereIsSome()
{
    TrayIcon tray(Ground::Unknown, false);
    TrayModel model = someModel();
    model.trouble = {u"It was refused."_s, u"Try again."_s, {}};
    tray.show(model);
    QAction *trouble = actionNamed(tray.menu(), u"It was refused."_s);
    QVERIFY(trouble && trouble->isVisible());
    QSignalSpy window(&tray, &TrayIcon::windowRequested);
    trouble->trigger();
    QCOMPARE(window.size(), 1);
    tray.show(someModel());
    QVERIFY(!trouble->isVisible());
}

void TrayTest::exitsAreHiddenWhenThereAreNone()
{
    TrayIcon tray(Ground::Unknown, false);
    tray.show(someModel());
    TrayModel model = someModel();
    model.exits.clear();
    tray.show(model);
    QVERIFY(!submenu(tray.menu())->menuAction()->isVisible());
}

QTEST_MAIN(TrayTest)
#include "tray_test.moc"
