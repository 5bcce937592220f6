// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <QVariantMap>

#include <functional>

namespace sallyport::test {

/// Makes values of every type that can travel over D-Bus out of numbers: from a seed, or from a fuzzer's bytes. Keys are
/// mostly those of our documents, so that the readers behind the first check are reached.
class RandomValues {
public:
    /// `next` gives a number from 0 to its argument, not included; the argument is at least 1.
    using Next = std::function<quint32(quint32)>;
    explicit RandomValues(Next next) : m_next(std::move(next)) {}

    QVariantMap map(int depth = 0);
    QVariant any();
    QString text();

private:
    QVariant value(int depth);
    QVariant plain();
    QVariant odd();
    QVariant list(int depth);
    QString key();

    Next m_next;
    static constexpr int kBudget = 400; ///< values in one map with everything below it
    int m_budget = kBudget;
};

/// The map with some of its values, at any depth, put in place of by others.
QVariantMap disturbed(const QVariantMap &map, RandomValues &values, const RandomValues::Next &next);

} // namespace sallyport::test
