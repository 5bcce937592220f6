// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QVariantMap>

namespace sallyport {

/// What other programs of the session may ask of us (Desktop Entry Specification, "D-Bus Activation").
class ApplicationObject : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Application")

public:
    using QObject::QObject;

public Q_SLOTS:
    void Activate(const QVariantMap &platformData)
    {
        const QVariant token = platformData.value(QStringLiteral("activation-token"));
        Q_EMIT activated(token.toString());
    }
    void Open(const QStringList &, const QVariantMap &platformData) { Activate(platformData); }

Q_SIGNALS:
    void activated(const QString &token);
};

} // namespace sallyport
