// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QByteArray>
#include <QtEndian>

#include <concepts>
#include <span>

namespace sallyport {

/// Writes values one after the other, numbers little-endian; ByteReader reads them.
class ByteWriter {
public:
    template<std::unsigned_integral T>
    void number(T value)
    {
        const T little = qToLittleEndian(value);
        m_bytes.append(reinterpret_cast<const char *>(&little), sizeof little);
    }
    void flag(bool value) { number(static_cast<quint8>(value ? 1 : 0)); }
    void bytes(std::span<const quint8> bytes);
    /// 4 or 6, then 16 bytes; those that IPv4 does not use are zero.
    void address(const IpAddress &address);
    void zeroesUpTo(std::size_t size);

    QByteArray take() { return std::move(m_bytes); }

private:
    QByteArray m_bytes;
};

} // namespace sallyport
