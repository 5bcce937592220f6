// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/handle.h"
#include "core/meshlink/messages.h"
#include "tests/support/private_bus.h"

#include <QDBusContext>
#include <QDBusUnixFileDescriptor>
#include <QObject>

#include <deque>

namespace sallyport::test {

/// Stands where the helper does on a private bus and hands out one end of a socket pair.
class FakeMeshHelper : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.HelperMesh1")

public:
    explicit FakeMeshHelper(const PrivateBus &bus);

    void appear();
    void disappear();
    /// Ends what was handed out last.
    void hangUp() { m_end.reset(); }
    bool isAttached() const { return bool(m_end); }
    int end() const { return m_end.get(); }

    /// Blocks while the other side does not read.
    void tell(const meshlink::ToMesh &message);
    void tellBytes(const QByteArray &bytes);
    /// The next message; none if there is none now.
    std::optional<meshlink::ToHelper> hear();

    int attempts = 0;
    bool refuses = false;

public Q_SLOTS:
    QDBusUnixFileDescriptor AttachMesh();

private:
    Caller m_caller;
    FileHandle m_end;
};

} // namespace sallyport::test
