// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/name_resolver.h"

#include "app/descriptor.h"

#include <QMutex>
#include <QSocketNotifier>

#include <algorithm>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/eventfd.h>
#include <thread>

namespace sallyport {

namespace {

constexpr int kThreads = 8;

struct FreeAddresses {
    void operator()(addrinfo *list) const noexcept { freeaddrinfo(list); }
};

std::span<const quint8> rawAddress(const sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const auto *v4 = reinterpret_cast<const sockaddr_in *>(address);
        return {reinterpret_cast<const quint8 *>(&v4->sin_addr), 4};
    }
    const auto *v6 = reinterpret_cast<const sockaddr_in6 *>(address);
    return {reinterpret_cast<const quint8 *>(&v6->sin6_addr), 16};
}

std::vector<IpAddress> lookUp(const QByteArray &name)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo *list = nullptr;
    if (getaddrinfo(name.constData(), nullptr, &hints, &list) != 0)
        return {};
    const std::unique_ptr<addrinfo, FreeAddresses> owner(list);
    std::vector<IpAddress> addresses;
    for (const addrinfo *each = list; each; each = each->ai_next) {
        if (each->ai_family == AF_INET || each->ai_family == AF_INET6)
            addresses.push_back(IpAddress::fromBytes(
                each->ai_family == AF_INET ? Family::IPv4 : Family::IPv6, rawAddress(each->ai_addr)));
    }
    // Servers turn their answers round; a configuration must not change because of that.
    std::ranges::sort(addresses);
    const auto rest = std::ranges::unique(addresses);
    addresses.erase(rest.begin(), rest.end());
    return addresses;
}

} // namespace

/// Shared by the threads and the resolver; whoever is last frees it.
struct NameResolver::Job {
    explicit Job(QStringList names) : waiting(std::move(names)), unanswered(waiting.size()) {}

    void work()
    {
        for (;;) {
            QMutexLocker lock(&mutex);
            if (waiting.isEmpty())
                return;
            const QString name = waiting.takeFirst();
            lock.unlock();
            const std::vector<IpAddress> addresses = lookUp(name.toLatin1());
            lock.relock();
            if (!addresses.empty())
                found.insert(name, addresses);
            if (--unanswered == 0)
                eventfd_write(done.get(), 1);
        }
    }

    QMutex mutex;
    QStringList waiting;
    qsizetype unanswered = 0;
    ResolvedNames found;
    Descriptor done{eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

NameResolver::NameResolver(std::chrono::milliseconds limit, QObject *parent) : QObject(parent)
{
    m_deadline.setSingleShot(true);
    m_deadline.setInterval(limit);
    connect(&m_deadline, &QTimer::timeout, this, [this] { collect(true); });
}

NameResolver::~NameResolver() = default;

void NameResolver::resolve(const QStringList &names, Reply reply)
{
    m_reply = std::move(reply);
    m_job = std::make_shared<Job>(names);
    m_deadline.start();
    if (names.isEmpty()) {
        QTimer::singleShot(0, this, [this] { collect(true); });
        return;
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_job->done.get(), QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, [this] { collect(false); });
    for (int i = 0; i < std::min<int>(kThreads, int(names.size())); ++i)
        std::thread([job = m_job] { job->work(); }).detach();
}

void NameResolver::collect(bool timeIsOver)
{
    QMutexLocker lock(&m_job->mutex);
    if (m_job->unanswered > 0 && !timeIsOver)
        return;
    m_job->waiting.clear();
    const ResolvedNames found = m_job->found;
    lock.unlock();
    m_deadline.stop();
    if (m_notifier)
        m_notifier->setEnabled(false);
    if (const Reply reply = std::exchange(m_reply, {}))
        reply(found);
}

} // namespace sallyport
