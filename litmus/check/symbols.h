/* symbols.h - what the program under test defines, and what it needs from elsewhere. */
#ifndef CORDON_CHECK_SYMBOLS_H
#define CORDON_CHECK_SYMBOLS_H

#include <stdbool.h>

/* symbols_usable - has this shared object a main, and does it use nothing that cannot be explored?
 * If not, stderr has why.
 */
bool symbols_usable(const char *path);

/* symbols_instrumented - are all objects of this object file or archive compiled with
 * -fsanitize=thread? Others would change memory behind the explorer's back. If not, stderr has why.
 */
bool symbols_instrumented(const char *path);

#endif
