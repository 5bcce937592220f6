// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/storage/state_store.h"
#include "tests/support/sample_configuration.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace sallyport;
using namespace Qt::StringLiterals;

namespace {

SecretBox someSecrets()
{
    SecretBox box;
    box.put(homeSecretName(), SecretKey::generatePrivate());
    box.put(devicePskName(u"nas"_s), SecretKey::generatePreshared());
    box.put(exitSecretName(u"Stockholm, Sweden"_s), SecretKey::generatePrivate());
    return box;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void overwrite(const QString &path, const QByteArray &content)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

} // namespace

class StateStoreTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void whatIsKeptIsFoundAgain();
    void onlyRootCanReadIt();
    void theIntentOutlivesACrashBeforeItIsDurable();
    void everyDamagedByteIsNoticedAndTheFileKeptAside();
    void aFolderThatCannotBeWrittenIsSaid();
    void nothingIsLeftBehind();
    void lostSwitchesBlockOnlyWhoWasEverProtected();
    void aMissingIntentIsALostOne();
    void wordOfUnlockIsHeardOnce();
    void whatAKilledWriterLeftIsSweptAndNothingElse();

private:
    QString state() const { return m_folder->path() + u"/state"_s; }
    QString run() const { return m_folder->path() + u"/run"_s; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void StateStoreTest::whatIsKeptIsFoundAgain()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    const SecretBox secrets = someSecrets();
    QVERIFY(store.saveConfiguration(sample::configuration(), secrets));
    Intent intent{true, true, u"se"_s, false};
    intent.paths = {{u"nas"_s, *HostEndpoint::parse(u"10.41.1.4:53333"), Preference::Forbid}};
    QVERIFY(store.saveIntent(intent));
    QVERIFY(store.settle());
    QFile::remove(run() + u"/intent"_s); // as a reboot does
    const auto loaded = StateStore(state(), run()).load();
    QVERIFY(loaded);
    QVERIFY(!loaded->damage);
    QCOMPARE(loaded->configuration, sample::configuration());
    QCOMPARE(loaded->intent, intent);
    QCOMPARE(loaded->secrets.known(), secrets.known());
    QVERIFY(loaded->secrets.find(homeSecretName())->equals(*secrets.find(homeSecretName())));
}

void StateStoreTest::onlyRootCanReadIt()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    QVERIFY(store.saveConfiguration(sample::configuration(), someSecrets()));
    QVERIFY(store.saveIntent({}));
    QVERIFY(store.settle());
    const auto mode = [](const QString &path) { return QFileInfo(path).permissions() & QFile::Permissions(0x0777); };
    const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
        | QFile::WriteOther | QFile::ExeOther;
    QVERIFY(!(mode(state()) & others));
    QVERIFY(!(mode(state() + u"/configuration"_s) & others));
    QVERIFY(!(mode(state() + u"/intent"_s) & others));
}

void StateStoreTest::theIntentOutlivesACrashBeforeItIsDurable()
{
    {
        StateStore store(state(), run());
        QVERIFY(store.load());
        QVERIFY(store.saveIntent({true, false, {}, false}));
    } // never settled
    const auto loaded = StateStore(state(), run()).load();
    QVERIFY(loaded);
    QCOMPARE(loaded->intent, (Intent{true, false, {}, false}));
}

void StateStoreTest::everyDamagedByteIsNoticedAndTheFileKeptAside()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    QVERIFY(store.saveConfiguration(sample::configuration(), someSecrets()));
    const QString path = state() + u"/configuration"_s;
    const QByteArray whole = contentOf(path);
    for (qsizetype i = 0; i < whole.size(); i += 7) {
        QByteArray broken = whole;
        broken[i] = static_cast<char>(broken[i] ^ 0x20);
        overwrite(path, broken);
        const auto loaded = StateStore(state(), run()).load();
        QVERIFY(loaded);
        QVERIFY2(loaded->damage, qPrintable(QString::number(i)));
        QCOMPARE(loaded->configuration, Configuration{});
        QCOMPARE(contentOf(path + u".damaged"_s), broken);
    }
    for (qsizetype length = 0; length < whole.size(); length += 31) {
        overwrite(path, whole.first(length));
        QVERIFY(StateStore(state(), run()).load()->damage);
    }
}

void StateStoreTest::aFolderThatCannotBeWrittenIsSaid()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    QVERIFY(store.saveIntent({true, false, {}, false}));
    QVERIFY(store.settle());
    QVERIFY(QFile::rename(state(), state() + u".away"_s)); // root ignores permissions, nobody writes where nothing is
    const auto refused = store.saveIntent({});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::StorageFailed);
    QVERIFY(!store.saveConfiguration({}, {}));
    QVERIFY(QFile::rename(state() + u".away"_s, state()));
    QCOMPARE(StateStore(state(), run()).load()->intent, (Intent{true, false, {}, false}));
}

void StateStoreTest::lostSwitchesBlockOnlyWhoWasEverProtected()
{
    for (const bool protectedOnce : {false, true}) {
        init();
        StateStore store(state(), run());
        QVERIFY(store.load());
        QVERIFY(store.saveIntent({true, protectedOnce, u"se"_s, false}));
        QVERIFY(store.saveIntent({true, false, u"se"_s, false}));
        QVERIFY(store.settle());
        overwrite(state() + u"/intent"_s, "rubbish");
        overwrite(run() + u"/intent"_s, "rubbish");
        const auto loaded = StateStore(state(), run()).load();
        QVERIFY(loaded && loaded->damage);
        QCOMPARE(loaded->intent, (Intent{false, false, {}, protectedOnce}));
    }
}

void StateStoreTest::aMissingIntentIsALostOne()
{
    QVERIFY(!StateStore(state(), run()).load()->intent.lockdown); // a fresh install never blocks
    StateStore store(state(), run());
    QVERIFY(store.saveIntent({false, false, {}, true}));
    QVERIFY(store.settle());
    QFile::remove(state() + u"/intent"_s);
    QFile::remove(run() + u"/intent"_s);
    QVERIFY(StateStore(state(), run()).load()->intent.lockdown);
}

void StateStoreTest::wordOfUnlockIsHeardOnce()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    const Intent locked{true, true, u"se"_s, true};
    const Intent unlocked{true, false, u"se"_s, false};
    QVERIFY(store.saveIntent(locked));
    QVERIFY(store.settle());
    overwrite(state() + u"/unlocked"_s, {});
    QCOMPARE(StateStore(state(), run()).load()->intent, unlocked);
    QCOMPARE(StateStore(state(), run()).load()->intent, unlocked);
    QVERIFY(store.saveIntent(locked));
    QVERIFY(store.settle());
    QCOMPARE(StateStore(state(), run()).load()->intent, locked);
}

void StateStoreTest::nothingIsLeftBehind()
{
    StateStore store(state(), run());
    QVERIFY(store.load());
    for (int i = 0; i < 5; ++i) {
        QVERIFY(store.saveConfiguration(sample::configuration(), someSecrets()));
        QVERIFY(store.saveIntent({i % 2 == 0, false, {}, false}));
    }
    QVERIFY(store.settle());
    QStringList files;
    for (QDirIterator it(m_folder->path(), QDir::Files, QDirIterator::Subdirectories); it.hasNext();)
        files += QFileInfo(it.next()).fileName();
    files.sort();
    QCOMPARE(files, QStringList({u"configuration"_s, u"intent"_s, u"intent"_s}));
}

void StateStoreTest::whatAKilledWriterLeftIsSweptAndNothingElse()
{
    QVERIFY(StateStore(state(), run()).load());
    const QStringList left = {state() + u"/intent.sallyport-aZ09bc"_s, state() + u"/configuration.sallyport-123456"_s,
        run() + u"/intent.sallyport-abcdef"_s};
    const QStringList others = {state() + u"/configuration.damaged"_s, state() + u"/configuration.backup"_s,
        state() + u"/intent.sallyport-abcdefg"_s, state() + u"/intent.sallyport-abc.ef"_s,
        state() + u"/my-intent.sallyport-abcdef"_s};
    for (const QString &path : left + others)
        overwrite(path, "half");
    QVERIFY(StateStore(state(), run()).load());
    for (const QString &path : left)
        QVERIFY2(!QFile::exists(path), qPrintable(path));
    for (const QString &path : others)
        QVERIFY2(QFile::exists(path), qPrintable(path));
    // The names above are those that a writer uses.
    auto unfinished = AtomicFile::prepare(state() + u"/intent"_s, {});
    QVERIFY(unfinished);
    QCOMPARE(QDir(state()).entryList({u"intent.sallyport-??????"_s}, QDir::Files).size(), 2); // with abc.ef
}

QTEST_GUILESS_MAIN(StateStoreTest)
#include "state_store_test.moc"
