// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/keyring/keyring.h"

#include <QCoreApplication>
#include <QTest>

#include <cstdio>

using namespace sallyport;
using namespace Qt::StringLiterals;

/// Run by keyring_test.py inside a session of its own; the first argument says what is wrong with that session's keyring.
namespace {

KeyringOutcome wait(const std::function<void(QObject *, Keyring::Reply)> &ask)
{
    QObject context;
    std::optional<KeyringOutcome> outcome;
    ask(&context, [&](const KeyringOutcome &said) { outcome = said; });
    const bool isSynchronous = outcome.has_value();
    if (isSynchronous || !QTest::qWaitFor([&] { return outcome.has_value(); }, 20'000))
        return KeyringTrouble::Failed;
    return *outcome;
}

bool says(const KeyringOutcome &outcome, KeyringTrouble trouble)
{
    return !outcome && outcome.trouble() == trouble;
}

bool works(Keyring &keyring)
{
    const QString name = u"mullvad/device-key"_s;
    const HiddenText secret(QByteArray("\0key\xff text", 10)); // bytes, not letters
    const auto load = [&](QObject *context, Keyring::Reply reply) { keyring.load(name, context, std::move(reply)); };
    const auto store
        = [&](QObject *context, Keyring::Reply reply) { keyring.store(name, secret, context, std::move(reply)); };
    const auto remove
        = [&](QObject *context, Keyring::Reply reply) { keyring.remove(name, context, std::move(reply)); };
    if (!says(wait(load), KeyringTrouble::NotFound) || !wait(store))
        return false;
    const KeyringOutcome loaded = wait(load);
    return loaded && *loaded == secret && wait(remove) && says(wait(load), KeyringTrouble::NotFound);
}

bool isTold(Keyring &keyring, KeyringTrouble trouble)
{
    const KeyringOutcome stored = wait([&](QObject *context, Keyring::Reply reply) {
        keyring.store(u"mullvad/device-key"_s, HiddenText("x"), context, std::move(reply));
    });
    if (!stored)
        std::fprintf(
            stderr, "trouble %d: %s\n", static_cast<int>(stored.trouble()), qPrintable(sentenceOf(stored.trouble())));
    return says(stored, trouble) && !sentenceOf(trouble).isEmpty();
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString session = QCoreApplication::arguments().value(1);
    const auto keyring = desktopKeyring();
    bool isGood = false;
    if (session == u"unlocked")
        isGood = works(*keyring);
    else if (session == u"none")
        isGood = isTold(*keyring, KeyringTrouble::NoService);
    else if (session == u"locked")
        isGood = isTold(*keyring, KeyringTrouble::Locked);
    return isGood ? 0 : 1;
}
