// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "tests/support/fake_helper/fake_helper.h"

namespace sallyport::test {

/// What a test says to the fake, at /org/sallyport/FakeHelper.
class Control : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.sallyport.FakeHelper")

public:
    explicit Control(FakeHelper &helper, QObject *parent = nullptr) : QObject(parent), m_helper(helper) {}

public Q_SLOTS:
    void Play(const QString &scenario)
    {
        if (!m_helper.play(scenario))
            sendErrorReply(QDBusError::InvalidArgs, QStringLiteral("no such scenario"));
    }
    void Release(bool reversed) { m_helper.release(reversed); }
    void EmitGarbage() { m_helper.emitGarbage(); }
    void EmitOld() { m_helper.emitOld(); }
    void EmitCounters(qulonglong receivedBytes) { m_helper.emitCounters(receivedBytes); }
    void ShakeHands() { m_helper.shakeHands(); }
    QStringList Devices() { return m_helper.devices(); }
    QStringList Log() { return m_helper.log(); }

private:
    FakeHelper &m_helper;
};

} // namespace sallyport::test
