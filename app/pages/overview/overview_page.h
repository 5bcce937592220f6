// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/overview/overview_model.h"
#include "app/pages/overview/proof_line.h"
#include "app/pages/overview/switch_card.h"

#include <QBoxLayout>
#include <QPushButton>

namespace sallyport {

/// The two switches as cards, what holds, and the sentence of what is on.
class OverviewPage : public QWidget {
    Q_OBJECT

public:
    explicit OverviewPage(QWidget *parent = nullptr);

    void show(const OverviewModel &model);
    using QWidget::show;

Q_SIGNALS:
    void homeRequested(bool on);
    void exitRequested(bool on);
    void otherExitRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void addKey(SwitchCard *card, const QKeySequence &key);

    SwitchCard *m_home;
    SwitchCard *m_exit;
    ProofLine *m_proof;
    QLabel *m_sentence;
    QPushButton *m_otherExit;
    QBoxLayout *m_cards;
};

} // namespace sallyport
