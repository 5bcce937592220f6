// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"
#include "core/net/endpoint.h"

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>
#include <vector>

namespace sallyport::test {

/// A DNS server on the loopback interface, over datagrams and streams, that answers what the test says.
class StubResolver : public QObject {
    Q_OBJECT

public:
    /// From a question, all datagrams that come back, or what is written to the stream.
    using Answer = std::function<std::vector<QByteArray>(const QByteArray &question, bool isStream)>;

    explicit StubResolver(Answer answer);

    Endpoint endpoint() const { return m_endpoint; }
    int questions() const { return m_questions; }

private:
    void readDatagram();
    void accept();
    void readStream();

    Answer m_answer;
    Endpoint m_endpoint;
    FileHandle m_datagrams;
    FileHandle m_listener;
    FileHandle m_stream; ///< the last one
    std::unique_ptr<QSocketNotifier> m_arrived;
    std::unique_ptr<QSocketNotifier> m_called;
    std::unique_ptr<QSocketNotifier> m_asked;
    int m_questions = 0;
};

} // namespace sallyport::test
