// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>

#include <vector>

/// One entry of a hand-made archive; every field may lie.
struct ZipEntry {
    QByteArray name;
    QByteArray contents;
    bool deflated = false;
    quint16 flags = 0; ///< 1: encrypted
    quint32 unixMode = 0100644;
    bool damaged = false; ///< wrong checksum
};

/// APPNOTE.TXT 4.3: local headers, central directory, end record. Written by hand because no library writes bad archives.
QByteArray zipOf(const std::vector<ZipEntry> &entries);
