// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/widgets/hint_bar.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

HintBar::HintBar(QWidget *parent)
    : QWidget(parent), m_text(wrappedLabel(this)), m_close(new QPushButton(tr("Understood"), this))
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 0);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QPushButton::clicked, this, [this] {
        show({});
        Q_EMIT understood();
    });
    setVisible(false);
}

void HintBar::show(const QString &text)
{
    m_text->setText(text);
    setVisible(!text.isEmpty());
}

} // namespace sallyport
