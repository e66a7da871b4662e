/* SPDX-License-Identifier: BSD-2-Clause */
/* libcrypto asks for a passphrase or a PIN: the caller is asked once, libcrypto as often as it is.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "../host.h"

static void ask(struct rprocfw_asking *asking)
{
    const bool is_pin = asking->what == RPROCFW_PIN;

    asking->asked = true;
    asking->size = -1;
    if (asking->source != NULL && asking->source->get != NULL)
        asking->size = asking->source->get(asking->source->ctx, asking->what, asking->name,
                                           asking->secret, sizeof(asking->secret), &asking->error);
    else
        rprocfw_error_set(&asking->error, RPROCFW_ERR_KEY,
                          is_pin ? "%s: a PIN is needed; give it (--passphrase)"
                                 : "%s: the key is encrypted; give its passphrase (--passphrase), "
                                   "or the public key",
                          asking->name);
}

/* Was this token given that PIN before, in vain? */
static void look_for_refused(struct rprocfw_asking *asking)
{
    const struct rprocfw_refused_pin *pin = asking->refused;

    while (pin != NULL && ((int)pin->size != asking->size ||
                           CRYPTO_memcmp(pin->secret, asking->secret, pin->size) != 0 ||
                           (pin->token != NULL && asking->token != NULL &&
                            strcmp(pin->token, asking->token) != 0)))
        pin = pin->next;
    if (pin == NULL)
        return;
    rprocfw_error_set(&asking->error, RPROCFW_ERR_KEY,
                      "%s: the token has refused this PIN for another key; it is not tried again",
                      asking->name);
    asking->size = -1;
}

int rprocfw_asking_answer(char *buffer, int size, int for_writing, void *ctx)
{
    struct rprocfw_asking *asking = ctx;

    (void)for_writing;
    asking->waiting = true;
    if (!asking->asked) {
        ask(asking);
        look_for_refused(asking);
    }
    if (asking->size > size) {
        rprocfw_error_set(&asking->error, RPROCFW_ERR_KEY,
                          "%s: the %s has %d bytes; expected at most %d", asking->name,
                          asking->what == RPROCFW_PIN ? "PIN" : "passphrase", asking->size, size);
        asking->size = -1;
    }
    if (asking->size < 0)
        return -1;
    memcpy(buffer, asking->secret, (size_t)asking->size);
    return asking->size;
}

bool rprocfw_asking_failed(const struct rprocfw_asking *asking)
{
    return asking->asked && asking->size < 0;
}

/* More than libcrypto's functions use. */
#define USED_STACK 32768u

/* libcrypto wipes passphrases in memory that it gives back, but not in its stack. */
static __attribute__((noinline)) void wipe_stack(void)
{
    uint8_t below[USED_STACK];

    OPENSSL_cleanse(below, sizeof(below));
}

void rprocfw_asking_end(struct rprocfw_asking *asking)
{
    OPENSSL_cleanse(asking->secret, sizeof(asking->secret));
    wipe_stack();
}
