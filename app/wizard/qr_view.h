// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "app/exchange/qr_code.h"

#include <QWidget>

#include <optional>

namespace sallyport {

/// A code as large as the room allows, black on white in every theme, as cameras need it.
class QrView : public QWidget {
    Q_OBJECT

public:
    explicit QrView(QWidget *parent = nullptr);

    void show(const std::optional<QrCode> &code);
    using QWidget::show;

protected:
    void paintEvent(QPaintEvent *event) override;
    QSize sizeHint() const override { return {360, 360}; }
    QSize minimumSizeHint() const override { return {200, 200}; }

private:
    std::optional<QrCode> m_code;
};

} // namespace sallyport
