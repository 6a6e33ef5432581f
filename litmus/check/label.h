/* label.h - one event in a few words, as its author would say it. */
#ifndef CORDON_CHECK_LABEL_H
#define CORDON_CHECK_LABEL_H

#include "graph.h"
#include "text.h"

#include <stdbool.h>

/* label_order - "acquire"; of a plain access "plain". */
const char *label_order(int order);

/* label_name - "load", "store", "cas", "fence". */
const char *label_name(int kind, int op);

/* label_operation - "load acquire", "cas acq_rel", "fence seq_cst", of an event or of a site. */
void label_operation(int kind, int op, int order, struct text *text);

/* label_place - "ring.c:52", without directories; "+0x1139" in a program without debug information. */
void label_place(uintptr_t pc, struct text *text);

/* label_event_place - of an event, if that is known, of who used the C++ library there. */
void label_event_place(const struct event *e, struct text *text);

/* label_line - the same with directories, to be found in an editor. */
void label_line(uintptr_t pc, struct text *text);

/* label_is_known - is this memory of the program's? The runtime's own words have no names. */
bool label_is_known(uintptr_t address);

/* label_variable - the location that it reads or writes. */
void label_variable(const struct event *e, struct text *text);

/* label_event - "store release tail = 1", "cas acq_rel lock 0 -> 1", "pthread_mutex_lock m". The read
 * of a read-modify-write stands for all of it.
 */
void label_event(const struct event *e, struct text *text);

/* label_deed - "load", "store", "cas": what it does, in a sentence. */
const char *label_deed(const struct event *e);

/* label_is_hidden - is it shown with the event before it: the write of a read-modify-write? */
bool label_is_hidden(const struct event *e);

/* label_waits - is it the read of a value with which its thread, for good, cannot go on? */
bool label_waits(const struct event *e);

/* label_thread - the name of a thread's function: "consumer"; or NULL. */
const char *label_thread(int thread);

/* The write of a read-modify-write, or NULL. */
const struct event *label_written(const struct event *e);

#endif
