// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/kernel_lock.h"
#include "app/descriptor.h"
#include "core/constants.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/time.h>

/// Without libnftables: it is GPL-2.0-only, and this program links OpenSSL by way of libzip (docs/adr/0001-licences.md).
namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

struct Head {
    nlmsghdr header{};
    nfgenmsg netfilter{};
};

/// One transaction: begin, delete the table, end.
struct DeleteTable {
    Head begin;
    Head remove;
    nlattr nameHead{};
    std::array<char, sizeof kGuardTable> name{};
    Head end;
};
static_assert(sizeof kGuardTable % NLA_ALIGNTO == 0, "an attribute would need padding");

Head head(quint16 type, quint16 flags, std::size_t length, quint8 family, quint16 resource)
{
    Head message;
    message.header.nlmsg_len = quint32(length);
    message.header.nlmsg_type = type;
    message.header.nlmsg_flags = quint16(NLM_F_REQUEST | flags);
    message.netfilter = {family, NFNETLINK_V0, resource};
    return message;
}

DeleteTable deleteTable()
{
    constexpr quint16 kDelete = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_DELTABLE;
    const quint16 subsystem = htons(NFNL_SUBSYS_NFTABLES);
    DeleteTable message;
    message.begin = head(NFNL_MSG_BATCH_BEGIN, 0, sizeof(Head), AF_UNSPEC, subsystem);
    message.remove
        = head(kDelete, NLM_F_ACK, offsetof(DeleteTable, end) - offsetof(DeleteTable, remove), NFPROTO_INET, 0);
    message.nameHead = {quint16(NLA_HDRLEN + sizeof kGuardTable), NFTA_TABLE_NAME};
    std::memcpy(message.name.data(), kGuardTable, sizeof kGuardTable);
    message.end = head(NFNL_MSG_BATCH_END, 0, sizeof(Head), AF_UNSPEC, subsystem);
    return message;
}

Error refused(int errnoValue)
{
    return {Errc::KernelRefused, u"the guard's table cannot be removed (%1)"_s.arg(qt_error_string(errnoValue)), {}};
}

} // namespace

Result<bool> removeGuardTable()
{
    const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
    const timeval second{1, 0};
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0)
        return refused(errno);
    const DeleteTable message = deleteTable();
    if (::send(socket.get(), &message, sizeof message, 0) < 0)
        return refused(errno);
    struct Answer {
        nlmsghdr header{};
        nlmsgerr error{};
        std::array<char, 1024> rest{};
    } answer;
    const ssize_t length = ::recv(socket.get(), &answer, sizeof answer, 0);
    if (length < ssize_t(offsetof(Answer, rest)) || answer.header.nlmsg_type != NLMSG_ERROR)
        return refused(length < 0 ? errno : EPROTO);
    // No such table, or a kernel without nftables.
    if (answer.error.error == -ENOENT || answer.error.error == -EOPNOTSUPP)
        return false;
    return answer.error.error == 0 ? Result<bool>(true) : Result<bool>(refused(-answer.error.error));
}

} // namespace sallyport::cli
