/* designs.c - all designs there are. */
#define _GNU_SOURCE
#include "designs.h"

const unsigned seq_sizes[SEQ_SIZES] = {16, 64, 256};

const struct seq_library seq_libraries[] = {
    {seq_ours, &seq_ours_count, "cordon"},
    {seq_glibc, &seq_glibc_count, "glibc"},
#ifdef SEQ_HAVE_CK
    {seq_ck, &seq_ck_count, "Concurrency Kit"},
#else
    {NULL, NULL, "Concurrency Kit"},
#endif
#ifdef SEQ_HAVE_URCU_MEMB
    {seq_urcu_memb, &seq_urcu_memb_count, "liburcu-memb"},
#else
    {NULL, NULL, "liburcu-memb"},
#endif
#ifdef SEQ_HAVE_URCU_QSBR
    {seq_urcu_qsbr, &seq_urcu_qsbr_count, "liburcu-qsbr"},
#else
    {NULL, NULL, "liburcu-qsbr"},
#endif
#ifdef SEQ_HAVE_URCU_MB
    {seq_urcu_mb, &seq_urcu_mb_count, "liburcu-mb"},
#else
    {NULL, NULL, "liburcu-mb"},
#endif
#ifdef SEQ_HAVE_URCU_BP
    {seq_urcu_bp, &seq_urcu_bp_count, "liburcu-bp"},
#else
    {NULL, NULL, "liburcu-bp"},
#endif
};
const unsigned seq_library_count = sizeof seq_libraries / sizeof *seq_libraries;
