/* A PKCS#11 module with one reader, which misbehaves as FAULTY_MODULE says: "C_Initialize=hang". */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;
#define OK 0x0UL
#define DEVICE_ERROR 0x30UL
#define TOKEN_NOT_PRESENT 0xE0UL
#define TOKEN_NOT_RECOGNISED 0xE1UL
#define NOT_SUPPORTED 0x54UL

static ulong fault(const char *function)
{
    const char *wanted = getenv("FAULTY_MODULE");
    size_t length = strlen(function);
    if (!wanted || strncmp(wanted, function, length) || wanted[length] != '=')
        return OK;
    const char *what = wanted + length + 1;
    if (!strcmp(what, "hang"))
        for (;;) pause();
    if (!strcmp(what, "crash"))
        raise(SIGSEGV);
    if (!strcmp(what, "print")) {
        printf("a library may print\n");
        fflush(stdout);
        return OK;
    }
    return !strcmp(what, "unknown") ? TOKEN_NOT_RECOGNISED : DEVICE_ERROR;
}

static ulong initialize(void *arguments) { (void)arguments; return fault("C_Initialize"); }
static ulong finalize(void *reserved) { (void)reserved; return fault("C_Finalize"); }

static ulong get_info(void *info)
{
    memset(info, ' ', 32 + 32 + 24);
    return fault("C_GetInfo");
}

static ulong get_slot_list(unsigned char present, ulong *slots, ulong *count)
{
    const char *wanted = getenv("FAULTY_MODULE");
    (void)present;
    *count = wanted && !strcmp(wanted, "slots=0") ? 0 : 1;
    if (slots && *count)
        slots[0] = 7;
    return fault("C_GetSlotList");
}

static ulong get_slot_info(ulong slot, char *info)
{
    (void)slot;
    memset(info, ' ', 64 + 32);
    memcpy(info, "Faulty reader", 13);
    memset(info + 96, 0, 16);
    return fault("C_GetSlotInfo");
}

static ulong get_token_info(ulong slot, void *info)
{
    (void)slot; (void)info;
    ulong value = fault("C_GetTokenInfo");
    return value ? value : TOKEN_NOT_PRESENT;
}

static ulong not_supported(void) { return NOT_SUPPORTED; }

static struct {
    unsigned char version[2];
    void *functions[68];
} list = { { 2, 40 }, { 0 } };

ulong C_GetFunctionList(void **out)
{
    for (int i = 0; i < 68; i++)
        list.functions[i] = (void *)not_supported;
    list.functions[0] = (void *)initialize;
    list.functions[1] = (void *)finalize;
    list.functions[2] = (void *)get_info;
    list.functions[3] = (void *)C_GetFunctionList;
    list.functions[4] = (void *)get_slot_list;
    list.functions[5] = (void *)get_slot_info;
    list.functions[6] = (void *)get_token_info;
    *out = &list;
    return OK;
}
