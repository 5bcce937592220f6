// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "core/present/why.h"

namespace sallyport {

/// The statements so far. Each step adds its own.
class Walk {
public:
    explicit Walk(const WhyFacts &all) : facts(all) {}

    void good(const QString &step, const QString &sentence, const QStringList &details = {});
    void bad(const QString &step, const QString &sentence, const QString &advice, const QStringList &details = {});
    void notAsked(const QString &step, const QString &sentence);
    bool hasBad() const;
    WhyAnswer answer() const;

    QString address() const { return facts.address ? facts.address->toString() : facts.host; }
    bool leavesBy(const char *link) const;
    /// `sally-home, table 2576 of Sallyport`
    QString wayOut() const;
    /// What stands in the way according to the helper, else `otherwise`.
    QString adviceOr(const QString &otherwise) const;

    const WhyFacts &facts;

private:
    std::vector<Statement> m_statements;
};

void walkMesh(Walk &walk, const Device &device);
void walkOutside(Walk &walk);
/// Whether large packets and an answer come through. `silent` is the advice when nobody answers.
void walkFarSide(Walk &walk, const QString &silent);

} // namespace sallyport
