// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/pages/diagnose/diagnose_page.h"

#include "app/pages/diagnose/finding_row.h"
#include "app/widgets/look.h"

#include <QScrollArea>

namespace sallyport {

DiagnosePage::DiagnosePage(QWidget *parent)
    : QWidget(parent), m_summary(wrappedLabel(this, {}, kLarge)), m_check(new QPushButton(tr("&Check now"), this)),
      m_report(new QPushButton(tr("&Report…"), this)), m_chain(new QWidget(this)), m_rows(new QVBoxLayout(m_chain))
{
    m_report->setToolTip(tr("Text for whoever is to help; you read and change it before it is saved"));
    m_report->setEnabled(false);
    build();
    connect(m_check, &QPushButton::clicked, this, &DiagnosePage::checkRequested);
    connect(m_report, &QPushButton::clicked, this, &DiagnosePage::reportRequested);
}

void DiagnosePage::build()
{
    auto *area = new QScrollArea(this);
    area->setAccessibleName(tr("What was found"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(m_chain);
    m_rows->setContentsMargins(0, 0, kGrid, 0);
    m_rows->setSpacing(0);
    m_rows->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_check);
    buttons->addWidget(m_report);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * kGrid, 2 * kGrid, 2 * kGrid, 2 * kGrid);
    layout->setSpacing(kGrid);
    layout->addWidget(plainLabel(this, tr("What is not working?"), kHuge, true));
    layout->addWidget(m_summary);
    layout->addWidget(area, 1);
    layout->addLayout(buttons);
    setFocusProxy(m_check);
}

void DiagnosePage::show(const DiagnoseModel &model)
{
    const bool sameFindings = model.findings == m_shown.findings;
    m_shown = model;
    m_summary->setText(model.summary);
    m_check->setEnabled(!model.isRunning);
    m_report->setEnabled(!model.isRunning && !model.findings.empty());
    if (!sameFindings)
        showFindings();
}

void DiagnosePage::showFindings()
{
    qDeleteAll(m_chain->findChildren<FindingRow *>(Qt::FindDirectChildrenOnly));
    int place = 0;
    for (const Finding &finding : m_shown.findings)
        m_rows->insertWidget(place++, new FindingRow(finding, &finding == &m_shown.findings.back(), m_chain));
}

} // namespace sallyport
