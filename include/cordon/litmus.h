/* cordon/litmus.h - a client of a primitive: one file, judged by every execution and by silicon.
 *
 * Problem. What a lock promises can be checked twice: over all executions that C11 allows, of few
 * threads and one round; and on real cores, in one of these executions at a time, but millions of
 * rounds. A test written for the one is of no use to the other.
 *
 * Idea. A client says what there is: a state, functions that threads run on it, and what is expected
 * of it. It has no main and makes no thread; whoever judges it does:
 *
 *     #include <cordon/litmus.h>
 *     #include "my_lock.h"
 *
 *     struct cordon_litmus_state {
 *         struct my_lock lock;
 *         int inside, entered;                          plain: a lock that does not order is a race
 *     };
 *
 *     static void enters(struct cordon_litmus_state *s)
 *     {
 *         my_lock(&s->lock);
 *         CORDON_EXPECT(s->inside++ == 0);
 *         ++s->entered;
 *         --s->inside;
 *         my_unlock(&s->lock);
 *     }
 *
 *     static void check(struct cordon_litmus_state *s)
 *     {
 *         CORDON_EXPECT(s->entered == 2);
 *     }
 *
 *     CORDON_LITMUS(.threads = {enters, enters}, .check = check)
 *
 *     cordon-check client.c                  every execution that C11 allows, each once
 *     cordon-litmus run client.c             on this machine's cores, for a second; a histogram
 *
 * Each round begins with a state of zero bytes, on which `init`, if there is one, runs before the
 * threads, and `check`, if there is one, after all of them. A thread function must come to its end if
 * all others do. It uses nothing that outlives the round, save what is never written: no static
 * variables, no memory from malloc that it leaves behind. `outcomes` are members of the state, of type
 * int: what cordon-litmus counts, as they are when `check` has ended.
 *
 * Clients are C; in C++ this header offers nothing that could be used.
 *
 * Source: the form is that of a litmus test (J. Alglave, L. Maranget, S. Sarkar, P. Sewell, "Litmus:
 * Running Tests against Hardware", TACAS 2011), in plain C.
 */
#ifndef CORDON_LITMUS_H
#define CORDON_LITMUS_H

#include <cordon/atomic.h>

#include <stddef.h>

/* CORDON_LITMUS_THREADS, CORDON_LITMUS_OUTCOMES - the most that a client may have. */
#define CORDON_LITMUS_THREADS  8
#define CORDON_LITMUS_OUTCOMES 8

/* struct cordon_litmus_state - what the threads share; the client defines it. */
struct cordon_litmus_state;

struct cordon_litmus_outcome {
    const char *name;
    size_t offset;
};

/* struct cordon_litmus_client - what CORDON_LITMUS is given, in any order; NULL where there is none.
 * It fills in the members whose names end in _ itself.
 */
struct cordon_litmus_client {
    unsigned form_; /* of this structure: for whoever loads a client */
    size_t size_, alignment_;
    void (*init)(struct cordon_litmus_state *state);
    void (*threads[CORDON_LITMUS_THREADS])(struct cordon_litmus_state *state);
    void (*check)(struct cordon_litmus_state *state);
    struct cordon_litmus_outcome outcomes[CORDON_LITMUS_OUTCOMES];
};

/* CORDON_OUTCOME(member) - an int of the state, as an element of `outcomes`. Anything else does not
 * compile: an int is read there.
 */
#define CORDON_OUTCOME(member)                                                                    \
    {                                                                                             \
        .name = #member, .offset = offsetof(struct cordon_litmus_state, member) +                 \
                                   0 * sizeof(struct {                                            \
                                       _Static_assert(CORDON_LITMUS_IS_INT_(member),              \
                                                      "CORDON_OUTCOME(" #member "): not an int"); \
                                       int unused;                                                \
                                   })                                                             \
    }
#define CORDON_LITMUS_IS_INT_(member) \
    _Generic(&((struct cordon_litmus_state *)0)->member, int * : 1, default : 0)

/* CORDON_EXPECT(condition) - this holds, in every round. Under cordon-check it is an assertion;
 * on silicon the round is counted as wrong, and goes on.
 */
#ifdef CORDON_CHECK
#include <assert.h>
#define CORDON_EXPECT(condition) assert(condition)
#else
#define CORDON_EXPECT(condition) \
    ((condition) ? (void)0 : cordon_litmus_complain_(__FILE__, __LINE__, #condition))
#endif

/* CORDON_LITMUS(...) - the client, at the end of its file and without a semicolon:
 *
 *     CORDON_LITMUS(.init = init, .threads = {first, second}, .check = check,
 *                   .outcomes = {CORDON_OUTCOME(entered)})
 */
#ifdef CORDON_CHECK
#include <pthread.h>

struct cordon_litmus_part_ {
    void (*run)(struct cordon_litmus_state *state);
    struct cordon_litmus_state *state;
};

static inline void *cordon_litmus_thread_(void *opaque)
{
    const struct cordon_litmus_part_ *part = (const struct cordon_litmus_part_ *)opaque;
    part->run(part->state);
    return NULL;
}

static inline void cordon_litmus_round_(const struct cordon_litmus_client *client,
                                        struct cordon_litmus_state *state)
{
    struct cordon_litmus_part_ part[CORDON_LITMUS_THREADS];
    pthread_t thread[CORDON_LITMUS_THREADS];
    int count = 0;
    if (client->init != NULL) {
        client->init(state);
    }
    for (; count < CORDON_LITMUS_THREADS && client->threads[count] != NULL; ++count) {
        part[count].run = client->threads[count];
        part[count].state = state;
        pthread_create(&thread[count], NULL, cordon_litmus_thread_, &part[count]);
    }
    for (int i = 0; i < count; ++i) {
        pthread_join(thread[i], NULL);
    }
    if (client->check != NULL) {
        client->check(state);
    }
}

#define CORDON_LITMUS(...)                                                          \
    static struct cordon_litmus_state state;                                        \
    static const struct cordon_litmus_client cordon_litmus_client_ = {__VA_ARGS__}; \
    int main(void)                                                                  \
    {                                                                               \
        cordon_litmus_round_(&cordon_litmus_client_, &state);                       \
        return 0;                                                                   \
    }
#elif !defined(__cplusplus)
/* What cordon-litmus looks for in the shared object that it makes of a client. It sets the second
 * before anything runs.
 */
#define CORDON_LITMUS_FORM_ 1u
CORDON_API extern const struct cordon_litmus_client cordon_litmus_client_;
CORDON_API extern void (*cordon_litmus_complain_)(const char *file, int line, const char *text);

#define CORDON_LITMUS(...)                                      \
    const struct cordon_litmus_client cordon_litmus_client_ = { \
        .form_ = CORDON_LITMUS_FORM_,                           \
        .size_ = sizeof(struct cordon_litmus_state),            \
        .alignment_ = _Alignof(struct cordon_litmus_state),     \
        __VA_ARGS__};                                           \
    void (*cordon_litmus_complain_)(const char *file, int line, const char *text);
#endif

#endif
