/*
 * A PKCS#11 library (2.40) with one token, that does what MODE says when a PIN is given: 'w' wrong, 'p' a pin pad takes it,
 * 'n' the user walks away from the pin pad, 'f' it is the last try, 'l' it is locked, 'c' crash, 'h' hang, 'b' in use;
 * 'e' has none. Each C_Login is written to LOGINS: a point for no PIN, the PIN otherwise.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ulong;
typedef unsigned char byte;

struct version { byte major, minor; };
struct info { struct version v; byte manufacturer[32]; ulong flags; byte description[32]; struct version l; };
struct slot_info { byte description[64], manufacturer[32]; ulong flags; struct version h, f; };
struct token_info {
    byte label[32], manufacturer[32], model[16], serial[16];
    ulong flags, counts[10];
    struct version h, f;
    byte time[16];
};

enum { OK = 0, NOT_SUPPORTED = 0x54, CANCELED = 0x50, INCORRECT = 0xA0, LOGGED_IN = 0x104 };

static ulong none(void) { return NOT_SUPPORTED; }
static ulong fine(void) { return OK; }

static ulong get_info(struct info *i) {
    memset(i, ' ', sizeof *i);
    i->v.major = 2; i->v.minor = 40; i->flags = 0; i->l.major = 1; i->l.minor = 0;
    return OK;
}

static ulong slots(byte present, ulong *list, ulong *count) {
    if (list && *count >= 1) list[0] = 7;
    *count = MODE != 'e';
    return OK;
}

static ulong slot(ulong id, struct slot_info *i) {
    memset(i, ' ', sizeof *i);
    memcpy(i->description, "Test", 4);
    i->flags = 1; i->h.major = i->f.major = 1; i->h.minor = i->f.minor = 0;
    return OK;
}

static ulong token(ulong id, struct token_info *i) {
    memset(i, 0, sizeof *i);
    memset(i, ' ', 96);
    memcpy(i->label, "Test", 4);
    memcpy(i->serial, "0001", 4);
    i->flags = 0x4 | 0x8 | 0x400;
    if (MODE == 'p' || MODE == 'n') i->flags |= 0x100;
    if (MODE == 'f') i->flags |= 0x20000;
    if (MODE == 'l') i->flags |= 0x40000;
    return OK;
}

static ulong mechanisms(ulong id, ulong *list, ulong *count) { *count = 0; return OK; }
static ulong open_session(ulong id, ulong flags, void *a, void *n, ulong *session) { *session = 1; return OK; }

static ulong login(ulong session, ulong user, byte *pin, ulong length) {
    FILE *file = fopen(LOGINS, "a");
    if (pin) fwrite(pin, 1, length, file); else fputc('.', file);
    fclose(file);
    switch (MODE) {
        case 'c': *(volatile int *) 0 = 1; return OK;
        case 'h': for (;;) pause();
        case 'n': return CANCELED;
        case 'b': return LOGGED_IN;
        case 'p': return pin ? INCORRECT : OK;
        default: return INCORRECT;
    }
}

static struct { struct version v; void *f[68]; } functions;

ulong C_GetFunctionList(void **list) {
    functions.v.major = 2; functions.v.minor = 40;
    for (int i = 0; i < 68; i++) functions.f[i] = none;
    functions.f[0] = functions.f[1] = fine;
    functions.f[2] = get_info;
    functions.f[3] = C_GetFunctionList;
    functions.f[4] = slots;
    functions.f[5] = slot;
    functions.f[6] = token;
    functions.f[7] = mechanisms;
    functions.f[12] = open_session;
    functions.f[13] = functions.f[14] = fine;
    functions.f[18] = login;
    functions.f[19] = fine;
    *list = &functions;
    return OK;
}
