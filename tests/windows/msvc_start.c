/* What Visual C++ puts before main. */
#include <corecrt_startup.h>
#include <stdlib.h>

int main(int argc, char **argv);

void start(void)
{
    _configure_narrow_argv(_crt_argv_unexpanded_arguments);
    exit(main(__argc, __argv));
}
