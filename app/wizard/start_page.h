// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/wizard_draft.h"

#include <QCommandLinkButton>
#include <QLabel>

namespace sallyport {

/// What can be done, and what cannot yet.
class StartPage : public QWidget {
    Q_OBJECT

public:
    explicit StartPage(QWidget *parent = nullptr);

    void show(bool hasHome, WizardTask leftOff);
    using QWidget::show;

Q_SIGNALS:
    void chosen(sallyport::WizardTask task);

private:
    void add(WizardTask task, const QString &text, const QString &about);

    QLabel *m_leftOff;
    std::vector<std::pair<WizardTask, QCommandLinkButton *>> m_choices;
};

} // namespace sallyport
