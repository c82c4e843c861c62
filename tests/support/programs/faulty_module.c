/* A PKCS#11 module that misbehaves as FAULTY_MODULE says: "C_Initialize=hang".
 *
 * What it does: hang, crash, exit (or exit:N), close (all descriptors), print, many (an absurd
 * count), removed, unknown, a number of CK_RV ("0x5"), nameless (C_GetSlotInfo),
 * else DEVICE_ERROR. "then:" before it lets
 * the real function run first, and acts only if that failed: a card has counted a wrong PIN by
 * then; "after:" likewise, whether it failed or not. Alone it has one empty reader. With FAULTY_REAL, another module's path, it passes
 * everything on to that one and puts its faults in between; with FAULTY_LABEL only that token's
 * C_GetTokenInfo is touched, with FAULTY_SLOT only that slot's functions; the first FAULTY_SPARED
 * calls go well, and only FAULTY_TIMES of them badly; with FAULTY_PAD the token has a pad of its
 * own, on which that PIN is typed; with FAULTY_HIDE no warning of the PIN is shown; FAULTY_SLOW
 * milliseconds pass in every call.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;
typedef unsigned char byte;
#define OK 0x0UL
#define DEVICE_ERROR 0x30UL
#define DEVICE_REMOVED 0x32UL
#define NOT_SUPPORTED 0x54UL
#define TOKEN_NOT_PRESENT 0xE0UL
#define TOKEN_NOT_RECOGNISED 0xE1UL
#define FLAGS_AT 96 /* in CK_TOKEN_INFO: after label, manufacturer, model and serial number */
#define PIN_FLAGS 0x70000UL
#define PIN_INITIALISED 0x8UL
#define PAD_FLAG 0x100UL

struct table { byte version[2]; void *functions[68]; };
static struct table list = { { 2, 40 }, { 0 } };
static struct table *real;
enum { INITIALIZE, FINALIZE, GET_INFO, GET_LIST, GET_SLOTS, GET_SLOT, GET_TOKEN, OPEN = 12, CLOSE,
       LOGIN = 18, LOGOUT, GET_ATTRIBUTE = 24, FIND_INIT = 26, FIND, FIND_FINAL,
       SIGN_INIT = 42, SIGN };

static const char *wanted_of(const char *function)
{
    const char *wanted = getenv("FAULTY_MODULE");
    size_t length = strlen(function);
    int named = wanted && !strncmp(wanted, function, length) && wanted[length] == '=';
    return named ? wanted + length + 1 : 0;
}

static void slow(void)
{
    const char *wanted = getenv("FAULTY_SLOW");
    if (wanted)
        usleep(1000 * atoi(wanted));
}

static int is_spared(void)
{
    const char *spared = getenv("FAULTY_SPARED"), *most = getenv("FAULTY_TIMES");
    static int times;
    int before = spared ? atoi(spared) : 0, number = times++;
    return number < before || (most && number >= before + atoi(most));
}

static ulong act(const char *what)
{
    if (!strcmp(what, "hang"))
        for (;;) pause();
    if (!strcmp(what, "crash"))
        raise(SIGSEGV);
    if (!strncmp(what, "exit", 4))
        exit(what[4] ? atoi(what + 5) : 0);
    if (!strcmp(what, "close"))
        for (int i = 0; i < 1024; i++) close(i);
    if (!strcmp(what, "print") || !strcmp(what, "close") || !strcmp(what, "many")) {
        printf("a library may print\n");
        fflush(stdout);
        return OK;
    }
    if (!strncmp(what, "0x", 2))
        return strtoul(what, 0, 16);
    if (!strcmp(what, "removed"))
        return DEVICE_REMOVED;
    return !strcmp(what, "unknown") ? TOKEN_NOT_RECOGNISED : DEVICE_ERROR;
}

static ulong fault(const char *function)
{
    const char *what = wanted_of(function);
    slow();
    if (!what || !strncmp(what, "then:", 5) || !strncmp(what, "after:", 6) || is_spared())
        return OK;
    return act(what);
}

/* What a function returns whose real one has returned `value`. */
static ulong after(const char *function, ulong value)
{
    const char *what = wanted_of(function);
    int always = what && !strncmp(what, "after:", 6);
    int failed = what && value && !strncmp(what, "then:", 5);
    if ((!always && !failed) || is_spared())
        return value;
    return act(strchr(what, ':') + 1);
}

static int is_many(const char *function)
{
    const char *what = wanted_of(function);
    return what && !strcmp(what, "many");
}

static int touches(ulong slot)
{
    const char *wanted = getenv("FAULTY_SLOT");
    return !wanted || strtoul(wanted, 0, 0) == slot;
}

#define PASS_ON(place, types, ...) \
    (real ? ((ulong (*) types)real->functions[place])(__VA_ARGS__) : OK)
/* A function that only has its fault put before it. */
#define PASSING(name, function, place, parameters, ...) \
    static ulong name parameters \
    { \
        ulong value = fault(function); \
        return value ? value : after(function, PASS_ON(place, parameters, __VA_ARGS__)); \
    }

PASSING(initialize, "C_Initialize", INITIALIZE, (void *arguments), arguments)
PASSING(finalize, "C_Finalize", FINALIZE, (void *reserved), reserved)
static ulong open_session(ulong slot, ulong flags, void *app, void *notify, ulong *session)
{
    ulong value = touches(slot) ? fault("C_OpenSession") : OK;
    return value ? value : PASS_ON(OPEN, (ulong, ulong, void *, void *, ulong *),
                                   slot, flags, app, notify, session);
}
PASSING(close_session, "C_CloseSession", CLOSE, (ulong session), session)
PASSING(logout, "C_Logout", LOGOUT, (ulong session), session)
PASSING(find_init, "C_FindObjectsInit", FIND_INIT, (ulong session, void *template, ulong count),
        session, template, count)
PASSING(find_final, "C_FindObjectsFinal", FIND_FINAL, (ulong session), session)

struct attribute { ulong kind; void *value; ulong length; };

static ulong get_attribute(ulong session, ulong object, struct attribute *template, ulong count)
{
    ulong value = fault("C_GetAttributeValue");
    if (!value)
        value = PASS_ON(GET_ATTRIBUTE, (ulong, ulong, void *, ulong),
                        session, object, template, count);
    if (is_many("C_GetAttributeValue"))
        template[0].length = ~0UL >> 2;
    return value;
}

static ulong find_objects(ulong session, ulong *objects, ulong most, ulong *count)
{
    ulong value = fault("C_FindObjects");
    if (!value)
        value = PASS_ON(FIND, (ulong, ulong *, ulong, ulong *), session, objects, most, count);
    if (is_many("C_FindObjects"))
        *count = ~0UL >> 2;
    return value;
}
PASSING(sign_init, "C_SignInit", SIGN_INIT, (ulong session, void *mechanism, ulong key),
        session, mechanism, key)

static ulong sign(ulong session, byte *data, ulong length, byte *signature, ulong *size)
{
    ulong value = fault("C_Sign");
    if (!value)
        value = PASS_ON(SIGN, (ulong, byte *, ulong, byte *, ulong *),
                        session, data, length, signature, size);
    if (is_many("C_Sign"))
        *size = ~0UL >> 2;
    return value;
}

static ulong get_info(void *info)
{
    memset(info, ' ', 32 + 32 + 24);
    return fault("C_GetInfo");
}

static ulong get_slot_list(byte present, ulong *slots, ulong *count)
{
    ulong value = fault("C_GetSlotList");
    if (value)
        return value;
    if (is_many("C_GetSlotList")) {
        *count = ~0UL >> 2;
        return OK;
    }
    if (real)
        return PASS_ON(GET_SLOTS, (byte, ulong *, ulong *), present, slots, count);
    const char *wanted = getenv("FAULTY_MODULE");
    *count = wanted && !strcmp(wanted, "slots=0") ? 0 : 1;
    if (slots && *count)
        slots[0] = 7;
    return OK;
}

static ulong get_slot_info(ulong slot, char *info)
{
    const char *what = wanted_of("C_GetSlotInfo");
    int nameless = what && !strcmp(what, "nameless");
    ulong value = touches(slot) && !nameless ? fault("C_GetSlotInfo") : OK;
    if (real || value) {
        value = value ? value : PASS_ON(GET_SLOT, (ulong, char *), slot, info);
        if (!value && nameless)
            memset(info, ' ', 64);
        return value;
    }
    memset(info, ' ', 64 + 32);
    memcpy(info, "Faulty reader", 13);
    memset(info + 96, 0, 16);
    return OK;
}

static ulong get_token_info(ulong slot, char *info)
{
    const char *what = wanted_of("C_GetTokenInfo"), *label = getenv("FAULTY_LABEL");
    if (!real) {
        ulong value = fault("C_GetTokenInfo");
        return value ? value : TOKEN_NOT_PRESENT;
    }
    ulong value = PASS_ON(GET_TOKEN, (ulong, char *), slot, info);
    if (value && what && !strncmp(what, "then:", 5))
        return after("C_GetTokenInfo", value);
    if (value || (label && strncmp(info, label, strlen(label))) || !touches(slot))
        return value;
    ulong flags;
    memcpy(&flags, info + FLAGS_AT, sizeof flags);
    if (getenv("FAULTY_PAD"))
        flags |= PAD_FLAG;
    if (getenv("FAULTY_HIDE"))
        flags &= ~PIN_FLAGS;
    if (what && !strncmp(what, "label:", 6)) {
        memset(info, ' ', 32);
        memcpy(info, what + 6, strlen(what + 6));
    } else if (what && !strncmp(what, "serial:", 7)) {
        memset(info + 32 + 32 + 16, ' ', 16);
        memcpy(info + 32 + 32 + 16, what + 7, strlen(what + 7));
    } else if (what && !strcmp(what, "hide"))
        flags &= ~PIN_FLAGS;
    else if (what && !strcmp(what, "no-pin"))
        flags &= ~PIN_INITIALISED;
    else if (what)
        value = fault("C_GetTokenInfo");
    memcpy(info + FLAGS_AT, &flags, sizeof flags);
    return value;
}

static ulong login(ulong session, ulong user, const char *pin, ulong length)
{
    const char *typed = getenv("FAULTY_PAD");
    ulong value = fault("C_Login");
    if (value)
        return value;
    if (typed && pin)
        return DEVICE_ERROR; /* a pad takes no PIN from a program */
    if (typed) {
        pin = typed;
        length = strlen(typed);
    }
    value = PASS_ON(LOGIN, (ulong, ulong, const char *, ulong), session, user, pin, length);
    return after("C_Login", value);
}

static ulong not_supported(void) { return NOT_SUPPORTED; }

ulong C_GetFunctionList(void **out)
{
    const char *path = getenv("FAULTY_REAL");
    if (path && !real) {
        ulong (*get_list)(void **) = (ulong (*)(void **))dlsym(
            dlopen(path, RTLD_NOW | RTLD_LOCAL), "C_GetFunctionList");
        get_list((void **)&real);
    }
    for (int i = 0; i < 68; i++)
        list.functions[i] = real ? real->functions[i] : (void *)not_supported;
    list.functions[INITIALIZE] = (void *)initialize;
    list.functions[FINALIZE] = (void *)finalize;
    list.functions[GET_INFO] = (void *)get_info;
    list.functions[GET_LIST] = (void *)C_GetFunctionList;
    list.functions[GET_SLOTS] = (void *)get_slot_list;
    list.functions[GET_SLOT] = (void *)get_slot_info;
    list.functions[GET_TOKEN] = (void *)get_token_info;
    list.functions[OPEN] = (void *)open_session;
    list.functions[CLOSE] = (void *)close_session;
    list.functions[LOGIN] = (void *)login;
    list.functions[LOGOUT] = (void *)logout;
    list.functions[GET_ATTRIBUTE] = (void *)get_attribute;
    list.functions[FIND_INIT] = (void *)find_init;
    list.functions[FIND] = (void *)find_objects;
    list.functions[FIND_FINAL] = (void *)find_final;
    list.functions[SIGN_INIT] = (void *)sign_init;
    list.functions[SIGN] = (void *)sign;
    *out = &list;
    return OK;
}
