// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/setup/wizard_draft.h"
#include "app/wizard/qr_view.h"

#include <QComboBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace sallyport {

/// A new device: first its name, then its file or code. For a phone the code stands large and alone.
class DevicePage : public QWidget {
    Q_OBJECT

public:
    enum class For { Computer, Phone };
    explicit DevicePage(For whom, QWidget *parent = nullptr);

    void showForm(const WizardDraft &draft);
    void showCode(const std::optional<QrCode> &code, const QString &sentence);
    void showSaveable(bool canSave) { m_save->setVisible(canSave); }
    void fill(WizardDraft &draft) const;
    bool isComplete() const;

Q_SIGNALS:
    void edited();
    void saveRequested();

private:
    void build();
    For m_whom;
    QWidget *m_form;
    QLineEdit *m_name;
    QComboBox *m_kind;
    QLineEdit *m_reachedAt;
    QrView *m_code;
    QLabel *m_sentence;
    QPushButton *m_save;
};

} // namespace sallyport
