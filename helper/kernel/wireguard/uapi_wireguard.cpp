// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/uapi_wireguard.h"

#include "helper/kernel/wireguard/port_check.h"
#include "helper/kernel/wireguard/uapi_text.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kAnswerLimit = 64UL * 1024 * 1024;
constexpr std::size_t kReadRoom = 64UL * 1024;
/// Without any progress. A request with ten thousand peers may take longer as a whole.
constexpr std::chrono::seconds kSilenceLimit{5};

/// 0 or an errno.
int waitFor(int socket, short events)
{
    const Clock::time_point deadline = Clock::now() + kSilenceLimit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{socket, events, 0};
        const int ready = poll(&waiting, 1, static_cast<int>(std::max<decltype(left)>(left, 0)));
        if (ready > 0)
            return 0;
        if (ready == 0)
            return ETIMEDOUT;
        if (errno != EINTR)
            return errno;
    }
}

int sendAll(int socket, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t sent = send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent >= 0) {
            text.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (const int error = waitFor(socket, POLLOUT); error != 0)
                return error;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/// Up to the blank line that ends an answer.
int receiveAnswer(int socket, SecretBuffer &text)
{
    while (!text.view().ends_with("\n\n")) {
        if (text.view().size() > kAnswerLimit)
            return EMSGSIZE;
        const std::span<char> room = text.room(kReadRoom);
        const ssize_t received = recv(socket, room.data(), room.size(), MSG_DONTWAIT);
        if (received > 0) {
            text.commit(static_cast<std::size_t>(received));
        } else if (received == 0) {
            return ECONNRESET;
        } else if (errno == EAGAIN) {
            if (const int error = waitFor(socket, POLLIN); error != 0)
                return error;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

QString asking(const QString &link)
{
    return u"Asking the user-space WireGuard program of "_s + link;
}

/// Sends `text` and reads the answer into the same buffer.
Result<Done> exchange(const UapiConnection &connection, const QString &what, const QString &purpose, SecretBuffer &text)
{
    if (const int error = sendAll(connection.socket.get(), text.view()); error != 0)
        return systemError(what, error);
    text.clear();
    if (const int error = receiveAnswer(connection.socket.get(), text); error != 0)
        return systemError(what, error);
    const Result<int> errorNumber = parseErrorNumber(text.view());
    if (!errorNumber)
        return errorNumber.error();
    return Answer{std::abs(*errorNumber), {}}.toResult(purpose);
}

} // namespace

Answer connectUapi(const QString &socketPath, UapiConnection &connection)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const QByteArray path = socketPath.toUtf8();
    if (path.size() >= static_cast<qsizetype>(sizeof address.sun_path))
        return {ENAMETOOLONG, {}};
    std::memcpy(address.sun_path, path.constData(), static_cast<std::size_t>(path.size()));
    FileHandle socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket || ::connect(socket.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
        return {errno, {}};
    ucred peer{};
    socklen_t size = sizeof peer;
    if (getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return {errno, {}};
    if (peer.uid != geteuid())
        return {EPERM, QStringLiteral("the socket belongs to another user")};
    connection = {std::move(socket), peer.pid};
    return {};
}

Answer UapiWireGuard::connect(const QString &link, UapiConnection &connection) const
{
    return connectUapi(m_directory + u'/' + link + u".sock"_s, connection);
}

Result<std::optional<Device>> UapiWireGuard::get(const QString &link)
{
    UapiConnection connection;
    const Answer connected = connect(link, connection);
    if (connected.errorNumber == ENOENT || connected.errorNumber == ECONNREFUSED)
        return std::optional<Device>{};
    SecretBuffer text;
    text.append("get=1\n\n");
    if (Result<Done> done = connected.toResult(asking(link)); !done)
        return done.error();
    if (Result<Done> done = exchange(connection, asking(link), u"Reading the WireGuard device "_s + link, text); !done)
        return done.error();
    Result<Device> device = parseGetAnswer(text.view());
    if (!device)
        return device.error();
    return std::optional(*std::move(device));
}

/// Its own port is no obstacle.
Result<Done> UapiWireGuard::checkPortOf(const ConfigureWireGuard &change)
{
    if (!change.listenPort || *change.listenPort == 0)
        return Done{};
    const auto present = get(change.link);
    if (!present)
        return present.error();
    if (*present && (*present)->listenPort == *change.listenPort)
        return Done{};
    return checkPort(*change.listenPort).toResult(describeSet(change));
}

Result<Done> UapiWireGuard::set(const ConfigureWireGuard &change)
{
    if (Result<Done> free = checkPortOf(change); !free)
        return free.error();
    SecretBuffer text;
    if (Result<Done> written = writeSetRequest(change, m_secrets, text); !written)
        return written.error();
    UapiConnection connection;
    if (Result<Done> done = connect(change.link, connection).toResult(asking(change.link)); !done)
        return done.error();
    return exchange(connection, asking(change.link), describeSet(change), text);
}

} // namespace sallyport::wireguard
