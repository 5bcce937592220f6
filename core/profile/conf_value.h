// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/endpoint.h"
#include "core/net/prefix.h"

#include <QByteArray>
#include <QStringList>

#include <span>
#include <string_view>
#include <vector>

/// The values of wg-quick settings. Errors have no place; who knows the line adds it.
namespace sallyport {

class SecretKey;

/// What was read, and what had to be changed on the way ("" if nothing).
template<class T>
struct Read {
    T value;
    QString change;
};

Result<quint16> readNumber(std::string_view value, uint smallest, uint largest, const QString &what);
/// `off`, 0 to 65535 seconds.
Result<quint16> readKeepalive(std::string_view value);
/// `off`, decimal, `0x` hexadecimal or `0` octal, 32 bits. Only checked: the mark is never used.
Result<quint32> readMark(std::string_view value);
/// Comma separated; empty means none. Host bits are cleared as WireGuard does, and told.
Result<Read<std::vector<Prefix>>> readAllowedIps(std::string_view value);
/// `address:port`, `[v6]:port`, `name:port`; like wg also an IPv6 address without brackets, which is told.
Result<Read<HostEndpoint>> readEndpoint(std::string_view value);
/// Separated by commas or blanks, as wg-quick does.
Result<std::vector<InterfaceAddress>> readAddresses(std::string_view value);

struct DnsServers {
    std::vector<IpAddress> servers;
    QStringList searchDomains;
};
Result<DnsServers> readDns(std::string_view value);
/// The value goes from the file into guarded memory without a stop on the heap.
Result<SecretKey> readSecret(std::string_view value);

} // namespace sallyport
