// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/activity/activity_page.h"

#include "app/pages/activity/activity_delegate.h"
#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

ActivityPage::ActivityPage(QWidget *parent)
    : QWidget(parent), m_topic(new QComboBox(this)), m_list(new QListView(this)),
      m_empty(wrappedLabel(this, tr("Nothing has changed since Sallyport was started."), kLarge)),
      m_stack(new QStackedWidget(this))
{
    m_filtered.setSourceModel(&m_model);
    m_filtered.setFilterRole(ActivityListModel::kTopicRole);
    m_list->setAccessibleName(tr("What changed"));
    m_list->setModel(&m_filtered);
    m_list->setItemDelegate(new ActivityDelegate(m_list));
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setResizeMode(QListView::Adjust);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(4 * kGrid);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    addTopics();
    auto *row = new QHBoxLayout;
    auto *label = plainLabel(this, tr("&Show:"));
    label->setBuddy(m_topic);
    row->addWidget(label);
    row->addWidget(m_topic);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->addLayout(row);
    layout->addWidget(m_stack, 1);
    setFocusProxy(m_list);
    connect(m_topic, &QComboBox::currentIndexChanged, this, &ActivityPage::filter);
    m_stack->setCurrentWidget(m_empty);
}

void ActivityPage::addTopics()
{
    m_topic->addItem(tr("everything"), -1);
    for (const auto &[text, topic] : {std::pair(tr("Home"), Topic::Home), std::pair(tr("Exit"), Topic::Exit),
             std::pair(tr("the guard"), Topic::Guard), std::pair(tr("devices"), Topic::Device),
             std::pair(tr("troubles"), Topic::Other)})
        m_topic->addItem(text, static_cast<int>(topic));
}

void ActivityPage::filter()
{
    const int topic = m_topic->currentData().toInt();
    m_filtered.setFilterFixedString(topic < 0 ? QString() : QString::number(topic));
}

void ActivityPage::show(const std::vector<ActivityEntry> &entries)
{
    m_stack->setCurrentIndex(entries.empty() ? 1 : 0);
    m_model.show(entries);
}

} // namespace sallyport
