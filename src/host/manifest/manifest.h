/* SPDX-License-Identifier: BSD-2-Clause */
/* What the reader of manifests shares. Not installed. */
#ifndef RPROCFW_HOST_MANIFEST_H
#define RPROCFW_HOST_MANIFEST_H

#include <rprocfw/manifest.h>

#include "../yaml/yaml_reader.h"

#define RPROCFW_MANIFEST_TEXT_MAX       4096u               /* bytes of a text */
#define RPROCFW_MANIFEST_CONTAINERS_MAX 4096u               /* containers of a manifest */
#define RPROCFW_MANIFEST_VARIABLE_MAX   255u                /* characters of a variable's name */
#define RPROCFW_MANIFEST_NAME_MAX       64u                 /* characters of a container's name */
#define RPROCFW_MANIFEST_INPUTS_MAX     255u                /* NUM_IMG has one byte */
#define RPROCFW_MANIFEST_MEMORY_MAX     (64u * 1024 * 1024) /* bytes of what is made of a file */

/* The keys of a container. */
enum manifest_key {
    KEY_INPUTS,
    KEY_OUTPUT,
    KEY_KEY,
    KEY_PUBLIC_KEY,
    KEY_PASSPHRASE,
    KEY_PROVIDERS,
    KEY_PROPQUERY,
    KEY_ENGINE,
    KEY_KEY_TYPE,
    KEY_KEY_INFO,
    KEY_LAYOUT,
    KEY_SIGNER,
    KEY_SIGNER_TIMEOUT,
    KEY_DIGEST,
    KEY_PLATFORM_TLVS,
    KEY_ENC_KEY,
    KEY_ENC_PAD,
    KEY_ENC_DETERMINISTIC,
    KEY_STRIP,
    KEY_LOADABLE_ONLY,
    KEY_ANY_MACHINE,
    KEY_RANDOM_NONCE,
    KEY_BOARD,
    KEY_RPROC_NODE,
    KEY_LINUX_DTB,
    KEY_PREFLIGHT,
    KEY_COUNT
};

/* A container while it is read: what "defaults" say, over which its own keys are written. */
struct manifest_draft {
    struct rprocfw_manifest_container container; /* first: key_info has two fields of it */
    enum { LAYOUT_NONE, LAYOUT_OPTEE, LAYOUT_ST } layout;
    bool has_timeout;
    struct rprocfw_yaml_seen seen; /* the keys of both, by enum manifest_key */
};

/* What lives as long as the manifest, in a chain: containers share what defaults say. */
struct manifest_held {
    struct manifest_held *next;
    _Alignas(max_align_t) uint8_t bytes[];
};

struct manifest {
    struct rprocfw_manifest public; /* first: it is what the caller has */
    struct manifest_held *held;
    size_t size; /* bytes of all that is held */
};

/* What one reading of the file knows: ctx of struct rprocfw_yaml_file. */
struct manifest_reading {
    struct manifest *manifest;
    const struct rprocfw_manifest_env *env; /* may be NULL */
    size_t folder; /* so many bytes of the manifest's path stand before relative ones */
    struct rprocfw_manifest_texts variables;
    struct manifest_draft defaults;
    yaml_mark_t *output_at;            /* where the output of each container stands */
    char *list[RPROCFW_YAML_LIST_MAX]; /* the list that is read */
    size_t list_count;
    char text[RPROCFW_MANIFEST_TEXT_MAX + 1]; /* a single value with the values of variables */
};

static inline struct manifest_reading *manifest_reading_of(const struct rprocfw_yaml *r)
{
    return r->file->ctx;
}

/* Reads a manifest that is in memory. As rprocfw_manifest_load. */
enum rprocfw_status rprocfw_manifest_read(struct rprocfw_manifest **out, const char *path,
                                          const uint8_t *bytes, size_t size,
                                          const struct rprocfw_manifest_env *env,
                                          struct rprocfw_error *error);

/* ---- manifest_text.c ---- */

/* Zeroed, and freed with the manifest. */
enum rprocfw_status rprocfw_manifest_hold(struct rprocfw_yaml *r, size_t size, void **to);

/* A copy that is freed with the manifest. */
enum rprocfw_status rprocfw_manifest_keep(struct rprocfw_yaml *r, const char *text, char **to);

/* Characters of the name of a variable at text; 0: there is none, or it is too long. */
size_t rprocfw_manifest_variable(const char *text);

/* ${NAME} and $$ in a single value: replace of struct rprocfw_yaml_file. */
enum rprocfw_status rprocfw_manifest_replace(struct rprocfw_yaml *r, const char **text);

/* Is the event a plain null? It takes away what defaults say. */
bool rprocfw_manifest_is_null(const struct rprocfw_yaml *r);

/* A text that is not empty, and that no reader of YAML takes for anything else. */
enum rprocfw_status rprocfw_manifest_text(struct rprocfw_yaml *r, const char *expected,
                                          const char **text);

/* The same, of any length. */
enum rprocfw_status rprocfw_manifest_any_text(struct rprocfw_yaml *r, const char *expected,
                                              const char **text);

/* ---- manifest_path.c ---- */

/* path, with the manifest's folder before it if it is relative. */
enum rprocfw_status rprocfw_manifest_path(struct rprocfw_yaml *r, const char *path, char **to);

/* The same, with these characters of text before it: "file:", "NAME:". */
enum rprocfw_status rprocfw_manifest_path_behind(struct rprocfw_yaml *r, const char *text,
                                                 size_t length, char **to);

/* Of a key, a path or a URI. */
enum rprocfw_status rprocfw_manifest_key_name(struct rprocfw_yaml *r, const char *name, char **to);

/* Of a command line the first word, if it is a path. */
enum rprocfw_status rprocfw_manifest_command(struct rprocfw_yaml *r, const char *line, char **to);

/* As memcmp, by components: "a//./b" is "a/b". */
int rprocfw_manifest_path_compare(const char *a, const char *b);

/* ---- manifest_keys.c ---- */

/* For struct manifest_draft, by enum manifest_key. */
extern const struct rprocfw_yaml_key rprocfw_manifest_keys[KEY_COUNT];

/* Takes a list, or one text in place of it, to a struct rprocfw_manifest_texts. */
enum rprocfw_status rprocfw_manifest_list(struct rprocfw_yaml *r, rprocfw_yaml_take *item,
                                          struct rprocfw_manifest_texts *to);

/* One more of the list that is read, which stays where it is. */
void rprocfw_manifest_add(struct rprocfw_yaml *r, char *text);

/* ---- manifest_tlv.c ---- */

rprocfw_yaml_take rprocfw_manifest_tlvs; /* to a struct rprocfw_manifest_container */

/* ---- manifest_check.c ---- */

/* What excludes what, of a container that was read; where it stands. */
enum rprocfw_status rprocfw_manifest_check(struct rprocfw_yaml *r, yaml_mark_t at,
                                           const struct manifest_draft *draft);

/* ---- manifest_files.c ---- */

/* No two containers have one name or one output, and no output is a file that the manifest names.
 */
enum rprocfw_status rprocfw_manifest_check_names(struct rprocfw_yaml *r);
enum rprocfw_status rprocfw_manifest_check_files(struct rprocfw_yaml *r);

#endif
