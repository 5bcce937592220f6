// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/health/name_question.h"

#include "app/descriptor.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>

#include <array>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sallyport {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qsizetype kMostServers = 3; ///< MAXNS of resolv.h
constexpr auto kPatience = 2000ms;
constexpr std::size_t kQuestionSize = 17;
constexpr quint8 kServerFailure = 2;
constexpr quint8 kRefused = 5;

using Question = std::array<quint8, kQuestionSize>;
using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// RFC 1035 section 4.1: identifier, recursion wanted, one question; the root's name is a single zero.
Question questionFor(quint16 identifier)
{
    return {quint8(identifier >> 8), quint8(identifier), 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1};
}

/// By `inet_pton` and scope; no name is looked up.
Addresses numeric(const QString &server)
{
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo *found = nullptr;
    const QByteArray text = server.toLatin1();
    return {getaddrinfo(text.constData(), "53", &hints, &found) == 0 ? found : nullptr, &freeaddrinfo};
}

NameServerAnswer::Kind kindOf(quint8 code)
{
    if (code == kRefused)
        return NameServerAnswer::Kind::Refused;
    return code == kServerFailure ? NameServerAnswer::Kind::Failed : NameServerAnswer::Kind::Answered;
}

/// Of the bytes that came, only the identifier, the reply bit and the code are looked at.
NameServerAnswer::Kind waitForAnswer(int socket, quint16 identifier, const QElapsedTimer &timer)
{
    std::array<quint8, 512> reply{};
    for (;;) {
        const auto left = kPatience - std::chrono::milliseconds(timer.elapsed());
        pollfd waiting{socket, POLLIN, 0};
        if (left <= 0ms || poll(&waiting, 1, int(left.count())) <= 0)
            return NameServerAnswer::Kind::Silent;
        const ssize_t size = recv(socket, reply.data(), reply.size(), 0);
        if (size < 0)
            return NameServerAnswer::Kind::Refused;
        const bool isReply = size >= 12 && reply[0] == quint8(identifier >> 8) && reply[1] == quint8(identifier)
            && (reply[2] & 0x80) != 0;
        if (isReply)
            return kindOf(reply[3] & 0x0f);
    }
}

NameServerAnswer askOne(const QString &server)
{
    NameServerAnswer answer{server, NameServerAnswer::Kind::Refused, {}};
    QElapsedTimer timer;
    timer.start();
    const Addresses address = numeric(server);
    const int family = address ? address->ai_family : AF_INET;
    const Descriptor socket(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto identifier = quint16(QRandomGenerator::system()->generate());
    const Question question = questionFor(identifier);
    if (address && connect(socket.get(), address->ai_addr, address->ai_addrlen) == 0
        && send(socket.get(), question.data(), question.size(), 0) == ssize_t(question.size()))
        answer.kind = waitForAnswer(socket.get(), identifier, timer);
    answer.took = std::chrono::milliseconds(timer.elapsed());
    return answer;
}

} // namespace

QStringList nameServersIn(const QString &resolvConf)
{
    static const QRegularExpression line(u"^nameserver\\s+(\\S+)"_s, QRegularExpression::MultilineOption);
    QStringList servers;
    for (auto each = line.globalMatch(resolvConf); each.hasNext() && servers.size() < kMostServers;)
        servers += each.next().captured(1);
    return servers;
}

std::vector<NameServerAnswer> askNameServers(const QString &resolvConf)
{
    std::vector<NameServerAnswer> answers;
    for (const QString &server : nameServersIn(resolvConf)) {
        answers.push_back(askOne(server));
        if (answers.back().kind == NameServerAnswer::Kind::Answered)
            break;
    }
    return answers;
}

} // namespace sallyport
