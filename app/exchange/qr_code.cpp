// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/qr_code.h"

#include <qrencode.h>

#include <cerrno>
#include <memory>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

struct FreeCode {
    void operator()(QRcode *code) const noexcept { QRcode_free(code); }
};

/// The character for an upper and a lower module.
QByteArrayView halfBlocks(bool upper, bool lower)
{
    if (upper && lower)
        return "\u2588";
    if (upper)
        return "\u2580";
    return lower ? QByteArrayView("\u2584") : QByteArrayView(" ");
}

} // namespace

Result<QrCode> QrCode::encode(std::span<const char> text)
{
    const std::vector<quint8, WipingAllocator<quint8>> bytes(text.begin(), text.end());
    const std::unique_ptr<QRcode, FreeCode> code(QRcode_encodeData(int(bytes.size()), bytes.data(), 0, QR_ECLEVEL_L));
    if (!code && errno == ERANGE)
        return Error{Errc::LimitExceeded,
            u"the configuration is too long for a QR code (%1 bytes, 2953 fit); use --conf"_s.arg(bytes.size()), {}};
    if (!code)
        return Error{Errc::Internal, u"the QR code cannot be made"_s, {}};
    QrCode result;
    result.m_size = code->width;
    for (int i = 0; i < code->width * code->width; ++i)
        result.m_modules.push_back(code->data[i] & 1);
    sodium_memzero(code->data, std::size_t(code->width) * std::size_t(code->width));
    return result;
}

bool QrCode::isDark(int x, int y) const
{
    const bool inside = x >= 0 && y >= 0 && x < m_size && y < m_size;
    return inside && m_modules[std::size_t(y) * std::size_t(m_size) + std::size_t(x)] != 0;
}

SecretText QrCode::terminalText(bool coloured) const
{
    SecretText text;
    for (int y = -kQuietZone; y < m_size + kQuietZone; y += 2) {
        if (coloured)
            text.append("\x1b[38;5;16;48;5;231m");
        for (int x = -kQuietZone; x < m_size + kQuietZone; ++x)
            text.append(halfBlocks(isDark(x, y) == coloured, isDark(x, y + 1) == coloured));
        text.append(coloured ? "\x1b[0m\n" : "\n");
    }
    return text;
}

} // namespace sallyport
