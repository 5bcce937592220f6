// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/new_home.h"
#include "app/setup/wizard_draft.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

namespace sallyport {

/// Name and networks of a new Home; says at once whose network is in the way.
class HomePage : public QWidget {
    Q_OBJECT

public:
    explicit HomePage(QWidget *parent = nullptr);

    void show(const WizardDraft &draft, std::vector<SeenNetwork> seen);
    using QWidget::show;
    /// None while something is missing or taken.
    std::optional<HomePlan> plan() const;
    void fill(WizardDraft &draft) const;

Q_SIGNALS:
    void edited();
    void proposalRequested();

private:
    QString remarkOn(const QLineEdit &field, Family family) const;
    void check();

    QLineEdit *m_name;
    QLineEdit *m_device;
    QLineEdit *m_ipv4;
    QLineEdit *m_ipv6;
    QLabel *m_remark;
    std::vector<SeenNetwork> m_seen;
};

} // namespace sallyport
