// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/mesh/stub_resolver.h"

#include <arpa/inet.h>
#include <sys/socket.h>

namespace sallyport::test {

namespace {

sockaddr_in loopback(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void bindTo(int socket, quint16 port)
{
    const sockaddr_in address = loopback(port);
    if (bind(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        qFatal("cannot bind port %u", port);
}

} // namespace

StubResolver::StubResolver(Answer answer)
    : m_answer(std::move(answer)), m_datagrams(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)),
      m_listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    bindTo(m_listener.get(), 0);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    getsockname(m_listener.get(), reinterpret_cast<sockaddr *>(&bound), &size);
    m_endpoint = *Endpoint::parse(QStringLiteral("127.0.0.1:%1").arg(ntohs(bound.sin_port)));
    bindTo(m_datagrams.get(), m_endpoint.port);
    listen(m_listener.get(), 8);
    m_arrived = std::make_unique<QSocketNotifier>(m_datagrams.get(), QSocketNotifier::Read);
    connect(m_arrived.get(), &QSocketNotifier::activated, this, &StubResolver::readDatagram);
    m_called = std::make_unique<QSocketNotifier>(m_listener.get(), QSocketNotifier::Read);
    connect(m_called.get(), &QSocketNotifier::activated, this, &StubResolver::accept);
}

void StubResolver::readDatagram()
{
    QByteArray question(1500, '\0');
    sockaddr_in from{};
    socklen_t size = sizeof from;
    const ssize_t length = recvfrom(m_datagrams.get(), question.data(), std::size_t(question.size()), 0,
        reinterpret_cast<sockaddr *>(&from), &size);
    question.resize(length);
    ++m_questions;
    for (const QByteArray &answer : m_answer(question, false)) {
        sendto(m_datagrams.get(), answer.constData(), std::size_t(answer.size()), 0,
            reinterpret_cast<const sockaddr *>(&from), sizeof from);
    }
}

void StubResolver::accept()
{
    // One after the other: who waits in the queue is taken when this one has its answer.
    m_called->setEnabled(false);
    m_stream = FileHandle(::accept(m_listener.get(), nullptr, nullptr));
    m_asked = std::make_unique<QSocketNotifier>(m_stream.get(), QSocketNotifier::Read);
    connect(m_asked.get(), &QSocketNotifier::activated, this, &StubResolver::readStream);
}

void StubResolver::readStream()
{
    QByteArray question(1500, '\0');
    const ssize_t length = recv(m_stream.get(), question.data(), std::size_t(question.size()), 0);
    m_asked->setEnabled(false);
    m_called->setEnabled(true);
    if (length <= 2)
        return;
    question.resize(length);
    ++m_questions;
    for (const QByteArray &answer : m_answer(question.sliced(2), true)) {
        const QByteArray framed = QByteArray(1, char(answer.size() >> 8)) + char(answer.size() & 0xff) + answer;
        send(m_stream.get(), framed.constData(), std::size_t(framed.size()), MSG_NOSIGNAL);
    }
    shutdown(m_stream.get(), SHUT_WR);
}

} // namespace sallyport::test
