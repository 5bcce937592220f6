// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QLabel>

namespace sallyport {

/// Plain text that stays readable on a widget that is disabled: it says why. Styles pale the text of every disabled
/// label, whatever its palette says.
class ReadableLabel : public QLabel {
    Q_OBJECT

public:
    explicit ReadableLabel(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace sallyport
