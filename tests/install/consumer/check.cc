#include "check.c"
