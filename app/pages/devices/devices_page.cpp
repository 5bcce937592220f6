// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/devices/devices_page.h"

#include "app/pages/devices/device_delegate.h"
#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QScrollArea>
#include <QSplitter>

namespace sallyport {

DevicesPage::DevicesPage(QWidget *parent)
    : QWidget(parent), m_filter(new QLineEdit(this)), m_list(new QListView(this)),
      m_empty(wrappedLabel(this, {}, kLarge)), m_details(new DeviceDetailsView(this)), m_stack(new QStackedWidget(this))
{
    m_filtered.setSourceModel(&m_model);
    m_filtered.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_filter->setPlaceholderText(tr("Find a device"));
    m_filter->setAccessibleName(tr("Find a device"));
    m_filter->setClearButtonEnabled(true);
    m_list->setAccessibleName(tr("Devices"));
    m_list->setModel(&m_filtered);
    m_list->setItemDelegate(new DeviceDelegate(m_list));
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(4 * kGrid);
    build();
    connect(m_filter, &QLineEdit::textChanged, &m_filtered, &QSortFilterProxyModel::setFilterFixedString);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &DevicesPage::selectionChanged);
    connect(m_details, &DeviceDetailsView::copyRequested, this, &DevicesPage::copyRequested);
    connect(m_details, &DeviceDetailsView::exitChosen, this, &DevicesPage::exitChosen);
    connect(m_details, &DeviceDetailsView::pathPreferred, this, &DevicesPage::pathPreferred);
}

void DevicesPage::build()
{
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    column->addWidget(m_filter);
    column->addWidget(m_list, 1);
    auto *details = new QScrollArea(this);
    details->setFrameShape(QFrame::NoFrame);
    details->setWidgetResizable(true);
    details->setFocusPolicy(Qt::NoFocus);
    details->setMinimumWidth(m_details->minimumSizeHint().width());
    details->setWidget(m_details);
    auto *splitter = new QSplitter(this);
    splitter->setHandleWidth(1);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(details);
    splitter->setStretchFactor(0, 2);
    splitter->setStretchFactor(1, 3);
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_stack);
    setFocusProxy(m_list);
}

void DevicesPage::show(std::vector<DeviceRow> rows, const QString &empty)
{
    const QString before = selected();
    m_empty->setText(empty);
    m_stack->setCurrentIndex(rows.empty() ? 1 : 0);
    m_model.show(std::move(rows));
    if (selected() != before || before.isEmpty())
        select(before);
}

void DevicesPage::showDetails(const std::optional<DeviceDetails> &details)
{
    m_details->setVisible(details.has_value());
    if (details)
        m_details->show(*details);
}

QString DevicesPage::selected() const
{
    return m_list->currentIndex().data(Qt::DisplayRole).toString();
}

void DevicesPage::select(const QString &name)
{
    const QModelIndexList found = m_filtered.match(m_filtered.index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly);
    m_list->setCurrentIndex(found.isEmpty() ? m_filtered.index(0, 0) : found.first());
}

} // namespace sallyport
