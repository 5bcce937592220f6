// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/target.h"

#include <QDir>
#include <QFile>

#include <csignal>
#include <random>
#include <unistd.h>
#include <vector>

/// Runs a fuzz target without libFuzzer: each file of a corpus, then mutations of them. Equal seeds give equal runs; the
/// seed is the first thing printed and SALLYPORT_FUZZ_SEED sets it.
namespace {

constexpr unsigned kSeed = 20221028;
constexpr int kMutations = 4000;
constexpr std::size_t kLargest = 256 * 1024;

char g_context[256] = "start"; // read by the signal handler, hence a plain global

extern "C" void tellContext(int signal)
{
    const QByteArrayView context(g_context);
    static_cast<void>(!write(STDERR_FILENO, "while running ", 14));
    static_cast<void>(!write(STDERR_FILENO, context.data(), static_cast<std::size_t>(context.size())));
    static_cast<void>(!write(STDERR_FILENO, "\n", 1));
    std::signal(signal, SIG_DFL);
    std::raise(signal);
}

void run(const std::string &input)
{
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t *>(input.data()), input.size());
}

std::vector<std::string> corpusOf(const QString &folder)
{
    std::vector<std::string> corpus;
    for (const QString &name : QDir(folder).entryList(QDir::Files, QDir::Name)) {
        QFile file(folder + u'/' + name);
        if (!file.open(QIODevice::ReadOnly))
            continue;
        corpus.push_back(file.readAll().toStdString());
        std::snprintf(g_context, sizeof g_context, "%s", qUtf8Printable(name));
        run(corpus.back());
    }
    return corpus;
}

class Mutator {
public:
    Mutator(std::vector<std::string> corpus, unsigned seed) : m_corpus(std::move(corpus)), m_random(seed) {}

    std::string next()
    {
        std::string input = m_corpus[below(m_corpus.size())];
        for (std::size_t steps = 1 + below(4); steps > 0; --steps)
            mutate(input);
        input.resize(std::min(input.size(), kLargest));
        return input;
    }

private:
    std::size_t below(std::size_t limit) { return limit == 0 ? 0 : m_random() % limit; }

    void mutate(std::string &input)
    {
        const std::size_t at = below(input.size() + 1);
        const std::size_t length = 1 + below(24);
        switch (below(6)) {
        case 0:
            if (at < input.size())
                input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
            break;
        case 1:
            input.insert(at, length, static_cast<char>(below(256)));
            break;
        case 2:
            input.erase(at, length);
            break;
        case 3:
            input.insert(at, input.substr(below(input.size() + 1), length));
            break;
        case 4:
            splice(input, at);
            break;
        default:
            input.resize(at);
        }
    }

    void splice(std::string &input, std::size_t at)
    {
        const std::string &other = m_corpus[below(m_corpus.size())];
        input = input.substr(0, at) + other.substr(below(other.size() + 1));
    }

    std::vector<std::string> m_corpus;
    std::mt19937 m_random;
};

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: %s CORPUS\n", argv[0]);
        return 2;
    }
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL})
        std::signal(signal, tellContext);
    const unsigned seed = qEnvironmentVariableIsSet("SALLYPORT_FUZZ_SEED")
        ? static_cast<unsigned>(qEnvironmentVariableIntValue("SALLYPORT_FUZZ_SEED"))
        : kSeed;
    std::printf("seed %u\n", seed);
    const std::vector<std::string> corpus = corpusOf(QString::fromLocal8Bit(argv[1]));
    if (corpus.empty()) {
        std::fprintf(stderr, "%s holds no files\n", argv[1]);
        return 1;
    }
    Mutator mutator(corpus, seed);
    for (int i = 0; i < kMutations; ++i) {
        std::snprintf(g_context, sizeof g_context, "mutation %d of seed %u", i, seed);
        run(mutator.next());
    }
    std::printf("%zu files, %d mutations\n", corpus.size(), kMutations);
    return 0;
}
