// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"
#include "core/net/endpoint.h"
#include "mesh/names/dns_message.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace sallyport::mesh {

/// One question to one server: a datagram, and a stream if the answer does not fit into one.
class DnsTry : public QObject {
    Q_OBJECT

public:
    DnsTry(DnsQuestion question, Endpoint server, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    void answered(const sallyport::mesh::DnsReply &reply);
    void failed();

private:
    bool open(int type);
    void askByDatagram();
    void askByStream();
    void readDatagrams();
    void writeStream();
    void readStream();
    void finish(const DnsReply &reply);
    void fail();

    DnsQuestion m_question;
    Endpoint m_server;
    quint16 m_id = 0;
    FileHandle m_socket;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable;
    QByteArray m_toWrite;
    QByteArray m_read;
};

/// One question, asked of servers in turn until one of them answers or the time is over; a late answer of an earlier one
/// still counts.
class DnsExchange : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kBetweenTries{1500};
    static constexpr std::chrono::milliseconds kLimit{5000};

    DnsExchange(DnsQuestion question, std::vector<Endpoint> servers, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    /// Once. Nothing: nobody answered.
    void ended(const std::optional<sallyport::mesh::DnsReply> &reply);

private:
    void tryNext();
    void end(const std::optional<DnsReply> &reply);

    DnsQuestion m_question;
    std::vector<Endpoint> m_servers;
    std::size_t m_next = 0;
    std::size_t m_underWay = 0;
    bool m_hasEnded = false;
    QTimer m_between;
    QTimer m_limit;
};

} // namespace sallyport::mesh
