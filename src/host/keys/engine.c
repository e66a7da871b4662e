/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys behind an engine of OpenSSL, which is how Debian 12 opens tokens of PKCS#11. Engines are
 * deprecated since OpenSSL 3.0 and gone in 4.0: this is the one file that knows of them.
 */
#undef OPENSSL_NO_DEPRECATED
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/opensslv.h>

#include "../host.h"

#if defined(__has_include) && !defined(OPENSSL_NO_ENGINE) && OPENSSL_VERSION_MAJOR < 4
#if __has_include(<openssl/engine.h>)
#define HAS_ENGINES
#endif
#endif

#ifndef HAS_ENGINES

enum rprocfw_status rprocfw_engine_open(struct rprocfw_engine **out, const char *name,
                                        struct rprocfw_error *error)
{
    *out = NULL;
    return rprocfw_error_set(error, RPROCFW_ERR_USAGE,
                             "engine %s: OpenSSL has no engines here; take a provider (--provider)",
                             name);
}

void rprocfw_engine_close(struct rprocfw_engine *engine)
{
    (void)engine; /* NULL */
}

enum rprocfw_status rprocfw_engine_find(struct rprocfw_engine *engine, struct rprocfw_found *found,
                                        const struct rprocfw_uri *uri, enum rprocfw_key_use use,
                                        struct rprocfw_asking *asking, struct rprocfw_error *error)
{
    (void)engine;
    (void)found;
    (void)use;
    (void)asking;
    return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: there is no engine", uri->name);
}

#else

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/engine.h>
#include <openssl/err.h>
#include <openssl/ui.h>
#include <openssl/x509.h>

struct rprocfw_engine {
    ENGINE *engine;
    UI_METHOD *ui;
    char module[PATH_MAX];      /* of PKCS#11, that it was told; "": its own choice */
    bool is_opened;             /* a URI was: the module stays */
    bool has_asked;             /* for a PIN: it may know it ever after */
    struct rprocfw_asking kept; /* the PIN of a key that asks for it at each signature */
    struct rprocfw_refused_pin *refused;
};

/* ---- The engine ---- */

static enum rprocfw_status start(struct rprocfw_engine *engine, const char *name,
                                 struct rprocfw_error *error)
{
    char shown[128];

    rprocfw_print(shown, sizeof(shown), "engine %s", name);
    ERR_clear_error();
    if (OPENSSL_init_crypto(OPENSSL_INIT_ENGINE_DYNAMIC, NULL) == 1)
        engine->engine = ENGINE_by_id(name);
    if (engine->engine == NULL)
        return rprocfw_module_error(error, shown, "loading");
    /* it would print what is told here */
    (void)ENGINE_ctrl_cmd_string(engine->engine, "QUIET", NULL, 1);
    engine->ui = UI_UTIL_wrap_read_pem_callback(rprocfw_asking_answer, 0);
    if (engine->ui != NULL && ENGINE_init(engine->engine) == 1)
        return RPROCFW_OK;
    UI_destroy_method(engine->ui);
    (void)ENGINE_free(engine->engine);
    engine->engine = NULL;
    return rprocfw_module_error(error, shown, "starting");
}

enum rprocfw_status rprocfw_engine_open(struct rprocfw_engine **out, const char *name,
                                        struct rprocfw_error *error)
{
    struct rprocfw_engine *engine = calloc(1, sizeof(*engine));
    enum rprocfw_status status;

    *out = NULL;
    if (engine == NULL)
        return rprocfw_no_memory(error);
    status = start(engine, name, error);
    if (status == RPROCFW_OK)
        *out = engine;
    else
        free(engine);
    return status;
}

/* Without memory it may be tried once more. */
static void remember_refused(struct rprocfw_engine *engine, const struct rprocfw_uri *uri,
                             const struct rprocfw_asking *asking)
{
    struct rprocfw_refused_pin *pin;

    if (!asking->asked || asking->size < 0)
        return;
    pin = calloc(1, sizeof(*pin));
    if (pin == NULL)
        return;
    pin->token = uri->token != NULL ? strdup(uri->token) : NULL;
    pin->size = (size_t)asking->size;
    memcpy(pin->secret, asking->secret, pin->size);
    pin->next = engine->refused;
    engine->refused = pin;
}

static void forget_refused(struct rprocfw_engine *engine)
{
    while (engine->refused != NULL) {
        struct rprocfw_refused_pin *pin = engine->refused;

        engine->refused = pin->next;
        OPENSSL_cleanse(pin->secret, sizeof(pin->secret));
        free(pin->token);
        free(pin);
    }
}

void rprocfw_engine_close(struct rprocfw_engine *engine)
{
    if (engine == NULL)
        return;
    forget_refused(engine);
    (void)ENGINE_ctrl_cmd_string(engine->engine, "PIN", "",
                                 1);     /* in place of the one that it knows */
    (void)ENGINE_finish(engine->engine); /* logs out */
    (void)ENGINE_free(engine->engine);
    UI_destroy_method(engine->ui);
    rprocfw_asking_end(&engine->kept);
    free(engine);
}

/* The module of PKCS#11 that a URI names: one for all of them. */
static enum rprocfw_status set_module(struct rprocfw_engine *engine, const struct rprocfw_uri *uri,
                                      struct rprocfw_error *error)
{
    struct stat info;

    if (uri->module == NULL || strcmp(engine->module, uri->module) == 0)
        return RPROCFW_OK;
    if (engine->is_opened)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: the module of another key is open already; give keys of one "
                                 "module",
                                 uri->name);
    if (stat(uri->module, &info) != 0)
        return rprocfw_file_error(error, uri->module, "open the PKCS#11 module");
    (void)snprintf(engine->module, sizeof(engine->module), "%s", uri->module);
    if (ENGINE_ctrl_cmd_string(engine->engine, "MODULE_PATH", uri->module, 0) != 1)
        return rprocfw_module_error(error, uri->name, "naming the PKCS#11 module");
    return RPROCFW_OK;
}

/* ---- What failed ---- */

/* Numbers of PKCS#11 (CKR_...), which are the engine's reasons. */
enum {
    PIN_INCORRECT = 0xA0,
    PIN_INVALID = 0xA1,
    PIN_LEN_RANGE = 0xA2,
    PIN_EXPIRED = 0xA3,
    PIN_LOCKED = 0xA4
};

/* The queue stays. */
static int token_reason(void)
{
    const unsigned long code = ERR_peek_error();
    const char *library = ERR_lib_error_string(code);

    return library != NULL && strcmp(library, "PKCS#11 module") == 0 ? ERR_GET_REASON(code) : 0;
}

/* "the token 'NAME'", or as much of it as the URI says. */
static const char *token_of(const struct rprocfw_uri *uri, char *to, size_t size)
{
    if (uri->token != NULL)
        rprocfw_print(to, size, "the token '%s'", uri->token);
    else
        rprocfw_print(to, size, "the token");
    return to;
}

static enum rprocfw_status wrong_pin(const struct rprocfw_uri *uri, int reason,
                                     struct rprocfw_error *error)
{
    const char *const what = reason == PIN_LOCKED    ? "is locked after too many wrong ones"
                             : reason == PIN_EXPIRED ? "has expired"
                                                     : "is wrong";
    const char *const advice =
        reason == PIN_LOCKED || reason == PIN_EXPIRED
            ? "set a new one with the token's own tool, as its security officer"
            : "give the right one: after a few wrong ones tokens lock";
    char token[128];

    ERR_clear_error();
    return rprocfw_error_set(error, RPROCFW_ERR_KEY, "%s: the PIN of %s %s; %s", uri->name,
                             token_of(uri, token, sizeof(token)), what, advice);
}

static enum rprocfw_status not_found(const struct rprocfw_engine *engine,
                                     const struct rprocfw_uri *uri,
                                     const struct rprocfw_asking *asking, const char *kind,
                                     struct rprocfw_error *error)
{
    char token[128];
    char object[128] = "";

    ERR_clear_error();
    (void)token_of(uri, token, sizeof(token));
    if (uri->object != NULL)
        rprocfw_print(object, sizeof(object), " '%s'", uri->object);
    if (asking->asked)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: %s was opened and has no %s%s like that; list what it has: "
                                 "pkcs11-tool --login --list-objects",
                                 uri->name, token, kind, object);
    if (engine->has_asked)
        return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                                 "%s: %s is not there, or has no %s%s like that; list tokens and "
                                 "what they have: pkcs11-tool --list-token-slots, --list-objects",
                                 uri->name, token, kind, object);
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: %s is not there; list those that are: pkcs11-tool "
                             "--list-token-slots",
                             uri->name, token);
}

static enum rprocfw_status explain(struct rprocfw_engine *engine, const struct rprocfw_uri *uri,
                                   const struct rprocfw_asking *asking, const char *kind,
                                   struct rprocfw_error *error)
{
    const int reason = token_reason();
    const char *text = ERR_reason_error_string(ERR_peek_error());

    if (reason >= PIN_INCORRECT && reason <= PIN_LOCKED) {
        remember_refused(engine, uri, asking);
        return wrong_pin(uri, reason, error);
    }
    if (reason == 0 && text != NULL && strcmp(text, "object not found") == 0)
        return not_found(engine, uri, asking, kind, error);
    return rprocfw_module_error(error, uri->name, "opening the key");
}

/* ---- Keys ---- */

/* Who answers when no function that takes it is called. */
static bool set_asking(const struct rprocfw_engine *engine, struct rprocfw_asking *asking)
{
    return ENGINE_ctrl_cmd(engine->engine, "SET_USER_INTERFACE", 0, engine->ui, NULL, 1) == 1 &&
           ENGINE_ctrl_cmd(engine->engine, "SET_CALLBACK_DATA", 0, asking, NULL, 1) == 1;
}

/* What is needed to ask the engine for one. */
struct asked {
    struct rprocfw_engine *engine;
    const struct rprocfw_uri *uri;
    char *name; /* of the key, as the engine takes it: it knows none of the attributes behind ? */
    struct rprocfw_asking *asking;
};

static EVP_PKEY *load_private(const struct asked *of)
{
    ERR_clear_error();
    return ENGINE_load_private_key(of->engine->engine, of->name, of->engine->ui, of->asking);
}

static EVP_PKEY *load_public(const struct asked *of)
{
    ERR_clear_error();
    return ENGINE_load_public_key(of->engine->engine, of->name, of->engine->ui, of->asking);
}

static EVP_PKEY *load_certificate(const struct asked *of)
{
    struct {
        const char *name;
        X509 *certificate;
    } request = {.name = of->name};
    EVP_PKEY *pkey;

    ERR_clear_error();
    if (ENGINE_ctrl_cmd(of->engine->engine, "LOAD_CERT_CTRL", 0, &request, NULL, 0) != 1 ||
        request.certificate == NULL)
        return NULL;
    pkey = X509_get_pubkey(request.certificate);
    X509_free(request.certificate);
    return pkey;
}

/* Each try may cost one of the few PINs that a token allows: there is no other after a wrong one.
 */
static bool may_go_on(const struct asked *of)
{
    const int reason = token_reason();

    return !rprocfw_asking_failed(of->asking) && (reason < PIN_INCORRECT || reason > PIN_LOCKED);
}

/* What a token shows to everybody: looking for a key that is not there, the engine wants a PIN. */
static bool find_shown(const struct asked *of, struct rprocfw_found *found)
{
    struct rprocfw_asking nobody = {.asked = true, .size = -1}; /* answers */
    struct asked shown = *of;
    bool took;

    shown.asking = &nobody;
    took = set_asking(of->engine, &nobody) &&
           (rprocfw_found_take(found, load_public(&shown), false) ||
            rprocfw_found_take(found, load_certificate(&shown), false));
    (void)set_asking(of->engine, of->asking);
    return took;
}

/* A public half, of a key to verify with. */
static enum rprocfw_status find_public(const struct asked *of, struct rprocfw_found *found,
                                       struct rprocfw_error *error)
{
    static EVP_PKEY *(*const ways[])(const struct asked *of) = {load_public, load_certificate,
                                                                load_private};

    if (find_shown(of, found))
        return RPROCFW_OK;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        if (rprocfw_found_take(found, ways[i](of), false))
            return RPROCFW_OK;
        if (!may_go_on(of))
            break;
    }
    return explain(of->engine, of->uri, of->asking, "public key, certificate or private key",
                   error);
}

/* The private half, and its public one: the token may have that in another object only. */
static enum rprocfw_status find_private(const struct asked *of, struct rprocfw_found *found,
                                        struct rprocfw_error *error)
{
    static EVP_PKEY *(*const ways[])(const struct asked *of) = {load_public, load_certificate};
    EVP_PKEY *pkey = load_private(of);

    if (pkey == NULL)
        return explain(of->engine, of->uri, of->asking, "private key", error);
    if (rprocfw_found_take_signer(found, pkey, pkey))
        return RPROCFW_OK;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && may_go_on(of); i++) {
        EVP_PKEY *other = ways[i](of);
        const bool took = rprocfw_found_take_signer(found, pkey, other);

        EVP_PKEY_free(other);
        if (took)
            return RPROCFW_OK;
    }
    EVP_PKEY_free(pkey);
    ERR_clear_error();
    return rprocfw_error_set(error, RPROCFW_ERR_KEY,
                             "%s: the token has no public key or certificate beside the private "
                             "key; put one there",
                             of->uri->name);
}

static enum rprocfw_status find(const struct asked *of, struct rprocfw_found *found,
                                enum rprocfw_key_use use, struct rprocfw_error *error)
{
    struct rprocfw_engine *engine = of->engine;
    enum rprocfw_status status = set_module(engine, of->uri, error);

    if (status != RPROCFW_OK)
        return status;
    if (!set_asking(engine, of->asking))
        return rprocfw_module_error(error, of->uri->name, "opening the key");
    engine->is_opened = true;
    of->asking->token = of->uri->token;
    of->asking->refused = engine->refused;
    status =
        use == RPROCFW_KEY_SIGN ? find_private(of, found, error) : find_public(of, found, error);
    engine->has_asked = engine->has_asked || of->asking->asked;
    if (status == RPROCFW_OK && use == RPROCFW_KEY_SIGN) {
        engine->kept = *of->asking;
        engine->kept.name = "token";
        engine->kept.source = NULL;
        engine->kept.token = NULL;
        engine->kept.refused = NULL;
    }
    (void)set_asking(engine, &engine->kept);
    return status;
}

enum rprocfw_status rprocfw_engine_find(struct rprocfw_engine *engine, struct rprocfw_found *found,
                                        const struct rprocfw_uri *uri, enum rprocfw_key_use use,
                                        struct rprocfw_asking *asking, struct rprocfw_error *error)
{
    struct asked of = {.engine = engine, .uri = uri, .asking = asking};
    enum rprocfw_status status;

    of.name = strndup(uri->name, strcspn(uri->name, "?"));
    if (of.name == NULL)
        return rprocfw_no_memory(error);
    status = find(&of, found, use, error);
    free(of.name);
    return status;
}

#endif
