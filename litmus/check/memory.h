/* memory.h - the program's plain accesses: races, the heap, and what they changed.
 */
#ifndef CORDON_CHECK_MEMORY_H
#define CORDON_CHECK_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

enum access_kind { ACCESS_READ, ACCESS_WRITE, ACCESS_FREE };

void memory_start(void);

/* memory_heap - where a new thread's allocations begin. */
uintptr_t memory_heap(int thread);

/* memory_access - a plain access of the running thread. Does not return if it is an error, for that
 * a fiber must be running.
 */
void memory_access(uintptr_t address, size_t size, enum access_kind kind, uintptr_t pc);

/* memory_check_atomic - an atomic access against the heap and the plain accesses so far. */
void memory_check_atomic(const struct event *e);

void memory_segment_start(void);

/* memory_segments - how many have been started. */
uint32_t memory_segments(void);

/* memory_segment_end - report each word that the segment's announced writes changed. */
void memory_segment_end(void (*changed)(uintptr_t word, uint64_t bits));

/* memory_reused - the program wrote to a word of its stack without saying so: a location there, if
 * any, is no more.
 */
void memory_reused(uintptr_t word, uint64_t bits);

/* The other side of the race that was found: the access of this thread after so many of its events
 * to these bytes.
 */
struct other_access {
    int thread, after;
    uintptr_t address;
    size_t size;
    bool write;
};
extern struct other_access memory_race;

#endif
