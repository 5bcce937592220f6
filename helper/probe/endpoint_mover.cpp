// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/probe/endpoint_mover.h"

namespace sallyport::probe {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t kMostMoves = 64;
constexpr std::chrono::milliseconds kSettleAgain = 1s;

} // namespace

EndpointMover::EndpointMover(const MovePorts &ports, QObject *parent)
    : QObject(parent), m_ports(ports), m_board(ports.pins)
{
    m_settle.setSingleShot(true);
    connect(&m_settle, &QTimer::timeout, this, &EndpointMover::settle);
}

EndpointMover::~EndpointMover()
{
    for (const auto &[peer, move] : m_moves)
        m_board.unpin(peer);
}

Result<Done> EndpointMover::start()
{
    return m_board.settle();
}

void EndpointMover::move(const meshlink::MoveEndpoint &request, Answer answer)
{
    const auto running = m_moves.find(request.peer);
    const bool isOneMore = running == m_moves.end();
    if (!isSendable(request.to) || (isOneMore && m_moves.size() >= kMostMoves))
        return answer({request.request, MoveOutcome::Refused, {}});
    std::vector<Endpoint> left;
    if (!isOneMore)
        left = running->second->giveUp();
    auto &move = m_moves[request.peer];
    move = std::make_unique<PeerMove>(request, m_ports, m_board);
    connect(move.get(), &PeerMove::finished, this,
        [this, peer = request.peer, answer = std::move(answer)](const meshlink::Moved &moved) {
            // It is still at work in this very call.
            auto ended = m_moves.extract(peer);
            ended.mapped().release()->deleteLater();
            settle();
            answer(moved);
        });
    move->start(std::move(left));
}

void EndpointMover::settle()
{
    if (!m_board.settle())
        m_settle.start(kSettleAgain);
}

} // namespace sallyport::probe
