// As c.c, in C++.
#include <atomic>
#include <memory>
#include <mutex>

extern "C" void scenario();
extern "C" void *fixture_allocate(std::size_t size);

namespace room
{
struct Node {
    std::atomic<Node *> next{nullptr};
    int value;
};
enum class Colour : unsigned char { red, green };

class Stack
{
  public:
    std::atomic<Node *> top{nullptr};
    void push(Node *node)
    {
        node->value = 4;                                                    // @ push Node#1.value = 0
        top.store(node, std::memory_order_release);                         // @inlined push stack.top = &Node#1
    }
    static std::atomic<long> pushes;
};
std::atomic<long> Stack::pushes{0};

struct Derived : Stack {
    std::atomic<Colour> colour{Colour::red};
};

Derived stack;
} // namespace room

std::atomic<int> x;
std::atomic<bool> ready;
std::atomic_flag flag = ATOMIC_FLAG_INIT;
std::atomic<unsigned> table[3];

void scenario()
{
    room::Node *node = static_cast<room::Node *>(fixture_allocate(sizeof(room::Node)));
    x.store(-3, std::memory_order_relaxed);                                 // @ scenario x = -3
    x.fetch_add(2);                                                         // @ scenario x = 2
    ready.store(true);                                                      // @inlined scenario ready = 1
    flag.test_and_set();                                                    // @ scenario flag = 1
    table[2].exchange(8);                                                   // @ scenario table[2] = 8
    room::Stack::pushes.store(1);                                           // @ scenario pushes = 1
    room::stack.push(node);
    room::stack.colour.store(room::Colour::green);                          // @inlined scenario stack.colour = green
}
