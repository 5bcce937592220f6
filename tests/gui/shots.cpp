// SPDX-License-Identifier: GPL-2.0-or-later
// The gallery: every page against the fake helper, light, dark and from right to left, as pictures. usage: shots FOLDER [PART OF A NAME]
#include "app/pages/diagnose/finding_row.h"
#include "core/present/present.h"
#include "tests/gui/gui_world.h"
#include "tests/support/fake_mesh.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QPainter>
#include <QScrollArea>
#include <QTest>

#include <cmath>
#include <cstdio>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

struct Shot {
    QString name;
    QString scenario;
    PageId page = PageId::Overview;
    QSize size{920, 620};
};

std::vector<Shot> shots()
{
    std::vector<Shot> list;
    for (const QString &scenario : {u"off"_s, u"both"_s, u"away"_s, u"starting"_s, u"stale"_s, u"blocked"_s,
             u"lockdown"_s, u"paused"_s, u"failed"_s, u"conflict"_s, u"empty"_s})
        list.push_back({u"overview-"_s + scenario, scenario});
    list.push_back({u"overview-small"_s, u"both"_s, PageId::Overview, {640, 440}});
    list.push_back({u"overview-small-blocked"_s, u"blocked"_s, PageId::Overview, {640, 440}});
    list.push_back({u"devices"_s, u"silent-device"_s, PageId::Devices});
    list.push_back({u"devices-small"_s, u"silent-device"_s, PageId::Devices, {640, 440}});
    list.push_back({u"devices-crowd"_s, u"crowd"_s, PageId::Devices});
    list.push_back({u"devices-off"_s, u"off"_s, PageId::Devices});
    list.push_back({u"exits"_s, u"provider"_s, PageId::Exits});
    list.push_back({u"exits-small"_s, u"both"_s, PageId::Exits, {640, 440}});
    list.push_back({u"picture"_s, u"silent-device"_s, PageId::Picture});
    list.push_back({u"picture-both"_s, u"both"_s, PageId::Picture, {640, 440}});
    list.push_back({u"picture-crowd"_s, u"crowd"_s, PageId::Picture});
    list.push_back({u"activity"_s, u"both"_s, PageId::Activity});
    list.push_back({u"diagnose"_s, u"both"_s, PageId::Diagnose});
    list.push_back({u"report"_s, u"both"_s, PageId::Diagnose});
    list.push_back({u"settings"_s, u"both"_s, PageId::Settings});
    list.push_back({u"settings-small"_s, u"both"_s, PageId::Settings, {640, 440}});
    return list;
}

QPalette darkPalette()
{
    QPalette palette(QColor(0x35, 0x39, 0x3d), QColor(0x2b, 0x2e, 0x31));
    palette.setColor(QPalette::Base, QColor(0x20, 0x22, 0x24));
    palette.setColor(QPalette::AlternateBase, QColor(0x2a, 0x2d, 0x30));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6f, 0xb0, 0xf0));
    return palette;
}

QVariantMap candidate(const QString &address, const QString &state, double milliseconds, uint successes, uint failures)
{
    return {{u"address"_s, address}, {u"endpoint"_s, address}, {u"source"_s, u"manual"_s}, {u"state"_s, state},
        {u"roundTripMicroseconds"_s, qlonglong(milliseconds * 1000)}, {u"successes"_s, successes},
        {u"failures"_s, failures}};
}

QVariantMap someLedger()
{
    const QVariantMap nas{{u"publicKey"_s, u"xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg="_s}, {u"agent"_s, true},
        {u"onLink"_s, true}, {u"roundTripMicroseconds"_s, 400LL},
        {u"candidates"_s,
            QVariantList{candidate(u"10.41.1.4:53333"_s, u"in-use"_s, 0.4, 41, 1),
                candidate(u"123.45.67.89:54445"_s, u"verified"_s, 38, 12, 3)}}};
    return {{u"schema"_s, 1}, {u"peers"_s, QVariantList{nas}}};
}

/// A minute would have to pass to get one of those.
Traffic someTraffic(double size)
{
    Traffic traffic;
    for (int second = 0; second < int(kRates); ++second) {
        const double wave = std::abs(std::sin(second * 0.21) + 0.5 * std::sin(second * 0.87));
        traffic.rates.push_back({size * wave, size * wave * 0.12});
    }
    return traffic;
}

void showTraffic(World &world)
{
    const Snapshot &snapshot = world.store.snapshot();
    const TrayModel model = present(snapshot, world.store.link());
    OverviewModel overview{model.home, model.exit, {}, {}, proofOf(snapshot, {}), u"seen 09:41:03"_s, model.sentence};
    if (snapshot.home.enabled)
        overview.homeTraffic = someTraffic(42'000);
    if (snapshot.exit.enabled && snapshot.exit.phase == Phase::Up && !snapshot.guard.pausedUntil)
        overview.exitTraffic = someTraffic(2'100'000);
    world.window().overview().show(overview);
}

bool isReady(World &world, const Shot &shot)
{
    if (!world.isConnected() || world.window().findChild<QScrollArea *>() == nullptr)
        return false;
    if (shot.page == PageId::Diagnose)
        return !world.window().diagnose().findChildren<FindingRow *>().isEmpty();
    if (shot.page == PageId::Settings)
        return world.window().settings().findChildren<QCheckBox *>().at(1)->isEnabled();
    const QTreeWidget &ways = *world.window().devices().findChildren<QTreeWidget *>().first();
    const bool hasWays = shot.page == PageId::Devices && world.store.snapshot().home.enabled;
    return !hasWays || (ways.topLevelItemCount() > 0 && !ways.topLevelItem(0)->text(1).isEmpty());
}

bool take(const Shot &shot, const QString &path)
{
    World world({u"--play"_s, u"off"_s});
    FakeMesh mesh(world.bus.connect());
    mesh.ledger = someLedger();
    if (!QTest::qWaitFor([&] { return world.isConnected(); }, kPatienceMs))
        return false;
    world.window().resize(shot.size);
    for (const QString &scenario : shot.page == PageId::Activity
            ? QStringList{u"home-on"_s, u"both"_s, u"away"_s, u"stale"_s, u"blocked"_s, shot.scenario}
            : QStringList{shot.scenario}) {
        const quint64 before = world.store.snapshot().revision;
        world.helper.play(scenario);
        if (!QTest::qWaitFor([&] { return world.store.snapshot().revision > before; }, kPatienceMs))
            return false;
    }
    world.window().setPage(shot.page);
    Q_EMIT mesh.LedgerChanged(mesh.ledger);
    if (!QTest::qWaitFor([&] { return isReady(world, shot); }, 3 * kPatienceMs))
        return false;
    if (shot.page == PageId::Overview)
        showTraffic(world);
    QCoreApplication::sendPostedEvents();
    if (shot.name == u"report") {
        Q_EMIT world.window().diagnose().reportRequested();
        return world.presence.diagnose().report()->grab().save(path);
    }
    return world.window().grab().save(path);
}

/// The wizard where the person comes to by choosing `task`; the code of a phone is shown.
bool takeWizard(WizardTask task, const QString &path)
{
    World world({u"--play"_s, task == WizardTask::CreateHome ? u"empty"_s : u"both"_s});
    if (!QTest::qWaitFor([&] { return world.isConnected(); }, kPatienceMs))
        return false;
    SetupDesk &desk = world.presence.setup();
    const qsizetype asked = world.helper.count(u"GetConfiguration"_s);
    desk.open();
    if (!QTest::qWaitFor([&] { return world.helper.count(u"GetConfiguration"_s) > asked; }, kPatienceMs))
        return false;
    QTest::qWait(100); // its answer
    SetupWizard &wizard = desk.wizard();
    Q_EMIT wizard.start().chosen(task);
    if (task == WizardTask::AddPhone) {
        const auto fields = wizard.phone().findChildren<QLineEdit *>();
        fields.at(0)->setText(u"Phone"_s);
        fields.at(1)->setText(u"192.168.1.20:20001"_s);
        Q_EMIT wizard.nextRequested();
        if (!QTest::qWaitFor([&] { return desk.phone().stage() == PhoneSession::Stage::Waiting; }, kPatienceMs))
            return false;
    }
    QCoreApplication::sendPostedEvents();
    return wizard.grab().save(path);
}

bool takeWizards(const QString &folder, const QString &look, const QString &part)
{
    bool isGood = true;
    for (const auto &[task, page] :
        {std::pair(WizardTask::None, u"start"_s), std::pair(WizardTask::CreateHome, u"home"_s),
            std::pair(WizardTask::Import, u"import"_s), std::pair(WizardTask::AddDevice, u"device"_s),
            std::pair(WizardTask::AddPhone, u"phone"_s), std::pair(WizardTask::AddExit, u"exit"_s)}) {
        const QString name = u"wizard-"_s + page + look;
        if (!name.contains(part))
            continue;
        const bool isTaken = takeWizard(task, folder + u'/' + name + u".png"_s);
        std::printf("%s %s\n", isTaken ? "took" : "MISSED", qPrintable(name));
        isGood = isGood && isTaken;
    }
    return isGood;
}

/// All states of both glyphs, in all sizes, on both panels.
QImage iconSheet()
{
    constexpr int kCell = 56;
    const std::vector<Glyph> glyphs
        = {Glyph::Off, Glyph::Starting, Glyph::On, Glyph::Doubtful, Glyph::Blocked, Glyph::Attention};
    QImage sheet(kCell * 5, kCell * 24, QImage::Format_RGB32);
    QPainter painter(&sheet);
    int y = 0;
    for (const auto &[panel, ground, symbolic] :
        {std::tuple(QColor(Qt::white), Ground::Light, true), std::tuple(QColor(0x2e, 0x34, 0x36), Ground::Dark, true),
            std::tuple(QColor(Qt::white), Ground::Unknown, false),
            std::tuple(QColor(0x2e, 0x34, 0x36), Ground::Unknown, false)}) {
        painter.fillRect(0, y, sheet.width(), kCell * 6, panel);
        for (const Glyph glyph : glyphs) {
            int x = 4;
            for (const int size : {16, 22, 24, 32, 48}) {
                painter.drawImage(x, y + (kCell - size) / 2, trayImage({glyph, glyph, ground, symbolic}, size));
                x += kCell;
            }
            y += kCell;
        }
    }
    painter.end();
    return sheet;
}

/// Those whose name, with the look at its end, contains `part`.
bool takeAll(const QString &folder, const QString &look, const QString &part)
{
    bool isGood = true;
    for (const Shot &shot : shots()) {
        const QString name = shot.name + look;
        if (!name.contains(part))
            continue;
        const bool isTaken = take(shot, folder + u'/' + name + u".png"_s);
        std::printf("%s %s\n", isTaken ? "took" : "MISSED", qPrintable(name));
        isGood = isGood && isTaken;
    }
    return isGood;
}

} // namespace

int main(int argc, char **argv)
{
    const QApplication application(argc, argv);
    const QString folder = QApplication::arguments().value(1);
    const QString part = QApplication::arguments().value(2);
    if (folder.isEmpty() || !QDir().mkpath(folder)) {
        std::fprintf(stderr, "usage: shots FOLDER [PART OF A NAME]\n");
        return 2;
    }
    bool isGood = iconSheet().save(folder + u"/tray-icons.png"_s);
    const QPalette light = QApplication::palette();
    for (const QString &look : {u""_s, u"-dark"_s, u"-rtl"_s}) {
        QApplication::setPalette(look == u"-dark" ? darkPalette() : light);
        QApplication::setLayoutDirection(look == u"-rtl" ? Qt::RightToLeft : Qt::LeftToRight);
        isGood = takeAll(folder, look, part) && isGood;
        isGood = takeWizards(folder, look, part) && isGood;
    }
    return isGood ? 0 : 1;
}
