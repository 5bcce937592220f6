// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/wizard/end_page.h"

#include "app/widgets/look.h"

#include <QBoxLayout>

namespace sallyport {

EndPage::EndPage(QWidget *parent)
    : QWidget(parent), m_done(wrappedLabel(this, {}, kLarge)),
      m_startAtLogin(new QCheckBox(tr("Show Sallyport in the panel after &login"), this))
{
    setWindowTitle(tr("Done"));
    auto *layout = new QVBoxLayout(this);
    layout->setSpacing(2 * kGrid);
    layout->addWidget(m_done);
    layout->addWidget(wrappedLabel(this,
        tr("Both switches are in the panel of your desktop, as a house and a shield side by side: a click opens the "
           "window, the right "
           "button a menu. Where nothing shows icons, the window has the same switches.")));
    layout->addWidget(m_startAtLogin);
    layout->addWidget(wrappedLabel(
        this, tr("What is switched on now is on again when this computer starts, before anybody logs in.")));
    layout->addStretch(1);
    setFocusProxy(m_startAtLogin);
    connect(m_startAtLogin, &QCheckBox::clicked, this, &EndPage::startAtLoginRequested);
}

void EndPage::show(const QString &done, bool startsAtLogin)
{
    m_done->setText(done);
    m_startAtLogin->setChecked(startsAtLogin);
}

} // namespace sallyport
