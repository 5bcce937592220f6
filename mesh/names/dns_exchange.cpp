// SPDX-License-Identifier: GPL-2.0-or-later
#include "mesh/names/dns_exchange.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sodium.h>
#include <sys/socket.h>

namespace sallyport::mesh {

namespace {

constexpr std::size_t kRoom = 65535 + 2;
constexpr int kTriesOfEach = 2;
constexpr int kMostDatagrams = 16; ///< read for one wake-up; wrong ones are free of charge for whoever sends them

struct NativeAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

NativeAddress nativeOf(const Endpoint &endpoint)
{
    NativeAddress native;
    const auto bytes = endpoint.address.bytes();
    if (endpoint.address.family() == Family::IPv4) {
        auto *four = reinterpret_cast<sockaddr_in *>(&native.storage);
        four->sin_family = AF_INET;
        four->sin_port = htons(endpoint.port);
        std::memcpy(&four->sin_addr, bytes.data(), bytes.size());
        native.size = sizeof *four;
    } else {
        auto *six = reinterpret_cast<sockaddr_in6 *>(&native.storage);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(endpoint.port);
        six->sin6_scope_id = endpoint.scopeId;
        std::memcpy(&six->sin6_addr, bytes.data(), bytes.size());
        native.size = sizeof *six;
    }
    return native;
}

} // namespace

DnsTry::DnsTry(DnsQuestion question, Endpoint server, QObject *parent)
    : QObject(parent), m_question(std::move(question)), m_server(server)
{
    randombytes_buf(&m_id, sizeof m_id);
}

void DnsTry::start()
{
    // Not from here: who starts this has not seen it yet.
    QTimer::singleShot(0, this, &DnsTry::askByDatagram);
}

/// Connected, so that only that server is heard, from a port that the kernel draws.
bool DnsTry::open(int type)
{
    m_readable.reset();
    m_writable.reset();
    const NativeAddress native = nativeOf(m_server);
    m_socket = FileHandle(socket(native.storage.ss_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!m_socket)
        return false;
    const int done = ::connect(m_socket.get(), reinterpret_cast<const sockaddr *>(&native.storage), native.size);
    if (done != 0 && errno != EINPROGRESS)
        return false;
    m_readable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Read);
    return true;
}

void DnsTry::askByDatagram()
{
    const QByteArray bytes = encodeQuestion(m_question, m_id);
    if (!open(SOCK_DGRAM) || ::send(m_socket.get(), bytes.constData(), std::size_t(bytes.size()), MSG_NOSIGNAL) < 0)
        return fail();
    QObject::connect(m_readable.get(), &QSocketNotifier::activated, this, &DnsTry::readDatagrams);
}

void DnsTry::readDatagrams()
{
    QByteArray room(qsizetype(kRoom), Qt::Uninitialized);
    for (int count = 0; count < kMostDatagrams; ++count) {
        const ssize_t size = recv(m_socket.get(), room.data(), std::size_t(room.size()), MSG_DONTWAIT);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (size < 0)
            return fail();
        const auto reply = decodeReply(QByteArrayView(room).first(size), m_question, m_id);
        if (reply && reply->kind == DnsReply::Kind::Truncated)
            return askByStream();
        if (reply)
            return finish(*reply);
    }
}

void DnsTry::askByStream()
{
    const QByteArray bytes = encodeQuestion(m_question, m_id);
    m_toWrite = QByteArray(1, char(bytes.size() >> 8)) + char(bytes.size() & 0xff) + bytes;
    // Who is called is in the middle of using the old notifier.
    m_readable->setEnabled(false);
    m_readable.release()->deleteLater();
    if (!open(SOCK_STREAM))
        return fail();
    m_writable = std::make_unique<QSocketNotifier>(m_socket.get(), QSocketNotifier::Write);
    QObject::connect(m_writable.get(), &QSocketNotifier::activated, this, &DnsTry::writeStream);
    QObject::connect(m_readable.get(), &QSocketNotifier::activated, this, &DnsTry::readStream);
}

void DnsTry::writeStream()
{
    const ssize_t size
        = ::send(m_socket.get(), m_toWrite.constData(), std::size_t(m_toWrite.size()), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (size < 0 && errno != EAGAIN && errno != EINTR)
        return fail();
    m_toWrite.remove(0, std::max<qsizetype>(size, 0));
    m_writable->setEnabled(!m_toWrite.isEmpty());
}

void DnsTry::readStream()
{
    QByteArray room(qsizetype(kRoom) - m_read.size(), Qt::Uninitialized);
    const ssize_t size = recv(m_socket.get(), room.data(), std::size_t(room.size()), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (size <= 0)
        return fail();
    m_read.append(room.constData(), size);
    if (m_read.size() < 2)
        return;
    const qsizetype length = (quint8(m_read[0]) << 8) | quint8(m_read[1]);
    if (m_read.size() < length + 2)
        return;
    const auto reply = decodeReply(QByteArrayView(m_read).sliced(2, length), m_question, m_id);
    if (!reply || reply->kind == DnsReply::Kind::Truncated)
        return fail();
    finish(*reply);
}

void DnsTry::finish(const DnsReply &reply)
{
    if (reply.kind == DnsReply::Kind::Refused)
        return fail();
    m_readable->setEnabled(false);
    Q_EMIT answered(reply);
}

void DnsTry::fail()
{
    if (m_readable)
        m_readable->setEnabled(false);
    if (m_writable)
        m_writable->setEnabled(false);
    Q_EMIT failed();
}

DnsExchange::DnsExchange(DnsQuestion question, std::vector<Endpoint> servers, QObject *parent)
    : QObject(parent), m_question(std::move(question)), m_servers(std::move(servers))
{
    m_between.setSingleShot(true);
    connect(&m_between, &QTimer::timeout, this, &DnsExchange::tryNext);
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { end({}); });
}

void DnsExchange::start()
{
    m_limit.start(kLimit);
    m_between.start(std::chrono::milliseconds(0));
}

void DnsExchange::tryNext()
{
    if (m_hasEnded)
        return;
    if (m_next >= m_servers.size() * kTriesOfEach) {
        if (m_underWay == 0)
            end({});
        return;
    }
    ++m_underWay;
    auto *attempt = new DnsTry(m_question, m_servers[m_next++ % m_servers.size()], this);
    connect(attempt, &DnsTry::answered, this, [this](const DnsReply &reply) { end(reply); });
    connect(attempt, &DnsTry::failed, this, [this] {
        --m_underWay;
        if (!m_hasEnded)
            m_between.start(std::chrono::milliseconds(0));
    });
    attempt->start();
    m_between.start(kBetweenTries);
}

void DnsExchange::end(const std::optional<DnsReply> &reply)
{
    if (std::exchange(m_hasEnded, true))
        return;
    m_between.stop();
    m_limit.stop();
    Q_EMIT ended(reply);
}

} // namespace sallyport::mesh
