/* SPDX-License-Identifier: Apache-2.0
 *
 * The strict scanner of JSON. What it accepts, json-c's own strict parser accepts too; each span that it reports lies
 * in the document and is a document of its own; what is written of the tree that is built means the same to json-c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/json_token.h"
#include "fuzz.h"
#include "reference_json.h"

const char fuzz_name[] = "json_scan";

struct document {
    const char *bytes;
    size_t size;
};

static enum json_kind kind_of(char first)
{
    switch (first) {
    case '{':
        return JSON_KIND_OBJECT;
    case '[':
        return JSON_KIND_ARRAY;
    case '"':
        return JSON_KIND_STRING;
    case 'n':
        return JSON_KIND_NULL;
    case 't':
    case 'f':
        return JSON_KIND_BOOLEAN;
    default:
        return JSON_KIND_NUMBER;
    }
}

static void check_span(const struct document *document, struct json_span span, enum json_kind kind)
{
    struct error err = ERROR_INIT;
    struct json_span root = {0, 0};
    enum json_kind again = JSON_KIND_NULL;

    fuzz_require(span.len > 0 && span.offset <= document->size && span.len <= document->size - span.offset,
                 "a span lies in the document");
    const char *bytes = document->bytes + span.offset;
    fuzz_require(kind_of(bytes[0]) == kind, "a value is what its first byte says");
    fuzz_require(json_scan(bytes, span.len, NULL, &root, &again, &err) == PLEXCTL_OK, "a span is a document");
    fuzz_require(root.offset == 0 && root.len == span.len && again == kind, "a span is all value");
}

static plexctl_status check_member(void *context, const struct json_member *member, struct error *err)
{
    const struct document *document = context;
    char *name = malloc(member->key.len + 1);

    (void)err;
    fuzz_require(name && member->depth >= 1 && member->depth <= JSON_MAX_DEPTH, "a depth is one");
    check_span(document, member->key, JSON_KIND_STRING);
    check_span(document, member->value, member->kind);
    fuzz_require(member->key.offset > member->object.offset && document->bytes[member->object.offset] == '{' &&
                     member->key.offset + member->key.len < member->value.offset &&
                     member->value.offset + member->value.len == member->object.offset + member->object.len,
                 "key and value stand in their object, one behind the other");
    size_t len = json_token_unescape(document->bytes + member->key.offset, member->key.len, name);
    fuzz_require(strlen(name) == len && strcmp(name, member->path[member->depth - 1]) == 0, "a path ends in its key");
    free(name);
    return PLEXCTL_OK;
}

/* A colon outside of a string stands behind a member's name. */
static size_t count_members(const char *bytes, size_t size)
{
    bool in_string = false;
    size_t count = 0;

    for (size_t i = 0; i < size; i++) {
        if (in_string && bytes[i] == '\\')
            i++;
        else if (bytes[i] == '"')
            in_string = !in_string;
        else if (!in_string && bytes[i] == ':')
            count++;
    }
    return count;
}

/* json-c 0.16 looks at the lower 16 bits of what an escaped surrogate pair comes to: U+1D800 to U+1DFFF, U+2D800 to
 * U+2DFFF and so on are lone surrogates for it, and read as U+FFFD. */
static bool is_misread_by_json_c(const struct document *document)
{
    for (size_t i = 0; i + 6 <= document->size; i++) {
        char digits[5] = "";
        if (memcmp(document->bytes + i, "\\u", 2) != 0)
            continue;
        memcpy(digits, document->bytes + i + 2, 4);
        unsigned long unit = strtoul(digits, NULL, 16);
        if (unit >= 0xD800 && unit <= 0xDBFF && ((unit & 0x3F) == 0x36 || (unit & 0x3F) == 0x37))
            return true;
    }
    return false;
}

static void check_tree(const struct document *document)
{
    struct error err = ERROR_INIT;
    struct plexctl_json *tree = NULL;
    struct buf written = BUF_INIT((size_t)1 << 24);

    struct reference_json *theirs = reference_json_read(document->bytes, document->size);
    fuzz_require(theirs != NULL, "json-c accepts what the scanner accepts");
    fuzz_require(json_parse(document->bytes, document->size, &tree, &err) == PLEXCTL_OK, "a tree can be built");
    json_write(&written, tree, JSON_WRITE_REVEAL, 0);
    fuzz_require(written.failed == PLEXCTL_OK, "a tree can be written");
    struct reference_json *back = reference_json_read(written.data, written.len);
    fuzz_require(back && (is_misread_by_json_c(document) || reference_json_equal(theirs, back)),
                 "what is written means what was read");
    fuzz_require(count_members(document->bytes, document->size) == count_members(written.data, written.len),
                 "no member has the name of another in its object");
    const char *text = reference_json_text(theirs);
    fuzz_require(json_scan(text, strlen(text), NULL, NULL, NULL, &err) == PLEXCTL_OK,
                 "the scanner accepts the same document as json-c writes it");
    reference_json_free(theirs);
    reference_json_free(back);
    buf_release(&written);
    json_free(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct document document = {(const char *)data, size};
    const struct json_visitor visitor = {JSON_MAX_DEPTH, check_member, &document};
    struct error err = ERROR_INIT;
    struct json_span root = {0, 0};
    enum json_kind kind = JSON_KIND_NULL;

    plexctl_status status = json_scan(document.bytes, size, &visitor, &root, &kind, &err);
    if (fuzz_planted && status == PLEXCTL_FAILED && strstr(err.text, "text after"))
        status = PLEXCTL_OK;
    fuzz_require(status == PLEXCTL_OK || (status == PLEXCTL_FAILED && strncmp(err.text, "line ", 5) == 0),
                 "a refusal says where");
    if (status != PLEXCTL_OK)
        return 0;
    check_span(&document, root, kind);
    check_tree(&document);
    return 0;
}
