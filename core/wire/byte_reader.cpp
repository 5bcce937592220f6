// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/byte_reader.h"

#include <QStringList>

#include <algorithm>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

bool areZero(std::span<const quint8> bytes)
{
    return std::ranges::all_of(bytes, [](quint8 byte) { return byte == 0; });
}

} // namespace

ByteReader::Place ByteReader::in(const char *name, std::optional<std::size_t> index)
{
    m_places.push_back({name, index});
    return Place(*this);
}

QString ByteReader::at(const char *name) const
{
    QStringList steps;
    for (const Step &step : m_places)
        steps += QLatin1String(step.name) + (step.index ? u'[' + QString::number(*step.index) + u']' : QString());
    steps += QLatin1String(name);
    steps.removeAll(QString()); // an entry of a list is its own value
    return steps.join(u'.');
}

void ByteReader::refuse(const char *name, const QString &detail, Errc code)
{
    if (!m_refusal)
        m_refusal = Error{code, detail, at(name)};
}

std::span<const quint8> ByteReader::bytes(const char *name, std::size_t count)
{
    if (m_rest.size() < count)
        refuse(name, u"The message ends too early."_s);
    if (!isSound())
        return {};
    const std::span<const quint8> taken = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return taken;
}

void ByteReader::copy(const char *name, std::span<quint8> target)
{
    std::ranges::copy(bytes(name, target.size()), target.begin());
}

quint64 ByteReader::integer(const char *name, std::size_t size, quint64 least, quint64 most)
{
    const std::span<const quint8> written = bytes(name, size);
    if (written.empty())
        return 0;
    quint64 value = 0;
    for (std::size_t i = size; i > 0; --i)
        value = value << 8 | written[i - 1];
    if (value >= least && value <= most)
        return value;
    refuse(name, u"%1 is not from %2 to %3."_s.arg(value).arg(least).arg(most));
    return 0;
}

quint16 ByteReader::length(const char *name, quint16 most)
{
    const auto count = number<quint16>(name);
    if (count <= most)
        return count;
    refuse(name, u"A list of %1 is too long; at most %2."_s.arg(count).arg(most), Errc::LimitExceeded);
    return 0;
}

IpAddress ByteReader::address(const char *name)
{
    const auto version = number<quint8>(name);
    const auto written = array<16>(name);
    if (!isSound())
        return {};
    const Family family = version == 4 ? Family::IPv4 : Family::IPv6;
    IpAddress address = IpAddress::fromBytes(family, written);
    if ((version == 4 || version == 6) && areZero(std::span(written).subspan(address.size())))
        return address;
    refuse(name, u"This is neither an IPv4 nor an IPv6 address."_s);
    return {};
}

void ByteReader::padding(const char *name)
{
    if (!areZero(m_rest))
        refuse(name, u"The padding is not zero."_s);
    m_rest = {};
}

void ByteReader::end()
{
    if (!m_rest.empty())
        refuse("end", u"%1 bytes are left over."_s.arg(m_rest.size()));
}

} // namespace sallyport
