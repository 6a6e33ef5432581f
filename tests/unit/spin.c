/* Units of spin/: what one thread can see of each lock, playing several parts in turn. */
#include <cordon/spin/clh.h>
#include <cordon/spin/hemlock.h>
#include <cordon/spin/k42.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/spin/ttas.h>

#include <criterion/criterion.h>

#include <string.h>

static bool all_zero(const void *object, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)object;
    for (size_t i = 0; i < size; ++i) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* The headers' "Bytes:" and "Initially:". */
Test(spin, sizes_are_as_documented)
{
    cr_assert_eq(sizeof(struct cordon_ttas), 4);
    cr_assert_eq(sizeof(struct cordon_ticket), 8);
    cr_assert_eq(sizeof(struct cordon_mcs), sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_mcs_node), 2 * sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_k42), 2 * sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_k42_waiter), 2 * sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_clh), 2 * sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_clh_node), sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_clh_handle), 2 * sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_hemlock), sizeof(void *));
    cr_assert_eq(sizeof(struct cordon_hemlock_self), sizeof(void *));
}

Test(spin, initialisers_are_all_zero)
{
    static struct cordon_ttas ttas = CORDON_TTAS_INIT;
    static struct cordon_ticket ticket = CORDON_TICKET_INIT;
    static struct cordon_mcs mcs = CORDON_MCS_INIT;
    static struct cordon_k42 k42 = CORDON_K42_INIT;
    static struct cordon_clh clh = CORDON_CLH_INIT;
    static struct cordon_clh_node node = CORDON_CLH_NODE_INIT;
    static struct cordon_hemlock hemlock = CORDON_HEMLOCK_INIT;
    static struct cordon_hemlock_self self = CORDON_HEMLOCK_SELF_INIT;
    cr_assert(all_zero(&ttas, sizeof ttas));
    cr_assert(all_zero(&ticket, sizeof ticket));
    cr_assert(all_zero(&mcs, sizeof mcs));
    cr_assert(all_zero(&k42, sizeof k42));
    cr_assert(all_zero(&clh, sizeof clh));
    cr_assert(all_zero(&node, sizeof node));
    cr_assert(all_zero(&hemlock, sizeof hemlock));
    cr_assert(all_zero(&self, sizeof self));
}

/* Free, held, free again; twice, so that the second round starts from what the first one left.
 * `mine` and `other` are the arguments of two threads.
 */
#define TRY_WHEN_FREE_AND_HELD(kind, mine, other)       \
    do {                                                \
        for (int round = 0; round < 2; ++round) {       \
            cr_assert(cordon_##kind##_try_lock mine);   \
            cr_assert(!cordon_##kind##_try_lock other); \
            cordon_##kind##_unlock mine;                \
            cordon_##kind##_lock other;                 \
            cr_assert(!cordon_##kind##_try_lock mine);  \
            cordon_##kind##_unlock other;               \
        }                                               \
    } while (0)

Test(spin, try_lock_succeeds_when_free_and_fails_when_held)
{
    struct cordon_ttas ttas = CORDON_TTAS_INIT;
    TRY_WHEN_FREE_AND_HELD(ttas, (&ttas), (&ttas));

    struct cordon_ticket ticket = CORDON_TICKET_INIT;
    TRY_WHEN_FREE_AND_HELD(ticket, (&ticket), (&ticket));

    struct cordon_mcs mcs = CORDON_MCS_INIT;
    struct cordon_mcs_node nodes[2];
    memset(nodes, 0xa5, sizeof nodes); /* a node needs no initialisation */
    TRY_WHEN_FREE_AND_HELD(mcs, (&mcs, &nodes[0]), (&mcs, &nodes[1]));

    struct cordon_k42 k42 = CORDON_K42_INIT;
    TRY_WHEN_FREE_AND_HELD(k42, (&k42), (&k42));

    struct cordon_clh clh = CORDON_CLH_INIT;
    struct cordon_clh_node places[2] = {CORDON_CLH_NODE_INIT, CORDON_CLH_NODE_INIT};
    struct cordon_clh_handle mine = CORDON_CLH_HANDLE_INIT(&places[0]);
    struct cordon_clh_handle other = CORDON_CLH_HANDLE_INIT(&places[1]);
    TRY_WHEN_FREE_AND_HELD(clh, (&clh, &mine), (&clh, &other));

    struct cordon_hemlock hemlock = CORDON_HEMLOCK_INIT;
    struct cordon_hemlock_self selves[2] = {CORDON_HEMLOCK_SELF_INIT, CORDON_HEMLOCK_SELF_INIT};
    TRY_WHEN_FREE_AND_HELD(hemlock, (&hemlock, &selves[0]), (&hemlock, &selves[1]));
}

Test(spin, locks_of_all_kinds_nest_and_are_released_in_any_order)
{
    struct cordon_ttas ttas = CORDON_TTAS_INIT;
    struct cordon_ticket ticket = CORDON_TICKET_INIT;
    struct cordon_mcs mcs[2] = {CORDON_MCS_INIT, CORDON_MCS_INIT};
    struct cordon_mcs_node nodes[2];
    struct cordon_k42 k42[2] = {CORDON_K42_INIT, CORDON_K42_INIT};
    struct cordon_clh clh = CORDON_CLH_INIT;
    struct cordon_clh_node place = CORDON_CLH_NODE_INIT;
    struct cordon_clh_handle handle = CORDON_CLH_HANDLE_INIT(&place);
    struct cordon_hemlock hemlock[2] = {CORDON_HEMLOCK_INIT, CORDON_HEMLOCK_INIT};
    struct cordon_hemlock_self self = CORDON_HEMLOCK_SELF_INIT;
    for (int round = 0; round < 2; ++round) {
        cordon_ttas_lock(&ttas);
        cordon_ticket_lock(&ticket);
        cordon_mcs_lock(&mcs[0], &nodes[0]);
        cordon_mcs_lock(&mcs[1], &nodes[1]);
        cordon_k42_lock(&k42[0]);
        cordon_k42_lock(&k42[1]);
        cordon_clh_lock(&clh, &handle);
        cordon_hemlock_lock(&hemlock[0], &self);
        cordon_hemlock_lock(&hemlock[1], &self);
        cordon_hemlock_unlock(&hemlock[0], &self);
        cordon_mcs_unlock(&mcs[0], &nodes[0]);
        cordon_ttas_unlock(&ttas);
        cordon_k42_unlock(&k42[0]);
        cordon_hemlock_unlock(&hemlock[1], &self);
        cordon_clh_unlock(&clh, &handle);
        cordon_mcs_unlock(&mcs[1], &nodes[1]);
        cordon_ticket_unlock(&ticket);
        cordon_k42_unlock(&k42[1]);
    }
    cr_assert(all_zero(&mcs, sizeof mcs));
    cr_assert(all_zero(&k42, sizeof k42));
    cr_assert(all_zero(&hemlock, sizeof hemlock));
    cr_assert(all_zero(&self, sizeof self));
}

Test(ticket, wraps_around)
{
    struct cordon_ticket ticket = {CORDON_ATOMIC_INIT(UINT32_MAX), CORDON_ATOMIC_INIT(UINT32_MAX)};
    cordon_ticket_lock(&ticket);
    cr_assert(!cordon_ticket_try_lock(&ticket));
    cordon_ticket_unlock(&ticket);
    cr_assert(cordon_ticket_try_lock(&ticket));
    cordon_ticket_unlock(&ticket);
    cr_assert_eq(atomic_load_explicit(&ticket.serving, memory_order_relaxed), 1);
}

Test(ttas, lock_until_gives_up_at_the_deadline_and_not_before)
{
    struct cordon_ttas ttas = CORDON_TTAS_INIT;
    cr_assert(cordon_ttas_lock_until(&ttas, 0), "free, though the deadline has passed");
    cr_assert(!cordon_ttas_lock_until(&ttas, 0));
    const uint64_t deadline = cordon_deadline_after(2000000);
    cr_assert(!cordon_ttas_lock_until(&ttas, deadline));
    cr_assert_geq(cordon_now(), deadline);
    cordon_ttas_unlock(&ttas);
    cr_assert(cordon_ttas_lock_until(&ttas, CORDON_NEVER));
}

/* CLH: a fixture of five parts, and the steps of its operations one by one. */
static struct cordon_clh clh;
static struct cordon_clh_node place[5];
static struct cordon_clh_handle part[5];

static void clh_setup(void)
{
    for (int i = 0; i < 5; ++i) {
        part[i].mine = &place[i];
    }
}

/* The node that the part waits on once it has joined. */
static struct cordon_clh_node *join(int i)
{
    return cordon_clh_join_(&clh, part[i].mine);
}

static void finish(int i, struct cordon_clh_node *pred)
{
    part[i].pred = pred;
    cordon_clh_unlock(&clh, &part[i]);
}

static struct cordon_clh_node *ahead(const struct cordon_clh_node *node)
{
    return atomic_load_explicit(&node->ahead, memory_order_relaxed);
}

static struct cordon_clh_node *tail(void)
{
    return atomic_load_explicit(&clh.tail, memory_order_relaxed);
}

Test(clh, lock_until_gives_up_at_the_deadline_and_not_before, .init = clh_setup)
{
    cr_assert(cordon_clh_lock_until(&clh, &part[0], 0), "free, though the deadline has passed");
    cr_assert(!cordon_clh_lock_until(&clh, &part[1], 0));
    const uint64_t deadline = cordon_deadline_after(2000000);
    cr_assert(!cordon_clh_lock_until(&clh, &part[1], deadline));
    cr_assert_geq(cordon_now(), deadline);
    cr_assert_eq(ahead(&place[1]), &place[0], "a forwarding address is left");
    cordon_clh_unlock(&clh, &part[0]);
    cr_assert(cordon_clh_lock_until(&clh, &part[1], CORDON_NEVER));
}

Test(clh, nodes_wander, .init = clh_setup)
{
    cordon_clh_lock(&clh, &part[0]);
    cordon_clh_unlock(&clh, &part[0]);
    cr_assert_eq(part[0].mine, &clh.first);
    cordon_clh_lock(&clh, &part[1]);
    cordon_clh_unlock(&clh, &part[1]);
    cr_assert_eq(part[1].mine, &place[0]);
}

Test(clh, a_place_left_behind_is_passed_by_and_given_back, .init = clh_setup)
{
    cordon_clh_lock(&clh, &part[0]);
    struct cordon_clh_node *first = join(1);
    struct cordon_clh_node *second = join(2);
    struct cordon_clh_node *third = join(3);
    cr_assert_eq(first, &place[0]);
    cr_assert_eq(second, &place[1]);
    cr_assert_eq(third, &place[2]);
    cordon_clh_leave_(&place[1], first);
    cordon_clh_leave_(&place[2], second);
    cr_assert_eq(ahead(&place[1]), &place[0]);
    cr_assert_eq(ahead(&place[2]), &place[1]);

    cr_assert(!cordon_clh_look_(&third));
    cr_assert_eq(third, &place[0], "passes by both");
    cr_assert_eq(ahead(&place[1]), &place[1], "and gives them back");
    cr_assert_eq(ahead(&place[2]), &place[2]);

    cr_assert_eq(join(1), &place[3], "so that their owners queue anew");
    cordon_clh_unlock(&clh, &part[0]);
    cr_assert(cordon_clh_look_(&third));
    finish(3, third);
    cr_assert_eq(part[3].mine, &place[0]);
}

Test(clh, a_place_left_behind_is_resumed, .init = clh_setup)
{
    cordon_clh_lock(&clh, &part[0]);
    struct cordon_clh_node *first = join(1);
    struct cordon_clh_node *second = join(2);
    cordon_clh_leave_(&place[1], first);
    first = join(1);
    cr_assert_eq(first, &place[0], "where it was");
    cr_assert_eq(tail(), &place[2], "without queueing anew");
    cr_assert(!cordon_clh_look_(&second), "who comes after it waits for it again");
    cr_assert_eq(second, &place[1]);
    cordon_clh_unlock(&clh, &part[0]);
    cr_assert(cordon_clh_look_(&first));
    cr_assert(!cordon_clh_look_(&second));
    finish(1, first);
    cr_assert(cordon_clh_look_(&second));
    finish(2, second);
    cr_assert(cordon_clh_try_lock(&clh, &part[4]));
}

/* All have left, and nobody is there to pass by what they left; still everybody can come again. */
Test(clh, a_queue_of_nothing_but_places_left_behind_blocks_nobody, .init = clh_setup)
{
    for (int comes_again = 1; comes_again <= 4; ++comes_again) {
        cordon_clh_lock(&clh, &part[0]);
        struct cordon_clh_node *mine[4] = {NULL, part[1].mine, part[2].mine, part[3].mine};
        struct cordon_clh_node *pred[4] = {NULL, join(1), join(2), join(3)};
        cordon_clh_leave_(mine[1], pred[1]);
        cordon_clh_leave_(mine[2], pred[2]);
        cordon_clh_leave_(mine[3], pred[3]);
        cr_assert_eq(tail(), mine[3]);
        cordon_clh_unlock(&clh, &part[0]);
        cr_assert(cordon_clh_try_lock(&clh, &part[comes_again]));
        for (int i = 0; i <= 4; ++i) {
            cr_assert(i == comes_again || !cordon_clh_try_lock(&clh, &part[i]));
        }
        cordon_clh_unlock(&clh, &part[comes_again]);
        for (int i = 0; i <= 4; ++i) {
            cordon_clh_lock(&clh, &part[i]);
            cordon_clh_unlock(&clh, &part[i]);
        }
    }
}

/* The trap that a look before joining falls into: see the head of clh.h. */
Test(clh, a_node_that_came_back_to_the_tail_is_not_taken_for_free, .init = clh_setup)
{
    cordon_clh_lock(&clh, &part[0]);
    cordon_clh_unlock(&clh, &part[0]);
    struct cordon_clh_node *seen_free = tail();
    cordon_clh_lock(&clh, &part[1]); /* takes seen_free ... */
    cordon_clh_unlock(&clh, &part[1]);
    cr_assert_eq(part[1].mine, seen_free);
    cordon_clh_lock(&clh, &part[1]); /* ... and holds the lock with it */
    cr_assert_eq(tail(), seen_free);
    cr_assert(!cordon_clh_try_lock(&clh, &part[2]));
    struct cordon_clh_node *pred = join(2); /* so would a try_lock that skipped the hint */
    cr_assert(!cordon_clh_look_(&pred));
    cordon_clh_leave_(part[2].mine, pred);
    cordon_clh_unlock(&clh, &part[1]);
    cr_assert(cordon_clh_try_lock(&clh, &part[2]));
}
