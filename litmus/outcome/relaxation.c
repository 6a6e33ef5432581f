/* relaxation.c - the relaxations that are asked for. */
#include "relaxation.h"

const struct relaxation relaxations[RELAXATIONS] = {
    {"W->R", "a load overtakes a store", "SB+rlx", 'W', 'R'},
    {"W->W", "a store overtakes a store", "MP+rlx+fence-sc", 'W', 'W'},
    {"R->R", "a load overtakes a load", "MP+fence-sc+rlx", 'R', 'R'},
    {"R->W", "a store overtakes a load", "LB+rlx", 'R', 'W'},
    {"not MCA", "two cores see two stores in different orders", "IRIW+ra", 0, 0},
};
