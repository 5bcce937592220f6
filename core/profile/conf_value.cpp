// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/profile/conf_value.h"

#include "core/key/secret_key.h"
#include "core/profile/conf_scanner.h"
#include "core/wire/configuration_rules.h"

#include <algorithm>
#include <sodium.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

Error invalid(const QString &detail)
{
    return {Errc::InvalidArgument, detail, {}};
}

/// Foreign text in a sentence: short, one line, printable.
QString quoted(std::string_view text)
{
    QString shown = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min<std::size_t>(text.size(), 60)));
    std::ranges::replace_if(
        shown, [](QChar c) { return !c.isPrint(); }, QChar(u'?'));
    return u"'%1'"_s.arg(shown);
}

QString squeezedText(std::string_view value)
{
    return QString::fromUtf8(squeezed(value));
}

bool isDecimal(QStringView text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
}

std::vector<std::string_view> words(std::string_view value)
{
    constexpr auto separates = [](char c) { return c == ',' || isBlank(c); };
    std::vector<std::string_view> result;
    for (auto at = value.begin(); at != value.end();) {
        at = std::find_if_not(at, value.end(), separates);
        const auto end = std::find_if(at, value.end(), separates);
        if (at != end)
            result.emplace_back(at, end);
        at = end;
    }
    return result;
}

QString wordText(std::string_view word)
{
    return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size()));
}

Result<InterfaceAddress> readAllowedIp(QStringView text)
{
    if (text.startsWith(u'+') || text.startsWith(u'-'))
        return invalid(
            u"'%1' adds to or removes from a running interface; a file lists the networks without '%2'."_s.arg(
                text.left(60), text.left(1)));
    if (text.isEmpty())
        return invalid(u"There is an empty entry between two commas or behind the last one."_s);
    return InterfaceAddress::parse(text);
}

} // namespace

Result<quint16> readNumber(std::string_view value, uint smallest, uint largest, const QString &what)
{
    const QString text = squeezedText(value);
    const uint number = isDecimal(text) && text.size() <= 9 ? text.toUInt() : largest + 1;
    if (number < smallest || number > largest)
        return invalid(u"%1 is not %2 from %3 to %4."_s.arg(
            quoted(value), what, QString::number(smallest), QString::number(largest)));
    return static_cast<quint16>(number);
}

Result<quint16> readKeepalive(std::string_view value)
{
    if (squeezed(value).toLower() == "off")
        return quint16(0);
    return readNumber(value, 0, 65535, u"'off' or a number of seconds"_s);
}

Result<quint32> readMark(std::string_view value)
{
    const QByteArray text = squeezed(value).toLower();
    bool ok = !text.isEmpty() && text.front() >= '0' && text.front() <= '9';
    const uint mark = ok ? text.toUInt(&ok, 0) : 0;
    if (!ok && text != "off")
        return invalid(u"%1 is not 'off' or a mark of 32 bits."_s.arg(quoted(value)));
    return mark;
}

Result<Read<std::vector<Prefix>>> readAllowedIps(std::string_view value)
{
    Read<std::vector<Prefix>> read;
    const QString text = squeezedText(value);
    if (text.isEmpty())
        return read;
    for (const QStringView entry : QStringView(text).split(u',')) {
        const auto address = readAllowedIp(entry);
        if (!address)
            return address.error();
        read.value.push_back(address->network());
        if (read.change.isEmpty() && address->network().address() != address->address)
            read.change = u"%1 was read as the network %2."_s.arg(address->toString(), address->network().toCidr());
    }
    return read;
}

Result<Read<HostEndpoint>> readEndpoint(std::string_view value)
{
    const QString text = squeezedText(value);
    const qsizetype colon = text.lastIndexOf(u':');
    const QStringView port = QStringView(text).mid(colon + 1);
    if (colon > 0 && !port.isEmpty() && !isDecimal(port) && !text.endsWith(u']'))
        return invalid(u"'%1' is the name of a service; write the port as a number."_s.arg(port.left(40)));
    if (auto endpoint = HostEndpoint::parse(text))
        return Read<HostEndpoint>{*endpoint, {}};
    const auto bare = HostEndpoint::parse(u"[%1]:%2"_s.arg(text.left(colon), port.toString()));
    if (colon > 0 && bare)
        return Read<HostEndpoint>{*bare, u"Read as %1; IPv6 addresses need brackets."_s.arg(bare->toString())};
    return HostEndpoint::parse(text).error();
}

Result<std::vector<InterfaceAddress>> readAddresses(std::string_view value)
{
    std::vector<InterfaceAddress> addresses;
    for (const std::string_view word : words(value)) {
        const auto address = InterfaceAddress::parse(wordText(word));
        if (!address)
            return address.error();
        addresses.push_back(*address);
    }
    return addresses;
}

Result<DnsServers> readDns(std::string_view value)
{
    DnsServers dns;
    for (const std::string_view word : words(value)) {
        // wg-quick: only digits and dots, or anything with a colon, is a server; the rest are search domains.
        const bool isServer = word.find_first_not_of("0123456789.") == std::string_view::npos
            || word.find(':') != std::string_view::npos;
        const QString text = wordText(word);
        if (isServer) {
            const auto server = IpAddress::parse(text);
            if (!server)
                return server.error();
            dns.servers.push_back(*server);
        } else if (const auto domain = parseDomain(text)) {
            dns.searchDomains += *domain;
        } else {
            return domain.error();
        }
    }
    return dns;
}

Result<SecretKey> readSecret(std::string_view value)
{
    std::array<char, 64> characters{};
    std::size_t size = 0;
    for (const char c : value) {
        if (!isBlank(c) && size < characters.size())
            characters[size++] = c;
    }
    auto key = SecretKey::parse(std::span(characters).first(size));
    sodium_memzero(characters.data(), characters.size());
    return key;
}

} // namespace sallyport
