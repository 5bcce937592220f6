// SPDX-License-Identifier: GPL-2.0-or-later
#include "helper/kernel/process/spawn.h"

#include "helper/files/atomic_file.h"
#include "helper/handle.h"
#include "helper/kernel/system_error.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace sallyport {

using namespace Qt::StringLiterals;

namespace {

constexpr int kInherited = 3;
constexpr qsizetype kOutputLimit = 4096;

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

/// What the program finds open; -1: nothing.
struct Descriptors {
    int input = -1;
    int output = -1;
    int inherited = -1;
};

/// In the child; only async-signal-safe calls from here on. Returns the errno of a failure. `report` stays open until
/// the program runs.
int execute(const Prepared &prepared, Descriptors files, int report)
{
    int inherited = files.inherited;
    const int nothing = movedUp(open("/dev/null", O_RDWR | O_CLOEXEC));
    if (nothing < 0 || chdir("/") != 0)
        return errno;
    inherited = inherited >= 0 ? movedUp(inherited) : -1;
    const int input = files.input >= 0 ? movedUp(files.input) : nothing;
    const int output = files.output >= 0 ? movedUp(files.output) : nothing;
    report = movedUp(report);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(nothing, 2) < 0)
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

[[noreturn]] void executeOrReport(const Prepared &prepared, const Descriptors &files, int report)
{
    const int error = execute(prepared, files, report);
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

/// The status of wait(2).
int reap(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

/// A file in memory to read from the start; -1: no input.
Result<FileHandle> inputFrom(const QByteArray &content)
{
    if (content.isEmpty())
        return FileHandle();
    FileHandle file(memfd_create("input", MFD_CLOEXEC));
    if (!file || writeAll(file.get(), {content.constData(), std::size_t(content.size())}) != 0
        || lseek(file.get(), 0, SEEK_SET) != 0)
        return systemError(u"Keeping the input of a program"_s, errno, {}, Errc::Internal);
    return {std::move(file)};
}

/// Until the program ends, not until its output does: what it starts in the background holds that open. False: it took
/// longer.
bool readUntilEnd(
    const FileHandle &output, const FileHandle &process, std::chrono::milliseconds limit, QByteArray &text)
{
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline = Clock::now() + limit;
    std::array<pollfd, 2> waiting{pollfd{output.get(), POLLIN, 0}, pollfd{process.get(), POLLIN, 0}};
    std::array<char, 512> piece{};
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
        if (left <= 0 || (poll(waiting.data(), waiting.size(), static_cast<int>(left)) == 0))
            return false;
        if ((waiting[0].revents & (POLLIN | POLLHUP)) != 0) {
            const ssize_t size = read(output.get(), piece.data(), piece.size());
            if (size <= 0)
                waiting[0].fd = -1;
            else if (text.size() < kOutputLimit)
                text.append(piece.data(), size);
        } else if (waiting[1].revents != 0) {
            return true;
        }
    }
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
            executeOrReport(prepared, {-1, -1, command.descriptor}, report->writing.get());
        _exit(grandchild < 0 ? 126 : 0);
    }
    reap(child);
    return startReport(*report, command.program);
}

Result<ProgramEnd> endOf(const Command &command, std::chrono::milliseconds limit)
{
    Prepared prepared = prepare(command);
    const Result<FileHandle> input = inputFrom(command.input);
    Result<Pipe> report = makePipe();
    Result<Pipe> output = makePipe();
    if (!input || !report || !output)
        return !input ? input.error() : report ? output.error() : report.error();
    const Descriptors files{*input ? input->get() : -1, output->writing.get(), command.descriptor};
    const pid_t child = fork();
    if (child < 0)
        return systemError(u"Starting "_s + command.program, errno, {}, Errc::Internal);
    if (child == 0)
        executeOrReport(prepared, files, report->writing.get());
    output->writing.reset();
    const Result<Done> started = startReport(*report, command.program);
    const FileHandle process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    QByteArray text;
    const bool ended = started && process && readUntilEnd(output->reading, process, limit, text);
    if (!ended)
        kill(child, SIGKILL); // not reaped yet, so the number is still its own
    const int status = reap(child);
    if (!started)
        return started.error();
    return ProgramEnd{WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), !ended, std::move(text)};
}

Result<QByteArray> outputOf(const Command &command, std::chrono::milliseconds limit)
{
    Result<ProgramEnd> end = endOf(command, limit);
    if (!end)
        return end.error();
    return std::move(end->output);
}

} // namespace sallyport
