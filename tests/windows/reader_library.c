/* The library that a card driver of the tests needs beside it. */
__declspec(dllexport) int reader_library(void) { return 1; }
