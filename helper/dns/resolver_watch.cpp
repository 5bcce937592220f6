// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/dns/resolver_watch.h"

#include <QFileInfo>
#include <QLoggingCategory>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/inotify.h>

namespace sallyport::dns {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(lcWatch, "sallyport.dns.watch")

constexpr uint32_t kEvents
    = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE | IN_ATTRIB | IN_ONLYDIR;

} // namespace

ResolverWatch::ResolverWatch(QDBusConnection bus, QString resolvConf, QObject *parent)
    : QObject(parent), m_bus(std::move(bus)), m_resolvConf(std::move(resolvConf))
{
}

void ResolverWatch::start()
{
    const QString daemon = u"org.freedesktop.DBus"_s;
    m_bus.connect(daemon, u"/org/freedesktop/DBus"_s, daemon, u"NameOwnerChanged"_s, {u"org.freedesktop.resolve1"_s},
        QString(), this, SLOT(nameOwnerChanged(QString, QString, QString)));
    const QString manager = u"org.freedesktop.NetworkManager"_s;
    m_bus.connect(manager, u"/org/freedesktop/NetworkManager"_s, manager, u"StateChanged"_s, this, SLOT(tell()));
    m_bus.connect(manager, u"/org/freedesktop/NetworkManager/DnsManager"_s, u"org.freedesktop.DBus.Properties"_s,
        u"PropertiesChanged"_s, this, SLOT(tell()));
    if (!watchFolder())
        qCWarning(lcWatch, "changes of %s cannot be watched: %s", qUtf8Printable(m_resolvConf),
            qUtf8Printable(qt_error_string(errno)));
}

void ResolverWatch::tell()
{
    Q_EMIT changed();
}

void ResolverWatch::nameOwnerChanged(const QString &, const QString &, const QString &after)
{
    // One that has gone takes with it what was set; there is nobody to tell until the next one comes.
    if (!after.isEmpty())
        Q_EMIT changed();
}

/// The folder, because a file that is replaced by another is no longer watched.
bool ResolverWatch::watchFolder()
{
    const QByteArray folder = QFileInfo(m_resolvConf).path().toUtf8();
    m_inotify = FileHandle(inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
    if (!m_inotify || inotify_add_watch(m_inotify.get(), folder.constData(), kEvents) < 0)
        return false;
    m_notifier = std::make_unique<QSocketNotifier>(m_inotify.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ResolverWatch::readEvents);
    return true;
}

void ResolverWatch::readEvents()
{
    alignas(inotify_event) std::array<char, 4096> room{};
    const QByteArray name = QFileInfo(m_resolvConf).fileName().toUtf8();
    bool concerned = false;
    ssize_t size = 0;
    while ((size = read(m_inotify.get(), room.data(), room.size())) > 0) {
        for (const char *next = room.data(); next < room.data() + size;) {
            inotify_event event{};
            std::memcpy(&event, next, sizeof event);
            const char *written = next + sizeof event;
            concerned = concerned || (event.mask & IN_Q_OVERFLOW) != 0 || (event.len > 0 && name == written);
            next = written + event.len;
        }
    }
    if (concerned)
        Q_EMIT changed();
}

} // namespace sallyport::dns
