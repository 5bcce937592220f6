// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/screen_picture.h"

#include "app/setup/qr_image.h"

#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QFile>
#include <QGuiApplication>
#include <QPixmap>
#include <QScreen>
#include <QUrl>

#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

const auto kPortal = "org.freedesktop.portal.Desktop"_L1;
const auto kRequest = "org.freedesktop.portal.Request"_L1;

Result<QImage> imageAt(const QString &path)
{
    QFile file(path);
    const QByteArray content = file.open(QIODevice::ReadOnly) ? file.read(kMaximumImageFile) : QByteArray();
    file.remove(); // the portal keeps it otherwise, and there may be a key on it
    return readImage(content);
}

} // namespace

ScreenPicture::ScreenPicture(QDBusConnection session, QObject *parent) : QObject(parent), m_session(std::move(session))
{
}

void ScreenPicture::take()
{
    if (!m_session.isConnected())
        return grab();
    QDBusMessage call = QDBusMessage::createMethodCall(
        kPortal, u"/org/freedesktop/portal/desktop"_s, u"org.freedesktop.portal.Screenshot"_s, u"Screenshot"_s);
    call << QString() << QVariantMap{{u"interactive"_s, true}};
    auto *watcher = new QDBusPendingCallWatcher(m_session.asyncCall(call), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *finished) {
        finished->deleteLater();
        portalAnswered(finished->reply());
    });
}

void ScreenPicture::portalAnswered(const QDBusMessage &answer)
{
    const auto path = answer.arguments().value(0).value<QDBusObjectPath>();
    if (answer.type() != QDBusMessage::ReplyMessage || path.path().isEmpty())
        return grab();
    m_request = path.path();
    m_session.connect(kPortal, m_request, kRequest, u"Response"_s, this, SLOT(responded(uint, QVariantMap)));
}

void ScreenPicture::responded(uint response, const QVariantMap &results)
{
    m_session.disconnect(
        kPortal, std::exchange(m_request, {}), kRequest, u"Response"_s, this, SLOT(responded(uint, QVariantMap)));
    const QUrl place(results.value(u"uri"_s).toString());
    if (response == 0 && place.isLocalFile())
        Q_EMIT taken(imageAt(place.toLocalFile()));
    else
        Q_EMIT taken(Error{Errc::NotAuthorized, tr("No picture of the screen was taken."), {}});
}

void ScreenPicture::grab()
{
    QScreen *screen = QGuiApplication::primaryScreen();
    const bool mayGrab = screen && !QGuiApplication::platformName().startsWith(u"wayland"_s);
    const QImage image = mayGrab ? screen->grabWindow(0).toImage() : QImage();
    if (image.isNull())
        Q_EMIT taken(Error{Errc::FeatureMissing,
            tr("This desktop lets no program look at the screen. Save a picture of the code, and open it here."), {}});
    else
        Q_EMIT taken(image);
}

} // namespace sallyport
