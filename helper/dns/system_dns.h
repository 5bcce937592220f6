// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "helper/dns/detect.h"
#include "helper/dns/resolv_file.h"
#include "helper/dns/resolvconf.h"
#include "helper/dns/resolved.h"
#include "helper/dns/rewrite_limit.h"

namespace sallyport::dns {

struct DnsPaths {
    QString resolvConf = QStringLiteral("/etc/resolv.conf");
    QString backup = QStringLiteral("/var/lib/sallyport/resolv.conf.before");
    ResolvconfPaths resolvconf;
};

/// What was found.
struct ObservedDns {
    DnsWay way = DnsWay::None;
    std::vector<LinkDns> links; ///< ours, sorted by link
    QStringList rivals; ///< links of others that are asked for every name as well

    bool operator==(const ObservedDns &) const = default;
};

/// The system's resolver, whichever way it is set here. Remembers nothing of what it set: it reads it back.
class SystemDns {
public:
    SystemDns(const QDBusConnection &bus, DnsPaths paths);

    /// Never fails: what cannot be read counts as not set.
    ObservedDns observe();
    /// Exactly this, and nothing of ours anywhere else.
    Result<Done> write(const std::vector<LinkDns> &wanted);
    /// The resolver came or went.
    void forgetSilence() { m_resolved.forgetSilence(); }

private:
    ResolverFacts facts();
    std::vector<LinkDns> linksIn(DnsWay way);
    Result<Done> writeResolved(const std::vector<LinkDns> &wanted);
    Result<Done> writeRecords(DnsWay way, const std::vector<LinkDns> &wanted);
    Result<Done> writeFile(const std::vector<LinkDns> &wanted);

    DnsPaths m_paths;
    Resolved m_resolved;
    Resolvconf m_resolvconf;
    ResolvFile m_file;
    RewriteLimit m_limit;
    QString m_contested; ///< the link whose servers were written last
    bool m_told = false; ///< that the file cannot be read
};

} // namespace sallyport::dns
