// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/setup/draft_file.h"

#include <QDir>
#include <QFileInfo>
#include <QSaveFile>

#include <utility>

namespace sallyport {

namespace {

constexpr qint64 kLargest = 1 << 16;

}

DraftFile::DraftFile(QString path) : m_path(std::move(path))
{
    QFile file(m_path);
    if (file.open(QIODevice::ReadOnly))
        m_draft = decodeDraft(file.read(kLargest));
}

bool DraftFile::keep(const WizardDraft &draft)
{
    if (draft == m_draft)
        return true;
    m_draft = draft;
    if (m_path.isEmpty())
        return true;
    if (draft == WizardDraft{})
        return !QFileInfo::exists(m_path) || QFile::remove(m_path);
    QDir().mkpath(QFileInfo(m_path).path());
    QSaveFile file(m_path);
    const QByteArray json = encodeDraft(draft);
    return file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(json) == json.size() && file.commit();
}

} // namespace sallyport
