// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/devices/device_details_view.h"

#include "app/widgets/look.h"

#include <QHeaderView>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

QString preferenceWord(Preference preference)
{
    switch (preference) {
    case Preference::None:
        return {};
    case Preference::Prefer:
        return DeviceDetailsView::tr("preferred");
    case Preference::Pin:
        return DeviceDetailsView::tr("pinned");
    case Preference::Forbid:
        return DeviceDetailsView::tr("forbidden");
    }
    Q_UNREACHABLE();
}

QString factsOf(const DeviceDetails &details)
{
    QStringList lines;
    if (!details.addresses.isEmpty())
        lines += DeviceDetailsView::tr("In Home: %1").arg(details.addresses.join(u", "_s));
    if (!details.endpoint.isEmpty())
        lines += DeviceDetailsView::tr("Reached at: %1").arg(details.endpoint);
    if (!details.row.roundTrip.isEmpty())
        lines += DeviceDetailsView::tr("Round trip: %1").arg(details.row.roundTrip);
    lines += DeviceDetailsView::tr("Last handshake: %1")
                 .arg(details.row.handshake.isEmpty() ? DeviceDetailsView::tr("never") : details.row.handshake);
    if (!details.row.traffic.isEmpty())
        lines += details.row.traffic;
    lines += details.agent;
    return lines.join(u'\n');
}

} // namespace

DeviceDetailsView::DeviceDetailsView(QWidget *parent)
    : QWidget(parent), m_name(plainLabel(this, {}, kHuge, true)), m_state(wrappedLabel(this, {}, kLarge)),
      m_facts(wrappedLabel(this)), m_copyAddress(new QPushButton(tr("Copy &address"), this)),
      m_copyKey(new QPushButton(tr("Copy &key"), this)), m_useAsExit(new QPushButton(tr("&Use as exit"), this)),
      m_ways(new QTreeWidget(this)), m_reason(wrappedLabel(this)), m_useRow(new QHBoxLayout)
{
    m_facts->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    build();
    connect(m_copyAddress, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_shown.addresses.value(0)); });
    connect(m_copyKey, &QPushButton::clicked, this, [this] { Q_EMIT copyRequested(m_shown.key); });
    connect(m_useAsExit, &QPushButton::clicked, this, [this] { Q_EMIT exitChosen(m_shown.exitName); });
    connect(m_ways, &QTreeWidget::currentItemChanged, this, &DeviceDetailsView::showUses);
}

void DeviceDetailsView::build()
{
    m_ways->setAccessibleName(tr("Ways to this device"));
    m_ways->setHeaderLabels({tr("Way"), tr("Measured"), tr("Your word")});
    m_ways->setRootIsDecorated(false);
    m_ways->setMinimumHeight(10 * kGrid);
    m_ways->setSizeAdjustPolicy(QAbstractScrollArea::AdjustToContents);
    m_ways->header()->setStretchLastSection(false);
    m_ways->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_ways->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    auto *copies = new QHBoxLayout;
    for (QPushButton *button : {m_copyAddress, m_copyKey, m_useAsExit})
        copies->addWidget(button);
    copies->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    for (QLabel *label : {m_name, m_state, m_facts})
        layout->addWidget(label);
    layout->addLayout(copies);
    layout->addWidget(plainLabel(this, tr("Ways to it"), kLarge));
    layout->addWidget(m_ways, 1);
    layout->addWidget(m_reason);
    layout->addLayout(m_useRow);
    addUse(tr("&Prefer"), tr("Use this way while it answers"), Preference::Prefer);
    addUse(tr("P&in"), tr("Use no other way"), Preference::Pin);
    addUse(tr("&Forbid"), tr("Never use this way"), Preference::Forbid);
    m_useRow->addStretch(1);
}

void DeviceDetailsView::addUse(const QString &text, const QString &tip, Preference use)
{
    auto *button = new QToolButton(this);
    button->setText(text);
    button->setToolTip(tip);
    button->setCheckable(true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setAccessibleDescription(tip);
    connect(button, &QToolButton::clicked, this, [this, use] { preferSelected(use); });
    m_uses.emplace_back(use, button);
    m_useRow->addWidget(button);
}

void DeviceDetailsView::show(const DeviceDetails &details)
{
    if (details == m_shown)
        return;
    const bool sameWays = details.ways == m_shown.ways && details.row.name == m_shown.row.name;
    m_shown = details;
    m_name->setText(details.row.name);
    m_state->setText(details.row.path);
    m_facts->setText(factsOf(details));
    m_copyAddress->setEnabled(!details.addresses.isEmpty());
    m_useAsExit->setVisible(!details.exitName.isEmpty());
    if (!sameWays)
        showWays();
    showUses();
}

void DeviceDetailsView::showWays()
{
    const QString selected
        = m_ways->currentItem() ? m_ways->currentItem()->data(0, Qt::UserRole).toString() : QString();
    m_ways->clear();
    for (const WayRow &way : m_shown.ways) {
        auto *item = new QTreeWidgetItem(m_ways, {way.address, way.measured, preferenceWord(way.preference)});
        item->setData(0, Qt::UserRole, way.address);
        item->setToolTip(0, way.reason);
        item->setData(0, Qt::AccessibleDescriptionRole, way.reason);
        item->setFont(0, scaled(m_ways->font(), 1, way.isInUse));
        if (way.address == selected)
            m_ways->setCurrentItem(item);
    }
    if (!m_ways->currentItem() && m_ways->topLevelItemCount() > 0)
        m_ways->setCurrentItem(m_ways->topLevelItem(0));
}

/// What is pressed is what the helper says, not what was clicked.
void DeviceDetailsView::showUses()
{
    const WayRow *way = selectedWay();
    //: %1 is where a way is known from, such as typed in; %2 a sentence
    m_reason->setText(way ? tr("This way was %1. %2").arg(way->source, way->reason) : QString());
    for (const auto &[use, button] : m_uses) {
        button->setEnabled(way != nullptr);
        button->setChecked(way && way->preference == use);
    }
}

void DeviceDetailsView::preferSelected(Preference use)
{
    showUses();
    const WayRow *way = selectedWay();
    if (!way)
        return;
    if (const auto address = HostEndpoint::parse(way->address))
        Q_EMIT pathPreferred({m_shown.row.name, *address, way->preference == use ? Preference::None : use});
}

const WayRow *DeviceDetailsView::selectedWay() const
{
    const int row = m_ways->indexOfTopLevelItem(m_ways->currentItem());
    return row < 0 || static_cast<std::size_t>(row) >= m_shown.ways.size()
        ? nullptr
        : &m_shown.ways[static_cast<std::size_t>(row)];
}

} // namespace sallyport
