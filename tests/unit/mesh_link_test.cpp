// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "helper/probe/mesh_link.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

#include <cerrno>
#include <sys/socket.h>

using namespace sallyport;
using namespace Qt::StringLiterals;
using probe::MeshLink;

namespace {

meshlink::ProbeArrived arrivedProbe()
{
    const IpAddress address = *IpAddress::parse(u"10.41.1.4");
    return {{address, 53333, 0}, address, 2, QByteArray(128, 'x')};
}

ssize_t put(const FileHandle &end, const QByteArray &bytes)
{
    return ::send(end.get(), bytes.constData(), static_cast<std::size_t>(bytes.size()), MSG_NOSIGNAL);
}

/// The size of the next message; 0: the other end is closed; less: there is none.
ssize_t get(const FileHandle &end, QByteArray *message = nullptr)
{
    QByteArray buffer(static_cast<qsizetype>(meshlink::kLargestMessage), '\0');
    const ssize_t size = recv(end.get(), buffer.data(), static_cast<std::size_t>(buffer.size()), 0);
    if (message && size > 0)
        *message = buffer.first(size);
    return size;
}

QByteArray statsQuestion(quint32 number)
{
    return meshlink::encode(meshlink::ToHelper(meshlink::ReadStats{number}));
}

} // namespace

/// One end is the helper's, the other plays meshd.
class MeshLinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_link = std::make_unique<MeshLink>();
        m_end = attach();
        m_received.clear();
        connect(m_link.get(), &MeshLink::received, this,
            [this](const meshlink::ToHelper &message) { m_received.push_back(message); });
    }

    void messages_arriveBothWaysInOrder()
    {
        for (quint32 i = 0; i < 100; ++i)
            QVERIFY(put(m_end, statsQuestion(i)) > 0);
        QTRY_COMPARE(m_received.size(), std::size_t(100));
        for (quint32 i = 0; i < 100; ++i)
            QCOMPARE(std::get<meshlink::ReadStats>(m_received[i]).request, i);
        m_link->send(meshlink::HomeGone{});
        QByteArray message;
        QVERIFY(get(m_end, &message) > 0);
        QCOMPARE(message, meshlink::encode(meshlink::ToMesh(meshlink::HomeGone{})));
    }

    void secondMeshd_takesThePlaceOfTheFirst()
    {
        QSignalSpy detached(m_link.get(), &MeshLink::detached);
        const FileHandle second = attach();
        QCOMPARE(detached.size(), 1);
        QCOMPARE(get(m_end), ssize_t(0));
        QVERIFY(put(second, statsQuestion(1)) > 0);
        QTRY_COMPARE(m_received.size(), std::size_t(1));
    }

    void meshdThatEnds_isNoticed()
    {
        QSignalSpy detached(m_link.get(), &MeshLink::detached);
        m_end.reset();
        QTRY_COMPARE(detached.size(), 1);
        QVERIFY(!m_link->isAttached());
        m_link->send(meshlink::HomeGone{}); // and nothing comes of it
        m_link->offer(arrivedProbe());
    }

    void garbage_endsIt_data()
    {
        QTest::addColumn<QByteArray>("garbage");
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("zeroes") << QByteArray(100, '\0');
        QTest::newRow("a message and more") << statsQuestion(1) + 'x';
        QTest::newRow("half a message") << statsQuestion(1).chopped(1);
        QTest::newRow("what only the helper says") << meshlink::encode(meshlink::ToMesh(meshlink::HomeGone{}));
        QTest::newRow("too long") << statsQuestion(1) + QByteArray(qsizetype(meshlink::kLargestMessage), 'x');
    }

    void garbage_endsIt()
    {
        QFETCH(QByteArray, garbage);
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"meshd is let go of: what it sends is no message"_s));
        QVERIFY(put(m_end, garbage) > 0);
        QTRY_VERIFY(!m_link->isAttached());
        QCOMPARE(get(m_end), ssize_t(0));
        QVERIFY(m_received.empty());
        m_end = attach(); // the next one is welcome
        QVERIFY(put(m_end, statsQuestion(7)) > 0);
        QTRY_COMPARE(m_received.size(), std::size_t(1));
    }

    void flood_endsIt()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"sends more than it has reason to"_s));
        QElapsedTimer timer;
        timer.start();
        while (m_link->isAttached() && timer.elapsed() < 5000) {
            for (quint32 i = 0; i < 100; ++i)
                (void)put(m_end, statsQuestion(i));
            QCoreApplication::processEvents();
        }
        QVERIFY(!m_link->isAttached());
        QVERIFY(m_received.size() < 4000);
    }

    void meshdThatDoesNotRead_losesProbesAndHoldsUpNobody()
    {
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 100000; ++i)
            m_link->offer(arrivedProbe());
        QVERIFY(timer.elapsed() < 5000);
        QVERIFY(m_link->isAttached());
        int read = 0;
        while (get(m_end) > 0)
            ++read;
        QVERIFY(read > 50);
        QVERIFY(read < 100000);
        m_link->offer(arrivedProbe());
        QVERIFY(get(m_end) > 0);
    }

    void whatMustArrive_waitsAndNothingIsReadMeanwhile()
    {
        QSignalSpy cleared(m_link.get(), &MeshLink::cleared);
        int sent = 0;
        for (; m_link->isClear() && sent < 100000; ++sent)
            m_link->send(arrivedProbe());
        QVERIFY(!m_link->isClear());
        m_link->send(meshlink::HomeGone{});
        QVERIFY(put(m_end, statsQuestion(1)) > 0);
        QTest::qWait(100);
        QVERIFY(m_received.empty());
        const qsizetype before = cleared.size();
        QByteArray message;
        for (int read = 0; read < sent + 1; ++read) {
            QVERIFY(QTest::qWaitFor([&] { return get(m_end, &message) > 0; }));
        }
        QCOMPARE(message, meshlink::encode(meshlink::ToMesh(meshlink::HomeGone{})));
        QTRY_COMPARE(m_received.size(), std::size_t(1));
        QVERIFY(cleared.size() > before);
        QVERIFY(m_link->isClear());
    }

private:
    FileHandle attach()
    {
        auto end = m_link->attach();
        if (!end)
            qFatal("%s", qPrintable(end.error().detail));
        return std::move(*end);
    }

    std::unique_ptr<MeshLink> m_link;
    FileHandle m_end;
    std::vector<meshlink::ToHelper> m_received;
};

QTEST_GUILESS_MAIN(MeshLinkTest)
#include "mesh_link_test.moc"
