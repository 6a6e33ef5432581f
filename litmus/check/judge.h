/* judge.h - what an execution to which nothing can be added says of the program.
 */
#ifndef CORDON_CHECK_JUDGE_H
#define CORDON_CHECK_JUDGE_H

/* judge - count the top graph; if threads have not ended, is that an error? */
void judge(void);

#endif
