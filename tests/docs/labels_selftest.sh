#!/bin/sh
# labels_selftest.sh - the label test must pass right text and name what is wrong with wrong text.
set -u
here=$(dirname "$0")
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# expect WORDS - the text on standard input must be refused with these words; none: must pass.
expect() {
    cat >"$work/t.h"
    said=$("$here/labels.sh" "$work/t.h" 2>&1)
    status=$?
    if [ -z "$1" ]; then
        [ $status -eq 0 ] || { echo "refused, though right: $said"; cat "$work/t.h"; failed=1; }
    else
        case $status:$said in
        1:*"$1"*) ;;
        *) echo "wanted '$1', got status $status: $said"; cat "$work/t.h"; failed=1 ;;
        esac
    fi
}

expect '' <<'END'
/* cordon_x_lock - enter.
 * Edges:  A0 <- R0 (word),
 *         A1 <- R0; F0 <-> F1, A2 <- R2, A3 <- caller
 * Cost:   more A9 text.
 */
    while (atomic_exchange_explicit(&l->held, 1, memory_order_acquire)) { /* A0 <- R0 */
    if (atomic_compare_exchange_strong_explicit(&l->held, &old, 1, memory_order_acquire, /* A1 <- R0 */
                                                memory_order_relaxed)) {
    atomic_store_explicit(&l->held, 0,
                          memory_order_release); /* R0 -> A0, A1: the hand-over */
    cordon_thread_fence(memory_order_seq_cst); /* F0 <-> F1 */
    cordon_fence_light(); /* F1 <-> F0 */
    atomic_fetch_add_explicit(&l->n, 1, memory_order_acq_rel); /* A2 <- R2; R2 -> A2 */
    atomic_load_explicit(&l->n, memory_order_acquire); /* A3 <- caller */
    atomic_load_explicit(&l->n, memory_order_relaxed);
END
expect 'an acquire without a label' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire);
END
expect 'a release without a label' <<'END'
    x = atomic_fetch_add_explicit(&l->n, 1, memory_order_acq_rel); /* A0 <- caller */
END
expect '2 acquire sides, 1 labelled' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire) + /* A0 <- caller */
        atomic_load_explicit(&l->m, memory_order_acquire);
END
expect 'an acquire without a label' <<'END'
    cordon_thread_fence(memory_order_acquire);
END
expect 'without a label' <<'END'
    cordon_fence_full();
END
expect 'R7, which is no label' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- R7 */
END
expect 'which does not name it back' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- R0 */
    atomic_store_explicit(&l->n, 1, memory_order_release); /* R0 -> caller */
END
expect 'is already the label of line 1' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- caller */
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- caller */
END
expect 'names no partner' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- somebody */
END
expect 'a label reads' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 */
END
expect 'an acquire side is' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 -> R0 */
END
expect 'A0 is in no Edges line' <<'END'
    x = atomic_load_explicit(&l->n, memory_order_acquire); /* A0 <- caller */
END
expect 'Edges names A5' <<'END'
/* cordon_x_lock - enter.
 * Edges:  A0 <- R0 (word), and
 *         A5
 */
    x = atomic_exchange_explicit(&l->n, 1, memory_order_acq_rel); /* A0 <- R0; R0 -> A0 */
END
expect 'an implied seq_cst' <<'END'
    x = atomic_load(&l->n);
END
expect 'inline assembly' <<'END'
    __asm__ __volatile__("" ::: "memory");
END
exit $failed
