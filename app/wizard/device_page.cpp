// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/device_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

DevicePage::DevicePage(For whom, QWidget *parent)
    : QWidget(parent), m_whom(whom), m_form(new QWidget(this)), m_name(new QLineEdit(m_form)),
      m_kind(new QComboBox(m_form)), m_reachedAt(new QLineEdit(m_form)), m_code(new QrView(this)),
      m_sentence(wrappedLabel(this, {}, kLarge)), m_save(new QPushButton(tr("&Save its file…"), this))
{
    setWindowTitle(whom == For::Phone ? tr("Add a phone") : tr("Add a device"));
    build();
    setFocusProxy(m_name);
    for (QLineEdit *field : {m_name, m_reachedAt}) {
        field->setMaxLength(1024);
        connect(field, &QLineEdit::textChanged, this, &DevicePage::edited);
    }
    connect(m_save, &QAbstractButton::clicked, this, &DevicePage::saveRequested);
}

void DevicePage::build()
{
    for (const QString &kind : {tr("a laptop"), tr("a desktop"), tr("a server that others may use as an exit")})
        m_kind->addItem(kind);
    m_kind->setVisible(m_whom == For::Computer);
    auto *rows = new QFormLayout(m_form);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setRowWrapPolicy(QFormLayout::WrapLongRows);
    rows->addRow(m_whom == For::Phone ? tr("&Name of the phone") : tr("&Name of the device"), m_name);
    if (m_whom == For::Computer)
        rows->addRow(tr("It &is"), m_kind);
    rows->addRow(tr("It reaches this computer &at"), m_reachedAt);
    rows->addRow(wrappedLabel(m_form,
        m_whom == For::Phone ? tr("Install WireGuard on the phone first. The code that comes next can be scanned once: "
                                  "with “+”, “Create from QR code”.")
                             : tr("Its key is made for its file, and is not kept here.")));
    m_sentence->setAlignment(Qt::AlignCenter);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_form);
    layout->addWidget(m_code, 1);
    layout->addWidget(m_sentence);
    layout->addWidget(m_save, 0, Qt::AlignCenter);
    layout->addStretch(0);
}

void DevicePage::showForm(const WizardDraft &draft)
{
    const QSignalBlocker quiet(this);
    m_name->setText(draft.newDeviceName);
    m_kind->setCurrentIndex(std::min(draft.newDeviceKind, m_kind->count() - 1));
    m_reachedAt->setText(draft.reachedAt);
    m_form->show();
    m_code->show(std::nullopt);
    m_sentence->clear();
    m_save->hide();
}

void DevicePage::showCode(const std::optional<QrCode> &code, const QString &sentence)
{
    m_form->hide();
    m_code->show(code);
    m_sentence->setText(sentence);
}

void DevicePage::fill(WizardDraft &draft) const
{
    draft.newDeviceName = m_name->text();
    draft.newDeviceKind = m_kind->currentIndex();
    draft.reachedAt = m_reachedAt->text();
}

bool DevicePage::isComplete() const
{
    return !m_name->text().trimmed().isEmpty();
}

} // namespace sallyport
