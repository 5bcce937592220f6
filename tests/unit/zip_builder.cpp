// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/zip_builder.h"

#include <array>

namespace {

void put16(QByteArray &bytes, quint32 value)
{
    bytes += static_cast<char>(value & 0xff);
    bytes += static_cast<char>((value >> 8) & 0xff);
}

void put32(QByteArray &bytes, quint32 value)
{
    put16(bytes, value & 0xffff);
    put16(bytes, value >> 16);
}

std::array<quint32, 256> checksumTable()
{
    std::array<quint32, 256> table{};
    for (quint32 i = 0; i < table.size(); ++i) {
        quint32 crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ (crc & 1 ? 0xedb88320U : 0);
        table[i] = crc;
    }
    return table;
}

quint32 checksum(const QByteArray &bytes)
{
    static const auto table = checksumTable();
    quint32 crc = 0xffffffff;
    for (const char c : bytes)
        crc = (crc >> 8) ^ table[(crc ^ static_cast<quint8>(c)) & 0xff];
    return ~crc;
}

/// qCompress writes a length and a zlib frame around the deflate stream that a zip wants.
QByteArray deflated(const QByteArray &contents)
{
    const QByteArray framed = qCompress(contents, 9);
    return framed.mid(6, framed.size() - 10);
}

QByteArray commonFields(const ZipEntry &entry, const QByteArray &packed)
{
    QByteArray fields;
    put16(fields, 20);
    put16(fields, entry.flags);
    put16(fields, entry.deflated ? 8 : 0);
    put32(fields, 0x00210000);
    put32(fields, checksum(entry.contents) ^ (entry.damaged ? 1 : 0));
    put32(fields, static_cast<quint32>(packed.size()));
    put32(fields, static_cast<quint32>(entry.contents.size()));
    put16(fields, static_cast<quint32>(entry.name.size()));
    put16(fields, 0);
    return fields;
}

} // namespace

QByteArray zipOf(const std::vector<ZipEntry> &entries)
{
    QByteArray archive;
    QByteArray directory;
    for (const ZipEntry &entry : entries) {
        const QByteArray packed = entry.deflated ? deflated(entry.contents) : entry.contents;
        const auto offset = static_cast<quint32>(archive.size());
        archive += QByteArray("PK\3\4") + commonFields(entry, packed) + entry.name + packed;
        directory += QByteArray("PK\1\2");
        put16(directory, (3 << 8) | 20);
        directory += commonFields(entry, packed);
        put16(directory, 0);
        put16(directory, 0);
        put16(directory, 0);
        put32(directory, entry.unixMode << 16);
        put32(directory, offset);
        directory += entry.name;
    }
    const auto start = static_cast<quint32>(archive.size());
    archive += directory + QByteArray("PK\5\6");
    put32(archive, 0);
    put16(archive, static_cast<quint32>(entries.size()));
    put16(archive, static_cast<quint32>(entries.size()));
    put32(archive, static_cast<quint32>(directory.size()));
    put32(archive, start);
    put16(archive, 0);
    return archive;
}
