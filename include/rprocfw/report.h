/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Everything there is to say of one container file, as data: what rproc-verify and rproc-dump print
 * in any format comes from here.
 */
#ifndef RPROCFW_REPORT_H
#define RPROCFW_REPORT_H

#include <rprocfw/device.h>
#include <rprocfw/enc_key.h>
#include <rprocfw/key.h>

/* What a file is, told from its first bytes and its size. */
enum rprocfw_file_kind {
    RPROCFW_KIND_CONTAINER,      /* today's layout, or what is judged as such */
    RPROCFW_KIND_CONTAINER_2023, /* 2023 beta: signature before the images' trailer chunks */
    RPROCFW_KIND_CONTAINER_2020, /* 2020: fourteen words of header */
    RPROCFW_KIND_EMPTY,
    RPROCFW_KIND_ELF,
    RPROCFW_KIND_OPTEE_TA,
    RPROCFW_KIND_STM32_HEADER,
    RPROCFW_KIND_MCUBOOT,
    RPROCFW_KIND_UNKNOWN
};

/* "a bare ELF file" ...: fits behind "this is". */
RPROCFW_API const char *rprocfw_kind_text(enum rprocfw_file_kind kind);

enum rprocfw_verdict {
    RPROCFW_VERDICT_ACCEPT,
    RPROCFW_VERDICT_REJECT,
    RPROCFW_VERDICT_UNAUTHENTICATED, /* everything but the signature holds; nobody looked at that */
    RPROCFW_VERDICT_NOT_JUDGED /* the structure holds; nobody looked at signature and hashes */
};

/* One record of the TLV area. */
struct rprocfw_report_tlv {
    uint32_t type;
    uint32_t offset;      /* of the record, in the file */
    uint32_t length;      /* bytes of value */
    const uint8_t *value; /* in report->metadata */
};

/* One entry of the signed table. */
struct rprocfw_report_entry {
    struct rprocfw_phdr phdr;
    const uint8_t *sha256; /* 32 bytes, in report->metadata */
    const uint8_t *iv;     /* 16 bytes, in report->metadata; NULL in a HASHTABLE */
};

struct rprocfw_report_image {
    uint32_t offset; /* in the file */
    uint32_t size;   /* IMGSIZE */
    uint8_t type;    /* IMGTYPE */
    bool has_ehdr;   /* the ELF header could be read */
    struct rprocfw_ehdr ehdr;
    bool judged;          /* every check of this image held: the members below are valid */
    uint32_t first_entry; /* its part of report->entries */
    uint32_t entry_count;
    bool has_rsc_table;
    uint32_t rsc_da; /* device address */
    uint32_t rsc_size;
};

/* What of the format authenticates bytes of the file. */
enum rprocfw_auth {
    RPROCFW_AUTH_SIGNATURE, /* the signature is over them */
    RPROCFW_AUTH_HASH,      /* their SHA-256, as they are in the file, is in the signed table */
    RPROCFW_AUTH_NONE       /* nothing: whoever has the file can change them */
};

struct rprocfw_report_range {
    uint64_t offset;
    uint64_t size;          /* not 0 */
    enum rprocfw_auth auth; /* what would authenticate it; whether it does: report->verdict */
    uint32_t image;         /* RPROCFW_NOWHERE: it is in none */
    char what[64];          /* "TLV HASHTABLE", "image 0: ELF header", "image 0: section .text" */
};

/* What a report knows of the AES key that it was built with. */
enum rprocfw_decrypted {
    RPROCFW_DECRYPTED_NO,        /* there was no key, or nothing was judged good */
    RPROCFW_DECRYPTED_PLAIN,     /* there is nothing encrypted */
    RPROCFW_DECRYPTED_UNKNOWN,   /* nothing tells whether it is the right one */
    RPROCFW_DECRYPTED_RSC_TABLE, /* a resource table that was decrypted is one */
    RPROCFW_DECRYPTED_ORIGINAL   /* all that was decrypted is that of the original files */
};

struct rprocfw_report {
    char *path;
    uint64_t file_size;
    enum rprocfw_file_kind kind;
    enum rprocfw_verdict verdict;
    enum rprocfw_status status; /* RPROCFW_OK, or the first check that failed */
    struct rprocfw_diag diag;   /* valid unless status is RPROCFW_OK */
    char message[1024];         /* status in words: what is wrong (where); what to do */

    bool has_header; /* header is valid */
    struct rprocfw_header header;
    bool has_layout; /* the lengths add up: layout is valid */
    struct rprocfw_layout layout;

    uint8_t *metadata; /* header, TLV area and signature as far as the file has them */
    uint32_t metadata_size;
    const uint8_t *signature; /* in metadata; NULL if the file ends before it */
    uint32_t signature_size;  /* bytes there are of it */

    struct rprocfw_report_tlv *tlvs; /* up to the first broken record */
    size_t tlv_count;
    struct rprocfw_report_entry *entries;
    size_t entry_count;
    struct rprocfw_report_image *images; /* as IMGTYPE and IMGSIZE give them, inside the file */
    size_t image_count;
    /* The whole file, in order, without gaps; what was not judged, or is no container, is NONE. */
    struct rprocfw_report_range *ranges;
    size_t range_count;
    /* Those of images that nothing authenticates; none when the container is refused. */
    struct rprocfw_report_range *unsigned_ranges;
    size_t unsigned_count;

    enum rprocfw_decrypted decrypted;
    bool compared; /* every image is the original ELF file given for it */

    struct rprocfw_device device;     /* with job->preflight */
    struct rprocfw_findings findings; /* the same, only when all images were judged good */

    uint8_t signtype;                    /* value of SIGNTYPE; 0 if there is none */
    const struct rprocfw_key *signed_by; /* the key whose signature it is; NULL: none was found */
};

enum rprocfw_report_mode {
    RPROCFW_REPORT_VERIFY,       /* signature against keys, hashes, everything */
    RPROCFW_REPORT_NO_SIGNATURE, /* everything but the signature */
    RPROCFW_REPORT_STRUCTURE     /* neither signature nor hashes: for showing */
};

/* What is to be judged, and with what. */
struct rprocfw_report_job {
    const char *path;
    enum rprocfw_report_mode mode;
    const struct rprocfw_keys *keys; /* with RPROCFW_REPORT_VERIFY: one of these must have signed;
                                        they must outlive the report */
    const struct rprocfw_enc_key *enc_key; /* of encrypted images; NULL: they stay encrypted */
    const char *const *originals; /* with enc_key: paths of ELF files, one an image, in order */
    size_t original_count;        /* 0: images are compared with nothing */
    bool preflight;               /* foretell what the board will say */
    const struct rprocfw_board *board; /* with preflight; NULL: only what needs no memory map */
};

/*
 * Reads and judges a file. RPROCFW_OK: *report is filled, whatever the verdict;
 * rprocfw_report_free it. RPROCFW_ERR_FILE, _MEMORY, _CRYPTO: could not be judged, *report is
 * empty.
 *
 * With an AES key resource tables are judged as they are decrypted. An image that is good, but is
 * not the original given for it, every byte of it, gets RPROCFW_ERR_ORIGINAL; what padding while
 * encrypting (sign.h) adds to the original is no difference. RPROCFW_ERR_USAGE: there are not as
 * many originals as images.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_report_build(struct rprocfw_report *report, const struct rprocfw_report_job *job,
                     struct rprocfw_error *error);

RPROCFW_API void rprocfw_report_free(struct rprocfw_report *report);

/*
 * Writes the parts of the reported file to folder dir, which is made if it is not there:
 * image-N.elf, signature.bin, and tlv-XXXXXXXX.bin with each TLV's value (a second one of a type:
 * tlv-XXXXXXXX-2.bin). As much as the file has. An existing file is an error: nothing is
 * overwritten. On failure the files written so far are removed: RPROCFW_ERR_FILE, _MEMORY, or the
 * report's own status if the file has no header to take apart.
 */
RPROCFW_API RPROCFW_MUST_USE enum rprocfw_status
rprocfw_report_extract(const struct rprocfw_report *report, const char *dir,
                       struct rprocfw_error *error);

#endif
