// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/model/dns.h"

#include <QByteArray>

#include <optional>

namespace sallyport::dns {

/// The first lines of every /etc/resolv.conf that we wrote; nothing else begins like this.
QByteArray header();
bool isOurs(const QByteArray &content);

/// The file that asks these servers for every name.
QByteArray textFor(const LinkDns &dns);
/// What textFor() was given; nothing if the file is not ours.
std::optional<LinkDns> readBack(const QByteArray &content);

/// The addresses in `nameserver` lines.
std::vector<IpAddress> nameserversIn(const QByteArray &content);
/// The words of the last `search` (or `domain`) line, as resolv.conf(5) has it.
QStringList searchDomainsIn(const QByteArray &content);

} // namespace sallyport::dns
