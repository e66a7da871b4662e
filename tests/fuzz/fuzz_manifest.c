/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Manifests: any bytes. What is taken is whole: each container has what it needs, its texts are
 * such, its name and its output are its own. What is refused is so at a place.
 */
#include <string.h>

#include "../../src/host/manifest/manifest.h"
#include "fuzz.h"

static const char *get(void *ctx, const char *name)
{
    (void)ctx;
    if (strcmp(name, "BUILD") == 0)
        return "out/${BUILD}$";
    return strcmp(name, "N") == 0 ? "0x10" : strcmp(name, "E") == 0 ? "" : NULL;
}

/* NULL, or one line of some length: the folder is before a text of 4096 bytes. */
static void check_text(const char *text)
{
    if (text == NULL)
        return;
    FUZZ_HOLDS(text[0] != '\0' && strlen(text) < 4096 + 64);
    for (; *text != '\0'; text++)
        FUZZ_HOLDS((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void check_texts(const struct rprocfw_manifest_texts *texts, size_t maximum)
{
    FUZZ_HOLDS(texts->count <= maximum && (texts->count == 0) == (texts->text == NULL));
    for (size_t i = 0; i < texts->count; i++) {
        FUZZ_HOLDS(texts->text[i] != NULL);
        check_text(texts->text[i]);
    }
}

static void check_tlvs(const struct rprocfw_manifest_container *c)
{
    for (size_t i = 0; i < c->tlv_count; i++) {
        const struct rprocfw_manifest_tlv *tlv = &c->tlv[i];

        FUZZ_HOLDS(tlv->id >= RPROCFW_TLV_PLATFORM_FIRST && tlv->id <= RPROCFW_TLV_PLATFORM_LAST);
        FUZZ_HOLDS((tlv->from == RPROCFW_MANIFEST_FILE) == (tlv->path != NULL));
        FUZZ_HOLDS((tlv->size > 0) == (tlv->value != NULL));
        FUZZ_HOLDS(tlv->size == 0 || tlv->from == RPROCFW_MANIFEST_BYTES);
        FUZZ_HOLDS(tlv->from != RPROCFW_MANIFEST_BOOT_ADDRESS || tlv->id == RPROCFW_TLV_BOOTADDR);
        check_text(tlv->path);
        for (size_t k = 0; k < i; k++)
            FUZZ_HOLDS(c->tlv[k].id != tlv->id);
    }
}

static void check_all_texts(const struct rprocfw_manifest_container *c)
{
    const char *const texts[] = {c->output,   c->key,       c->public_key, c->passphrase,
                                 c->engine,   c->propquery, c->key_type,   c->key_info,
                                 c->signer,   c->enc_key,   c->board,      c->rproc_node,
                                 c->linux_dtb};

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        check_text(texts[i]);
    check_texts(&c->inputs, 255);
    check_texts(&c->providers, 256);
}

static void check_container(const struct rprocfw_manifest_container *c)
{
    FUZZ_HOLDS(c->name != NULL && c->name[0] != '\0' && strlen(c->name) <= 64);
    FUZZ_HOLDS(c->line > 0 && c->column > 0);
    FUZZ_HOLDS(c->inputs.count > 0 && c->output != NULL);
    FUZZ_HOLDS(c->key != NULL ? c->signer == NULL : c->signer != NULL && c->public_key != NULL);
    FUZZ_HOLDS(!c->key_info_spki || c->key_info == NULL);
    FUZZ_HOLDS(c->signer_timeout <= RPROCFW_PROGRAM_TIMEOUT_MAX);
    FUZZ_HOLDS(c->signer != NULL || (!c->digest && c->signer_timeout == 60));
    FUZZ_HOLDS(c->enc_key != NULL || (!c->enc_pad && !c->enc_deterministic));
    FUZZ_HOLDS(c->enc_key == NULL || c->order == RPROCFW_ORDER_ST);
    FUZZ_HOLDS(c->board != NULL || (c->rproc_node == NULL && c->linux_dtb == NULL &&
                                    c->preflight != RPROCFW_PREFLIGHT_STRICT));
    check_all_texts(c);
    check_tlvs(c);
}

/* A path without "." and without slashes that are too many; told here once more. */
static const char *shorten(const char *path, char *to)
{
    size_t length = 0;

    for (const char *at = path + strspn(path, "/"); *at != '\0'; at += strspn(at, "/")) {
        const size_t size = strcspn(at, "/");

        if (size != 1 || *at != '.') {
            to[length++] = '/';
            memcpy(to + length, at, size);
            length += size;
        }
        at += size;
    }
    to[length] = '\0';
    return path[0] == '/' ? to : to + (length > 0);
}

/* The first path, shortened, and the other one are two files. */
static void check_other(const char *output, const char *other)
{
    static char room[8192];

    FUZZ_HOLDS(strcmp(output, shorten(other, room)) != 0);
}

/* The output of a is no other container's, and no input. */
static void check_output(const struct rprocfw_manifest *m, size_t a)
{
    static char room[8192];
    const char *output = shorten(m->container[a].output, room);

    check_other(output, m->path);
    for (size_t b = 0; b < m->count; b++) {
        const struct rprocfw_manifest_container *other = &m->container[b];

        if (a != b)
            check_other(output, other->output);
        for (size_t i = 0; i < other->inputs.count; i++)
            check_other(output, other->inputs.text[i]);
    }
}

static void check(const struct rprocfw_manifest *m)
{
    FUZZ_HOLDS(m->count > 0 && m->count <= 4096);
    for (size_t i = 0; i < m->count; i++) {
        check_container(&m->container[i]);
        check_output(m, i);
        FUZZ_HOLDS(rprocfw_manifest_find(m, m->container[i].name) == &m->container[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct rprocfw_manifest_env env = {.get = get};
    struct rprocfw_manifest *manifest;
    struct rprocfw_error error = {0};

    if (rprocfw_manifest_read(&manifest, "d/m", data, size, &env, &error) == RPROCFW_OK)
        check(manifest);
    else
        FUZZ_HOLDS(manifest == NULL && error.status == RPROCFW_ERR_MANIFEST &&
                   strncmp(error.text, "d/m:", 4) == 0);
    rprocfw_manifest_free(manifest);
    return 0;
}
