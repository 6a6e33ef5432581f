# The project's own presets turn these on (CORDON_STRICT); a consumer's build never sees them.
option(CORDON_STRICT "Every warning, as an error" OFF)
set(CORDON_SANITIZE "" CACHE STRING "Sanitizers for everything built here, e.g. thread, or address,undefined")

if(CORDON_STRICT)
    add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
        $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
endif()
if(CORDON_SANITIZE)
    add_compile_options(-fsanitize=${CORDON_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CORDON_SANITIZE})
endif()
