// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/process/spawn.h"

#include "helper/handle.h"
#include "helper/kernel/system_error.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <vector>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kInherited = 3;
constexpr std::size_t kOutputLimit = 4096;

/// The strings of a Command as execve wants them, made before the fork: afterwards nothing may be allocated.
struct Prepared {
    std::vector<QByteArray> storage;
    std::vector<char *> arguments;
    std::vector<char *> environment;
};

std::vector<char *> pointersTo(std::vector<QByteArray> &storage, std::size_t from)
{
    std::vector<char *> pointers;
    for (std::size_t i = from; i < storage.size(); ++i)
        pointers.push_back(storage[i].data());
    pointers.push_back(nullptr);
    return pointers;
}

Prepared prepare(const Command &command)
{
    Prepared prepared;
    for (const QString &text : QStringList(command.program) + command.arguments + command.environment)
        prepared.storage.push_back(text.toUtf8());
    const std::size_t environmentStart = 1 + static_cast<std::size_t>(command.arguments.size());
    prepared.arguments = pointersTo(prepared.storage, 0);
    prepared.arguments[environmentStart] = nullptr;
    prepared.environment = pointersTo(prepared.storage, environmentStart);
    return prepared;
}

/// Moves `descriptor` out of the way of the standard ones and of kInherited.
int movedUp(int descriptor)
{
    return fcntl(descriptor, F_DUPFD_CLOEXEC, kInherited + 2);
}

void unblockSignals()
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    for (const int signal : {SIGPIPE, SIGHUP, SIGINT, SIGTERM, SIGCHLD})
        sigaction(signal, &standard, nullptr);
}

/// In the child; only async-signal-safe calls from here on. `output` becomes 1, -1: nothing. Returns the errno of a
/// failure. `report` stays open until the program runs.
int execute(const Prepared &prepared, int inherited, int output, int report)
{
    const int nothing = movedUp(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (nothing < 0 || chdir("/") != 0)
        return errno;
    inherited = inherited >= 0 ? movedUp(inherited) : -1;
    output = output >= 0 ? movedUp(output) : nothing;
    report = movedUp(report);
    if (dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(nothing, 2) < 0)
        return errno;
    if (inherited >= 0 && dup2(inherited, kInherited) < 0)
        return errno;
    if (dup3(report, kInherited + 1, O_CLOEXEC) < 0)
        return errno;
    // Descriptors opened meanwhile by another thread would otherwise be inherited.
    close_range(kInherited + 2, ~0U, 0);
    if (inherited < 0)
        close(kInherited);
    unblockSignals();
    execve(prepared.arguments[0], prepared.arguments.data(), prepared.environment.data());
    const int error = errno;
    (void)!write(kInherited + 1, &error, sizeof error);
    _exit(127);
}

[[noreturn]] void executeOrReport(const Prepared &prepared, int inherited, int output, int report)
{
    const int error = execute(prepared, inherited, output, report);
    (void)!write(report, &error, sizeof error);
    _exit(127);
}

struct Pipe {
    FileHandle reading;
    FileHandle writing;
};

Result<Pipe> makePipe()
{
    int ends[2] = {-1, -1};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return systemError(u"Making a pipe"_s, errno, {}, Errc::Internal);
    return Pipe{FileHandle(ends[0]), FileHandle(ends[1])};
}

/// Waits until the program runs (the pipe closes) or tells its errno. Short: the far end is our own fork.
Result<Done> startReport(Pipe &report, const QString &program)
{
    report.writing.reset();
    int error = 0;
    ssize_t size = 0;
    do {
        size = read(report.reading.get(), &error, sizeof error);
    } while (size < 0 && errno == EINTR);
    if (size == static_cast<ssize_t>(sizeof error))
        return systemError(u"Starting "_s + program, error, {}, Errc::FeatureMissing);
    return Done{};
}

void reap(pid_t child)
{
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {}
}

QByteArray readUntil(int descriptor, std::chrono::milliseconds limit)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline = Clock::now() + limit;
    QByteArray output;
    char piece[512];
    while (output.size() < static_cast<qsizetype>(kOutputLimit)) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        pollfd waiting{descriptor, POLLIN, 0};
        if (left <= 0 || poll(&waiting, 1, static_cast<int>(left)) <= 0)
            break;
        const ssize_t size = read(descriptor, piece, sizeof piece);
        if (size <= 0)
            break;
        output.append(piece, size);
    }
    return output;
}

} // namespace

Result<Done> startDetached(const Command &command)
{
    Prepared prepared = prepare(command);
    Result<Pipe> report = makePipe();
    if (!report)
        return report.error();
    const pid_t child = fork();
    if (child < 0)
        return systemError(u"Starting "_s + command.program, errno, {}, Errc::Internal);
    if (child == 0) {
        setsid();
        const pid_t grandchild = _Fork(); // async-signal-safe, unlike fork
        if (grandchild == 0)
            executeOrReport(prepared, command.descriptor, -1, report->writing.get());
        _exit(grandchild < 0 ? 126 : 0);
    }
    reap(child);
    return startReport(*report, command.program);
}

Result<QByteArray> outputOf(const Command &command, std::chrono::milliseconds limit)
{
    Prepared prepared = prepare(command);
    Result<Pipe> report = makePipe();
    Result<Pipe> output = makePipe();
    if (!report || !output)
        return report ? output.error() : report.error();
    const pid_t child = fork();
    if (child < 0)
        return systemError(u"Starting "_s + command.program, errno, {}, Errc::Internal);
    if (child == 0)
        executeOrReport(prepared, command.descriptor, output->writing.get(), report->writing.get());
    output->writing.reset();
    const Result<Done> started = startReport(*report, command.program);
    QByteArray text = started ? readUntil(output->reading.get(), limit) : QByteArray();
    kill(child, SIGKILL); // not reaped yet, so the number is still its own
    reap(child);
    if (!started)
        return started.error();
    return text;
}

} // namespace sallyport
