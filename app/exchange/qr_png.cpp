// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/exchange/qr_code.h"

#include <array>
#include <zlib.h>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kScale = 8; ///< pixels a module: also one byte of a picture with one bit a pixel

using Bytes = std::vector<quint8, WipingAllocator<quint8>>;

void appendNumber(Bytes &bytes, quint32 value)
{
    for (const int shift : {24, 16, 8, 0})
        bytes.push_back(quint8(value >> shift));
}

void appendChunk(Bytes &png, std::string_view type, const Bytes &data)
{
    appendNumber(png, quint32(data.size()));
    const std::size_t start = png.size();
    png.insert(png.end(), type.begin(), type.end());
    png.insert(png.end(), data.begin(), data.end());
    appendNumber(png, quint32(crc32(0, png.data() + start, uInt(png.size() - start))));
}

Bytes header(int pixels)
{
    Bytes data;
    appendNumber(data, quint32(pixels));
    appendNumber(data, quint32(pixels));
    // One bit a pixel, grey, deflate, no filter, not interlaced.
    for (const quint8 value : {1, 0, 0, 0, 0})
        data.push_back(value);
    return data;
}

Bytes pixelRows(const QrCode &code)
{
    Bytes rows;
    for (int y = -kQuietZone; y < code.size() + kQuietZone; ++y) {
        Bytes row = {0};
        for (int x = -kQuietZone; x < code.size() + kQuietZone; ++x)
            row.push_back(code.isDark(x, y) ? 0x00 : 0xff);
        for (int i = 0; i < kScale; ++i)
            rows.insert(rows.end(), row.begin(), row.end());
    }
    return rows;
}

} // namespace

Result<SecretText> QrCode::png() const
{
    const Bytes rows = pixelRows(*this);
    uLongf packedSize = compressBound(uLong(rows.size()));
    Bytes packed(packedSize);
    if (compress(packed.data(), &packedSize, rows.data(), uLong(rows.size())) != Z_OK)
        return Error{Errc::Internal, u"the picture cannot be packed"_s, {}};
    packed.resize(packedSize);
    static constexpr std::array<quint8, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    Bytes file(kSignature.begin(), kSignature.end());
    appendChunk(file, "IHDR", header((m_size + 2 * kQuietZone) * kScale));
    appendChunk(file, "IDAT", packed);
    appendChunk(file, "IEND", {});
    SecretText text;
    text.append(QByteArrayView(file.data(), qsizetype(file.size())));
    return text;
}

} // namespace sallyport
