// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/cli/kernel_lock.h"
#include "app/descriptor.h"
#include "core/constants.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <sys/time.h>

namespace sallyport::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaximumRules = 64; ///< far more than we ever make; ends the loop in any case

/// RTM_DELRULE for the first rule of that preference which is ours.
struct DeleteRule {
    nlmsghdr header{};
    fib_rule_hdr rule{};
    rtattr preferenceHead{};
    quint32 preference = kExitPreference;
    rtattr protocolHead{};
    quint8 protocol = kRouteProtocol;
    std::array<quint8, 3> padding{};
};

DeleteRule deleteRule(int family)
{
    DeleteRule message;
    message.header.nlmsg_len = sizeof message;
    message.header.nlmsg_type = RTM_DELRULE;
    message.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    message.rule.family = quint8(family);
    message.rule.table = RT_TABLE_UNSPEC;
    message.preferenceHead = {RTA_LENGTH(sizeof message.preference), FRA_PRIORITY};
    message.protocolHead = {RTA_LENGTH(sizeof message.protocol), FRA_PROTOCOL};
    return message;
}

Error refused(int errnoValue)
{
    return {Errc::KernelRefused, u"the exit's rule cannot be removed (%1)"_s.arg(qt_error_string(errnoValue)), {}};
}

/// The errno of the kernel's answer, 0 for done.
Result<int> acknowledged(int descriptor)
{
    struct Answer {
        nlmsghdr header{};
        nlmsgerr error{};
        std::array<char, 1024> rest{};
    } answer;
    const ssize_t length = ::recv(descriptor, &answer, sizeof answer, 0);
    if (length < ssize_t(offsetof(Answer, rest)) || answer.header.nlmsg_type != NLMSG_ERROR)
        return refused(length < 0 ? errno : EPROTO);
    return -answer.error.error;
}

Result<int> removeRules(int descriptor, int family)
{
    for (int removed = 0; removed < kMaximumRules; ++removed) {
        const DeleteRule message = deleteRule(family);
        if (::send(descriptor, &message, sizeof message, 0) < 0)
            return refused(errno);
        const auto answer = acknowledged(descriptor);
        if (!answer)
            return answer.error();
        // No such rule, or a kernel without that family.
        if (*answer == ENOENT || *answer == EAFNOSUPPORT || *answer == EOPNOTSUPP)
            return removed;
        if (*answer != 0)
            return refused(*answer);
    }
    return kMaximumRules;
}

} // namespace

Result<int> removeExitRules()
{
    const Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const timeval second{1, 0};
    if (!socket || ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second) != 0)
        return refused(errno);
    auto v4 = removeRules(socket.get(), AF_INET);
    if (!v4)
        return v4;
    auto v6 = removeRules(socket.get(), AF_INET6);
    if (!v6)
        return v6;
    return *v4 + *v6;
}

} // namespace sallyport::cli
