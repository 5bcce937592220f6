// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/dns/killed_child.h"

#include <csignal>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sallyport::test {

namespace {

[[noreturn]] void child(const std::function<void()> &work)
{
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    raise(SIGSTOP);
    work();
    _exit(0);
}

} // namespace

ChildEnd runKilledAt(int step, const std::function<void()> &work)
{
    const pid_t pid = fork();
    if (pid == 0)
        child(work);
    int status = 0;
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
        return ChildEnd::Failed;
    for (int i = 0; i <= step; ++i) {
        if (ptrace(PTRACE_SYSCALL, pid, nullptr, nullptr) != 0 || waitpid(pid, &status, 0) != pid)
            return ChildEnd::Failed;
        if (WIFEXITED(status))
            return WEXITSTATUS(status) == 0 ? ChildEnd::Ended : ChildEnd::Failed;
    }
    kill(pid, SIGKILL);
    return waitpid(pid, &status, 0) == pid ? ChildEnd::Killed : ChildEnd::Failed;
}

} // namespace sallyport::test
