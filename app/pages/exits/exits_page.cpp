// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/exits/exits_page.h"

#include "app/pages/exits/exit_delegate.h"
#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QShortcut>

namespace sallyport {

ExitsPage::ExitsPage(QWidget *parent)
    : QWidget(parent), m_search(new QLineEdit(this)), m_list(new QListView(this)),
      m_empty(wrappedLabel(this, {}, kLarge)), m_use(new QPushButton(tr("&Use this exit"), this)),
      m_favourite(new QPushButton(tr("&Favourite"), this)), m_stack(new QStackedWidget(this))
{
    m_search->setPlaceholderText(tr("Find an exit by name or country"));
    m_search->setAccessibleName(tr("Find an exit"));
    m_search->setClearButtonEnabled(true);
    m_list->setAccessibleName(tr("Exits"));
    m_list->setModel(&m_model);
    m_list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setMargin(4 * kGrid);
    auto *delegate = new ExitDelegate(m_list);
    m_list->setItemDelegate(delegate);
    build();
    addArrows();
    connect(delegate, &ExitDelegate::favouriteClicked, this, &ExitsPage::favouriteToggled);
    connect(m_search, &QLineEdit::textChanged, this, &ExitsPage::searchChanged);
    connect(m_search, &QLineEdit::returnPressed, this, &ExitsPage::choose);
    connect(m_list, &QListView::activated, this, &ExitsPage::choose);
    connect(m_use, &QPushButton::clicked, this, &ExitsPage::choose);
    connect(m_favourite, &QPushButton::clicked, this, [this] {
        if (!selected().isEmpty())
            Q_EMIT favouriteToggled(selected());
    });
}

void ExitsPage::build()
{
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_use);
    buttons->addWidget(m_favourite);
    buttons->addStretch(1);
    auto *account = new QPushButton(tr("Add &account…"), this);
    buttons->addWidget(account);
    connect(account, &QPushButton::clicked, this, &ExitsPage::accountRequested);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    layout->addWidget(m_search);
    layout->addWidget(m_stack, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_search);
}

void ExitsPage::show(const std::vector<ExitSection> &sections, const QString &empty)
{
    const QString before = selected();
    m_empty->setText(empty);
    m_stack->setCurrentIndex(sections.empty() ? 1 : 0);
    m_use->setEnabled(!sections.empty());
    m_favourite->setEnabled(!sections.empty());
    m_model.show(sections);
    if (selected().isEmpty() || selected() != before)
        selectFrom(0, 1);
}

QString ExitsPage::search() const
{
    return m_search->text().trimmed();
}

/// Arrows move in the list while the person types.
void ExitsPage::addArrows()
{
    for (const int step : {-1, 1}) {
        auto *arrow = new QShortcut(step < 0 ? Qt::Key_Up : Qt::Key_Down, m_search);
        arrow->setContext(Qt::WidgetShortcut);
        connect(arrow, &QShortcut::activated, this,
            [this, step] { selectFrom(m_list->currentIndex().row() + step, step); });
    }
}

QString ExitsPage::selected() const
{
    const QModelIndex index = m_list->currentIndex();
    return index.data(ExitListModel::kItemRole).isValid() ? index.data().toString() : QString();
}

/// The next row, in that direction, that is no heading.
void ExitsPage::selectFrom(int row, int step)
{
    for (; row >= 0 && row < m_model.rowCount(); row += step) {
        if (m_model.index(row).data(ExitListModel::kItemRole).isValid()) {
            m_list->setCurrentIndex(m_model.index(row));
            return;
        }
    }
}

void ExitsPage::choose()
{
    if (!selected().isEmpty())
        Q_EMIT exitChosen(selected());
}

} // namespace sallyport
