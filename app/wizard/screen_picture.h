// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/result.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QImage>
#include <QObject>

namespace sallyport {

/// A picture of the screen: by the desktop's portal, which asks the person; without one as X11 gives it to anybody.
class ScreenPicture : public QObject {
    Q_OBJECT

public:
    explicit ScreenPicture(QDBusConnection session, QObject *parent = nullptr);

    void take();

Q_SIGNALS:
    void taken(const sallyport::Result<QImage> &picture);

private Q_SLOTS:
    void responded(uint response, const QVariantMap &results);

private:
    void portalAnswered(const QDBusMessage &answer);
    void grab();

    QDBusConnection m_session;
    QString m_request; ///< the object that answers; empty: nothing is asked
};

} // namespace sallyport
