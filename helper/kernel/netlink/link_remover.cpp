// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/netlink/link_remover.h"

namespace sallyport::netlink {

namespace {

using namespace std::chrono_literals;

constexpr auto kGlance = 1ms; ///< at the list, while there is no answer

bool isReady(const std::future<Result<Done>> &answer, std::chrono::milliseconds patience)
{
    return answer.wait_for(patience) == std::future_status::ready;
}

} // namespace

Result<Done> LinkRemover::remove(const Link &link)
{
    std::erase_if(m_leaving, [](const auto &answer) { return isReady(answer, 0ms); });
    std::future<Result<Done>> answer = std::async(std::launch::async, [link] {
        Socket socket(NETLINK_ROUTE);
        return Links(socket).remove(link);
    });
    while (!isReady(answer, kGlance)) {
        const Result<std::optional<Link>> listed = m_links.find(link.name);
        if (!listed)
            return listed.error();
        if (!*listed || (*listed)->index != link.index) {
            m_leaving.push_back(std::move(answer));
            return Done{};
        }
    }
    return answer.get();
}

} // namespace sallyport::netlink
