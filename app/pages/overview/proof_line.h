// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/proof.h"

#include <QWidget>

namespace sallyport {

/// What holds, each with a tick or a cross, as many in a row as fit.
class ProofLine : public QWidget {
    Q_OBJECT

public:
    explicit ProofLine(QWidget *parent = nullptr);

    void show(const std::vector<Tick> &ticks, const QString &checked);
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    struct Placed {
        QRect area;
        QString text;
        std::optional<Tick::Verdict> verdict; ///< none: when it was looked at
    };
    std::vector<Placed> placed(int width) const;

    std::vector<Tick> m_ticks;
    QString m_checked;
};

} // namespace sallyport
