// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/window/navigation.h"

#include "app/icons/page_icons.h"
#include "app/widgets/look.h"

#include <QEvent>
#include <QScrollBar>
#include <QStyledItemDelegate>

namespace sallyport {

namespace {

constexpr int kIconSize = 20;
constexpr int kRowHeight = 5 * kGrid;

/// Room around what is marked, so that it does not touch the edges of the window.
class PageDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem inner = option;
        inner.rect.adjust(kGrid / 2, kGrid / 2, -kGrid / 2, 0);
        QStyledItemDelegate::paint(painter, inner, index);
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (option->text.isEmpty())
            option->decorationAlignment = Qt::AlignCenter;
    }
};

} // namespace

Navigation::Navigation(QWidget *parent) : QListWidget(parent)
{
    setAccessibleName(tr("Pages"));
    setFrameShape(QFrame::NoFrame);
    setIconSize({kIconSize, kIconSize});
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setUniformItemSizes(true);
    setItemDelegate(new PageDelegate(this));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    for (const PageId page : kPages) {
        auto *item = new QListWidgetItem(nameOf(page), this);
        item->setToolTip(nameOf(page));
        item->setData(Qt::AccessibleTextRole, nameOf(page));
    }
    drawIcons();
    fitWidth();
    connect(this, &QListWidget::currentRowChanged, this, [this] { Q_EMIT pageChosen(current()); });
}

QString Navigation::nameOf(PageId page)
{
    switch (page) {
    case PageId::Overview:
        return tr("Overview");
    case PageId::Devices:
        return tr("Devices");
    case PageId::Exits:
        return tr("Exits");
    case PageId::Picture:
        return tr("Picture");
    case PageId::Activity:
        return tr("Activity");
    case PageId::Diagnose:
        return tr("Diagnose");
    case PageId::Settings:
        return tr("Settings");
    }
    Q_UNREACHABLE();
}

void Navigation::setIconsOnly(bool on)
{
    if (on == m_isIconsOnly)
        return;
    m_isIconsOnly = on;
    for (int row = 0; row < count(); ++row)
        item(row)->setText(on ? QString() : nameOf(kPages[static_cast<std::size_t>(row)]));
    fitWidth();
}

PageId Navigation::current() const
{
    return kPages[static_cast<std::size_t>(std::max(0, currentRow()))];
}

void Navigation::setCurrent(PageId page)
{
    setCurrentRow(static_cast<int>(page));
}

void Navigation::changeEvent(QEvent *event)
{
    QListWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
    if (event->type() == QEvent::FontChange)
        fitWidth();
}

void Navigation::drawIcons()
{
    for (int row = 0; row < count(); ++row)
        item(row)->setIcon(pageIcon(kPages[static_cast<std::size_t>(row)], palette()));
}

void Navigation::fitWidth()
{
    int widest = kIconSize + 2 * kGrid;
    if (!m_isIconsOnly) {
        for (const PageId page : kPages)
            widest = std::max(widest, kIconSize + 6 * kGrid + fontMetrics().horizontalAdvance(nameOf(page)));
    }
    for (int row = 0; row < count(); ++row)
        item(row)->setSizeHint({widest, std::max(kRowHeight, fontMetrics().height() + kGrid)});
    setFixedWidth(widest);
}

} // namespace sallyport
