/* Units of atomic.h, cpu.h, fence.h and wait.h. */
#include <cordon/cpu.h>
#include <cordon/fence.h>
#include <cordon/wait.h>

#include <criterion/criterion.h>

#include <errno.h>

Test(cpu, allocation_is_aligned_and_rounded)
{
    for (size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        unsigned char *memory = (unsigned char *)cordon_aligned_alloc(alignment, 3);
        cr_assert_not_null(memory);
        cr_assert_eq((uintptr_t)memory % alignment, 0);
        memory[2] = 1;
        free(memory);
    }
}

Test(cpu, allocation_refuses_what_would_overflow)
{
    cr_assert_null(cordon_aligned_alloc(CORDON_LINE, SIZE_MAX));
    cr_assert_null(cordon_aligned_alloc(CORDON_LINE, SIZE_MAX - CORDON_LINE + 2));
}

Test(fence, asymmetric_probe_is_stable_and_heavy_succeeds)
{
    const enum cordon_fence_asymmetry found = cordon_fence_asymmetric_probe();
    cr_assert_neq(found, CORDON_FENCE_UNPROBED);
    cr_assert_eq(cordon_fence_asymmetric_probe(), found);
    cr_assert(cordon_fence_heavy());
    cordon_fence_light();
}

Test(fence, store_full_stores_every_size)
{
    CORDON_ATOMIC(uint8_t) a = 0;
    CORDON_ATOMIC(uint64_t) b = 0;
    CORDON_ATOMIC(void *) c = NULL;
    cordon_store_full(&a, 7);
    cordon_store_full(&b, UINT64_MAX);
    cordon_store_full(&c, (void *)&a);
    cr_assert_eq(atomic_load_explicit(&a, memory_order_relaxed), 7);
    cr_assert_eq(atomic_load_explicit(&b, memory_order_relaxed), UINT64_MAX);
    cr_assert_eq(atomic_load_explicit(&c, memory_order_relaxed), (void *)&a);
}

Test(wait, deadlines_saturate)
{
    cr_assert_eq(cordon_deadline_after(UINT64_MAX), CORDON_NEVER);
    cr_assert_gt(cordon_deadline_after(1000), cordon_now() - 1);
}

Test(wait, a_passed_deadline_is_reported_for_every_size)
{
    CORDON_ATOMIC(uint8_t) a = 1;
    CORDON_ATOMIC(uint16_t) b = 1;
    CORDON_ATOMIC(uint32_t) c = 1;
    CORDON_ATOMIC(uint64_t) d = 1;
    cr_assert_eq(cordon_wait_u8(&a, 1, 0), CORDON_TIMEDOUT);
    cr_assert_eq(cordon_wait_u16(&b, 1, 0), CORDON_TIMEDOUT);
    cr_assert_eq(cordon_wait_u32(&c, 1, 0), CORDON_TIMEDOUT);
    cr_assert_eq(cordon_wait_u64(&d, 1, cordon_deadline_after(1000000)), CORDON_TIMEDOUT);
}

Test(wait, a_deadline_is_noticed_between_growing_pauses)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    cr_assert_not(cordon_wait_expired(&waiter, cordon_deadline_after(1000000000)));
    do {
        cordon_wait_backoff(&waiter);
    } while (!cordon_wait_expired(&waiter, 1));
    cr_assert_lt(waiter.steps, CORDON_WAIT_RELAXES / 2);
}

Test(wait, another_value_returns_at_once)
{
    CORDON_ATOMIC(uint64_t) d = UINT64_C(1) << 40;
    cr_assert_eq(cordon_wait_u64(&d, 0, CORDON_NEVER), CORDON_OK);
    cr_assert_eq(cordon_park_u64(&d, 0, CORDON_NEVER), CORDON_OK);
}

Test(wait, errno_survives)
{
    CORDON_ATOMIC(uint32_t) c = 1;
    errno = 4711;
    cordon_wake_all_u32(&c);
    cr_assert_eq(cordon_park_u32(&c, 1, 1), CORDON_TIMEDOUT);
    cr_assert(cordon_fence_heavy());
    cr_assert_eq(errno, 4711);
}
