// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/pages/overview/switch_card.h"
#include "app/widgets/trouble_bar.h"
#include "core/present/tray_model.h"

#include <QComboBox>
#include <QWidget>

namespace sallyport {

/// The two switches as cards, the sentence of what is on, and what is wrong. Renders a model and emits what the person
/// asked for.
class MainWindow : public QWidget {
    Q_OBJECT

public:
    explicit MainWindow(QWidget *parent = nullptr);

    void show(const TrayModel &model, bool canDismissTrouble);
    using QWidget::show;

Q_SIGNALS:
    void homeRequested(bool on);
    void exitRequested(bool on);
    void exitChosen(const QString &name);
    void troubleDismissed();
    void visibilityChanged(bool visible);
    void closeRequested();

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void addShortcut(SwitchCard *card, const QKeySequence &key);
    void showExits(const TrayModel &model);

    SwitchCard *m_home;
    SwitchCard *m_exit;
    QLabel *m_exitsLabel;
    QComboBox *m_exits;
    QLabel *m_sentence;
    TroubleBar *m_trouble;
    TrayModel m_shown;
};

} // namespace sallyport
