// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/snapshot.h"
#include "tests/ipc/helper_world.h"

#include <memory>

namespace sallyport::test {

/// How `sally` ended.
struct Told {
    int code = -1;
    QByteArray out;
    QByteArray err;
};

/// The real helper with a small configuration, and a person who may do everything. Home and the exit have been on and off
/// once, so whatever fails afterwards fails because of what the test has broken.
class ConfiguredWorld {
public:
    ConfiguredWorld();

    QDBusMessage answerTo(const QDBusPendingCall &call);
    QDBusMessage setIntent(const QVariantMap &change);
    QDBusMessage configure(const QVariantMap &configuration);
    QVariantMap rawSnapshot();
    Snapshot snapshot() { return decodeRaw(rawSnapshot()); }
    /// The real `sally` on the helper's bus.
    Told sally(const QStringList &arguments);
    /// Starts the helper again, after `meanwhile`.
    void restart(const std::function<void()> &meanwhile, const HelperWorld::InChild &handicap = {});

    HelperWorld helper;
    std::unique_ptr<FakePolkit> polkit;
    Caller caller;
    QVariantMap configuration = smallConfiguration();

private:
    static Snapshot decodeRaw(const QVariantMap &raw);
};

/// A test whose every function has a ConfiguredWorld of its own. Its log is shown when something fails.
class ConfiguredTest : public QObject {
    Q_OBJECT

protected:
    void run(const QString &command) { m_world->helper.inside(command.split(u' ')); }

    std::unique_ptr<ConfiguredWorld> m_world;

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
};

/// Empty, or what is wrong with a sentence that is meant for a person.
QString faultOfSentence(const QString &sentence);
/// The lines that only one of two systems has; links that were made anew have other numbers and another order.
QByteArray difference(const QByteArray &one, const QByteArray &other);
/// The process of wireguard-go that serves that interface; 0: none.
qint64 wireguardGo(const HelperWorld &world, const QString &link);

} // namespace sallyport::test
