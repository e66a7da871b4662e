/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a container goes together. */
#include "manifest.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool has(const struct manifest_draft *draft, enum manifest_key key)
{
    const struct rprocfw_manifest_container *c = &draft->container;

    switch (key) {
    case KEY_KEY:
        return c->key != NULL;
    case KEY_SIGNER:
        return c->signer != NULL;
    case KEY_SIGNER_TIMEOUT:
        return draft->has_timeout;
    case KEY_DIGEST:
        return c->digest;
    case KEY_ENC_KEY:
        return c->enc_key != NULL;
    case KEY_ENC_PAD:
        return c->enc_pad;
    case KEY_ENC_DETERMINISTIC:
        return c->enc_deterministic;
    case KEY_RANDOM_NONCE:
        return c->random_nonce;
    case KEY_BOARD:
        return c->board != NULL;
    case KEY_RPROC_NODE:
        return c->rproc_node != NULL;
    case KEY_LINUX_DTB:
        return c->linux_dtb != NULL;
    default:
        return false; /* nobody asks */
    }
}

/* The first is of no use without the second. */
static enum rprocfw_status check_needs(struct rprocfw_yaml *r, const struct manifest_draft *draft)
{
    static const struct {
        enum manifest_key key;
        enum manifest_key needs;
        const char *why;
    } rules[] = {
        {KEY_SIGNER_TIMEOUT, KEY_SIGNER, "no program signs"},
        {KEY_DIGEST, KEY_SIGNER, "no program signs"},
        {KEY_RANDOM_NONCE, KEY_KEY, "who signs elsewhere decides"},
        {KEY_ENC_PAD, KEY_ENC_KEY, "nothing is encrypted"},
        {KEY_ENC_DETERMINISTIC, KEY_ENC_KEY, "nothing is encrypted"},
        {KEY_RPROC_NODE, KEY_BOARD, "no board is asked"},
        {KEY_LINUX_DTB, KEY_BOARD, "no board is asked"},
    };

    for (size_t i = 0; i < COUNT(rules); i++)
        if (has(draft, rules[i].key) && !has(draft, rules[i].needs))
            return rprocfw_yaml_complain(r, draft->seen.at[rules[i].key], "%s without %s: %s",
                                         rprocfw_manifest_keys[rules[i].key].name,
                                         rprocfw_manifest_keys[rules[i].needs].name, rules[i].why);
    return RPROCFW_OK;
}

static enum rprocfw_status check_key(struct rprocfw_yaml *r, yaml_mark_t at,
                                     const struct manifest_draft *draft)
{
    const struct rprocfw_manifest_container *c = &draft->container;

    if (c->key != NULL && c->signer != NULL)
        return rprocfw_yaml_complain(r, draft->seen.at[KEY_SIGNER],
                                     "signer and key exclude each other; where a program signs, "
                                     "give the public_key, and 'key: null' if defaults have one");
    if (c->signer != NULL && c->public_key == NULL)
        return rprocfw_yaml_complain(r, draft->seen.at[KEY_SIGNER],
                                     "signer without public_key: nobody can tell whether its "
                                     "signature is good");
    if (c->key != NULL || c->signer != NULL)
        return RPROCFW_OK;
    if (c->public_key != NULL)
        return rprocfw_yaml_complain(r, draft->seen.at[KEY_PUBLIC_KEY],
                                     "public_key does not sign; give the private key with key, or "
                                     "with signer a program that signs");
    return rprocfw_yaml_complain(r, at, "missing: key");
}

enum rprocfw_status rprocfw_manifest_check(struct rprocfw_yaml *r, yaml_mark_t at,
                                           const struct manifest_draft *draft)
{
    const struct rprocfw_manifest_container *c = &draft->container;
    enum rprocfw_status status;

    if (c->inputs.count == 0)
        return rprocfw_yaml_complain(r, at, "missing: inputs");
    if (c->output == NULL)
        return rprocfw_yaml_complain(r, at, "missing: output");
    status = check_key(r, at, draft);
    if (status == RPROCFW_OK)
        status = check_needs(r, draft);
    if (status != RPROCFW_OK)
        return status;
    if (c->enc_key != NULL && draft->layout == LAYOUT_OPTEE)
        return rprocfw_yaml_complain(r, draft->seen.at[KEY_LAYOUT],
                                     "enc_key and layout optee exclude each other: encrypted "
                                     "images are known in ST's layout only");
    if (c->preflight == RPROCFW_PREFLIGHT_STRICT && c->board == NULL)
        return rprocfw_yaml_complain(r, draft->seen.at[KEY_PREFLIGHT],
                                     "preflight strict without board: no board is asked");
    return RPROCFW_OK;
}
