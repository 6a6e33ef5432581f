/* page.h - one page of HTML, which is well-formed XML as well, and needs nothing beside it.
 *
 * Colours are names of its style sheet (--c0 and so on, --ink), for light and dark screens and for paper.
 */
#ifndef CORDON_PAGE_H
#define CORDON_PAGE_H

#include <stddef.h>
#include <stdio.h>

/* page_character - how many bytes the character of UTF-8 at the beginning of the text takes; 0 where it is
 * not one that can be shown: cut off, or one of control.
 */
size_t page_character(const char *text);

/* page_text - text that came from outside, and nothing that a browser would obey: in an element or an attribute, of
 * XML as well.
 */
void page_text(FILE *stream, const char *text);

/* page_head - the page until after <body>; `more`, or "", is added to its style sheet. */
void page_head(FILE *stream, const char *title, const char *more);

/* page_tail - and its end. */
void page_tail(FILE *stream);

/* page_paragraph - of that class. */
void page_paragraph(FILE *stream, const char *class, const char *text);

/* page_term - a line of a <dl>, if there is anything to say; the name is HTML. */
void page_term(FILE *stream, const char *name, const char *text);

#endif
