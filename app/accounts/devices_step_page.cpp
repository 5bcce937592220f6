// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/accounts/devices_step_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QLocale>

namespace sallyport {

DevicesStepPage::DevicesStepPage(QWidget *parent)
    : QWidget(parent), m_question(wrappedLabel(this)), m_list(new QListWidget(this)),
      m_replace(new QPushButton(tr("&Replace this device"), this))
{
    m_list->setAccessibleName(tr("Devices of the account"));
    auto *back = new QPushButton(tr("&Back"), this);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_replace);
    buttons->addWidget(back);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
    layout->addWidget(m_question);
    layout->addWidget(m_list, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_list);
    connect(m_list, &QListWidget::itemSelectionChanged, this, &DevicesStepPage::updateButton);
    connect(back, &QPushButton::clicked, this, &DevicesStepPage::backRequested);
    connect(m_replace, &QPushButton::clicked, this, [this] {
        const QListWidgetItem *item = m_list->currentItem();
        Q_EMIT replaceRequested(item ? item->data(Qt::UserRole).toString() : QString());
    });
}

void DevicesStepPage::show(const ProviderTraits &traits, const AccountModel &model)
{
    m_isBusy = !model.busy.isEmpty();
    m_question->setText(
        traits.listsDevices ? tr(
            "Which device is to make room for this computer? It loses its way out through %1 until it logs in again.")
                                  .arg(traits.name)
                            : tr("%1 can only end all other sessions of the account at once. Your other devices lose "
                                 "their way out until they log "
                                 "in again.")
                                  .arg(traits.name));
    m_replace->setText(traits.listsDevices ? tr("&Replace this device") : tr("&End all other sessions"));
    m_list->setVisible(traits.listsDevices);
    if (m_list->count() != static_cast<int>(model.devices.size()) || !m_isBusy) {
        m_list->clear();
        for (const ProviderDevice &device : model.devices) {
            const QString since = QLocale().toString(device.created.toLocalTime().date(), QLocale::ShortFormat);
            //: %1 is a device's name, %2 a date
            auto *item = new QListWidgetItem(
                device.created.isValid() ? tr("%1, since %2").arg(device.name, since) : device.name, m_list);
            item->setData(Qt::UserRole, device.id);
        }
        m_list->setCurrentItem(nullptr);
    }
    updateButton();
}

void DevicesStepPage::updateButton()
{
    m_replace->setEnabled(!m_isBusy && (m_list->isHidden() || !m_list->selectedItems().isEmpty()));
}

} // namespace sallyport
