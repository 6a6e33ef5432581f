/* cordon-check: no-input */
int main(void)
{
    return undeclared;
}
