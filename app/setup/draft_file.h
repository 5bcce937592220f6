// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/wizard_draft.h"

namespace sallyport {

/// The draft on disk, readable for its owner only. Written at every change; gone when nothing is left half-way.
class DraftFile {
public:
    /// An empty path: in memory only.
    explicit DraftFile(QString path);

    const WizardDraft &draft() const { return m_draft; }
    /// False: it could not be written, and holds until the program ends.
    bool keep(const WizardDraft &draft);

private:
    QString m_path;
    WizardDraft m_draft;
};

} // namespace sallyport
