// expect: verified
// flags: -std=c++17
// Exceptions leave scopes that hold locks, and are caught while others run.
#include <cassert>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

static std::mutex mutex;
static int caught, count;

static void fail(int n)
{
    std::lock_guard<std::mutex> guard(mutex);
    ++count;
    if (n == 0) {
        throw std::runtime_error("a message that is too long to be stored inside: " +
                                 std::to_string(n));
    }
    throw n;
}

static void run(int n)
{
    try {
        fail(n);
    } catch (const std::exception &e) {
        std::lock_guard<std::mutex> guard(mutex);
        assert(std::string(e.what()).back() == '0');
        ++caught;
    } catch (int number) {
        try {
            fail(number - 1);
        } catch (...) {
            std::lock_guard<std::mutex> guard(mutex);
            ++caught;
        }
        std::lock_guard<std::mutex> guard(mutex);
        assert(number == 1);
    }
}

static void again()
{
    for (int i = 0; i < 10; ++i) {
        try {
            throw i;
        } catch (int j) {
            assert(i == j);
        }
    }
}

int main()
{
    again();
    std::thread one(run, 0), other(run, 1);
    one.join();
    other.join();
    assert(caught == 2 && count == 3);
}
