/* cxx.h - what the stand-ins for the C++ library share. */
#ifndef CORDON_CHECK_CXX_H
#define CORDON_CHECK_CXX_H

/* libstdcxx - a symbol of the C++ library that the program has loaded; of NULL: its handle. */
void *libstdcxx(const char *name);

#endif
