/* cordon/version.h - the one place that knows the version; the build reads it from here. */
#ifndef CORDON_VERSION_H
#define CORDON_VERSION_H

#define CORDON_VERSION_MAJOR 0
#define CORDON_VERSION_MINOR 1
#define CORDON_VERSION_PATCH 0

#endif
