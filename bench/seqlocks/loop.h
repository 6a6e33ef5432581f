/* loop.h - the part of loops.h that is there for each size: SEQ_SIZE. */

SEQ_INLINE void SEQ_FUNCTION(once)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self,
                                   struct seq_tally *tally)
{
    uintptr_t record[SEQ_SIZE / sizeof(uintptr_t)];
    tally->retries += SEQ_CALL(read)(state, self, record, SEQ_SIZE);
    /* The copy is made, in memory, whatever becomes of it. */
    __asm__ __volatile__("" : : "r"(record) : "memory");
    tally->torn += seq_is_torn(record, SEQ_SIZE);
    tally->backwards += record[0] < tally->last;
    tally->last = record[0];
}

static void SEQ_FUNCTION(reads)(struct team_member *member)
{
    const struct seq_work *work = member->context;
    struct SEQ_NAME *state = work->state;
    struct seq_thread *thread = &work->thread[member->index];
    const bool timed = work->timed;
    struct seq_tally tally = {0, 0, 0, 0};
    struct SEQ_CALL(self) self;
    uint64_t reads = 0, longest = 0, started = 0;
    SEQ_CALL(enter)(state, &self, member->index, true);
    const uint64_t began = cordon_now();
    do {
        uint64_t left = SEQ_READ_BATCH;
        if (timed) {
            started = bench_ticks_start();
            SEQ_FUNCTION(once)(state, &self, &tally);
            histogram_add(&thread->latency, bench_ticks_stop((uint32_t)tally.last) - started);
            --left;
        }
        while (left > 0 && !seq_stopped(member)) {
            SEQ_FUNCTION(once)(state, &self, &tally);
            --left;
        }
        if (timed) {
            const uint64_t took = bench_ticks_stop((uint32_t)tally.last) - started;
            longest = took > longest ? took : longest;
        }
        reads += SEQ_READ_BATCH - left;
    } while (!seq_stopped(member));
    thread->ns = cordon_now() - began;
    SEQ_CALL(leave)(state, &self);
    thread->operations = reads;
    thread->retries = tally.retries;
    thread->torn = tally.torn;
    thread->backwards = tally.backwards;
    thread->longest = longest;
}

SEQ_INLINE void SEQ_FUNCTION(put)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self,
                                  uintptr_t version)
{
    uintptr_t record[SEQ_SIZE / sizeof(uintptr_t)];
    seq_fill(record, SEQ_SIZE, version);
    __asm__ __volatile__("" : : "r"(record) : "memory");
    SEQ_CALL(write)(state, self, record, SEQ_SIZE);
}

static void SEQ_FUNCTION(writes)(struct team_member *member)
{
    const struct seq_work *work = member->context;
    struct SEQ_NAME *state = work->state;
    struct seq_thread *thread = &work->thread[member->index];
    const bool timed = work->timed;
    const uint64_t period = work->period;
    struct SEQ_CALL(self) self;
    uint64_t version = 0, longest = 0, started = 0;
    SEQ_CALL(enter)(state, &self, member->index, false);
    const uint64_t began = cordon_now();
    uint64_t due = bench_ticks_start() + work->phase;
    do {
        uint64_t left = period > 0 ? 1 : SEQ_WRITE_BATCH;
        if (period > 0) {
            seq_await(member, work, due);
            if (seq_stopped(member)) {
                break;
            }
        }
        if (timed) {
            started = bench_ticks_start();
            SEQ_FUNCTION(put)(state, &self, (uintptr_t)++version);
            histogram_add(&thread->latency, bench_ticks_stop(0) - started);
            --left;
        }
        for (; left > 0 && !seq_stopped(member); --left) {
            SEQ_FUNCTION(put)(state, &self, (uintptr_t)++version);
        }
        if (timed) {
            const uint64_t now = bench_ticks_stop(0);
            longest = now - started > longest ? now - started : longest;
            /* A writer that is late does not hurry afterwards: the rate that it reached tells. */
            due = due + period > now ? due + period : now;
        }
    } while (!seq_stopped(member));
    thread->ns = cordon_now() - began;
    SEQ_CALL(leave)(state, &self);
    thread->operations = version;
    thread->longest = longest;
}
