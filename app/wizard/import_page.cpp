// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/import_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QPushButton>

namespace sallyport {

ImportPage::ImportPage(QWidget *parent)
    : QWidget(parent), m_summary(wrappedLabel(this)), m_table(new QTableView(this)),
      m_replace(new QCheckBox(tr("&Replace what has the same name"), this))
{
    setWindowTitle(tr("Join or import"));
    auto *ways = new QHBoxLayout;
    const std::tuple<QString, void (ImportPage::*)()> buttons[]
        = {{tr("From a &file or picture…"), &ImportPage::fileRequested},
            {tr("From the &clipboard"), &ImportPage::clipboardRequested},
            {tr("A code on the &screen"), &ImportPage::screenRequested}};
    for (const auto &[text, asked] : buttons) {
        auto *button = new QPushButton(text, this);
        ways->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, asked);
        if (!focusProxy())
            setFocusProxy(button);
    }
    ways->addStretch(1);
    m_table->setModel(&m_model);
    m_table->setAccessibleName(tr("What becomes of every line"));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setStretchLastSection(true);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(ways);
    layout->addWidget(m_summary);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_replace);
    clear();
}

void ImportPage::clear()
{
    m_summary->setText(
        tr("A .conf file of any provider, an archive of them, a configuration of ours, or a picture of a "
           "code. You can also drop one here. Nothing is taken over before you have seen it."));
    m_model.show({});
    m_table->setVisible(false);
    m_replace->setVisible(false);
}

void ImportPage::showOffer(const QString &summary, std::vector<PreviewLine> lines)
{
    m_summary->setText(summary);
    m_model.show(std::move(lines));
    m_table->setVisible(true);
    m_replace->setVisible(true);
    for (int column = 0; column < 3; ++column)
        m_table->resizeColumnToContents(column);
}

} // namespace sallyport
