// expect: verified
// flags: -std=c++17
// The count of a std::shared_ptr is atomic, and what it points to is deleted once, after all uses.
#include <cassert>
#include <memory>
#include <thread>

static int deleted;

struct data {
    int value = 1;
    ~data()
    {
        assert(value == 1);
        ++deleted;
    }
};

int main()
{
    {
        auto pointer = std::make_shared<data>();
        std::weak_ptr<data> weak = pointer;
        std::thread thread([copy = pointer]() mutable {
            assert(copy->value == 1);
            copy.reset();
        });
        pointer.reset();
        if (const auto locked = weak.lock()) {
            assert(locked->value == 1);
        }
        thread.join();
        assert(weak.expired());
    }
    assert(deleted == 1);
}
