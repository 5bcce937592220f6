// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/nft/tables.h"

#include "helper/kernel/netlink/attributes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sys/socket.h>

namespace sallyport::nft {

using namespace Qt::StringLiterals;
using netlink::Bytes;
using netlink::Message;

namespace {

constexpr quint8 kFamilyInet = 1; ///< NFPROTO_INET
constexpr char kDistrusted[] = "touched"; ///< no version is called so
constexpr quint8 kCommentType = 0; ///< NFTNL_UDATA_TABLE_COMMENT of libnftnl, part of its stable format

/// "No such table" and the ways in which a kernel without nftables says so.
bool saysNone(int errorNumber)
{
    constexpr std::array kNone = {ENOENT, EOPNOTSUPP, EINVAL, EPROTONOSUPPORT, EAFNOSUPPORT};
    return std::ranges::count(kNone, errorNumber) > 0;
}

/// libnftables prints the command, a ruler and other things around the reason.
QString firstError(const QString &output)
{
    const QStringList lines = output.split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        if (const qsizetype at = line.indexOf(u"Error: "_s); at >= 0)
            return line.mid(at + 7).trimmed();
    }
    return lines.isEmpty() ? u"no reason given"_s : lines.first().trimmed();
}

ObservedTable tableIn(const nlmsghdr *message)
{
    ObservedTable table;
    netlink::visitAttributes(
        netlink::attributesAfter<nfgenmsg>(netlink::payloadOf(message)), [&](int type, Bytes value) {
            if (type == NFTA_TABLE_NAME)
                table.name = netlink::textOf(value);
            else if (type == NFTA_TABLE_USERDATA)
                table.version = commentIn(value);
        });
    return table;
}

} // namespace

QString commentIn(Bytes userData)
{
    constexpr std::size_t kHeader = 2; // type, length
    while (userData.size() >= kHeader && userData.size() - kHeader >= userData[1]) {
        if (userData[0] == kCommentType)
            return netlink::textOf(userData.subspan(kHeader, userData[1]));
        userData = userData.subspan(kHeader + userData[1]);
    }
    return {};
}

Result<std::vector<ObservedTable>> Tables::observe(const QStringList &names)
{
    std::vector<ObservedTable> tables;
    for (const QString &name : names) {
        Message request((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETTABLE, 0);
        request.append(nfgenmsg{kFamilyInet, NFNETLINK_V0, 0}).putText(NFTA_TABLE_NAME, name);
        std::optional<ObservedTable> found;
        const Answer answer = m_socket.ask(request, [&](const nlmsghdr *message) { found = tableIn(message); });
        if (saysNone(answer.errorNumber))
            continue;
        if (Result<Done> done = answer.toResult(u"Reading the nftables table "_s + name); !done)
            return done.error();
        if (found && !found->version.isEmpty() && m_distrusted.contains(name))
            found->version = QString::fromLatin1(kDistrusted);
        if (found)
            tables.push_back(*found);
    }
    return tables;
}

Result<Done> Tables::open()
{
    if (m_context)
        return Done{};
    // libnftables ends the process when it cannot open its socket, so try that first.
    const FileHandle trial(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
    if (!trial)
        return Error{Errc::FeatureMissing,
            u"The kernel has no nftables (%1); run 'modprobe nf_tables'."_s.arg(reasonOf(errno)), {}};
    m_context.reset(nft_ctx_new(NFT_CTX_DEFAULT));
    if (!m_context || nft_ctx_buffer_output(m_context.get()) != 0 || nft_ctx_buffer_error(m_context.get()) != 0) {
        m_context.reset();
        return Error{Errc::FeatureMissing, u"libnftables cannot be used."_s, {}};
    }
    return Done{};
}

Result<Done> Tables::run(const QByteArray &commands, const QString &what)
{
    if (Result<Done> opened = open(); !opened)
        return opened;
    const int status = nft_run_cmd_from_buffer(m_context.get(), commands.constData());
    // Asking for the buffers also empties them.
    const QString errors = QString::fromUtf8(nft_ctx_get_error_buffer(m_context.get()));
    (void)nft_ctx_get_output_buffer(m_context.get());
    if (status == 0)
        return Done{};
    const QString reason = firstError(errors);
    const bool missing = reason.contains(u"not supported"_s);
    const QString advice = reason.contains(u"not permitted"_s) ? adviceOn(EPERM) : QString();
    return Error{missing ? Errc::FeatureMissing : Errc::KernelRefused,
        what + u": nftables says: "_s + reason + advice + u'.', {}};
}

Result<Done> Tables::check(const QByteArray &text, const QString &what)
{
    if (Result<Done> opened = open(); !opened)
        return opened;
    nft_ctx_set_dry_run(m_context.get(), true);
    Result<Done> accepted = run(text, what);
    nft_ctx_set_dry_run(m_context.get(), false);
    return accepted;
}

Result<Done> Tables::replace(const Table &table)
{
    const auto present = observe({table.name});
    if (!present)
        return present.error();
    // Ours always has a comment. Without one, somebody else's text would be lost.
    if (!present->empty() && present->front().version.isEmpty())
        return Error{Errc::NameTaken,
            u"The nftables table inet %1 belongs to somebody else; remove it (nft delete table inet %1)."_s.arg(
                table.name),
            {}};
    const QByteArray name = table.name.toUtf8();
    const QByteArray clear = "add table inet " + name + "\ndelete table inet " + name + "\n";
    Result<Done> replaced = run(clear + table.text + "\n", u"Replacing the table "_s + table.name);
    if (replaced)
        m_distrusted.erase(table.name);
    return replaced;
}

Result<Done> Tables::remove(const QString &name)
{
    m_distrusted.erase(name);
    Message request((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_DELTABLE, 0);
    request.append(nfgenmsg{kFamilyInet, NFNETLINK_V0, 0}).putText(NFTA_TABLE_NAME, name);
    const Answer answer = m_socket.changeInTransaction(request);
    return saysNone(answer.errorNumber) ? Result<Done>(Done{}) : answer.toResult(u"Deleting the table "_s + name);
}

} // namespace sallyport::nft
