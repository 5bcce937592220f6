// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/wireguard/userspace_device.h"

#include "helper/kernel/process/spawn.h"
#include "helper/kernel/wireguard/uapi_wireguard.h"

#include <QFileInfo>
#include <QRegularExpression>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <thread>

namespace sallyport::wireguard {

using namespace Qt::StringLiterals;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kStartLimit{3};
constexpr std::chrono::seconds kEndLimit{1};
constexpr std::chrono::milliseconds kRetry{2};
/// From this day on wireguard-go wants packets with a virtio header and without the four bytes of packet information
/// (commit 9e2f386, "vectorized I/O on Linux").
constexpr int kFirstVectorised = 20230302;

/// Wakes up early when the process ends. True if it has ended.
bool awaitEnd(int processHandle, std::chrono::milliseconds limit)
{
    pollfd waiting{processHandle, POLLIN, 0};
    return poll(&waiting, 1, static_cast<int>(limit.count())) > 0;
}

void endProcess(int processHandle)
{
    for (const int signal : {0, SIGTERM, SIGKILL}) {
        if (signal != 0)
            syscall(SYS_pidfd_send_signal, processHandle, signal, nullptr, 0);
        if (awaitEnd(processHandle, kEndLimit))
            return;
    }
}

/// wireguard-go's version is the day of the release.
Result<short> askForTunFlags(const QString &program)
{
    const Result<QByteArray> output = outputOf({program, {u"--version"_s}, {}, -1, {}}, kEndLimit);
    if (!output)
        return output.error();
    static const QRegularExpression day(u"\\b(20\\d{6})\\b"_s);
    const QRegularExpressionMatch match = day.match(QString::fromLatin1(*output));
    const bool old = match.hasMatch() && match.captured(1).toInt() < kFirstVectorised;
    return static_cast<short>(old ? IFF_TUN : IFF_TUN | IFF_NO_PI | IFF_VNET_HDR);
}

Result<FileHandle> openTun(const QString &devicePath, const QString &name, short flags)
{
    FileHandle tun(open(devicePath.toUtf8().constData(), O_RDWR | O_CLOEXEC));
    if (!tun)
        return Error{Errc::FeatureMissing,
            u"This kernel has no WireGuard, and the user-space one cannot open %1 (%2); run 'modprobe tun'."_s.arg(
                devicePath, reasonOf(errno)),
            {}};
    ifreq request{};
    const QByteArray text = name.toUtf8();
    std::memcpy(
        request.ifr_name, text.constData(), std::min<std::size_t>(static_cast<std::size_t>(text.size()), IFNAMSIZ - 1));
    request.ifr_flags = static_cast<short>(flags | IFF_TUN_EXCL);
    if (ioctl(tun.get(), TUNSETIFF, &request) == 0)
        return tun;
    if (errno == EBUSY)
        return netlink::nameTaken(name);
    return systemError(u"Making the interface "_s + name, errno);
}

} // namespace

QString UserspaceDevice::socketPath(const QString &name) const
{
    return m_paths.wireguardSockets + u'/' + name + u".sock"_s;
}

Result<short> UserspaceDevice::tunFlags()
{
    const QDateTime changed = QFileInfo(m_paths.wireguardProgram).lastModified();
    if (m_tunFlags && changed == m_programTime)
        return *m_tunFlags;
    const Result<short> flags = askForTunFlags(m_paths.wireguardProgram);
    if (!flags)
        return flags;
    m_tunFlags = *flags;
    m_programTime = changed;
    return flags;
}

Result<Done> UserspaceDevice::create(const QString &name)
{
    if (!QFileInfo(m_paths.wireguardProgram).isExecutable())
        return Error{Errc::FeatureMissing,
            u"This kernel has no WireGuard, and %1 is not installed; install the package wireguard-go or a kernel with "
            u"WireGuard."_s.arg(m_paths.wireguardProgram),
            {}};
    const Result<short> flags = tunFlags();
    if (!flags)
        return flags.error();
    Result<FileHandle> tun = openTun(m_paths.tunDevice, name, *flags);
    if (!tun)
        return tun.error();
    if (Result<Done> adopted = m_links.adopt(name); !adopted)
        return adopted;
    const Command command{
        m_paths.wireguardProgram, {u"-f"_s, name}, {u"LOG_LEVEL=error"_s, u"WG_TUN_FD=3"_s}, tun->get(), {}};
    if (Result<Done> started = startDetached(command); !started)
        return started;
    tun->reset(); // from now on the interface lives as long as the program
    return awaitSocket(name);
}

Result<Done> UserspaceDevice::awaitSocket(const QString &name)
{
    const Clock::time_point deadline = Clock::now() + kStartLimit;
    for (;;) {
        UapiConnection connection;
        const Answer connected = connectUapi(socketPath(name), connection);
        if (connected)
            return Done{};
        const QString what = u"Starting "_s + m_paths.wireguardProgram;
        if (connected.errorNumber != ENOENT && connected.errorNumber != ECONNREFUSED)
            return connected.toResult(what);
        if (netlink::linkIndex(name) == 0)
            return Error{Errc::FeatureMissing,
                what + u": it ended at once; it may not write to %1."_s.arg(m_paths.wireguardSockets), {}};
        if (Clock::now() > deadline)
            return systemError(what, ETIMEDOUT);
        std::this_thread::sleep_for(kRetry);
    }
}

Result<Done> UserspaceDevice::remove(const netlink::Link &link)
{
    UapiConnection connection;
    FileHandle process;
    if (connectUapi(socketPath(link.name), connection) && connection.process > 0)
        process = FileHandle(static_cast<int>(syscall(SYS_pidfd_open, connection.process, 0)));
    connection.socket.reset();
    if (Result<Done> removed = m_links.remove(link); !removed)
        return removed;
    if (process)
        endProcess(process.get());
    const QByteArray path = socketPath(link.name).toUtf8();
    if (unlink(path.constData()) != 0 && errno != ENOENT)
        return systemError(u"Removing "_s + socketPath(link.name), errno, {}, Errc::StorageFailed);
    return Done{};
}

} // namespace sallyport::wireguard
