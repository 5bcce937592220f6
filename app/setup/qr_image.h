// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/key/secret_text.h"
#include "core/result.h"

#include <QImage>

/// Codes out of pictures. Pictures are foreign input: how much of them is decoded is known before.
namespace sallyport {

inline constexpr qint64 kMaximumImageFile = 32LL * 1024 * 1024;
inline constexpr qint64 kMaximumPixels = 50'000'000;

/// PNG and JPEG only, by content; nothing else is handed to a decoder.
Result<QImage> readImage(const QByteArray &file);
/// The text of the one code in the picture.
Result<SecretText> readCode(const QImage &image);
/// Does it begin as one of the pictures that readImage() takes?
bool isImage(QByteArrayView file);

} // namespace sallyport
