/* replay.h - execute the present graph's execution once more, from the start.
 */
#ifndef CORDON_CHECK_REPLAY_H
#define CORDON_CHECK_REPLAY_H

#include "check.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

/* replay - repeat the execution, recording the plain accesses (report.h). The native state is the same
 * afterwards. Returns false if the program did not do the same again; replay_differs is then where it
 * did something else (a return address).
 */
bool replay(void);
extern uintptr_t replay_differs;

/* replay_access - a plain access of the running thread, during replay. */
void replay_access(uintptr_t address, size_t size, bool write, uintptr_t pc);

/* replay_late - the running thread's next event, if it is a plain write to these bytes; or NULL. */
const struct event *replay_late(uintptr_t address, size_t size);

/* replay_report - replay, and write the report of what the present execution shows. */
void replay_report(enum finding finding, const char *message, uintptr_t pc, uintptr_t other);

#endif
