// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <QByteArray>
#include <QString>

#include <array>
#include <compare>
#include <cstring>

/// A model of how the kernel routes and filters packets: rules, routes, marks, tunnels and the part of nftables that the
/// product writes. It shares values with the product, no decisions.
namespace sallyport::model {

/// The name of a network interface, as short as the kernel has it.
struct Name {
    std::array<char, 16> letters{};

    static Name of(const QString &text)
    {
        Name name;
        const QByteArray bytes = text.toLatin1().left(15);
        std::memcpy(name.letters.data(), bytes.constData(), static_cast<std::size_t>(bytes.size()));
        return name;
    }
    bool isEmpty() const { return letters[0] == 0; }
    QString toString() const { return QString::fromLatin1(letters.data()); }
    auto operator<=>(const Name &) const = default;
};

/// What nftables compares: numbers, addresses and names, all as 128 bits in the order of their digits.
struct Value {
    quint64 high = 0;
    quint64 low = 0;

    static Value of(quint64 number) { return {0, number}; }
    static Value of(const IpAddress &address)
    {
        Value value;
        for (const quint8 byte : address.bytes()) {
            value.high = value.high << 8 | value.low >> 56;
            value.low = value.low << 8 | byte;
        }
        return value;
    }
    static Value of(const Name &name)
    {
        Value value;
        for (const char letter : name.letters) {
            value.high = value.high << 8 | value.low >> 56;
            value.low = value.low << 8 | static_cast<quint8>(letter);
        }
        return value;
    }
    auto operator<=>(const Value &) const = default;
};

} // namespace sallyport::model
