// SPDX-License-Identifier: GPL-2.0-or-later
// The wizard against the fake helper, offscreen.
#include "app/wizard/setup_desk.h"
#include "tests/gui/test_bus.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QMimeData>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr int kPatienceMs = 10000;
constexpr auto kConf
    = "[Interface]\nPrivateKey = oK56DE9Ue9zK76rAc8pBl6opph+1v36lm7cXXsQKrQM=\nAddress = 10.64.3.7/32\n"
      "PostUp = touch /tmp/ran\n\n[Peer]\nPublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"
      "AllowedIPs = 0.0.0.0/0\nEndpoint = 198.51.100.7:51820\n";

struct Desk {
    explicit Desk(const QString &scenario) : helper(bus, {u"--play"_s, scenario}) { run(); }

    /// The program begins, or begins again.
    void run(bool mayOffer = false)
    {
        desk.reset();
        store.reset();
        client = std::make_unique<HelperClient>(bus.connect());
        store = std::make_unique<Store>(*client);
        desk = std::make_unique<SetupDesk>(SetupDesk::Parts{
            *client, *store, Autostart(folder.path(), u"sallyport"_s), draftPath(), [this] { return clock; }});
        desk->begin(mayOffer);
        store->start();
    }
    QString draftPath() const { return folder.filePath(u"wizard.json"_s); }
    SetupWizard &wizard() { return desk->wizard(); }
    void open(WizardTask task)
    {
        QVERIFY(QTest::qWaitFor([&] { return store->link().state == Link::State::Connected; }, kPatienceMs));
        const qsizetype asked = helper.count(u"GetConfiguration"_s);
        desk->open();
        QVERIFY(QTest::qWaitFor([&] { return helper.count(u"GetConfiguration"_s) > asked; }, kPatienceMs));
        QTest::qWait(50); // its answer
        Q_EMIT wizard().start().chosen(task);
    }
    QPushButton *button(const QString &text)
    {
        for (QPushButton *one : wizard().findChildren<QPushButton *>()) {
            if (one->text().remove(u'&') == text && one->isVisible())
                return one;
        }
        return nullptr;
    }
    bool canPress(const QString &text) { return button(text) && button(text)->isEnabled(); }
    void type(QWidget &page, int field, const QString &text)
    {
        page.findChildren<QLineEdit *>().at(field)->setText(text);
    }
    QString text()
    {
        QStringList texts;
        for (const QLabel *label : wizard().findChildren<QLabel *>()) {
            if (label->isVisible())
                texts += label->text();
        }
        return texts.join(u'\n');
    }
    bool waitForPhone(PhoneSession::Stage stage)
    {
        return QTest::qWaitFor([&] { return desk->phone().stage() == stage; }, kPatienceMs);
    }
    void showCode()
    {
        open(WizardTask::AddPhone);
        type(wizard().phone(), 0, u"Phone"_s);
        type(wizard().phone(), 1, u"192.168.1.20:20001"_s);
        button(u"Show the code"_s)->click();
        QVERIFY(waitForPhone(PhoneSession::Stage::Waiting));
    }

    QTemporaryDir folder;
    TestBus bus;
    FakeHelperProcess helper;
    std::chrono::sys_seconds clock{1'000'000s};
    std::unique_ptr<HelperClient> client;
    std::unique_ptr<Store> store;
    std::unique_ptr<SetupDesk> desk;
};

} // namespace

class WizardTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void emptyConfiguration_isOfferedTheWizardOnce();
    void home_isCreatedWithAKeyOfItsOwn();
    void networks_thatAreInUseCannotBeTaken();
    void names_inAnyScriptAndVeryLong();
    void conf_isShownLineByLineBeforeItIsTaken();
    void rubbish_isToldAndNotTaken();
    void clipboard_withoutAnythingSaysSo();
    void file_canBeDropped();
    void device_getsAFileAndIsInHome();
    void phone_isKeptAfterItsHandshake();
    void phone_isTakenBackWhenItsTimeIsOver();
    void phone_isTakenBackWhenTheWizardCloses();
    void phone_ofACrashedProgramIsTakenBack();
    void draft_survivesWithoutSecrets();
    void everything_canBeDoneByKeyboard();
};

void WizardTest::emptyConfiguration_isOfferedTheWizardOnce()
{
    Desk desk(u"empty"_s);
    desk.run(true);
    QTRY_VERIFY_WITH_TIMEOUT(desk.wizard().isVisible(), kPatienceMs);
    desk.wizard().close();
    desk.helper.play(u"empty"_s);
    QTest::qWait(100);
    QVERIFY(!desk.wizard().isVisible());
    Desk other(u"off"_s);
    other.run(true);
    QTRY_VERIFY_WITH_TIMEOUT(other.store->link().state == Link::State::Connected, kPatienceMs);
    QVERIFY(!other.wizard().isVisible());
}

void WizardTest::home_isCreatedWithAKeyOfItsOwn()
{
    Desk desk(u"empty"_s);
    desk.open(WizardTask::CreateHome);
    QTRY_VERIFY_WITH_TIMEOUT(desk.canPress(u"Create"_s), kPatienceMs);
    desk.button(u"Create"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(desk.wizard().page(), SetupWizard::Page::End, kPatienceMs);
    QVERIFY(desk.helper.log().filter(u"ProvideSecret home sealed"_s).size() == 1);
    QVERIFY(!QFile::exists(desk.draftPath()));
}

void WizardTest::networks_thatAreInUseCannotBeTaken()
{
    Desk desk(u"empty"_s);
    desk.open(WizardTask::CreateHome);
    QTRY_VERIFY_WITH_TIMEOUT(desk.canPress(u"Create"_s), kPatienceMs);
    const auto fields = desk.wizard().home().findChildren<QLineEdit *>();
    const auto field
        = std::ranges::find_if(fields, [](const QLineEdit *each) { return each->text().contains(u"/24"); });
    QVERIFY(field != fields.end());
    for (const QString &taken :
        {u"10.64.7.0/24"_s, u"100.80.0.0/24"_s, u"8.8.8.0/24"_s, u"10.0.0.0"_s, u"10.7.0.0/32"_s}) {
        (*field)->setText(taken);
        QVERIFY2(!desk.canPress(u"Create"_s), qPrintable(taken));
    }
    desk.wizard().home().findChild<QPushButton *>()->click();
    QVERIFY((*field)->text() != u"10.7.0.0/32");
    QVERIFY(desk.canPress(u"Create"_s));
}

void WizardTest::names_inAnyScriptAndVeryLong()
{
    for (const QString &name : {u"حاسوبي المحمول"_s, u"ノートパソコン"_s, QString(1024, u'W')}) {
        Desk desk(u"empty"_s);
        desk.open(WizardTask::CreateHome);
        const int width = desk.wizard().width();
        desk.type(desk.wizard().home(), 0, name);
        desk.type(desk.wizard().home(), 1, name);
        desk.button(u"Create"_s)->click();
        QTRY_COMPARE_WITH_TIMEOUT(desk.wizard().page(), SetupWizard::Page::End, kPatienceMs);
        QCOMPARE(desk.wizard().width(), width);
    }
}

void WizardTest::conf_isShownLineByLineBeforeItIsTaken()
{
    Desk desk(u"off"_s);
    desk.open(WizardTask::Import);
    QGuiApplication::clipboard()->setText(QString::fromLatin1(kConf));
    desk.button(u"From the clipboard"_s)->click();
    const QAbstractItemModel &lines = *desk.wizard().findChild<QTableView *>()->model();
    QStringList refused;
    for (int row = 0; row < lines.rowCount(); ++row) {
        if (lines.index(row, 2).data().toString() == u"refused")
            refused += lines.index(row, 1).data().toString();
    }
    QCOMPARE(refused, QStringList{u"PostUp"_s});
    QCOMPARE(desk.helper.log().filter(u"Configure"_s).filter(u"Get"_s).size(),
        desk.helper.log().filter(u"Configure"_s).size());
    desk.button(u"Take over"_s)->click();
    QTRY_COMPARE_WITH_TIMEOUT(desk.wizard().page(), SetupWizard::Page::End, kPatienceMs);
}

void WizardTest::rubbish_isToldAndNotTaken()
{
    Desk desk(u"off"_s);
    desk.open(WizardTask::Import);
    QFile file(desk.folder.filePath(u"صورة.png"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("\x89PNG\r\n\x1a\nrubbish") > 0);
    file.close();
    desk.desk->openFiles({file.fileName()});
    QVERIFY(desk.text().contains(u"damaged"_s));
    QVERIFY(!desk.canPress(u"Take over"_s));
}

void WizardTest::clipboard_withoutAnythingSaysSo()
{
    Desk desk(u"off"_s);
    desk.open(WizardTask::Import);
    QGuiApplication::clipboard()->clear();
    desk.button(u"From the clipboard"_s)->click();
    QVERIFY(desk.text().contains(u"neither text nor a picture"_s));
}

void WizardTest::file_canBeDropped()
{
    Desk desk(u"off"_s);
    desk.open(WizardTask::None);
    QFile file(desk.folder.filePath(u"work.conf"_s));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(kConf) > 0);
    file.close();
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(file.fileName())});
    QDragEnterEvent enter({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&desk.wizard(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop({10, 10}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&desk.wizard(), &drop);
    QCOMPARE(desk.wizard().page(), SetupWizard::Page::Import);
    QVERIFY(desk.text().contains(u"work"_s));
    QVERIFY(desk.canPress(u"Take over"_s));
}

void WizardTest::device_getsAFileAndIsInHome()
{
    Desk desk(u"off"_s);
    desk.open(WizardTask::AddDevice);
    desk.type(desk.wizard().device(), 0, u"デスクトップ"_s);
    desk.type(desk.wizard().device(), 1, u"192.168.1.20:20001"_s);
    desk.button(u"Make its file"_s)->click();
    QTRY_VERIFY_WITH_TIMEOUT(desk.button(u"Save its file…"_s), kPatienceMs);
    QTRY_COMPARE_WITH_TIMEOUT(desk.helper.devices().size(), 2, kPatienceMs);
    QVERIFY(desk.helper.log().filter(u"ProvideSecret"_s).isEmpty());
}

void WizardTest::phone_isKeptAfterItsHandshake()
{
    Desk desk(u"home-on"_s);
    desk.showCode();
    QVERIFY(desk.text().contains(u"Waiting for the phone…"_s));
    QCOMPARE(desk.helper.devices(), (QStringList{u"nas"_s, u"phone"_s}));
    QVERIFY(desk.desk->needsWatch());
    desk.helper.shakeHands();
    QVERIFY(desk.waitForPhone(PhoneSession::Stage::Joined));
    QVERIFY(!desk.desk->phone().code());
    QVERIFY(desk.text().contains(u"used up"_s));
    desk.clock += 24h;
    desk.desk->phone().tick();
    desk.wizard().close();
    desk.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk.store->link().state == Link::State::Connected, kPatienceMs);
    QTest::qWait(100);
    QCOMPARE(desk.helper.devices(), (QStringList{u"nas"_s, u"phone"_s}));
    QVERIFY(desk.helper.log().filter(u"ProvideSecret"_s).isEmpty());
}

void WizardTest::phone_isTakenBackWhenItsTimeIsOver()
{
    Desk desk(u"home-on"_s);
    desk.showCode();
    desk.clock += kPhonePatience - 1s;
    desk.desk->phone().tick();
    QCOMPARE(desk.desk->phone().stage(), PhoneSession::Stage::Waiting);
    desk.clock += 1s;
    desk.desk->phone().tick();
    QCOMPARE(desk.desk->phone().stage(), PhoneSession::Stage::Expired);
    QTRY_COMPARE_WITH_TIMEOUT(desk.helper.devices(), QStringList{u"nas"_s}, kPatienceMs);
    QVERIFY(!desk.desk->phone().code());
}

void WizardTest::phone_isTakenBackWhenTheWizardCloses()
{
    Desk desk(u"home-on"_s);
    desk.showCode();
    desk.wizard().close();
    QTRY_COMPARE_WITH_TIMEOUT(desk.helper.devices(), QStringList{u"nas"_s}, kPatienceMs);
}

void WizardTest::phone_ofACrashedProgramIsTakenBack()
{
    Desk desk(u"home-on"_s);
    desk.showCode();
    QFile draft(desk.draftPath());
    QVERIFY(draft.open(QIODevice::ReadOnly));
    const QByteArray left = draft.readAll();
    desk.wizard().hide();
    QTRY_COMPARE_WITH_TIMEOUT(desk.helper.devices(), QStringList{u"nas"_s}, kPatienceMs);
    desk.showCode(); // and this one dies: the file is as it was while the code was shown
    QFile again(desk.draftPath());
    QVERIFY(again.open(QIODevice::ReadOnly));
    const QByteArray dying = again.readAll();
    QVERIFY(dying != left);
    desk.desk.reset();
    QCOMPARE(desk.helper.devices(), (QStringList{u"nas"_s, u"phone"_s}));
    desk.run();
    QTRY_COMPARE_WITH_TIMEOUT(desk.helper.devices(), QStringList{u"nas"_s}, kPatienceMs);
}

void WizardTest::draft_survivesWithoutSecrets()
{
    Desk desk(u"home-on"_s);
    desk.showCode();
    desk.type(desk.wizard().phone(), 0, u"電話"_s);
    QFile file(desk.draftPath());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const WizardDraft draft = decodeDraft(file.readAll());
    QCOMPARE(draft.task, WizardTask::AddPhone);
    QCOMPARE(draft.newDeviceName, u"電話"_s);
    file.seek(0);
    QCOMPARE(file.readAll().count("="), 1); // the public key's
    desk.wizard().close();
    desk.run();
    QTRY_VERIFY_WITH_TIMEOUT(desk.store->link().state == Link::State::Connected, kPatienceMs);
    desk.desk->open();
    QTRY_VERIFY_WITH_TIMEOUT(desk.text().contains(u"in the middle"_s), kPatienceMs);
}

void WizardTest::everything_canBeDoneByKeyboard()
{
    Desk desk(u"empty"_s);
    desk.open(WizardTask::None);
    desk.wizard().activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&desk.wizard()));
    QTest::keyClick(&desk.wizard(), Qt::Key_C, Qt::AltModifier);
    QTRY_COMPARE_WITH_TIMEOUT(desk.wizard().page(), SetupWizard::Page::Home, kPatienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(desk.canPress(u"Create"_s), kPatienceMs);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(desk.wizard().page(), SetupWizard::Page::End, kPatienceMs);
    QTest::keyClick(&desk.wizard(), Qt::Key_Escape);
    QVERIFY(!desk.wizard().isVisible());
}

QTEST_MAIN(WizardTest)
#include "wizard_test.moc"
