// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/qr_image.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

#include <memory>
#include <zbar.h>

namespace sallyport {

namespace {

struct FreeScanner {
    void operator()(zbar::zbar_image_scanner_t *scanner) const noexcept { zbar::zbar_image_scanner_destroy(scanner); }
};

struct FreeImage {
    void operator()(zbar::zbar_image_t *image) const noexcept { zbar::zbar_image_destroy(image); }
};

Error refused(const char *why)
{
    return {Errc::InvalidArgument, QCoreApplication::translate("QrImage", why), {}};
}

QByteArray formatOf(QByteArrayView file)
{
    if (file.startsWith("\x89PNG\r\n\x1a\n"))
        return "png";
    return file.startsWith("\xff\xd8\xff") ? QByteArray("jpeg") : QByteArray();
}

/// Rows without gaps, one byte a pixel, as ZBar's Y800 wants them.
QByteArray greyPixels(const QImage &image)
{
    const QImage grey = image.convertToFormat(QImage::Format_Grayscale8);
    QByteArray pixels;
    pixels.reserve(qsizetype(grey.width()) * grey.height());
    for (int y = 0; y < grey.height(); ++y)
        pixels.append(reinterpret_cast<const char *>(grey.constScanLine(y)), grey.width());
    return pixels;
}

Result<SecretText> codeIn(zbar::zbar_image_t *image)
{
    const zbar::zbar_symbol_t *first = zbar::zbar_image_first_symbol(image);
    if (!first)
        return refused(QT_TRANSLATE_NOOP(
            "QrImage", "There is no readable code in this picture. Take it again, larger and straight."));
    if (zbar::zbar_symbol_next(first))
        return refused(
            QT_TRANSLATE_NOOP("QrImage", "There is more than one code in this picture. Leave only one in it."));
    SecretText text;
    text.append(QByteArrayView(zbar::zbar_symbol_get_data(first), zbar::zbar_symbol_get_data_length(first)));
    return text;
}

} // namespace

bool isImage(QByteArrayView file)
{
    return !formatOf(file).isEmpty();
}

Result<QImage> readImage(const QByteArray &file)
{
    const QByteArray format = formatOf(file);
    if (format.isEmpty())
        return refused(QT_TRANSLATE_NOOP("QrImage", "This is neither a PNG nor a JPEG picture."));
    QBuffer buffer;
    buffer.setData(file);
    QImageReader reader(&buffer, format);
    reader.setAutoDetectImageFormat(false);
    const QSize size = reader.size();
    if (file.size() > kMaximumImageFile || qint64(size.width()) * size.height() > kMaximumPixels)
        return refused(QT_TRANSLATE_NOOP("QrImage", "This picture is too large. Cut the code out of it."));
    const QImage image = size.isValid() ? reader.read() : QImage();
    if (image.isNull())
        return refused(QT_TRANSLATE_NOOP("QrImage", "This picture is damaged."));
    return image;
}

Result<SecretText> readCode(const QImage &image)
{
    if (image.isNull() || qint64(image.width()) * image.height() > kMaximumPixels)
        return refused(QT_TRANSLATE_NOOP("QrImage", "This picture is too large. Cut the code out of it."));
    QByteArray pixels = greyPixels(image);
    const std::unique_ptr<zbar::zbar_image_scanner_t, FreeScanner> scanner(zbar::zbar_image_scanner_create());
    // Of all the kinds of codes only this one: less code that sees foreign bytes.
    zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    const std::unique_ptr<zbar::zbar_image_t, FreeImage> seen(zbar::zbar_image_create());
    zbar::zbar_image_set_format(seen.get(), zbar_fourcc('Y', '8', '0', '0'));
    zbar::zbar_image_set_size(seen.get(), unsigned(image.width()), unsigned(image.height()));
    zbar::zbar_image_set_data(seen.get(), pixels.constData(), ulong(pixels.size()), nullptr);
    zbar::zbar_scan_image(scanner.get(), seen.get());
    auto text = codeIn(seen.get());
    sodium_memzero(pixels.data(), std::size_t(pixels.size()));
    return text;
}

} // namespace sallyport
