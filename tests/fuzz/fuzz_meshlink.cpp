// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/meshlink/codec.h"
#include "tests/fuzz/target.h"

using namespace sallyport;

namespace {

template<class Message>
void promiseOneWay(const Result<Message> &message, const QByteArray &bytes)
{
    if (!message) {
        fuzz::promiseReason(message.error());
        fuzz::promise(!message.error().place.isEmpty(), "a refusal has a place");
        return;
    }
    fuzz::promise(meshlink::encode(*message) == bytes, "a message has one way of being written");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytes(data, size);
    const auto toMesh = meshlink::decodeToMesh({data, size});
    const auto toHelper = meshlink::decodeToHelper({data, size});
    promiseOneWay(toMesh, bytes);
    promiseOneWay(toHelper, bytes);
    fuzz::promise(!toMesh || !toHelper, "a message has one direction");
    return 0;
}
