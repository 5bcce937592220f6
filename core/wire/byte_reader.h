// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/net/ip_address.h"

#include <array>
#include <concepts>
#include <limits>
#include <optional>
#include <span>
#include <type_traits>
#include <vector>

namespace sallyport {

/// Reads what ByteWriter has written, and never past the end. The first value that is wrong is kept with its place; from
/// then on everything reads as zero, so that decoders stay straight lines. Whoever decodes asks for `refusal()` at the end.
class ByteReader {
public:
    /// While it lives, what is read is a part of the thing that it names.
    class Place {
    public:
        explicit Place(ByteReader &reader) : m_reader(reader) {}
        ~Place() { m_reader.m_places.pop_back(); }
        Place(const Place &) = delete;
        Place &operator=(const Place &) = delete;

    private:
        ByteReader &m_reader;
    };

    explicit ByteReader(std::span<const quint8> bytes) : m_rest(bytes) {}

    [[nodiscard]] Place in(const char *name, std::optional<std::size_t> index = {});

    template<std::unsigned_integral T>
    T number(const char *name, T least = 0, T most = std::numeric_limits<T>::max())
    {
        return static_cast<T>(integer(name, sizeof(T), least, most));
    }
    bool flag(const char *name) { return number<quint8>(name, 0, 1) == 1; }
    /// Any of an enumeration that counts from 0 to `last`.
    template<class Enum>
    Enum oneOf(const char *name, Enum last)
    {
        return static_cast<Enum>(number<quint8>(name, 0, static_cast<quint8>(last)));
    }
    /// Exactly `count` bytes; none if there are fewer.
    std::span<const quint8> bytes(const char *name, std::size_t count);
    /// All zeroes if there are fewer.
    template<std::size_t Count>
    std::array<quint8, Count> array(const char *name)
    {
        std::array<quint8, Count> value{};
        copy(name, value);
        return value;
    }
    IpAddress address(const char *name);
    /// At most `most` of what `read` makes of one.
    template<class Read>
    std::vector<std::invoke_result_t<Read>> list(const char *name, quint16 most, Read read)
    {
        std::vector<std::invoke_result_t<Read>> values;
        const quint16 count = length(name, most);
        for (std::size_t i = 0; i < count && isSound(); ++i) {
            const Place place = in(name, i);
            values.push_back(read());
        }
        return values;
    }
    /// What is left has to be zeroes.
    void padding(const char *name);
    /// Nothing may be left.
    void end();

    void refuse(const char *name, const QString &detail, Errc code = Errc::InvalidArgument);
    bool isSound() const { return !m_refusal; }
    const std::optional<Error> &refusal() const { return m_refusal; }

private:
    struct Step {
        const char *name;
        std::optional<std::size_t> index;
    };
    quint64 integer(const char *name, std::size_t size, quint64 least, quint64 most);
    quint16 length(const char *name, quint16 most);
    void copy(const char *name, std::span<quint8> target);
    QString at(const char *name) const;

    std::span<const quint8> m_rest;
    std::vector<Step> m_places;
    std::optional<Error> m_refusal;
};

} // namespace sallyport
