// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/session/autostart.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <utility>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

/// Desktop Entry Specification, "The Exec key": quoted, with reserved characters escaped twice, once as a value and once
/// inside the quotes; a percent sign is doubled.
QString quoted(const QString &program)
{
    QString text;
    for (const QChar c : program) {
        if (u"\"`$\\"_s.contains(c))
            text += c == u'\\' ? u"\\\\\\"_s : u"\\\\"_s;
        text += c;
        if (c == u'%')
            text += c;
    }
    return u'"' + text + u'"';
}

} // namespace

Autostart::Autostart(const QString &folder, QString program)
    : m_file(folder + u"/org.sallyport.Sallyport.desktop"_s), m_program(std::move(program))
{
}

bool Autostart::isOn() const
{
    QFile file(m_file);
    if (!file.open(QIODevice::ReadOnly))
        return false;
    const QByteArray content = file.read(65536); // session programs switch off what they do not delete
    return !content.contains("\nHidden=true") && !content.contains("\nX-GNOME-Autostart-enabled=false");
}

Result<Done> Autostart::set(bool on) const
{
    const auto failed = [this](const QString &why) { return Error{Errc::StorageFailed, why, m_file}; };
    if (!on) {
        if (QFileInfo::exists(m_file) && !QFile::remove(m_file))
            return failed(u"it cannot be deleted"_s);
        return Done{};
    }
    QDir().mkpath(QFileInfo(m_file).path());
    QSaveFile file(m_file);
    const QByteArray content = "[Desktop Entry]\nType=Application\nName=Sallyport\nIcon=org.sallyport.Sallyport\nExec="
        + quoted(m_program).toUtf8() + " --hidden\nX-GNOME-Autostart-enabled=true\n";
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        return failed(file.errorString());
    return Done{};
}

} // namespace sallyport
