// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/gui/test_bus.h"

#include <QDBusContext>
#include <QDBusMessage>
#include <QDBusUnixFileDescriptor>
#include <QElapsedTimer>
#include <QMap>
#include <QProcess>
#include <QVariantMap>

#include <chrono>
#include <optional>

/// What `sally` meets in its tests: a bus, and a helper that keeps what it is given and does as it is told.
namespace sallyport::test {

/// The helper's object, in the test's own process. Remembers everything.
class CliHelper : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.Helper1")
    Q_PROPERTY(QString Version READ version)
    Q_PROPERTY(uint ApiVersion READ apiVersion)

public:
    explicit CliHelper(const QDBusConnection &bus);
    ~CliHelper() override;

    QString version() const { return QStringLiteral(SALLYPORT_VERSION); }
    uint apiVersion() const { return spokenVersion; }

    /// A secret as it came over the bus.
    struct Secret {
        QByteArray content;
        int seals = 0;
    };

    QVariantMap configuration;
    QVariantMap snapshot; ///< extra keys are laid over what the switches say
    QMap<QString, Secret> secrets;
    QList<QVariantMap> intents;
    int configureCalls = 0;
    uint spokenVersion = 1;
    QString refuseWith; ///< the last part of an error's name; empty: obeys
    std::optional<std::chrono::milliseconds> answersAfter = std::chrono::milliseconds(0); ///< none: the exit never does
    bool watched = false;

    void publish();

public Q_SLOTS:
    void Configure(const QVariantMap &map);
    void SetIntent(const QVariantMap &change);
    QVariantMap GetSnapshot();
    QVariantMap GetConfiguration();
    void ProvideSecret(const QString &name, const QDBusUnixFileDescriptor &memfd);
    void Watch(bool on);

Q_SIGNALS:
    void SnapshotChanged(const QVariantMap &snapshot);

private:
    bool isRefused();

    QDBusConnection m_bus;
    bool m_home = false;
    bool m_exit = false;
    QString m_exitName;
    bool m_exitAnswers = false;
    quint64 m_revision = 0;
};

struct Ran {
    int code = -1;
    QString out;
    QString err;
    std::chrono::milliseconds took{0};
};

/// `sally` as a process whose system bus is the test's.
class Sally {
public:
    explicit Sally(QString busAddress) : m_address(std::move(busAddress)) {}

    void start(const QStringList &arguments, const QByteArray &input = {});
    /// The same through another program, such as `unshare -n`.
    void startThrough(const QStringList &prefix, const QStringList &arguments, const QByteArray &input = {});
    Ran finish();
    Ran run(const QStringList &arguments, const QByteArray &input = {});
    QProcess &process() { return m_process; }

private:
    QString m_address;
    QProcess m_process;
    QElapsedTimer m_timer;
};

QVariantMap json(const Ran &ran);

} // namespace sallyport::test
