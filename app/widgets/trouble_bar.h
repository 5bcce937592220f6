// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/tray_model.h"

#include <QFrame>
#include <QLabel>
#include <QPushButton>

namespace sallyport {

/// What went wrong and what to do. Hidden while nothing is wrong.
class TroubleBar : public QWidget {
    Q_OBJECT

public:
    explicit TroubleBar(QWidget *parent = nullptr);

    /// `canDismiss`: the answer to a request, which may be put away; a state cannot.
    void show(const Trouble &trouble, bool canDismiss);

Q_SIGNALS:
    void dismissed();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showGlyph();

    QFrame *m_frame; ///< within the margin, which goes away with the bar
    QLabel *m_glyph;
    QLabel *m_what;
    QLabel *m_todo;
    QLabel *m_detail;
    QPushButton *m_close;
};

} // namespace sallyport
