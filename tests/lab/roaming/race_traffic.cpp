// SPDX-License-Identifier: GPL-2.0-or-later
/// One end of a running connection: numbered datagrams and, if asked for, one TCP connection, both ways. Says when it can
/// receive, begins at the first line of standard input, and when that ends it says as JSON what it sent and what arrived.
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/tcp.h>
#include <string>
#include <sys/socket.h>
#include <sys/time.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr in_port_t kDatagramPort = 7000;
constexpr in_port_t kStreamPort = 7001;
constexpr std::size_t kLargest = 2048;
constexpr std::size_t kMostDatagrams = 1 << 22; ///< an hour of a thousand a second
constexpr milliseconds kGrace{2500}; ///< for what is still under way when sending stops

struct Options {
    const char *own = nullptr;
    const char *other = nullptr;
    long packetsPerSecond = 0;
    std::size_t size = 0;
    long streamBitsPerSecond = -1; ///< 0: as fast as it goes; -1: no TCP
    bool listens = false;
};

std::atomic<bool> isSending{true};
std::atomic<bool> isReceiving{true};

sockaddr_in addressOf(const char *text, in_port_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, text, &address.sin_addr);
    return address;
}

int bound(int kind, const Options &options, in_port_t port)
{
    const int socket = ::socket(AF_INET, kind | SOCK_CLOEXEC, 0);
    const int on = 1;
    const int room = 8 << 20;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (kind == SOCK_DGRAM)
        setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    const sockaddr_in own = addressOf(options.own, port);
    if (bind(socket, reinterpret_cast<const sockaddr *>(&own), sizeof own) != 0) {
        std::perror("race_traffic: bind");
        std::exit(2);
    }
    const timeval patience{0, 200000};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return socket;
}

/// Evenly spaced; what a busy machine delays is caught up with.
std::uint64_t sendDatagrams(int socket, const Options &options)
{
    const sockaddr_in to = addressOf(options.other, kDatagramPort);
    std::array<char, kLargest> datagram{};
    std::uint64_t number = 0;
    const auto started = Clock::now();
    while (isSending) {
        std::memcpy(datagram.data(), &number, sizeof number);
        if (sendto(socket, datagram.data(), options.size, 0, reinterpret_cast<const sockaddr *>(&to), sizeof to) >= 0)
            ++number; // what the sender itself refused was never under way
        std::this_thread::sleep_until(
            started + microseconds(static_cast<long>(number) * 1000000 / options.packetsPerSecond));
    }
    return number;
}

/// Which numbers came, as 1; twice or late counts once.
std::vector<char> receiveDatagrams(int socket)
{
    std::vector<char> arrived(kMostDatagrams, 0);
    std::array<char, kLargest> datagram{};
    while (isReceiving) {
        std::uint64_t number = 0;
        if (recv(socket, datagram.data(), datagram.size(), 0) < static_cast<ssize_t>(sizeof number))
            continue;
        std::memcpy(&number, datagram.data(), sizeof number);
        if (number < arrived.size())
            arrived[number] = 1;
    }
    return arrived;
}

struct Stream {
    int socket = -1;
    long longestGapMs = 0;
    std::string broken; ///< why it ended before its time
};

int connectedStream(const Options &options)
{
    if (options.listens) {
        const int listener = bound(SOCK_STREAM, options, kStreamPort);
        listen(listener, 1);
        int socket = -1;
        while (isSending && socket < 0)
            socket = accept(listener, nullptr, nullptr);
        close(listener);
        return socket;
    }
    const sockaddr_in to = addressOf(options.other, kStreamPort);
    while (isSending) {
        const int socket = bound(SOCK_STREAM, options, 0);
        if (connect(socket, reinterpret_cast<const sockaddr *>(&to), sizeof to) == 0)
            return socket;
        close(socket);
        std::this_thread::sleep_for(milliseconds(50));
    }
    return -1;
}

void sendStream(Stream &stream, long bitsPerSecond)
{
    std::array<char, 8192> block{};
    long sent = 0;
    const auto started = Clock::now();
    while (isSending) {
        const ssize_t size = send(stream.socket, block.data(), block.size(), MSG_NOSIGNAL);
        if (size < 0 && errno != EAGAIN) {
            stream.broken = std::strerror(errno);
            return;
        }
        sent += std::max<ssize_t>(size, 0);
        if (bitsPerSecond > 0)
            std::this_thread::sleep_until(started + microseconds(sent * 8 * 1000000 / bitsPerSecond));
    }
    shutdown(stream.socket, SHUT_WR);
}

void receiveStream(Stream &stream)
{
    std::vector<char> block(65536);
    auto last = Clock::now();
    while (isReceiving) {
        const ssize_t size = recv(stream.socket, block.data(), block.size(), 0);
        const auto now = Clock::now();
        if (size == 0)
            return;
        if (size < 0 && errno == EAGAIN)
            continue;
        if (size < 0) {
            stream.broken = std::strerror(errno);
            return;
        }
        if (isSending)
            stream.longestGapMs
                = std::max(stream.longestGapMs, std::chrono::duration_cast<milliseconds>(now - last).count());
        last = now;
    }
}

void runStream(Stream &stream, const Options &options)
{
    stream.socket = connectedStream(options);
    if (stream.socket < 0)
        return;
    const int on = 1;
    const int room = 128 * 1024;
    setsockopt(stream.socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(stream.socket, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    std::thread sender([&] { sendStream(stream, options.streamBitsPerSecond); });
    receiveStream(stream);
    sender.join();
}

void run(const Options &options)
{
    const int socket = bound(SOCK_DGRAM, options, kDatagramPort);
    std::puts("ready");
    std::fflush(stdout);
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) <= 0)
        return;
    std::uint64_t sent = 0;
    std::vector<char> arrived;
    Stream stream;
    std::thread receiver([&] { arrived = receiveDatagrams(socket); });
    std::thread sender([&] { sent = sendDatagrams(socket, options); });
    std::thread streamer([&] {
        if (options.streamBitsPerSecond >= 0)
            runStream(stream, options);
    });
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    isSending = false;
    std::this_thread::sleep_for(kGrace);
    isReceiving = false;
    receiver.join();
    sender.join();
    streamer.join();
    std::printf("{\"sent\": %llu, \"arrived\": %lld, \"gapMs\": %ld, \"broken\": \"%s\"}\n",
        static_cast<unsigned long long>(sent), static_cast<long long>(std::ranges::count(arrived, 1)),
        stream.longestGapMs, stream.broken.c_str());
}

} // namespace

/// race_traffic OWN OTHER PACKETS-A-SECOND SIZE TCP-BITS-A-SECOND listen|connect
int main(int argc, char **argv)
{
    if (argc != 7) {
        std::fputs("race_traffic: six arguments\n", stderr);
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    Options options;
    options.own = argv[1];
    options.other = argv[2];
    options.packetsPerSecond = std::atol(argv[3]);
    options.size = std::min<std::size_t>(std::strtoul(argv[4], nullptr, 10), kLargest);
    options.streamBitsPerSecond = std::atol(argv[5]);
    options.listens = std::strcmp(argv[6], "listen") == 0;
    run(options);
    return 0;
}
