// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/key/public_key.h"

#include <QByteArray>

#include <sodium.h>

namespace sallyport {

using namespace Qt::StringLiterals;

Result<PublicKey> PublicKey::parse(QStringView base64)
{
    const QByteArray latin = base64.toLatin1();
    PublicKey key;
    std::size_t length = 0;
    const bool ok = latin.size() == 44
        && sodium_base642bin(key.bytes.data(), key.bytes.size(), latin.constData(),
               static_cast<std::size_t>(latin.size()), nullptr, &length, nullptr, sodium_base64_VARIANT_ORIGINAL)
            == 0
        && length == kKeySize;
    if (!ok)
        return Error{Errc::InvalidArgument,
            u"'%1' is not a WireGuard public key (44 characters of base64)."_s.arg(base64.left(48)), {}};
    if (key.isNull())
        return Error{Errc::InvalidArgument, u"The key is all zeroes."_s, {}};
    return key;
}

QString PublicKey::toBase64() const
{
    return QString::fromLatin1(
        QByteArray::fromRawData(reinterpret_cast<const char *>(bytes.data()), kKeySize).toBase64());
}

} // namespace sallyport
