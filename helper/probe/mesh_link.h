// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/meshlink/messages.h"
#include "helper/handle.h"
#include "helper/probe/token_bucket.h"

#include <QObject>
#include <QSocketNotifier>

#include <deque>
#include <memory>

namespace sallyport::probe {

/// The helper's end of the socket pair to meshd. Never waits for meshd: what meshd does not read in time is lost if it is a
/// probe, and otherwise waits here while nothing more is read from meshd. A meshd that sends what is no message, or more than
/// it has reason to, is let go of.
class MeshLink : public QObject {
    Q_OBJECT

public:
    explicit MeshLink(QObject *parent = nullptr);
    ~MeshLink() override;

    /// A new pair in place of the old one, whose other end sees that this one is closed. Returns meshd's end.
    Result<FileHandle> attach();
    bool isAttached() const { return bool(m_socket); }
    /// Arrives, unless meshd goes first.
    void send(const meshlink::ToMesh &message);
    /// Arrives if meshd keeps up.
    void offer(const meshlink::ToMesh &message);
    /// Nothing waits to be read by meshd.
    bool isClear() const { return m_waiting.empty(); }

Q_SIGNALS:
    void attached();
    void detached();
    void received(const meshlink::ToHelper &message);
    /// What had to wait is on its way.
    void cleared();

private:
    enum class Sent { Done, Later, Failed };
    Sent put(const QByteArray &message);
    void flush();
    void holdUp(bool waits);
    void read();
    /// False: nothing was there, or nobody is any more.
    bool readOne();
    void letGo(const QString &reason);
    void detach();
    void listen();

    FileHandle m_socket;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable;
    std::deque<QByteArray> m_waiting; ///< may hold keys; wiped when sent
    QByteArray m_buffer;
    TokenBucket m_patience;
    bool m_hasChanged = false; ///< whom this is attached to, since reading began
};

} // namespace sallyport::probe
