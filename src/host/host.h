/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the host library share. Not installed. */
#ifndef RPROCFW_HOST_HOST_H
#define RPROCFW_HOST_HOST_H

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include <openssl/types.h>

#include <rprocfw/enc_key.h>
#include <rprocfw/error.h>
#include <rprocfw/key.h>
#include <rprocfw/match.h>
#include <rprocfw/public_key.h>
#include <rprocfw/report.h>
#include <rprocfw/sign.h>

/* n rounded up to a multiple of RPROCFW_ALIGNMENT; n is far below 2^64: a size of something real.
 */
static inline uint64_t rprocfw_r8(uint64_t n)
{
    return (n + RPROCFW_ALIGNMENT - 1) & ~(uint64_t)(RPROCFW_ALIGNMENT - 1);
}

/* ---- error.c ---- */

/* As snprintf; what is too long loses its middle, at whole characters. size is 16 or more. */
void rprocfw_print(char *to, size_t size, const char *format, ...) RPROCFW_PRINTF(3, 4);

enum rprocfw_status rprocfw_no_memory(struct rprocfw_error *error);

/* "PATH: cannot DO: REASON" from errno. */
enum rprocfw_status rprocfw_file_error(struct rprocfw_error *error, const char *path,
                                       const char *doing);

/* "WHAT failed: REASON" from libcrypto's error queue, which is emptied. */
enum rprocfw_status rprocfw_crypto_error(struct rprocfw_error *error, const char *what);

/*
 * After libcrypto said no: for want of memory, say, and not because of what it was given? If so,
 * error is written as by rprocfw_crypto_error. The queue is emptied; it must have been empty before
 * libcrypto was asked.
 */
bool rprocfw_crypto_broke(struct rprocfw_error *error, const char *what);

/* "NAME: DOING failed: REASON (MORE)": the same, with what a module of libcrypto has to say. */
enum rprocfw_status rprocfw_module_error(struct rprocfw_error *error, const char *name,
                                         const char *doing);

void rprocfw_log(const struct rprocfw_log *log, enum rprocfw_log_level level, const char *format,
                 ...) RPROCFW_PRINTF(3, 4);

/* ---- files/file.c ---- */

/* A file open for reading. */
struct rprocfw_input {
    const char *path;         /* the caller's */
    int fd;                   /* -1: not open */
    bool regular;             /* if not, size and time stamps say nothing */
    uint64_t size;            /* bytes, when it was opened */
    struct timespec modified; /* its time stamps then */
    struct timespec changed;
    dev_t dev; /* which file it is */
    ino_t ino;
};

/* A regular file; all else is an error. */
enum rprocfw_status rprocfw_input_open(struct rprocfw_input *input, const char *path,
                                       struct rprocfw_error *error);

/* Pipes and devices as well, to be read from start to end; waits for who writes to a FIFO. */
enum rprocfw_status rprocfw_input_open_any(struct rprocfw_input *input, const char *path,
                                           struct rprocfw_error *error);
void rprocfw_input_close(struct rprocfw_input *input);

/*
 * RPROCFW_ERR_FILE if anybody has written to the file since it was opened: what was read of it may
 * be of different states. To be asked after the last read, before what was read counts.
 */
enum rprocfw_status rprocfw_input_unchanged(const struct rprocfw_input *input,
                                            struct rprocfw_error *error);

/* Says so of the file at path; returns RPROCFW_ERR_FILE. */
enum rprocfw_status rprocfw_input_changed(const char *path, struct rprocfw_error *error);

/*
 * A regular file, whole. *bytes is to be freed, and NULL on failure; aligned as malloc does.
 * too_long: the status if it has more bytes than limit.
 */
enum rprocfw_status rprocfw_input_read(const char *path, size_t limit, enum rprocfw_status too_long,
                                       uint8_t **bytes, size_t *size, struct rprocfw_error *error);

/* Read exactly size bytes at offset; an early end is an error ("it got shorter"). */
enum rprocfw_status rprocfw_read_at(int fd, const char *path, uint64_t offset, void *dst,
                                    size_t size, struct rprocfw_error *error);

/* Write all of size bytes: at the file's own offset, or at a given one. */
enum rprocfw_status rprocfw_write(int fd, const char *path, const void *src, size_t size,
                                  struct rprocfw_error *error);
enum rprocfw_status rprocfw_write_at(int fd, const char *path, uint64_t offset, const void *src,
                                     size_t size, struct rprocfw_error *error);

/* ---- files/hold.c ---- */

/* Signals that end the process, and what was blocked before they were held by anybody. */
struct rprocfw_hold {
    bool active;
    sigset_t held;
    sigset_t before;
};

/*
 * In the calling thread, signals whose action is to end the process wait until rprocfw_hold_end; of
 * several holds of a thread, until the last of them ends.
 * A process with more threads has to block them in the others.
 */
void rprocfw_hold(struct rprocfw_hold *hold);
void rprocfw_hold_end(struct rprocfw_hold *hold);

/* RPROCFW_ERR_FILE if a signal waits: the work is to be given up. Nothing is if nothing is held. */
enum rprocfw_status rprocfw_hold_check(const struct rprocfw_hold *hold, const char *path,
                                       struct rprocfw_error *error);

/* ---- files/thread.c ---- */

/* As pthread_create, with all signals blocked in the thread. */
bool rprocfw_thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx);

/* ---- files/output.c ---- */

/* A file that comes into being whole, or not at all. */
struct rprocfw_output {
    const char *path; /* the caller's; NULL: standard output, through an unnamed file */
    char *temporary;  /* name of the file written to, beside path; NULL: it has none (yet) */
    struct rprocfw_hold hold; /* while there is such a name */
    bool no_sync;             /* set it after the opening: rename without waiting for the disk */
    bool synced;              /* it is as much on the disk as it is to be */
    int fd;                   /* -1: not open */
};

/* path may be NULL. Fails if path is there and no regular file. */
enum rprocfw_status rprocfw_output_open(struct rprocfw_output *output, const char *path,
                                        struct rprocfw_error *error);

/* Sync and rename to path; with path NULL copy to target_fd. Closes on success. */
enum rprocfw_status rprocfw_output_commit(struct rprocfw_output *output, int target_fd,
                                          struct rprocfw_error *error);

/*
 * The same for two, of which the first has a path: both are there in the end, or none is; but for
 * SIGKILL, and where a file that is replaced can have no second name meanwhile. The caller holds
 * signals until both are discarded.
 */
enum rprocfw_status rprocfw_output_commit_both(struct rprocfw_output *first,
                                               struct rprocfw_output *second, int second_fd,
                                               struct rprocfw_error *error);

/* Close and remove what was written; nothing after a commit. */
void rprocfw_output_discard(struct rprocfw_output *output);

/*
 * *same: is the output that is to be at path the file at other? Not for NULL, and not if one is not
 * there. RPROCFW_ERR_FILE: one cannot be looked at, *same is false.
 */
enum rprocfw_status rprocfw_output_is(const char *path, const char *other, bool *same,
                                      struct rprocfw_error *error);

/* Would outputs of these names be one file, which need not be there? */
enum rprocfw_status rprocfw_outputs_are_one(const char *a, const char *b, bool *same,
                                            struct rprocfw_error *error);

/* RPROCFW_ERR_USAGE if the output is one of the files in keep, which options read. */
enum rprocfw_status rprocfw_output_keep(const char *path, const char *const *keep, size_t count,
                                        struct rprocfw_error *error);

/* RPROCFW_ERR_FILE: it cannot be looked at. */
enum rprocfw_status rprocfw_is_there(const char *path, bool *there, struct rprocfw_error *error);

/* What to call the output in messages. */
const char *rprocfw_output_name(const struct rprocfw_output *output);

/* RPROCFW_ERR_FILE if a signal waits until the output is discarded. */
enum rprocfw_status rprocfw_output_check(const struct rprocfw_output *output,
                                         struct rprocfw_error *error);

/* One attempt to make something of this name; 0, or -1 with errno. */
typedef int rprocfw_attempt(void *ctx, const char *name);

/*
 * A name of its own, ".rproc-PID-N.tmp", in the folder that path ends with or that its file is in,
 * and what make makes there. *name is to be freed. shown: what messages are to call it.
 */
enum rprocfw_status rprocfw_make_beside(const char *path, rprocfw_attempt *make, void *ctx,
                                        char **name, const char *shown,
                                        struct rprocfw_error *error);

/* ---- files/hasher.c ---- */

/* SHA-256 of parts of a file, on all processors. */
struct rprocfw_hasher;

/* A part of which the digest will be asked for. */
struct rprocfw_part {
    uint32_t offset; /* bytes, in the file */
    uint32_t size;   /* bytes; 0: it will not */
    enum { RPROCFW_PART_OPEN, RPROCFW_PART_TAKEN, RPROCFW_PART_DONE, RPROCFW_PART_LEFT } state;
    uint8_t digest[RPROCFW_SHA256_SIZE];
};

/* *out is to be ended, after a failure too. */
enum rprocfw_status rprocfw_hasher_start(struct rprocfw_hasher **out,
                                         const struct rprocfw_input *file,
                                         struct rprocfw_error *error);

/* Once: these parts, all open, will be asked for, in this order. They stay until the end. */
void rprocfw_hasher_foretell(struct rprocfw_hasher *hasher, struct rprocfw_part *parts,
                             size_t count);

/* The digest of [offset, offset + size), which should be part number of those foretold. */
enum rprocfw_status rprocfw_hasher_digest(struct rprocfw_hasher *hasher, size_t number,
                                          uint32_t offset, uint32_t size,
                                          uint8_t digest[RPROCFW_SHA256_SIZE],
                                          struct rprocfw_error *error);

/* hasher may be NULL. */
void rprocfw_hasher_end(struct rprocfw_hasher *hasher);

/* ---- files/kind.c ---- */

enum rprocfw_status rprocfw_identify(const struct rprocfw_input *input,
                                     enum rprocfw_file_kind *kind, struct rprocfw_error *error);

#define RPROCFW_HEADER_2020_SIZE 56u

/* What is looked at of the header of the layout of 2020. */
struct rprocfw_header_2020 {
    uint32_t sign_type; /* enum rprocfw_signtype, unless it is another value */
    uint32_t img_len;   /* bytes of the one image, an ELF file */
    uint32_t img_offset;
};

void rprocfw_header_2020_decode(const uint8_t bytes[RPROCFW_HEADER_2020_SIZE],
                                struct rprocfw_header_2020 *header);

/* ---- elf/elf_input.c ---- */

/* Bytes of an image that are not the file's. */
struct rprocfw_patch {
    uint32_t offset;
    uint32_t size;
    const uint8_t *bytes; /* NULL: zero bytes */
};

struct rprocfw_patches {
    struct rprocfw_patch *list; /* by offset, none over another */
    size_t count;
    uint8_t *bytes; /* where bytes of theirs are */
};

/* What the signer needs of an input ELF. */
struct rprocfw_elf_input {
    struct rprocfw_input file;
    uint32_t size;        /* bytes of the image, without padding */
    uint32_t padded_size; /* bytes, IMGSIZE */
    uint32_t own;         /* so many at its start are the file's, all others zero, but for: */
    struct rprocfw_patches trimmed; /* first these, */
    struct rprocfw_patches padded;  /* and over them those of encryption: two a segment */
    struct rprocfw_phdr *phdrs;     /* those in the signed table */
    size_t phdr_count;
    size_t entries;           /* of the signed table: behind those of phdrs zero ones */
    size_t left_out_phdrs;    /* of the file, but not in the image */
    size_t left_out_sections; /* the same; not 0: the image has sections and names of its own */
    bool encrypt;       /* the PT_LOADs are whole blocks, to be encrypted, and alone in phdrs */
    bool has_vectors;   /* there is a section .isr_vectors or .isr_vector */
    uint32_t vectors;   /* its address */
    const char *unread; /* why it cannot be told whether there is one; NULL: it can */
};

/* Is it what the section with the vector table of a Cortex-M is called? */
bool rprocfw_is_vectors(const char *section);

/* Larger ones could not be padded to RPROCFW_ALIGNMENT. */
#define RPROCFW_IMAGE_SIZE_MAX (UINT32_MAX - (RPROCFW_ALIGNMENT - 1))

/* What is to be done with an input. */
struct rprocfw_elf_wish {
    bool any_machine;   /* e_machine need not be EM_ARM */
    bool strip;         /* leave out sections that nobody loads, and symbols */
    bool loadable_only; /* leave out program headers that boards stumble over */
    bool encrypt;
    bool pad; /* when encrypting, segments to whole blocks, where there is room */
};

/* Open, read and judge; RPROCFW_ERR_INPUT with the reason when it is refused. */
enum rprocfw_status rprocfw_elf_input_open(struct rprocfw_elf_input *input, const char *path,
                                           const struct rprocfw_elf_wish *wish,
                                           struct rprocfw_error *error);
void rprocfw_elf_input_close(struct rprocfw_elf_input *input);

/* size bytes at offset of the image, before encryption; within its padded size. */
enum rprocfw_status rprocfw_elf_input_read(const struct rprocfw_elf_input *input, uint32_t offset,
                                           uint8_t *dst, uint32_t size,
                                           struct rprocfw_error *error);

/* Are these bytes of the image, before encryption, the file's at the same offset? */
bool rprocfw_elf_input_is_file(const struct rprocfw_elf_input *input, uint32_t offset,
                               uint32_t size);

/* Of the segments of all images, one an entry of the signed table. */
typedef uint8_t rprocfw_sha256[RPROCFW_SHA256_SIZE];
typedef uint8_t rprocfw_iv[RPROCFW_AES_BLOCK];

/* How images are encrypted; with key NULL not at all. */
struct rprocfw_encryption {
    const struct rprocfw_enc_key *key;
    rprocfw_iv *ivs;
};

/* ---- elf/cbc.c ---- */

struct rprocfw_cbc;

struct rprocfw_cbc_segment {
    uint32_t offset; /* in the image */
    uint32_t size;   /* bytes, a multiple of 16 */
    const uint8_t *iv;
};

/* *out is to be freed, after a failure too; key must live until then. */
enum rprocfw_status rprocfw_cbc_new(struct rprocfw_cbc **out, const struct rprocfw_enc_key *key,
                                    bool encrypt, struct rprocfw_error *error);
void rprocfw_cbc_free(struct rprocfw_cbc *cbc); /* may be NULL */

/* An image will pass by: first room for count segments, then each, those of no bytes as well. */
enum rprocfw_status rprocfw_cbc_begin(struct rprocfw_cbc *cbc, size_t count,
                                      struct rprocfw_error *error);
void rprocfw_cbc_add(struct rprocfw_cbc *cbc, uint32_t offset, uint32_t size, const uint8_t *iv);

/* All segments are there. False: one is over another, and the image cannot pass by. */
bool rprocfw_cbc_sort(struct rprocfw_cbc *cbc);

/* The image of an input that is to be encrypted will pass by, with its part of all IVs. */
enum rprocfw_status rprocfw_cbc_begin_input(struct rprocfw_cbc *cbc,
                                            const struct rprocfw_elf_input *input, rprocfw_iv *ivs,
                                            struct rprocfw_error *error);

/* So many of size bytes at offset, at least 16 or the image's last, end where a block does. */
uint32_t rprocfw_cbc_piece(const struct rprocfw_cbc *cbc, uint32_t offset, uint32_t size);

/* The next bytes of the image, a piece of it, are encrypted, or decrypted, where they stand. */
enum rprocfw_status rprocfw_cbc_pass(struct rprocfw_cbc *cbc, uint32_t offset, uint8_t *bytes,
                                     uint32_t size, struct rprocfw_error *error);

/* ---- keys/enc_key.c ---- */

/* An IV for each program header of the inputs; zero entries of the table keep theirs. */
enum rprocfw_status rprocfw_iv_random(rprocfw_iv *ivs, const struct rprocfw_elf_input *inputs,
                                      size_t count, struct rprocfw_error *error);

/* The same each time: HMAC-SHA-256, from the key, of the program header and the segment. */
enum rprocfw_status rprocfw_iv_derive(rprocfw_iv *ivs, const struct rprocfw_enc_key *key,
                                      const struct rprocfw_elf_input *inputs, size_t count,
                                      struct rprocfw_error *error);

/* ---- sign/writer.c ---- */

/* Images on their way to an output. */
struct rprocfw_writer;

/*
 * The images are to be written one after the other, each with its padding, from offset of the
 * output on, which is open and written to by nobody else until the end.
 */
enum rprocfw_status rprocfw_writer_start(struct rprocfw_writer **out,
                                         const struct rprocfw_elf_input *inputs, size_t count,
                                         const struct rprocfw_encryption *encryption,
                                         const struct rprocfw_output *output, uint64_t offset,
                                         struct rprocfw_error *error);

/* The output is written, and can be read, up to its offset end, which is in the images. */
enum rprocfw_status rprocfw_writer_wait(struct rprocfw_writer *writer, uint64_t end,
                                        struct rprocfw_error *error);

/* What is not written yet will not be. Frees the writer, which may be NULL. */
void rprocfw_writer_end(struct rprocfw_writer *writer);

/* ---- sign/payload.c ---- */

/*
 * A container of the same layout, with which the payload is compared instead of being written. Its
 * bytes are read once, up to the first that differs.
 */
struct rprocfw_beside {
    const struct rprocfw_input *file;
    const uint8_t *table; /* its signed table, of as many entries */
    bool differs;         /* then, where: */
    size_t image;
    uint32_t offset; /* in the image */
};

/*
 * Writes the images with their padding to output, from offset on, and takes the SHA-256 of every
 * segment of what is written; if output is not open, of the inputs. Each byte of an input is read
 * once, and each byte that is written is read back once. digests has room for all program headers
 * of all inputs. beside: NULL, or output is not open. RPROCFW_ERR_FILE, too, if an input changed
 * since it was opened.
 */
enum rprocfw_status rprocfw_payload_copy(const struct rprocfw_elf_input *inputs, size_t count,
                                         const struct rprocfw_encryption *encryption,
                                         const struct rprocfw_output *output, uint64_t offset,
                                         struct rprocfw_beside *beside, rprocfw_sha256 *digests,
                                         struct rprocfw_error *error);

/* ---- sign/tlv_area.c ---- */

/* The TLV area of a new container while it grows. Start with {0}; bytes is to be freed. */
struct rprocfw_area {
    uint8_t *bytes;
    size_t size;
    size_t room;
    enum rprocfw_status status; /* errors stick: to be asked for once, at the end */
};

/* A record with length zero bytes of value; returns the value's offset in the area. */
size_t rprocfw_area_add_room(struct rprocfw_area *area, uint32_t type, size_t length);
void rprocfw_area_add(struct rprocfw_area *area, uint32_t type, const uint8_t *value,
                      size_t length);
enum rprocfw_status rprocfw_area_status(const struct rprocfw_area *area,
                                        struct rprocfw_error *error);

/* ---- sign/metadata.c ---- */

/* Header, TLV area and room for the signature. */
struct rprocfw_metadata {
    uint8_t *bytes;
    struct rprocfw_header header;
    struct rprocfw_layout layout; /* layout.payload bytes are there */
    uint8_t *table;               /* the value of HASHTABLE or ENCTABLE, in bytes */
    size_t images;                /* number of them */
    size_t entries;               /* of the signed table */
    size_t entry_size;            /* bytes of one */
};

/*
 * Lays out everything that is known before the segments were hashed: table entries have program
 * headers, no digests yet; the signature is zero.
 */
enum rprocfw_status rprocfw_metadata_build(struct rprocfw_metadata *metadata,
                                           const struct rprocfw_sign_job *job,
                                           const struct rprocfw_elf_input *inputs,
                                           struct rprocfw_error *error);
/*
 * Header and TLV area, with room for a signature of key; of img_len bytes of payload. slack: so
 * many bytes of the area's last padding does tlv_len not count.
 */
enum rprocfw_status rprocfw_metadata_assemble(struct rprocfw_metadata *metadata,
                                              const struct rprocfw_area *area, uint32_t slack,
                                              const struct rprocfw_key *key, uint64_t img_len,
                                              struct rprocfw_error *error);
/* ivs: NULL when nothing is encrypted. */
void rprocfw_metadata_set_digests(struct rprocfw_metadata *metadata, rprocfw_sha256 *digests,
                                  rprocfw_iv *ivs);
void rprocfw_phdr_encode(uint8_t to[RPROCFW_PHDR_SIZE], const struct rprocfw_phdr *phdr);
void rprocfw_metadata_free(struct rprocfw_metadata *metadata);

/* ---- sign/elf_contents.c ---- */

/*
 * Where header, TLVs and payload of a new container come from. The functions are called in this
 * order, each once, but for those that read and check, and close, which is called last in any case.
 */
struct rprocfw_contents {
    /* Set while write is called in a dry run; for contents of ELF files only. NULL: none. */
    struct rprocfw_beside *beside;

    enum rprocfw_status (*open)(struct rprocfw_contents *contents, struct rprocfw_error *error);

    /* All that is known before the payload is written; the signature is zero. For contents of ELF
     * files it can be had again, with its warnings. */
    enum rprocfw_status (*build)(struct rprocfw_contents *contents,
                                 struct rprocfw_metadata *metadata, struct rprocfw_error *error);

    /* The payload to its place in output, if that is open; from then on metadata is complete. */
    enum rprocfw_status (*write)(struct rprocfw_contents *contents,
                                 struct rprocfw_metadata *metadata,
                                 const struct rprocfw_output *output, struct rprocfw_error *error);

    /* size bytes at offset of the payload. */
    enum rprocfw_status (*read)(struct rprocfw_contents *contents, uint32_t offset, uint8_t *dst,
                                uint32_t size, struct rprocfw_error *error);

    /*
     * size bytes at offset of a segment as a device has it loaded: not encrypted. NULL: what is
     * encrypted cannot be told.
     */
    enum rprocfw_status (*read_loaded)(struct rprocfw_contents *contents,
                                       const struct rprocfw_segment *segment, uint32_t offset,
                                       uint8_t *dst, uint32_t size, struct rprocfw_error *error);

    /* Is sha256 the digest of the segment's bytes as they were written, or would have been? */
    enum rprocfw_status (*check)(struct rprocfw_contents *contents,
                                 const struct rprocfw_segment *segment,
                                 struct rprocfw_error *error);

    /* RPROCFW_ERR_FILE if anybody has written to what was read. */
    enum rprocfw_status (*unchanged)(struct rprocfw_contents *contents,
                                     struct rprocfw_error *error);

    /* The file that an image comes from; NULL for none. */
    const char *(*name)(struct rprocfw_contents *contents, uint32_t image);
    void (*close)(struct rprocfw_contents *contents);
};

/* Of job's inputs. NULL: no memory. */
struct rprocfw_contents *rprocfw_elf_contents(const struct rprocfw_sign_job *job);

/* ---- sign/container_contents.c ---- */

/* Of job's container. NULL: no memory. */
struct rprocfw_contents *rprocfw_container_contents(const struct rprocfw_sign_job *job);

/* ---- keys/key.c ---- */

/* Takes over pkey; *out is NULL on failure. RPROCFW_ERR_KEY if it is of no kind that the format
 * knows. */
enum rprocfw_status rprocfw_key_wrap(struct rprocfw_key **out, EVP_PKEY *pkey, const char *path,
                                     bool has_private, struct rprocfw_error *error);

/*
 * signer, of which a reference is taken, signs for the key: its private half is not in the process.
 * ctx, which lives longer than the key, and propquery are those to sign with; NULL: the usual ones.
 */
enum rprocfw_status rprocfw_key_set_signer(struct rprocfw_key *key, EVP_PKEY *signer,
                                           OSSL_LIB_CTX *ctx, const char *propquery,
                                           struct rprocfw_error *error);

/* Where a key of this fingerprint is published; NULL if it is not. */
const char *rprocfw_published(const uint8_t spki_sha256[RPROCFW_SHA256_SIZE]);

/* libcrypto's, with the public half at least; the key's own. */
EVP_PKEY *rprocfw_key_pkey(const struct rprocfw_key *key);

/* Any r and s have a DER. *der is to be freed with OPENSSL_free; returns its size, or 0. */
size_t rprocfw_ecdsa_to_der(const uint8_t signature[RPROCFW_P256_SIGNATURE], uint8_t **der);

/* Log a warning if the key is a published one. */
void rprocfw_key_warn(const struct rprocfw_key *key, const struct rprocfw_log *log);

/* The numbers of the public half: those of RSA-4096 are the longest. */
#define RPROCFW_NUMBER_ROOM 512u

struct rprocfw_key_numbers {
    struct rprocfw_public_key key; /* points into bytes */
    uint8_t bytes[2][RPROCFW_NUMBER_ROOM];
};

enum rprocfw_status rprocfw_key_numbers(const struct rprocfw_key *key,
                                        struct rprocfw_key_numbers *numbers,
                                        struct rprocfw_error *error);

/* ---- keys/spki.c ---- */

/* Enough for every key that the format knows. */
#define RPROCFW_SPKI_ROOM (2 * RPROCFW_NUMBER_ROOM + 64)

/* The key's SubjectPublicKeyInfo in DER; it is in room, *size bytes long. */
const uint8_t *rprocfw_spki(const struct rprocfw_public_key *key, uint8_t room[RPROCFW_SPKI_ROOM],
                            size_t *size);

/* The same of a key that was loaded. */
enum rprocfw_status rprocfw_key_spki(const struct rprocfw_key *key, uint8_t room[RPROCFW_SPKI_ROOM],
                                     const uint8_t **der, size_t *size,
                                     struct rprocfw_error *error);

/* ---- files/search.c ---- */

/* Bytes that are looked for: 1 to RPROCFW_NUMBER_ROOM. */
struct rprocfw_needle {
    const uint8_t *bytes;
    size_t size;
    uint64_t offset; /* where in the file they stand first; means nothing if count is 0 */
    uint64_t count;  /* how often: 0 before the search */
};

/* Reads the file once, from its start to its end. */
enum rprocfw_status rprocfw_search(const struct rprocfw_input *file, struct rprocfw_needle *needles,
                                   size_t count, struct rprocfw_error *error);

/* ---- keys/key_source.c ---- */

/* C source in one of the two forms; *text is to be freed. Of job only key, form and name count. */
enum rprocfw_status rprocfw_key_source(const struct rprocfw_key_export_job *job, char **text,
                                       size_t *size, struct rprocfw_error *error);

/* ---- keys/key_pem.c ---- */

/*
 * The key of a file that is one block of PEM, not encrypted. NULL: it is another file, or failed;
 * libcrypto's store has to look. libcrypto's error queue must be empty, and is afterwards.
 */
EVP_PKEY *rprocfw_key_pem(const uint8_t *bytes, size_t size, bool *has_private);

/* Is there a block of PEM that is some private key, whoever can read it? */
bool rprocfw_has_private_block(const uint8_t *bytes, size_t size);

/* ---- keys/pkeyinfo.c ---- */

enum rprocfw_pkeyinfo {
    RPROCFW_PKEYINFO_OPAQUE, /* no key, or what only a board can read */
    RPROCFW_PKEYINFO_KEY,    /* SubjectPublicKeyInfo of the key */
    RPROCFW_PKEYINFO_OTHER,  /* of another key */
    RPROCFW_PKEYINFO_PRIVATE /* a private key, which belongs into no container */
};

/* What stands in a PKEYINFO, or is to. */
enum rprocfw_status rprocfw_pkeyinfo_look(const uint8_t *value, size_t length,
                                          const struct rprocfw_key *key,
                                          enum rprocfw_pkeyinfo *what, struct rprocfw_error *error);

/* ---- keys/ecdsa.c ---- */

/*
 * r and s, 32 bytes each, of a digest, by a key of P-256 that has its private half in the process.
 * The same each time (RFC 6979). False: libcrypto failed; signature is undefined.
 */
bool rprocfw_ecdsa_sign(const EVP_PKEY *pkey, const uint8_t digest[RPROCFW_SHA256_SIZE],
                        uint8_t signature[RPROCFW_P256_SIGNATURE]);

/* ---- sign/signer.c ---- */

/* A signature of job's key over data, made by it or by job's signer; it is not verified yet. */
enum rprocfw_status rprocfw_signature_get(const struct rprocfw_sign_job *job, const uint8_t *data,
                                          size_t size, uint8_t *signature,
                                          struct rprocfw_error *error);

/*
 * A signature as the container has it from one that is raw, in DER (ECDSA), or either in base64;
 * at most RPROCFW_ANSWER_ROOM bytes. RPROCFW_ERR_SIGNATURE: it has not the form of one of key.
 * name: where it comes from.
 */
enum rprocfw_status rprocfw_signature_take(const struct rprocfw_key *key, const char *name,
                                           const uint8_t *answer, size_t size, uint8_t *signature,
                                           struct rprocfw_error *error);

/* ---- keys/mismatch.c ---- */

/* Says why a signature that does not verify is not key's over what is signed, as far as it can be
 * told; returns RPROCFW_ERR_SIGNATURE, or RPROCFW_ERR_CRYPTO. */
enum rprocfw_status rprocfw_mismatch(const struct rprocfw_key *key, const char *name,
                                     const struct rprocfw_signed *what,
                                     struct rprocfw_error *error);

/* ---- keys/uri.c ---- */

/* The name of a key that is in no file. What is not in it is NULL. */
struct rprocfw_uri {
    char *name;   /* without its PIN and where that is, to be shown and to be opened */
    char *token;  /* of PKCS#11: what attributes say, decoded */
    char *object; /* object */
    char *module; /* module-path */
    char *pin;    /* pin-value */
    char *pin_source;
};

bool rprocfw_uri_is_pkcs11(const char *name);

/* uri is to be freed, which wipes it; not on failure. */
enum rprocfw_status rprocfw_uri_parse(struct rprocfw_uri *uri, const char *from,
                                      struct rprocfw_error *error);
void rprocfw_uri_free(struct rprocfw_uri *uri);

/* ---- keys/asking.c ---- */

/* A PIN that a token refused: tokens lock after a few. */
struct rprocfw_refused_pin {
    struct rprocfw_refused_pin *next;
    char *token; /* NULL: whichever */
    char secret[1024];
    size_t size;
};

/* A passphrase or PIN that libcrypto asks for while it opens a key: one for all in a file or URI.
 */
struct rprocfw_asking {
    const char *name; /* the key's */
    enum rprocfw_secret what;
    const struct rprocfw_passphrase *source;   /* NULL: there is none */
    const char *token;                         /* that the PIN is for; NULL: not known */
    const struct rprocfw_refused_pin *refused; /* which are not tried again */
    char secret[1024];
    int size;                   /* bytes of secret; -1: there is none */
    bool asked;                 /* the source, once */
    bool waiting;               /* set when libcrypto asks; reset by who wants to know */
    struct rprocfw_error error; /* why there is none */
};

/* pem_password_cb of libcrypto, which may call it more than once; ctx is the asking. */
int rprocfw_asking_answer(char *buffer, int size, int for_writing, void *ctx);

/* It was asked for, and there is none. */
bool rprocfw_asking_failed(const struct rprocfw_asking *asking);

/* Wipes it, and what libcrypto left of it on the stack. */
void rprocfw_asking_end(struct rprocfw_asking *asking);

/* ---- keys/key_load.c ---- */

/* All keys of a file, in its order, or of a URI. */
#define RPROCFW_FOUND_LIMIT 64

struct rprocfw_found {
    char *name;                            /* of what they are in */
    EVP_PKEY *pkey[RPROCFW_FOUND_LIMIT];   /* with their public half, of libcrypto's own */
    EVP_PKEY *signer[RPROCFW_FOUND_LIMIT]; /* what has the private half elsewhere; NULL: pkey has */
    bool has_private[RPROCFW_FOUND_LIMIT];
    size_t count;
    OSSL_LIB_CTX *ctx; /* of the signers, with propquery */
    const char *propquery;
    struct rprocfw_error unopened; /* why a key may be missing: its passphrase, the size */
};

/*
 * At least one key; found is to be freed. Otherwise why there is none, and nothing to free.
 * found->unopened.status is RPROCFW_OK, or RPROCFW_ERR_KEY if a key could not be opened.
 * access may be NULL.
 */
enum rprocfw_status rprocfw_key_find(struct rprocfw_found *found, const char *name,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_key_access *access,
                                     struct rprocfw_error *error);
void rprocfw_found_free(struct rprocfw_found *found);

/* One of them as a key of its own. */
enum rprocfw_status rprocfw_found_key(struct rprocfw_key **out, const struct rprocfw_found *found,
                                      size_t index, struct rprocfw_error *error);

/*
 * Takes over pkey. A key that is not libcrypto's own, but in a token, for example, signs, and its
 * public half is copied. False: pkey is NULL, or there is no such half.
 */
bool rprocfw_found_take(struct rprocfw_found *found, EVP_PKEY *pkey, bool has_private);

/* signer, taken over unless it fails, has the private half, and other the public one. */
bool rprocfw_found_take_signer(struct rprocfw_found *found, EVP_PKEY *signer,
                               const EVP_PKEY *other);

/* The key of what a store of libcrypto has found. */
enum rprocfw_took {
    RPROCFW_TOOK_KEY,
    RPROCFW_TOOK_NOTHING, /* it is no key */
    RPROCFW_TOOK_SKIPPED, /* a certificate with a key that libcrypto does not know */
    RPROCFW_TOOK_FAILED   /* it is there, but cannot be had */
};
enum rprocfw_took rprocfw_found_take_info(struct rprocfw_found *found, const OSSL_STORE_INFO *info);

/* ---- keys/modules.c ---- */

struct rprocfw_engine;

struct rprocfw_modules {
    OSSL_LIB_CTX *ctx; /* NULL: there are no providers */
    OSSL_PROVIDER **provider;
    size_t provider_count;
    char *propquery;
    struct rprocfw_engine *engine; /* NULL: there is none */
};

/* ---- keys/key_uri.c ---- */

/* As rprocfw_key_find, of a name that is a URI. */
enum rprocfw_status rprocfw_uri_find(struct rprocfw_found *found, const char *name,
                                     enum rprocfw_key_use use,
                                     const struct rprocfw_key_access *access,
                                     struct rprocfw_error *error);

/* ---- keys/engine.c ---- */

enum rprocfw_status rprocfw_engine_open(struct rprocfw_engine **out, const char *name,
                                        struct rprocfw_error *error);
void rprocfw_engine_close(struct rprocfw_engine *engine); /* may be NULL */

/* The key behind a URI of PKCS#11. */
enum rprocfw_status rprocfw_engine_find(struct rprocfw_engine *engine, struct rprocfw_found *found,
                                        const struct rprocfw_uri *uri, enum rprocfw_key_use use,
                                        struct rprocfw_asking *asking, struct rprocfw_error *error);

/* ---- report/report.c ---- */

/* Not if all bytes of the signature are zero: then nobody has signed yet. */
bool rprocfw_is_signed(const struct rprocfw_report *report);

/* ---- report/compare.c ---- */

/*
 * Compares the images of a container that core found good, and of which report lists the parts,
 * with their originals. Where one differs, it becomes what report->status, diag and message say.
 */
enum rprocfw_status rprocfw_compare(struct rprocfw_report *report, const struct rprocfw_input *file,
                                    const struct rprocfw_report_job *job,
                                    struct rprocfw_error *error);

#endif
