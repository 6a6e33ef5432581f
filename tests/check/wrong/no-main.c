/* cordon-check: no-input */
int main_(void);

int main_(void)
{
    return 0;
}
