// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/storage/sealed_text.h"

#include <QByteArray>

#include <array>
#include <sodium.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr char kMagic[] = "sallyport-state 1 ";

QByteArray headerFor(std::span<const char> body)
{
    std::array<unsigned char, 32> hash{};
    crypto_generichash(
        hash.data(), hash.size(), reinterpret_cast<const unsigned char *>(body.data()), body.size(), nullptr, 0);
    return QByteArray(kMagic) + QByteArray(reinterpret_cast<const char *>(hash.data()), hash.size()).toHex() + '\n';
}

} // namespace

SecretText sealed(std::span<const char> body)
{
    SecretText text;
    text.append(headerFor(body));
    text.append(QByteArrayView(body.data(), static_cast<qsizetype>(body.size())));
    return text;
}

Result<std::span<const char>> unsealed(std::span<const char> text)
{
    const std::size_t headerSize = sizeof(kMagic) - 1 + 64 + 1;
    if (text.size() >= headerSize) {
        const std::span<const char> body = text.subspan(headerSize);
        if (QByteArrayView(text.data(), static_cast<qsizetype>(headerSize)) == headerFor(body))
            return body;
    }
    return Error{Errc::StorageFailed, u"The checksum does not fit; the file is damaged."_s, {}};
}

} // namespace sallyport
