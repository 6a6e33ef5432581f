// expect: verified, 2 executions
// flags: -std=c++17
// The parts of the containers that libstdc++ keeps to itself are undone and redone with the rest.
#include <cassert>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

static std::mutex mutex;
static std::map<int, std::string> map;
static std::list<int> list;
static std::unordered_map<int, int> table;
static std::deque<std::function<int()>> calls;

static void add(int from)
{
    std::lock_guard<std::mutex> guard(mutex);
    for (int i = from; i < from + 20; ++i) {
        map[i * 7 % 41] =
            std::string("a string that is too long to be stored inside ") + std::to_string(i);
        list.push_back(i);
        table[i] = i;
        calls.push_back([i] { return i; });
    }
    map.erase(from * 7 % 41);
    list.remove(from + 1);
    table.erase(from + 2);
}

int main()
{
    for (int i = 40; i < 60; ++i) {
        map[i * 11 % 53 + 50] = "an early string";
        table[i] = i;
        list.push_back(i);
    }
    std::thread one(add, 0), other(add, 20);
    one.join();
    other.join();
    list.sort();
    list.reverse();
    std::list<int> other_list;
    std::swap(list, other_list);
    other_list.reverse();
    list.splice(list.end(), other_list);
    assert(map.size() == 58 && list.size() == 58 && table.size() == 58 && calls.size() == 40);
    assert(map.count(20 * 7 % 41) == 0 && list.front() == 0 && list.back() == 59);
    int last = -1, sum = 0;
    for (const auto &entry : map) {
        assert(entry.first > last && entry.second.find("string") != std::string::npos);
        last = entry.first;
    }
    for (const auto &call : calls) {
        sum += call();
    }
    assert(sum == 39 * 40 / 2);
}
