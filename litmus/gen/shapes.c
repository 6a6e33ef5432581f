/* shapes.c - the cycles that have names, and what each of them asks. */
#include "shape.h"

const struct gen_shape gen_shapes[] = {
    /* Two threads. */
    {"SB", "PodWR Fre PodWR Fre",
     "Store buffering: each thread stores, then loads what the other stores; does each miss the "
     "other's "
     "store?"},
    {"MP", "PodWW Rfe PodRR Fre",
     "Message passing: one thread writes data x, then a flag y; the other sees the flag: may it "
     "miss "
     "the data?"},
    {"LB", "PodRW Rfe PodRW Rfe",
     "Load buffering: each thread loads, then stores what the other loads; does each see the "
     "other's "
     "later store?"},
    {"S", "PodWW Rfe PodRW Coe",
     "S: two stores; the other thread reads the second, then writes over the first: may its store "
     "come "
     "out as the earlier one?"},
    {"R", "PodWW Coe PodWR Fre",
     "R: two stores against a store and a load: the second store of y is overwritten, yet the load "
     "misses the first store of x."},
    {"2+2W", "PodWW Coe PodWW Coe",
     "Two stores each, in opposite order: may each first store come out as the final one?"},
    {"SB+rfis", "Rfi PodRR Fre Rfi PodRR Fre",
     "Store buffering with forwarding: each thread stores, reads its own store back, then loads "
     "what "
     "the other stores."},
    /* Three. */
    {"WRC", "Rfe PodRW Rfe PodRR Fre",
     "Write-to-read causality: one thread sees x and then sets y; who sees y: may it miss x?"},
    {"RWC", "Rfe PodRR Fre PodWR Fre",
     "Read-to-write causality: one thread sees x but not y; another sets y and then misses x."},
    {"WWC", "Rfe PodRW Rfe PodRW Coe",
     "Write-to-write causality: one thread sees x and then sets y; who sees y stores to x: may "
     "that "
     "store come out as the earlier one?"},
    {"WRW+WR", "Rfe PodRW Coe PodWR Fre",
     "WRW+WR: one thread sees x, then stores to y; another overwrites that y, and yet misses x."},
    {"WRR+2W", "Rfe PodRR Fre PodWW Coe",
     "WRR+2W: one thread sees x, but not y; another stores to y, then to x: may its x come out as "
     "the "
     "earlier one?"},
    {"WRW+2W", "Rfe PodRW Coe PodWW Coe",
     "WRW+2W: one thread sees x, then stores to y; another overwrites that y, then stores to x: "
     "may its "
     "x come out as the earlier one?"},
    {"ISA2", "PodWW Rfe PodRW Rfe PodRR Fre",
     "Message passing over two hops: data x, flag y, then flag z; who sees z: may it miss x?"},
    {"W+RWC", "PodWW Rfe PodRR Fre PodWR Fre",
     "Message passing into RWC: data x, flag y; who sees y misses z; another sets z and then "
     "misses x."},
    {"Z6.0", "PodWW Rfe PodRW Coe PodWR Fre",
     "Z6.0: data x, flag y; who sees y stores to z; another overwrites that z, and yet misses x."},
    {"Z6.1", "PodWW Coe PodWW Rfe PodRW Coe",
     "Z6.1: x, then y; another overwrites that y, then sets z; who sees z stores to x: may that "
     "store "
     "come out as the earlier one?"},
    {"Z6.2", "PodWW Rfe PodRW Rfe PodRW Coe",
     "Z6.2: data x, flag y, then flag z; who sees z stores to x: may that store come out as the "
     "earlier "
     "one?"},
    {"Z6.3", "PodWW Coe PodWW Rfe PodRR Fre",
     "Z6.3: x, then y; another overwrites that y, then sets z; who sees z: may it miss x?"},
    {"Z6.4", "PodWW Coe PodWR Fre PodWR Fre",
     "Z6.4: x, then y; another overwrites that y and misses z; a third sets z and then misses x."},
    {"Z6.5", "PodWW Coe PodWW Coe PodWR Fre",
     "Z6.5: x, then y; another overwrites that y, then stores to z; a third overwrites that z, and "
     "yet "
     "misses x."},
    {"3.SB", "PodWR Fre PodWR Fre PodWR Fre",
     "Store buffering in a ring of three: each thread stores, then misses the next one's store."},
    {"3.LB", "PodRW Rfe PodRW Rfe PodRW Rfe",
     "Load buffering in a ring of three: each thread loads what the one before it stores only "
     "later."},
    {"3.2W", "PodWW Coe PodWW Coe PodWW Coe",
     "Two stores each, in a ring of three: may each second store come out as the earlier one of "
     "its "
     "location?"},
    /* Four. */
    {"IRIW", "Rfe PodRR Fre Rfe PodRR Fre",
     "Independent reads of independent writes: two readers; do they see two stores in opposite "
     "orders?"},
    {"IRRWIW", "Rfe PodRR Fre Rfe PodRW Coe",
     "IRIW, where the second reader stores: one sees x and misses y; another sees y, then stores "
     "to x: "
     "may that store come out as the earlier one?"},
    {"IRWIW", "Rfe PodRW Coe Rfe PodRW Coe",
     "IRIW, where both readers store: each sees one location and stores to the other: may both "
     "stores "
     "come out as the earlier ones?"},
    {"4.SB", "PodWR Fre PodWR Fre PodWR Fre PodWR Fre",
     "Store buffering in a ring of four: each thread stores, then misses the next one's store."},
    {"4.LB", "PodRW Rfe PodRW Rfe PodRW Rfe PodRW Rfe",
     "Load buffering in a ring of four: each thread loads what the one before it stores only "
     "later."},
    {"4.2W", "PodWW Coe PodWW Coe PodWW Coe PodWW Coe",
     "Two stores each, in a ring of four: may each second store come out as the earlier one of its "
     "location?"},
    /* One location. */
    {"CoWW", "PosWW Coi",
     "Coherence, write-write: two stores to one location; may the first be the final one?"},
    {"CoRW1", "PosRW Rfi",
     "Coherence, read-write: may a load see the store that follows it in its own thread?"},
    {"CoWR0", "PosWR Fri",
     "Coherence, write-read: may a load miss the store before it in its own thread?"},
    {"CoRR", "Rfe PosRR Fre",
     "Coherence, read-read: two loads of one location; may the second see an older value than the "
     "first?"},
    {"CoRW2", "Rfe PosRW Coe",
     "Coherence, read-write: a load sees another thread's store; may the store after that load "
     "come out "
     "as the earlier one?"},
    {"CoWR1", "Coe PosWR Fre",
     "Coherence, write-read: a thread's store comes out as the later one; may its next load miss "
     "both?"},
    /* Known with their orders. */
    {"MP+relseq+acq", "PodWW Rel Rfe Fetch.Add Rfe Acq PodRR Fre",
     "Message passing through a release sequence: a third thread adds to the flag, relaxed, before "
     "the "
     "reader sees it."},
    {"MP+overwritten+acq", "PodWW Rel PosWW Rfe Acq PodRR Fre",
     "Message passing, the released flag overwritten by its own thread, relaxed, before the reader "
     "sees it: "
     "may it miss the data?"},
    {"IRIW+acq-sc", "Sc Rfe Acq PodRR Sc Fre Sc Rfe Acq PodRR Sc Fre",
     "Independent reads of independent writes: two readers; do they see two stores in opposite "
     "orders?"},
    {"W+RWC+sc+rel+acq", "Sc PodWW Rel Rfe Acq PodRR Sc Fre Sc PodWR Sc Fre",
     "Message passing into RWC: data x, flag y; who sees y misses z; another sets z and then "
     "misses x."},
};

const unsigned gen_shape_count = sizeof gen_shapes / sizeof *gen_shapes;
_Static_assert(sizeof gen_shapes / sizeof *gen_shapes <= GEN_MOST_SHAPES, "GEN_MOST_SHAPES");
