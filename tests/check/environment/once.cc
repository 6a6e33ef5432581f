// expect: verified
// flags: -std=c++17
// std::call_once, static variables, thread_local ones with destructors.
#include <cassert>
#include <mutex>
#include <thread>

static std::once_flag flag;
static int calls, made, gone;
static std::mutex mutex;

struct counted {
    counted()
    {
        ++made;
    }
    int value = 7;
};

struct local {
    int value = 3;
    ~local()
    {
        std::lock_guard<std::mutex> guard(mutex);
        ++gone;
    }
};
static thread_local local mine;

static counted &the_one()
{
    static counted one;
    return one;
}

static void use(int argument)
{
    std::call_once(flag, [argument] { calls += argument; });
    assert(calls == 1 || calls == 2);
    assert(the_one().value == 7 && made == 1);
    mine.value += argument;
    assert(mine.value == 3 + argument);
}

int main()
{
    std::thread one(use, 1), other(use, 2);
    one.join();
    other.join();
    assert(gone == 2);
}
