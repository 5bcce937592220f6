// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/mesh/dns_bytes.h"

#include "core/net/ip_address.h"

#include <QList>

namespace sallyport::test {

namespace {

void append16(QByteArray &bytes, quint16 number)
{
    bytes.append(char(number >> 8)).append(char(number & 0xff));
}

QByteArray recordBytes(const DnsRecord &record)
{
    QByteArray bytes = dnsName(record.owner);
    append16(bytes, record.type);
    append16(bytes, 1);
    append16(bytes, quint16(record.lifetime >> 16));
    append16(bytes, quint16(record.lifetime & 0xffff));
    append16(bytes, quint16(record.data.size()));
    return bytes + record.data;
}

} // namespace

QByteArray dnsName(const QString &name)
{
    QByteArray bytes;
    for (const QByteArray &label : name.toLatin1().split('.')) {
        if (!label.isEmpty())
            bytes.append(char(label.size())).append(label);
    }
    return bytes.append('\0');
}

QByteArray dnsAddress(const QString &address)
{
    const auto bytes = IpAddress::parse(address)->bytes();
    return {reinterpret_cast<const char *>(bytes.data()), qsizetype(bytes.size())};
}

QByteArray DnsMessage::bytes() const
{
    QByteArray bytes;
    append16(bytes, id);
    append16(bytes, flags);
    append16(bytes, question.isEmpty() ? 0 : 1);
    append16(bytes, quint16(answers.size()));
    append16(bytes, quint16(authority.size()));
    append16(bytes, 0);
    bytes += question;
    for (const auto *section : {&answers, &authority}) {
        for (const DnsRecord &record : *section)
            bytes += recordBytes(record);
    }
    return bytes;
}

QByteArray questionOf(const QByteArray &message)
{
    const qsizetype end = message.indexOf('\0', 12);
    return message.sliced(12, end + 5 - 12);
}

} // namespace sallyport::test
