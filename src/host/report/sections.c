/* SPDX-License-Identifier: BSD-2-Clause */
/* The sections of an image in a container. Nothing of them is signed: they only name things. */
#include <ctype.h>
#include <string.h>

#include "view.h"

static enum rprocfw_status read_shdr(const struct rprocfw_sections *sections, uint32_t index,
                                     struct rprocfw_shdr *shdr, struct rprocfw_error *error)
{
    const struct rprocfw_report_image *image = sections->image;
    const uint32_t at = image->offset + image->ehdr.shoff + index * RPROCFW_SHDR_SIZE;
    uint8_t bytes[RPROCFW_SHDR_SIZE];
    enum rprocfw_status status;

    status = sections->view->read(sections->view->ctx, at, bytes, sizeof(bytes), error);
    if (status == RPROCFW_OK)
        rprocfw_shdr_decode(bytes, shdr);
    return status;
}

enum rprocfw_status rprocfw_sections_begin(struct rprocfw_sections *sections,
                                           const struct rprocfw_view *view,
                                           const struct rprocfw_report_image *image,
                                           struct rprocfw_error *error)
{
    *sections = (struct rprocfw_sections){.view = view, .image = image};
    return read_shdr(sections, image->ehdr.shstrndx, &sections->names, error);
}

bool rprocfw_sections_left(const struct rprocfw_sections *sections)
{
    return sections->next < sections->image->ehdr.shnum;
}

/* Made printable; cut if there is no room, empty if it lies outside the name table. */
static enum rprocfw_status read_name(const struct rprocfw_sections *sections, uint32_t offset,
                                     char name[RPROCFW_SECTION_NAME], struct rprocfw_error *error)
{
    const struct rprocfw_report_image *image = sections->image;
    const struct rprocfw_shdr *names = &sections->names;
    uint32_t size;
    enum rprocfw_status status;

    memset(name, 0, RPROCFW_SECTION_NAME);
    if (offset >= names->size || names->offset >= image->size ||
        offset >= image->size - names->offset)
        return RPROCFW_OK;
    size = image->size - names->offset < names->size ? image->size - names->offset : names->size;
    size -= offset;
    if (size > RPROCFW_SECTION_NAME - 1)
        size = RPROCFW_SECTION_NAME - 1;
    status = sections->view->read(sections->view->ctx, image->offset + names->offset + offset, name,
                                  size, error);
    for (char *c = name; *c != '\0'; c++)
        if (!isprint((unsigned char)*c))
            *c = '?';
    return status;
}

enum rprocfw_status rprocfw_sections_next(struct rprocfw_sections *sections,
                                          struct rprocfw_section *section,
                                          struct rprocfw_error *error)
{
    enum rprocfw_status status = read_shdr(sections, sections->next, &section->shdr, error);

    if (status == RPROCFW_OK)
        status = read_name(sections, section->shdr.name, section->name, error);
    sections->next++;
    return status;
}
