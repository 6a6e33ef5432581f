/* Units of sync/eventcount.h: the word's book-keeping, as one thread plays several. */
#include <cordon/sync/eventcount.h>

#include <criterion/criterion.h>

static uint32_t waiting(struct cordon_eventcount *ec)
{
    return atomic_load_explicit(&ec->word, memory_order_relaxed) >> 16;
}

static uint32_t tokens(struct cordon_eventcount *ec)
{
    return atomic_load_explicit(&ec->word, memory_order_relaxed) & 0xFFFF;
}

Test(eventcount, nobody_waits)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    cordon_eventcount_signal(&ec);
    cordon_eventcount_signal_n(&ec, SIZE_MAX);
    cordon_eventcount_signal_all(&ec);
    cr_assert_eq(tokens(&ec), 0, "a signal that nobody waits for is not kept");
    cordon_eventcount_cancel(&ec, cordon_eventcount_prepare(&ec));
    cr_assert_eq(waiting(&ec), 0);
}

Test(eventcount, a_signal_after_prepare_ends_the_wait)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    const uint32_t key = cordon_eventcount_prepare(&ec);
    cr_assert_eq(waiting(&ec), 1);
    cordon_eventcount_signal(&ec);
    cordon_eventcount_signal(&ec);
    cr_assert_eq(tokens(&ec), 1, "one thread, one token");
    cr_assert_eq(cordon_eventcount_wait(&ec, key, CORDON_NEVER), CORDON_OK);
    cr_assert_eq(waiting(&ec) + tokens(&ec), 0);
}

Test(eventcount, a_token_beats_a_deadline)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    uint32_t key = cordon_eventcount_prepare(&ec);
    cordon_eventcount_signal(&ec);
    cr_assert_eq(cordon_eventcount_wait(&ec, key, 0), CORDON_OK);
    key = cordon_eventcount_prepare(&ec);
    cr_assert_eq(cordon_eventcount_wait(&ec, key, cordon_deadline_after(1000000)), CORDON_TIMEDOUT);
    cr_assert_eq(waiting(&ec) + tokens(&ec), 0);
}

Test(eventcount, who_leaves_takes_no_token_from_who_stays)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    const uint32_t a = cordon_eventcount_prepare(&ec), b = cordon_eventcount_prepare(&ec);
    cordon_eventcount_signal(&ec);
    cordon_eventcount_cancel(&ec, a);
    cr_assert_eq(waiting(&ec), 0);
    cr_assert_eq(tokens(&ec), 1);
    cr_assert_eq(cordon_eventcount_wait(&ec, b, CORDON_NEVER), CORDON_OK);
    const uint32_t c = cordon_eventcount_prepare(&ec);
    cordon_eventcount_signal(&ec);
    cordon_eventcount_cancel(&ec, c);
    cr_assert_eq(tokens(&ec), 0, "and no token stays when all have left");
}

Test(eventcount, n_and_all)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    uint32_t keys[5];
    for (int i = 0; i < 5; ++i) {
        keys[i] = cordon_eventcount_prepare(&ec);
    }
    cordon_eventcount_signal_n(&ec, 0);
    cr_assert_eq(tokens(&ec), 0);
    cordon_eventcount_signal_n(&ec, 2);
    cr_assert_eq(tokens(&ec), 2);
    cr_assert_eq(waiting(&ec), 3);
    cordon_eventcount_signal_all(&ec);
    cr_assert_eq(tokens(&ec), 5);
    cr_assert_eq(waiting(&ec), 0);
    for (int i = 0; i < 5; ++i) {
        cr_assert_eq(cordon_eventcount_wait(&ec, keys[i], CORDON_NEVER), CORDON_OK);
    }
    cr_assert_eq(tokens(&ec), 0);
}

Test(eventcount, a_full_word_makes_pollers)
{
    struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
    atomic_store_explicit(&ec.word, UINT32_C(65534) << 16 | 1, memory_order_relaxed);
    const uint32_t key = cordon_eventcount_prepare(&ec);
    cr_assert_eq(waiting(&ec), 65534, "no room left to register");
    cr_assert_eq(cordon_eventcount_wait(&ec, key, CORDON_NEVER), CORDON_OK, "a nap, then look");
    cr_assert_eq(cordon_eventcount_wait(&ec, key, 0), CORDON_TIMEDOUT);
    cordon_eventcount_cancel(&ec, key);
    cr_assert_eq(waiting(&ec), 65534);
    cr_assert_eq(tokens(&ec), 1);
    cordon_eventcount_signal_all(&ec);
    cr_assert_eq(tokens(&ec), 65535);
}
