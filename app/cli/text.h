// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QStringList>

#include <vector>

/// Plain text for terminals. Pure.
namespace sallyport::cli {

/// Names and sentences come from files and from the bus: control, formatting and line-breaking characters are shown as
/// `\u001b`, so that nobody can move the cursor of a terminal or turn text around. Also valid inside JSON strings.
QString printable(QStringView text);

/// `what is wrong, where, what to do`, without the program's name.
QString sentenceOf(const Error &error);

/// Columns padded to the widest cell, two blanks apart; every cell is made printable.
QStringList table(const std::vector<QStringList> &rows);

/// `3 s`, `2 min`, `5 h`, `4 d`.
QString duration(qint64 seconds);
/// `512 B`, `1.5 KiB`, `3.0 GiB`.
QString byteCount(quint64 bytes);

} // namespace sallyport::cli
