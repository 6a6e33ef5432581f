/* cordon-check: unsupported */
#include <stdio.h>

int main(void)
{
    FILE *file = fopen("/etc/passwd", "r");
    return file && fclose(file);
}
