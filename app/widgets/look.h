// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QFont>
#include <QLabel>

/// Measures that every page shares.
namespace sallyport {

inline constexpr int kGrid = 8;
inline constexpr qreal kLarge = 1.25; ///< of the system's font
inline constexpr qreal kHuge = 1.6;

QFont scaled(const QFont &font, qreal factor, bool bold = false);

/// Text as it is: names and sentences come from files and from the bus, so nothing in them is markup.
QLabel *plainLabel(QWidget *parent, const QString &text = {}, qreal factor = 1, bool bold = false);
/// The same, in as many lines as it needs.
QLabel *wrappedLabel(QWidget *parent, const QString &text = {}, qreal factor = 1);
/// Less important, but readable.
QColor quiet(const QPalette &palette);

} // namespace sallyport
