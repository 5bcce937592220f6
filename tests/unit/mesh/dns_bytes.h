// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

/// DNS messages by hand, so that answers can be as wrong as anybody can make them.
namespace sallyport::test {

struct DnsRecord {
    QString owner;
    quint16 type = 1;
    quint32 lifetime = 300;
    QByteArray data;
};

QByteArray dnsName(const QString &name);
/// For A and AAAA records.
QByteArray dnsAddress(const QString &address);

struct DnsMessage {
    quint16 id = 0;
    quint16 flags = 0x8180; ///< an answer, recursion available, no error
    QByteArray question; ///< as it was asked: name, type, class
    std::vector<DnsRecord> answers;
    std::vector<DnsRecord> authority;

    QByteArray bytes() const;
};

/// The question of a message, from the name to the class.
QByteArray questionOf(const QByteArray &message);

} // namespace sallyport::test
