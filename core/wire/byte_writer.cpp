// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/wire/byte_writer.h"

namespace sallyport {

void ByteWriter::bytes(std::span<const quint8> bytes)
{
    m_bytes.append(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

void ByteWriter::address(const IpAddress &address)
{
    constexpr qsizetype kLongest = 16;
    number(static_cast<quint8>(address.family() == Family::IPv4 ? 4 : 6));
    bytes(address.bytes());
    m_bytes.append(kLongest - static_cast<qsizetype>(address.size()), '\0');
}

void ByteWriter::zeroesUpTo(std::size_t size)
{
    m_bytes.append(static_cast<qsizetype>(size) - m_bytes.size(), '\0');
}

} // namespace sallyport
