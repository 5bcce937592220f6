// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/home_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QPushButton>

namespace sallyport {

HomePage::HomePage(QWidget *parent)
    : QWidget(parent), m_name(new QLineEdit(this)), m_device(new QLineEdit(this)), m_ipv4(new QLineEdit(this)),
      m_ipv6(new QLineEdit(this)), m_remark(wrappedLabel(this))
{
    setWindowTitle(tr("Create a Home"));
    auto *form = new QFormLayout;
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(tr("&Name of your Home"), m_name);
    form->addRow(tr("This &computer is called"), m_device);
    form->addRow(tr("Its network (IPv&4)"), m_ipv4);
    form->addRow(tr("Its network (IPv&6)"), m_ipv6);
    auto *others = new QPushButton(tr("&Propose others"), this);
    others->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(others);
    layout->addWidget(m_remark);
    layout->addWidget(wrappedLabel(this,
        tr("The key of this computer is made here and now, and never leaves it. Nobody else is asked, and there is no "
           "account.")));
    layout->addStretch(1);
    setFocusProxy(m_name);
    for (QLineEdit *field : {m_name, m_device, m_ipv4, m_ipv6}) {
        field->setMaxLength(1024);
        connect(field, &QLineEdit::textChanged, this, &HomePage::check);
    }
    connect(others, &QAbstractButton::clicked, this, &HomePage::proposalRequested);
}

void HomePage::show(const WizardDraft &draft, std::vector<SeenNetwork> seen)
{
    m_seen = std::move(seen);
    const QSignalBlocker quiet(this);
    m_name->setText(draft.homeName);
    m_device->setText(draft.deviceName);
    m_ipv4->setText(draft.ipv4);
    m_ipv6->setText(draft.ipv6);
    check();
}

void HomePage::fill(WizardDraft &draft) const
{
    draft.homeName = m_name->text();
    draft.deviceName = m_device->text();
    draft.ipv4 = m_ipv4->text();
    draft.ipv6 = m_ipv6->text();
}

QString HomePage::remarkOn(const QLineEdit &field, Family family) const
{
    const auto prefix = parseMeshPrefix(field.text(), family);
    if (!prefix)
        return prefix.error().detail;
    const auto clashes = clashesOf(*prefix, m_seen);
    if (clashes.empty())
        return {};
    return tr("%1 is used by %2 (%3). Devices there could not be told from yours.")
        .arg(field.text(), clashes.front().whose, clashes.front().prefix.toCidr());
}

void HomePage::check()
{
    QStringList remarks{remarkOn(*m_ipv4, Family::IPv4), remarkOn(*m_ipv6, Family::IPv6)};
    remarks.removeAll(QString());
    remarks.removeDuplicates();
    m_remark->setText(remarks.isEmpty() ? tr("Nobody in sight uses these networks.") : remarks.join(u'\n'));
    Q_EMIT edited();
}

std::optional<HomePlan> HomePage::plan() const
{
    const auto ipv4 = parseMeshPrefix(m_ipv4->text(), Family::IPv4);
    const auto ipv6 = parseMeshPrefix(m_ipv6->text(), Family::IPv6);
    const bool isNamed = !m_name->text().trimmed().isEmpty() && !m_device->text().trimmed().isEmpty();
    if (!isNamed || !ipv4 || !ipv6 || !clashesOf(*ipv4, m_seen).empty() || !clashesOf(*ipv6, m_seen).empty())
        return std::nullopt;
    return HomePlan{m_name->text(), m_device->text(), {*ipv4, *ipv6}, 0};
}

} // namespace sallyport
