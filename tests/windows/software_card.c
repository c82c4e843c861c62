/* A software card as a PKCS#11 driver, for Windows and Linux: one RSA key, its certificate and the
 * issuing authority's, from card.h. What it answers is the same on both, so outputs can be compared.
 *
 * PIN 246810; three wrong ones lock it. Variables of the environment:
 *   SOFT_STATE=FILE       keeps the count of wrong PINs from one process to the next
 *   SOFT_LOG=FILE         a line for every C_Login, C_Sign and hang: process, name, answer
 *   SOFT_FAULT=C_Sign=crash   puts a fault into one function: hang, crash, abort, exit, print, removed,
 *                         absent, unknown, or status=C0000409 (the process ends with that exit code)
 *   SOFT_EMPTY, SOFT_NOREADER   no card in the reader; no reader
 */
#ifdef _WIN32
#include <windows.h>
#define EXPORT __declspec(dllexport)
#define PAUSE() Sleep(1000)
#define PROCESS() GetCurrentProcessId()
#define END(code) TerminateProcess(GetCurrentProcess(), code)
#else
#include <unistd.h>
#define EXPORT __attribute__((visibility("default")))
#define PAUSE() sleep(1)
#define PROCESS() ((unsigned long)getpid())
#define END(code) _exit((int)(code))
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "card.h"

typedef unsigned long ulong;
typedef unsigned char byte;

#ifdef _WIN32
#pragma pack(push, 1) /* as PKCS #11 2.40, chapter 2, asks for on Windows */
#endif
typedef struct { byte major, minor; } version_t;
typedef struct { version_t cryptoki; byte maker[32]; ulong flags; byte about[32]; version_t library; } info_t;
typedef struct { byte about[64], maker[32]; ulong flags; version_t hardware, firmware; } slot_t;
typedef struct {
    byte label[32], maker[32], model[16], serial[16];
    ulong flags, counts[6], memory[4];
    version_t hardware, firmware;
    byte utc[16];
} token_t;
typedef struct { ulong slot, state, flags, error; } session_t;
typedef struct { ulong type; void *value; ulong length; } attribute_t;
typedef struct { ulong mechanism; void *parameter; ulong length; } mechanism_t;
static struct { version_t version; void *functions[68]; } list = { { 2, 40 }, { 0 } };
#ifdef _WIN32
#pragma pack(pop)
#endif

enum {
    OK = 0, GENERAL_ERROR = 0x5, ATTRIBUTE_TYPE_INVALID = 0x12, DEVICE_ERROR = 0x30, DEVICE_REMOVED = 0x32,
    NOT_SUPPORTED = 0x54, OPERATION_NOT_INITIALIZED = 0x91, PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4,
    TOKEN_NOT_PRESENT = 0xE0, TOKEN_NOT_RECOGNIZED = 0xE1, NOT_LOGGED_IN = 0x101, BUFFER_TOO_SMALL = 0x150,
    SLOT = 3, MOST_WRONG = 3, CONTEXT_USER = 2,
    CERTIFICATE = 1, ISSUING = 2, PUBLIC_KEY = 3, PRIVATE_KEY = 4,
};
static const byte LABEL[] = { 'm', 'a', 'd', 'e', '-', 'u', 'p' }, KEY_ID[] = { 1 }, ISSUING_ID[] = { 0x0c }, EXPONENT[] = { 1, 0, 1 };
static int logged_in, sessions, signing;
static ulong matches[8], match_count, match_at;

static void note(const char *what, ulong answer)
{
    const char *path = getenv("SOFT_LOG");
    FILE *file = path ? fopen(path, "a") : 0;
    if (file) {
        fprintf(file, "%lu %s 0x%lx\n", PROCESS(), what, answer);
        fclose(file);
    }
}

static ulong fault(const char *function)
{
    const char *wanted = getenv("SOFT_FAULT");
    size_t length = strlen(function);
    if (!wanted || strncmp(wanted, function, length) || wanted[length] != '=') return OK;
    wanted += length + 1;
    if (!strcmp(wanted, "hang")) {
        note("hangs", OK);
        for (;;) PAUSE();
    }
    if (!strcmp(wanted, "crash")) *(volatile int *)8 = 1;
    if (!strcmp(wanted, "abort")) abort();
    if (!strcmp(wanted, "exit")) END(0);
    if (!strncmp(wanted, "status=", 7)) END(strtoul(wanted + 7, 0, 16));
    if (!strcmp(wanted, "print")) {
        printf("a library may print\n");
        fflush(stdout);
        return OK;
    }
    if (!strcmp(wanted, "removed")) return DEVICE_REMOVED;
    if (!strcmp(wanted, "absent")) return TOKEN_NOT_PRESENT;
    if (!strcmp(wanted, "unknown")) return TOKEN_NOT_RECOGNIZED;
    return DEVICE_ERROR;
}
#define FAULT(function) do { ulong fault_ = fault(function); if (fault_) return fault_; } while (0)

static int wrong_pins(void)
{
    const char *path = getenv("SOFT_STATE");
    FILE *file = path ? fopen(path, "r") : 0;
    int count = 0;
    if (file) {
        if (fscanf(file, "%d", &count) != 1) count = 0;
        fclose(file);
    }
    return count;
}

static void keep_wrong_pins(int count)
{
    const char *path = getenv("SOFT_STATE");
    FILE *file = path ? fopen(path, "w") : 0;
    if (file) {
        fprintf(file, "%d", count);
        fclose(file);
    }
}

static void pad(byte *field, size_t size, const char *text)
{
    memset(field, ' ', size);
    memcpy(field, text, strlen(text));
}

static int is_empty(void) { return getenv("SOFT_EMPTY") != 0; }

static ulong initialize(void *arguments) { FAULT("C_Initialize"); return OK; }
static ulong finalize(void *reserved) { FAULT("C_Finalize"); return OK; }

static ulong get_info(info_t *info)
{
    FAULT("C_GetInfo");
    memset(info, 0, sizeof *info);
    info->cryptoki.major = 2;
    info->cryptoki.minor = 40;
    pad(info->maker, sizeof info->maker, "made-up");
    pad(info->about, sizeof info->about, "software card");
    return OK;
}

static ulong get_slot_list(byte present, ulong *slots, ulong *count)
{
    FAULT("C_GetSlotList");
    if (getenv("SOFT_NOREADER") || (present && is_empty())) {
        *count = 0;
        return OK;
    }
    if (slots && *count < 1) {
        *count = 1;
        return BUFFER_TOO_SMALL;
    }
    if (slots) slots[0] = SLOT;
    *count = 1;
    return OK;
}

static ulong get_slot_info(ulong slot, slot_t *info)
{
    FAULT("C_GetSlotInfo");
    memset(info, 0, sizeof *info);
    pad(info->about, sizeof info->about, "ACS ACR39U ICC Reader 0");
    pad(info->maker, sizeof info->maker, "ACS");
    info->flags = is_empty() ? 6 : 7; /* removable device, hardware slot, token present */
    return OK;
}

static ulong get_token_info(ulong slot, token_t *info)
{
    FAULT("C_GetTokenInfo");
    if (is_empty()) return TOKEN_NOT_PRESENT;
    memset(info, 0, sizeof *info);
    pad(info->label, sizeof info->label, "AKIS_ORNEK_1");
    pad(info->maker, sizeof info->maker, "made-up");
    pad(info->model, sizeof info->model, "soft");
    pad(info->serial, sizeof info->serial, "5749440001");
    int wrong = wrong_pins();
    info->flags = 0x40D; /* random numbers, login required, PIN set, initialized */
    info->flags |= wrong >= MOST_WRONG ? 0x40000 : wrong == 2 ? 0x20000 : wrong ? 0x10000 : 0;
    info->counts[4] = 16; /* longest and shortest PIN */
    info->counts[5] = 4;
    memset(info->memory, 0xff, sizeof info->memory);
    memset(info->utc, '0', sizeof info->utc);
    return OK;
}

static ulong get_mechanism_list(ulong slot, ulong *mechanisms, ulong *count)
{
    if (mechanisms) mechanisms[0] = 1; /* CKM_RSA_PKCS */
    *count = 1;
    return OK;
}

static ulong get_mechanism_info(ulong slot, ulong mechanism, ulong *info)
{
    info[0] = 1024;
    info[1] = 4096;
    info[2] = 0x800; /* CKF_SIGN */
    return OK;
}

static ulong open_session(ulong slot, ulong flags, void *application, void *notify, ulong *session)
{
    FAULT("C_OpenSession");
    if (is_empty()) return TOKEN_NOT_PRESENT;
    *session = 100 + ++sessions;
    return OK;
}

static ulong close_session(ulong session) { FAULT("C_CloseSession"); return OK; }
static ulong close_all_sessions(ulong slot) { logged_in = 0; return OK; }

static ulong get_session_info(ulong session, session_t *info)
{
    info->slot = SLOT;
    info->state = logged_in ? 1 : 0;
    info->flags = 4;
    info->error = 0;
    return OK;
}

static ulong login(ulong session, ulong user, const byte *pin, ulong length)
{
    FAULT("C_Login");
    ulong answer = OK;
    int wrong = wrong_pins();
    if (wrong >= MOST_WRONG) {
        answer = PIN_LOCKED;
    } else if (length != 6 || memcmp(pin, "246810", 6)) {
        keep_wrong_pins(wrong + 1);
        answer = wrong + 1 >= MOST_WRONG ? PIN_LOCKED : PIN_INCORRECT;
    } else {
        keep_wrong_pins(0);
        logged_in = 1;
    }
    note("C_Login", answer);
    return answer;
}

static ulong logout(ulong session) { logged_in = 0; return OK; }

static int get_value(ulong object, ulong type, const void **value, ulong *length)
{
    static ulong number;
    static byte flag;
#define NUMBER(x) do { number = (x); *value = &number; *length = sizeof number; return 1; } while (0)
#define FLAG(x) do { flag = (x); *value = &flag; *length = 1; return 1; } while (0)
#define BYTES(array) do { *value = (array); *length = sizeof(array); return 1; } while (0)
    switch (type) {
    case 0x0: NUMBER(object <= ISSUING ? 1 : object == PUBLIC_KEY ? 2 : 3); /* class */
    case 0x1: FLAG(1); /* on the token */
    case 0x2: FLAG(object == PRIVATE_KEY); /* private */
    case 0x3: BYTES(LABEL); /* label */
    case 0x102: if (object == ISSUING) BYTES(ISSUING_ID); BYTES(KEY_ID);
    case 0x11: if (object == CERTIFICATE) BYTES(CERT); if (object == ISSUING) BYTES(SUBCA); return 0;
    case 0x80: if (object <= ISSUING) NUMBER(0); return 0; /* X.509 */
    case 0x101: if (object == CERTIFICATE) BYTES(SUBJECT); return 0;
    case 0x81: if (object == CERTIFICATE) BYTES(ISSUER); return 0;
    case 0x82: if (object == CERTIFICATE) BYTES(SERIAL); return 0;
    case 0x100: if (object >= PUBLIC_KEY) NUMBER(0); return 0; /* RSA */
    case 0x120: if (object >= PUBLIC_KEY) BYTES(N); return 0;
    case 0x122: if (object >= PUBLIC_KEY) BYTES(EXPONENT); return 0;
    case 0x121: if (object == PUBLIC_KEY) NUMBER(2048); return 0;
    case 0x108: if (object == PRIVATE_KEY) FLAG(1); return 0; /* signs */
    case 0x202: if (object == PRIVATE_KEY) FLAG(0); return 0; /* always authenticate */
    case 0x103: FLAG(object == PRIVATE_KEY); /* sensitive */
    }
    return 0;
}

static ulong find_objects_init(ulong session, attribute_t *template, ulong count)
{
    FAULT("C_FindObjectsInit");
    match_count = match_at = 0;
    for (ulong object = CERTIFICATE; object <= PRIVATE_KEY; object++) {
        int fits = object != PRIVATE_KEY || logged_in;
        for (ulong k = 0; fits && k < count; k++) {
            const void *value;
            ulong length;
            fits = get_value(object, template[k].type, &value, &length) && length == template[k].length &&
                   !memcmp(value, template[k].value, length);
        }
        if (fits) matches[match_count++] = object;
    }
    return OK;
}

static ulong find_objects(ulong session, ulong *objects, ulong most, ulong *count)
{
    FAULT("C_FindObjects");
    for (*count = 0; *count < most && match_at < match_count;) objects[(*count)++] = matches[match_at++];
    return OK;
}

static ulong find_objects_final(ulong session) { return OK; }

static ulong get_attribute_value(ulong session, ulong object, attribute_t *template, ulong count)
{
    FAULT("C_GetAttributeValue");
    ulong answer = OK;
    for (ulong k = 0; k < count; k++) {
        const void *value;
        ulong length;
        if (!get_value(object, template[k].type, &value, &length)) {
            template[k].length = ~0UL;
            answer = ATTRIBUTE_TYPE_INVALID;
        } else if (template[k].value && template[k].length < length) {
            template[k].length = ~0UL;
            answer = BUFFER_TOO_SMALL;
        } else {
            if (template[k].value) memcpy(template[k].value, value, length);
            template[k].length = length;
        }
    }
    return answer;
}

static ulong sign_init(ulong session, mechanism_t *mechanism, ulong key)
{
    FAULT("C_SignInit");
    if (!logged_in) return NOT_LOGGED_IN;
    signing = 1;
    return OK;
}

/* RSA by hand: 2048 bits, little-endian words; slow and not constant in time, for a made-up key only. */
enum { WORDS = 32, BYTES_OF_KEY = 256 };
typedef unsigned __int128 wide;

static void load(uint64_t *number, const byte *bytes)
{
    for (int i = 0; i < WORDS; i++) {
        number[i] = 0;
        for (int j = 0; j < 8; j++) number[i] |= (uint64_t)bytes[BYTES_OF_KEY - 1 - 8 * i - j] << (8 * j);
    }
}

static int is_at_least(const uint64_t *a, const uint64_t *b)
{
    for (int i = WORDS; i--;)
        if (a[i] != b[i]) return a[i] > b[i];
    return 1;
}

static void subtract(uint64_t *a, const uint64_t *b)
{
    uint64_t borrow = 0;
    for (int i = 0; i < WORDS; i++) {
        wide difference = (wide)a[i] - b[i] - borrow;
        a[i] = (uint64_t)difference;
        borrow = (uint64_t)(difference >> 64) & 1;
    }
}

static void multiply(uint64_t *result, const uint64_t *a, const uint64_t *b, const uint64_t *modulus)
{
    uint64_t sum[WORDS] = { 0 };
    for (int i = WORDS * 64; i--;) { /* double, and add where the bit is set */
        uint64_t carry = 0;
        for (int k = 0; k < WORDS; k++) {
            uint64_t word = sum[k];
            sum[k] = word << 1 | carry;
            carry = word >> 63;
        }
        if (carry || is_at_least(sum, modulus)) subtract(sum, modulus);
        if (b[i / 64] >> (i % 64) & 1) {
            carry = 0;
            for (int k = 0; k < WORDS; k++) {
                wide total = (wide)sum[k] + a[k] + carry;
                sum[k] = (uint64_t)total;
                carry = (uint64_t)(total >> 64);
            }
            if (carry || is_at_least(sum, modulus)) subtract(sum, modulus);
        }
    }
    memcpy(result, sum, sizeof sum);
}

static ulong sign(ulong session, const byte *data, ulong length, byte *signature, ulong *size)
{
    FAULT("C_Sign");
    if (!signing) return OPERATION_NOT_INITIALIZED;
    if (length > BYTES_OF_KEY - 11) return GENERAL_ERROR;
    if (!signature || *size < BYTES_OF_KEY) {
        *size = BYTES_OF_KEY;
        return signature ? BUFFER_TOO_SMALL : OK;
    }
    byte padded[BYTES_OF_KEY]; /* RFC 8017, 9.2: 00 01 FF… 00 data */
    uint64_t message[WORDS], power[WORDS] = { 1 }, modulus[WORDS], exponent[WORDS];
    memset(padded, 0xff, sizeof padded);
    padded[0] = 0;
    padded[1] = 1;
    padded[BYTES_OF_KEY - 1 - length] = 0;
    memcpy(padded + BYTES_OF_KEY - length, data, length);
    load(message, padded);
    load(modulus, N);
    load(exponent, D);
    for (int i = BYTES_OF_KEY * 8; i--;) {
        multiply(power, power, power, modulus);
        if (exponent[i / 64] >> (i % 64) & 1) multiply(power, power, message, modulus);
    }
    for (int i = 0; i < BYTES_OF_KEY; i++) signature[BYTES_OF_KEY - 1 - i] = (byte)(power[i / 8] >> (8 * (i % 8)));
    *size = BYTES_OF_KEY;
    signing = 0;
    note("C_Sign", OK);
    return OK;
}

static ulong not_supported(void) { return NOT_SUPPORTED; }

EXPORT ulong C_GetFunctionList(void **functions);

static const struct { int at; void *function; } TABLE[] = { /* positions of CK_FUNCTION_LIST, 2.40 */
    { 0, initialize }, { 1, finalize }, { 2, get_info }, { 3, C_GetFunctionList }, { 4, get_slot_list },
    { 5, get_slot_info }, { 6, get_token_info }, { 7, get_mechanism_list }, { 8, get_mechanism_info },
    { 12, open_session }, { 13, close_session }, { 14, close_all_sessions }, { 15, get_session_info },
    { 18, login }, { 19, logout }, { 24, get_attribute_value }, { 26, find_objects_init },
    { 27, find_objects }, { 28, find_objects_final }, { 42, sign_init }, { 43, sign },
};

EXPORT ulong C_GetFunctionList(void **functions)
{
    for (int i = 0; i < 68; i++) list.functions[i] = (void *)not_supported;
    for (size_t i = 0; i < sizeof TABLE / sizeof *TABLE; i++) list.functions[TABLE[i].at] = TABLE[i].function;
#ifdef NEEDS_READER_LIBRARY /* as a driver whose own libraries lie beside it */
    extern int reader_library(void);
    if (!reader_library()) return GENERAL_ERROR;
#endif
    *functions = &list;
    return OK;
}
