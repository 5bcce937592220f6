// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"
#include "core/result.h"

#include <QByteArray>

#include <optional>

namespace sallyport::dns {

/// Where `resolvconf` is and keeps what it was told.
struct ResolvconfPaths {
    QStringList programs = {QStringLiteral("/usr/sbin/resolvconf"), QStringLiteral("/sbin/resolvconf"),
        QStringLiteral("/usr/bin/resolvconf"), QStringLiteral("/usr/local/sbin/resolvconf"),
        QStringLiteral("/run/current-system/sw/bin/resolvconf")};
    QString state = QStringLiteral("/run/resolvconf");
};

/// The two programs of that name. Both keep one record per interface and make /etc/resolv.conf from all of them;
/// openresolv's can be exclusive, Debian's only come first (the guard refuses whoever comes after).
class Resolvconf {
public:
    explicit Resolvconf(ResolvconfPaths paths) : m_paths(std::move(paths)) {}

    /// The program's path; empty if there is none.
    QString program() const;
    /// What `--version` prints; asked once for each program.
    QByteArray version();
    /// Our records, read without starting anything.
    std::vector<LinkDns> records() const;
    Result<Done> put(DnsWay way, const LinkDns &dns) const;
    Result<Done> remove(DnsWay way, const QString &link) const;

private:
    Result<Done> run(const QStringList &arguments, const QByteArray &input) const;

    ResolvconfPaths m_paths;
    QString m_askedProgram;
    QByteArray m_version;
};

} // namespace sallyport::dns
