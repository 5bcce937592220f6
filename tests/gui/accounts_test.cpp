// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/account_dialog.h"
#include "app/providers/ivpn.h"
#include "app/providers/later.h"
#include "app/providers/mullvad.h"
#include "tests/gui/gui_world.h"
#include "tests/support/provider/provider_server.h"

#include <QMessageBox>
#include <QTest>

using namespace sallyport;
using namespace sallyport::test;
using namespace Qt::StringLiterals;

namespace {

/// Keeps things in memory, or is in trouble.
class FakeKeyring : public Keyring {
public:
    void load(const QString &name, QObject *context, Reply reply) override
    {
        const bool isThere = things.contains(name);
        answer(context, reply, isThere ? KeyringOutcome(things.value(name)) : KeyringOutcome(KeyringTrouble::NotFound));
    }
    void store(const QString &name, const HiddenText &value, QObject *context, Reply reply) override
    {
        if (!trouble)
            things.insert(name, value);
        answer(context, reply, HiddenText());
    }
    void remove(const QString &name, QObject *context, Reply reply) override
    {
        things.remove(name);
        answer(context, reply, HiddenText());
    }

    QHash<QString, HiddenText> things;
    std::optional<KeyringTrouble> trouble;

private:
    void answer(QObject *context, const Reply &reply, const KeyringOutcome &outcome)
    {
        const KeyringOutcome said = trouble ? KeyringOutcome(*trouble) : outcome;
        later(&m_self, context, [reply, said] { reply(said); });
    }

    QObject m_self;
};

/// A dialog with both providers, a helper and a keyring; everything outside is the stand-in.
struct AccountWorld {
    explicit AccountWorld(ProviderServer &server, const QString &scenario = {})
        : helper(bus), connection(bus.connect()), client(connection),
          preferences(folder.filePath(u"preferences.json"_s)), contacts(preferences),
          mullvad(contacts, server.base(), RelayCache(folder.filePath(u"cache"_s))),
          ivpn(contacts, server.base(), RelayCache(folder.filePath(u"cache"_s)))
    {
        server.play(scenario);
        open();
    }
    /// As if the program had been started again.
    void open()
    {
        dialog.reset();
        mullvadFlow = std::make_unique<AccountFlow>(AccountFlow::Parts{mullvad, keyring, client});
        ivpnFlow = std::make_unique<AccountFlow>(AccountFlow::Parts{ivpn, keyring, client});
        dialog = std::make_unique<AccountDialog>(std::vector<AccountFlow *>{mullvadFlow.get(), ivpnFlow.get()});
        dialog->show();
        dialog->panel().open();
    }
    bool settle()
    {
        return QTest::qWaitFor([&] { return dialog->panel().current().model().busy.isEmpty(); }, kPatienceMs);
    }
    QString text() const
    {
        QStringList texts;
        for (const QLabel *label : dialog->findChildren<QLabel *>()) {
            if (label->isVisible())
                texts += label->text();
        }
        return texts.join(u'\n');
    }
    QPushButton *button(const QString &text) const
    {
        for (QPushButton *each : dialog->findChildren<QPushButton *>()) {
            if (each->text().remove(u'&') == text && each->isVisible())
                return each;
        }
        return nullptr;
    }
    bool press(const QString &text)
    {
        QPushButton *wanted = button(text);
        if (!wanted || !wanted->isEnabled())
            return false;
        QTest::mouseClick(wanted, Qt::LeftButton);
        return settle();
    }
    bool logIn(const QString &account = u"1234 5678 1234 5678"_s)
    {
        if (!settle())
            return false;
        auto *edit = dialog->findChild<LogInPage *>()->findChild<QLineEdit *>();
        edit->setText(account);
        return press(u"Log in"_s);
    }
    bool choose(const QString &relay)
    {
        auto *tree = dialog->findChild<QTreeWidget *>();
        const auto items = tree->findItems(relay, Qt::MatchExactly | Qt::MatchRecursive);
        if (items.size() != 1)
            return false;
        tree->setCurrentItem(items.first());
        return true;
    }
    QString lastConfigure() { return helper.log().filter(u"Configure "_s).constLast(); }
    QStringList secrets() { return helper.log().filter(u"ProvideSecret "_s); }

    TestBus bus;
    FakeHelperProcess helper;
    QDBusConnection connection;
    HelperClient client;
    QTemporaryDir folder;
    PreferencesFile preferences;
    NetworkContacts contacts;
    FakeKeyring keyring;
    Mullvad mullvad;
    Ivpn ivpn;
    std::unique_ptr<AccountFlow> mullvadFlow;
    std::unique_ptr<AccountFlow> ivpnFlow;
    std::unique_ptr<AccountDialog> dialog;
};

} // namespace

class AccountsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsAskedUntilAButtonIsPressed();
    void loggingInLeadsToServersByCountryAndCity();
    void wrongAccountIsToldBeforeAndAfterAsking();
    void chosenServerBecomesAnExitWithTheDevicesKey();
    void optionsAreInTheExit();
    void refusedConfigurationIsTold();
    void fullAccountAsksWhichDeviceGoes();
    void accountIsKnownTheNextTimeWithoutAskingAnybody();
    void withoutKeyringThePersonIsToldAndCanGoOn_data();
    void withoutKeyringThePersonIsToldAndCanGoOn();
    void changedKeyReachesEveryExitOfTheAccount();
    void loggingOutAsksThenDeletesDeviceExitsAndSecrets();
    void ivpnEndsAllOthersOrAsksForTheCode();
    void settingsListEveryHostWithASwitch();

private:
    ProviderServer m_server;
};

void AccountsTest::nothingIsAskedUntilAButtonIsPressed()
{
    AccountWorld world(m_server);
    QVERIFY(world.settle());
    QTest::qWait(50);
    QCOMPARE(m_server.log(), QStringList());
    QVERIFY(world.button(u"Log in"_s));
}

void AccountsTest::loggingInLeadsToServersByCountryAndCity()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    QVERIFY2(world.text().contains(u"calm carp 11"_s), qPrintable(world.text()));
    QVERIFY(world.text().contains(u"2040"_s));
    auto *tree = world.dialog->findChild<QTreeWidget *>();
    QCOMPARE(tree->topLevelItemCount(), 2);
    QCOMPARE(tree->topLevelItem(0)->text(0), u"Norway"_s);
    QCOMPARE(tree->topLevelItem(1)->child(0)->text(0), u"Stockholm"_s);
    auto *search = world.dialog->findChild<RelaysPage *>()->findChild<QLineEdit *>();
    search->setText(u"oslo"_s);
    QCOMPARE(tree->topLevelItemCount(), 1);
    QVERIFY(!world.button(u"Add to my exits"_s)->isEnabled());
    auto *typed = world.dialog->findChild<LogInPage *>()->findChild<QLineEdit *>();
    QCOMPARE(typed->text(), QString()); // the number is not left lying about
}

void AccountsTest::wrongAccountIsToldBeforeAndAfterAsking()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn(u"1234"_s));
    QVERIFY(world.text().contains(u"This is no account of Mullvad."_s));
    QCOMPARE(m_server.log(), QStringList());
    QVERIFY(world.logIn(u"1111222233334444"_s));
    QVERIFY2(world.text().contains(u"Mullvad does not know this account number."_s), qPrintable(world.text()));
    QVERIFY(world.logIn()); // and the right one is taken then
    QVERIFY(world.button(u"Add to my exits"_s));
}

void AccountsTest::chosenServerBecomesAnExitWithTheDevicesKey()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    QVERIFY(world.choose(u"se-sto-wg-001"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY2(world.text().contains(u"se-sto-wg-001 is among your exits now."_s), qPrintable(world.text()));
    QVERIFY(world.lastConfigure().endsWith(
        u"; nas; se-sto-wg-001 at 198.51.100.7:51820 from 10.64.3.11/32 asks 10.64.0.1"_s));
    QCOMPARE(world.secrets().size(), 1);
    const QString key = QString::fromLatin1(world.keyring.things.value(u"mullvad/device-key"_s).reveal());
    QCOMPARE(world.secrets().first(), u"ProvideSecret exit/se-sto-wg-001 sealed "_s + key);
}

void AccountsTest::optionsAreInTheExit()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    auto *page = world.dialog->findChild<RelaysPage *>();
    auto *entry = page->findChild<QComboBox *>();
    entry->setCurrentIndex(entry->findData(u"no-osl-wg-003"_s));
    for (QCheckBox *check : page->findChildren<QCheckBox *>())
        check->setChecked(check->text() == u"ads" || check->text() == u"malware");
    QVERIFY(world.choose(u"se-sto-wg-001"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY2(
        world.lastConfigure().endsWith(u"; se-sto-wg-001 via no-osl-wg-003 at 198.51.100.9:3151 from 10.64.3.11/32 "
                                       "asks 100.64.0.5"_s),
        qPrintable(world.lastConfigure()));
    entry->setCurrentIndex(0);
    page->findChild<QSpinBox *>()->setValue(54);
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.text().contains(u"The provider does not answer at this port."_s));
    page->findChild<QSpinBox *>()->setValue(53);
    for (QLineEdit *edit : page->findChildren<QLineEdit *>()) {
        if (edit->placeholderText() == u"the provider's own")
            edit->setText(u"9.9.9.9"_s);
    }
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.lastConfigure().endsWith(u"; se-sto-wg-001 at 198.51.100.7:53 from 10.64.3.11/32 asks 9.9.9.9"_s));
}

void AccountsTest::refusedConfigurationIsTold()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    world.helper.play(u"refused"_s);
    QVERIFY(world.choose(u"se-sto-wg-001"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY2(!world.text().contains(u"is among your exits now"_s), qPrintable(world.text()));
    world.helper.play(u"obeys"_s);
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.text().contains(u"is among your exits now"_s));
}

void AccountsTest::fullAccountAsksWhichDeviceGoes()
{
    AccountWorld world(m_server, u"full"_s);
    QVERIFY(world.logIn());
    auto *list = world.dialog->findChild<QListWidget *>();
    QVERIFY(list->isVisible());
    QCOMPARE(list->count(), 5);
    QVERIFY2(list->item(2)->text().startsWith(u"calm carp 3, since "_s), qPrintable(list->item(2)->text()));
    QVERIFY(!world.button(u"Replace this device"_s)->isEnabled()); // nothing is chosen for the person
    QCOMPARE(m_server.log().filter(u"DELETE"_s), QStringList());
    list->setCurrentRow(2);
    QVERIFY(world.press(u"Replace this device"_s));
    QCOMPARE(m_server.log().filter(u"DELETE"_s), QStringList{u"DELETE /accounts/v1/devices/device-3 Authorization"_s});
    QVERIFY(world.button(u"Add to my exits"_s));
}

void AccountsTest::accountIsKnownTheNextTimeWithoutAskingAnybody()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    m_server.play({});
    world.open();
    QVERIFY(world.settle());
    QVERIFY2(world.text().contains(u"calm carp 11"_s), qPrintable(world.text()));
    QVERIFY(world.choose(u"no-osl-wg-003"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.lastConfigure().contains(u"no-osl-wg-003 at 198.51.100.9:51820 from 10.64.3.11/32"_s));
    QCOMPARE(m_server.log(), QStringList());
    world.keyring.things[u"mullvad/device-key"_s] = HiddenText("nonsense");
    world.open();
    QVERIFY(world.settle());
    QVERIFY(world.button(u"Log in"_s)); // a key that does not fit is none
}

void AccountsTest::withoutKeyringThePersonIsToldAndCanGoOn_data()
{
    QTest::addColumn<KeyringTrouble>("trouble");
    QTest::addColumn<QString>("words");
    QTest::newRow("not built") << KeyringTrouble::NotBuilt << u"built without a keyring"_s;
    QTest::newRow("no service") << KeyringTrouble::NoService << u"Install GNOME Keyring"_s;
    QTest::newRow("locked") << KeyringTrouble::Locked << u"Unlock the keyring"_s;
    QTest::newRow("refused") << KeyringTrouble::Refused << u"Your keyring refused"_s;
    QTest::newRow("failed") << KeyringTrouble::Failed << u"Restart the keyring"_s;
}

void AccountsTest::withoutKeyringThePersonIsToldAndCanGoOn()
{
    QFETCH(KeyringTrouble, trouble);
    QFETCH(QString, words);
    AccountWorld world(m_server);
    QVERIFY(world.settle());
    world.keyring.trouble = trouble;
    QVERIFY(world.logIn());
    QVERIFY2(world.text().contains(words), qPrintable(world.text()));
    QVERIFY(world.choose(u"se-sto-wg-001"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.text().contains(u"is among your exits now"_s));
}

void AccountsTest::changedKeyReachesEveryExitOfTheAccount()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    for (const QString &relay : {u"se-sto-wg-001"_s, u"no-osl-wg-003"_s}) {
        QVERIFY(world.choose(relay));
        QVERIFY(world.press(u"Add to my exits"_s));
    }
    const QByteArray before = world.keyring.things.value(u"mullvad/device-key"_s).reveal();
    world.helper.play(u"refused"_s);
    QVERIFY(world.press(u"Change key"_s));
    QVERIFY2(world.text().contains(u"your exits do not use it yet"_s), qPrintable(world.text()));
    const QByteArray after = world.keyring.things.value(u"mullvad/device-key"_s).reveal();
    QVERIFY(after != before);
    world.helper.play(u"obeys"_s);
    QVERIFY(world.press(u"Change key"_s)); // goes on where it stopped, and changes nothing at the provider again
    QVERIFY(world.text().contains(u"Your exits use the new key."_s));
    QCOMPARE(m_server.log().filter(u"PUT "_s).size(), 1);
    QVERIFY(world.lastConfigure().contains(u"se-sto-wg-001 at 198.51.100.7:51820 from 10.64.7.7/32"_s));
    QVERIFY(world.lastConfigure().contains(u"no-osl-wg-003 at 198.51.100.9:51820 from 10.64.7.7/32"_s));
    for (const QString &exit : {u"se-sto-wg-001"_s, u"no-osl-wg-003"_s})
        QVERIFY(world.secrets().contains(u"ProvideSecret exit/%1 sealed "_s.arg(exit) + QString::fromLatin1(after)));
}

void AccountsTest::loggingOutAsksThenDeletesDeviceExitsAndSecrets()
{
    AccountWorld world(m_server);
    QVERIFY(world.logIn());
    QVERIFY(world.choose(u"se-sto-wg-001"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.press(u"Log out…"_s));
    QVERIFY(world.settle());
    QCOMPARE(m_server.log().filter(u"DELETE"_s), QStringList()); // it asks first
    auto *question = world.dialog->findChild<QMessageBox *>();
    QVERIFY(question && question->isVisible());
    for (QAbstractButton *button : question->buttons()) {
        if (question->buttonRole(button) == QMessageBox::DestructiveRole)
            button->click();
    }
    QVERIFY(world.settle());
    QVERIFY2(world.text().contains(u"You are logged out"_s), qPrintable(world.text()));
    QCOMPARE(m_server.log().filter(u"DELETE"_s).size(), 1);
    QVERIFY(world.lastConfigure().endsWith(u"; nas"_s));
    QVERIFY(world.keyring.things.isEmpty());
}

void AccountsTest::ivpnEndsAllOthersOrAsksForTheCode()
{
    AccountWorld world(m_server, u"full"_s);
    auto *provider = world.dialog->panel().findChild<QComboBox *>();
    QVERIFY(world.settle());
    provider->setCurrentIndex(1);
    Q_EMIT provider->activated(1);
    QVERIFY(world.logIn(u"i-ABCD-EFGH-1234"_s));
    QVERIFY2(world.text().contains(u"only end all other sessions"_s), qPrintable(world.text()));
    QVERIFY(world.press(u"End all other sessions"_s));
    QVERIFY(world.choose(u"se1.wg.ivpn.net"_s));
    QVERIFY(world.press(u"Add to my exits"_s));
    QVERIFY(world.lastConfigure().endsWith(u"; se1 at 198.51.100.20:2049 from 172.27.4.5/32 asks 172.16.0.1"_s));
    world.keyring.things.clear();
    m_server.play(u"second-factor"_s);
    world.open();
    provider = world.dialog->panel().findChild<QComboBox *>();
    QVERIFY(world.settle());
    provider->setCurrentIndex(1);
    Q_EMIT provider->activated(1);
    QVERIFY(world.logIn(u"i-ABCD-EFGH-1234"_s));
    QVERIFY(world.text().contains(u"Code of your second factor"_s) || world.text().contains(u"&Code"_s));
    world.dialog->findChild<LogInPage *>()->findChildren<QLineEdit *>().at(1)->setText(u"123456"_s);
    QVERIFY(world.logIn(u"i-ABCD-EFGH-1234"_s));
    QVERIFY(world.button(u"Add to my exits"_s));
}

void AccountsTest::settingsListEveryHostWithASwitch()
{
    World world({u"--play"_s, u"both"_s});
    QTRY_VERIFY_WITH_TIMEOUT(world.isConnected(), kPatienceMs);
    world.window().setPage(PageId::Settings);
    const auto checks = world.window().settings().contacts().findChildren<QCheckBox *>();
    QCOMPARE(checks.size(), 2);
    QCOMPARE(checks[0]->text(), u"api.mullvad.net – never asked"_s);
    QCOMPARE(checks[1]->text(), u"api.ivpn.net – never asked"_s);
    QVERIFY(checks[0]->isChecked());
    QTest::keyClick(checks[0], Qt::Key_Space);
    QVERIFY(!checks[0]->isChecked());
    QVERIFY(!world.presence.accounts().contacts().enter(u"api.mullvad.net"_s));
    QVERIFY(world.presence.accounts().contacts().enter(u"api.ivpn.net"_s)); // as if it were asked now
    QVERIFY2(checks[1]->text().startsWith(u"api.ivpn.net – last asked "_s), qPrintable(checks[1]->text()));
    world.window().setPage(PageId::Exits);
    for (QPushButton *button : world.window().exits().findChildren<QPushButton *>()) {
        if (button->text().remove(u'&') == u"Add account…")
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_VERIFY_WITH_TIMEOUT(world.window().findChild<AccountDialog *>(), kPatienceMs);
}

int main(int argc, char **argv)
{
    enterPrivateNetwork();
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent"); // nobody's real keyring
    QApplication application(argc, argv);
    AccountsTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "accounts_test.moc"
