/* relaxation.h - what a machine and its compiler may reorder, and the tests that tell. */
#ifndef CORDON_LITMUS_RELAXATION_H
#define CORDON_LITMUS_RELAXATION_H

/* Each of these tests of the catalogue leaves two accesses of one thread unordered, or lets two threads look
 * at two others' stores, and keeps all the rest in order: so who shows it has done just that.
 */
struct relaxation {
    const char *name, *what, *test;
    char from, to; /* the accesses that change places, 'R' or 'W'; 0: it is not about these */
};

#define RELAXATIONS 5u
extern const struct relaxation relaxations[RELAXATIONS];

#endif
