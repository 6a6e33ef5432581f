/* designs.h - where each library's designs are. */
#ifndef CORDON_BENCH_SEQLOCKS_DESIGNS_H
#define CORDON_BENCH_SEQLOCKS_DESIGNS_H

#include "seqlocks.h"

extern const struct seq_design seq_ours[], seq_glibc[], seq_ck[], seq_urcu_memb[], seq_urcu_qsbr[],
    seq_urcu_mb[], seq_urcu_bp[];
extern const unsigned seq_ours_count, seq_glibc_count, seq_ck_count, seq_urcu_memb_count,
    seq_urcu_qsbr_count, seq_urcu_mb_count, seq_urcu_bp_count;

#endif
