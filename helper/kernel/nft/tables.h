// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/observed_state.h"
#include "helper/handle.h"
#include "helper/kernel/netlink/socket.h"

#include <memory>
#include <nftables/libnftables.h>
#include <set>

namespace sallyport::nft {

using Context = std::unique_ptr<nft_ctx, Deleter<nft_ctx_free>>;
static_assert(sizeof(Context) == sizeof(void *));

/// nftables tables of family inet. Text is carried out by libnftables in this process; what is in force is read
/// straight from the kernel, since libnftables 1.0.6 leaves comments out of its JSON and reads other tables too. Deleting
/// is one message, too, and its notification then has the address of our socket.
class Tables {
public:
    Tables() : m_socket(NETLINK_NETFILTER) {}

    /// Those of `names` that exist. None where the kernel has no nftables.
    Result<std::vector<ObservedTable>> observe(const QStringList &names);
    /// Somebody else may have changed what is inside: the version no longer counts until the table is replaced.
    void distrust(const QString &name) { m_distrusted.insert(name); }
    /// Whether the kernel would take the text; changes nothing.
    Result<Done> check(const QByteArray &text, const QString &what);
    /// One transaction: either all of the new text is in force, or the old one still.
    Result<Done> replace(const Table &table);
    /// Deleting what is not there is no error.
    Result<Done> remove(const QString &name);
    /// The socket on which tables are deleted, for TableMonitor.
    const netlink::Socket &socket() const { return m_socket; }

private:
    Result<Done> run(const QByteArray &commands, const QString &what);
    Result<Done> open();

    netlink::Socket m_socket;
    std::set<QString> m_distrusted;
    Context m_context;
};

/// The comment in NFTA_TABLE_USERDATA; empty if there is none or the data are damaged.
QString commentIn(std::span<const quint8> userData);

} // namespace sallyport::nft
