// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/settings/contacts_list.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QLocale>

namespace sallyport {

namespace {

QString textOf(const NetworkContact &contact)
{
    if (!contact.last.isValid())
        return ContactsList::tr("%1 – never asked").arg(contact.host);
    const QString last = QLocale().toString(contact.last.toLocalTime(), QLocale::ShortFormat);
    //: %1 is a host, %2 a time
    return ContactsList::tr("%1 – last asked %2").arg(contact.host, last);
}

} // namespace

ContactsList::ContactsList(QWidget *parent) : QWidget(parent)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(kGrid);
}

void ContactsList::build(const std::vector<NetworkContact> &contacts)
{
    for (const NetworkContact &contact : contacts) {
        const QString host = contact.host;
        auto *check = new QCheckBox(this);
        check->setAccessibleDescription(contact.purpose);
        layout()->addWidget(check);
        layout()->addWidget(wrappedLabel(this, contact.purpose));
        connect(check, &QCheckBox::clicked, this, [this, check, host](bool on) {
            check->setChecked(!on);
            Q_EMIT allowRequested(host, on);
        });
        m_rows.push_back({host, check});
    }
}

void ContactsList::show(const std::vector<NetworkContact> &contacts)
{
    if (m_rows.empty())
        build(contacts);
    for (std::size_t number = 0; number < m_rows.size() && number < contacts.size(); ++number) {
        m_rows[number].check->setText(textOf(contacts[number]));
        m_rows[number].check->setChecked(contacts[number].isAllowed);
    }
}

} // namespace sallyport
