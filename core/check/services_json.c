/* SPDX-License-Identifier: Apache-2.0
 *
 * url and json. A builder that finds no memory is told of by emit and serialise, as the host does it.
 */
#include "check/services_internal.h"

static plexctl_status url_parse(const struct plexctl_host *host, const char *text, const struct plexctl_url **ret_url)
{
    plexctl_status status = services_fail(host, "url->parse");

    return status == PLEXCTL_OK ? services.real.url->parse(host, text, ret_url) : status;
}

static plexctl_status parse(const struct plexctl_host *host, const void *bytes, uint64_t bytes_size,
                            struct plexctl_json **ret_value)
{
    plexctl_status status = services_fail(host, "json->parse");

    return status == PLEXCTL_OK ? services.real.json->parse(host, bytes, bytes_size, ret_value) : status;
}

static bool builder_fails(const struct plexctl_host *host, const char *name)
{
    if (services_fail_memory(host, name) == PLEXCTL_OK)
        return false;
    services.has_builder_failed = true;
    return true;
}

static struct plexctl_json *object(const struct plexctl_host *host)
{
    return builder_fails(host, "json->object") ? NULL : services.real.json->object(host);
}

static struct plexctl_json *array(const struct plexctl_host *host)
{
    return builder_fails(host, "json->array") ? NULL : services.real.json->array(host);
}

static struct plexctl_json *copy(const struct plexctl_host *host, const struct plexctl_json *value)
{
    if (builder_fails(host, "json->copy") || (services.has_builder_failed && !value))
        return NULL;
    return services.real.json->copy(host, value);
}

/* After a failure the pointers that it left NULL are no second one. */
static bool is_refused(const char *name, const void *container)
{
    return builder_fails(services.host, name) || (services.has_builder_failed && !container);
}

/* What could not be put into a tree is gone all the same. */
static bool is_put_refused(const char *name, const void *container, struct plexctl_json *value)
{
    bool is_failing = is_refused(name, container);

    if (is_failing)
        services.real.json->release(services.host, value);
    return is_failing || (services.has_builder_failed && !value);
}

static plexctl_status set(struct plexctl_json *container, const char *key, struct plexctl_json *value)
{
    return is_put_refused("json->set", container, value) ? PLEXCTL_NO_MEMORY
                                                         : services.real.json->set(container, key, value);
}

static plexctl_status append(struct plexctl_json *container, struct plexctl_json *value)
{
    return is_put_refused("json->append", container, value) ? PLEXCTL_NO_MEMORY
                                                            : services.real.json->append(container, value);
}

static plexctl_status set_string(struct plexctl_json *container, const char *key, const char *text)
{
    return is_refused("json->set_string", container) ? PLEXCTL_NO_MEMORY
                                                     : services.real.json->set_string(container, key, text);
}

static plexctl_status set_secret(struct plexctl_json *container, const char *key, const char *text)
{
    return is_refused("json->set_secret", container) ? PLEXCTL_NO_MEMORY
                                                     : services.real.json->set_secret(container, key, text);
}

static plexctl_status set_integer(struct plexctl_json *container, const char *key, int64_t number)
{
    return is_refused("json->set_integer", container) ? PLEXCTL_NO_MEMORY
                                                      : services.real.json->set_integer(container, key, number);
}

static plexctl_status set_boolean(struct plexctl_json *container, const char *key, int32_t truth)
{
    return is_refused("json->set_boolean", container) ? PLEXCTL_NO_MEMORY
                                                      : services.real.json->set_boolean(container, key, truth);
}

static plexctl_status append_string(struct plexctl_json *container, const char *text)
{
    return is_refused("json->append_string", container) ? PLEXCTL_NO_MEMORY
                                                        : services.real.json->append_string(container, text);
}

plexctl_status services_tell_builder(const struct plexctl_host *host)
{
    const char *ignored = NULL;

    if (!services.has_builder_failed)
        return PLEXCTL_OK;
    services.has_builder_failed = false;
    (void)services.real.json->serialise(host, NULL, &ignored); /* forgets what followed from it */
    return services.real.error->fail(host, PLEXCTL_NO_MEMORY, "out of memory");
}

static plexctl_status serialise(const struct plexctl_host *host, struct plexctl_json *value, const char **ret_text)
{
    plexctl_status status = services_tell_builder(host);

    if (status == PLEXCTL_OK)
        status = services_fail(host, "json->serialise");
    return status == PLEXCTL_OK ? services.real.json->serialise(host, value, ret_text) : status;
}

void services_put_values(struct plexctl_host *table)
{
    static struct plexctl_host_url url;
    static struct plexctl_host_json json;

    services.host = table;
    url = *table->url;
    url.parse = url_parse;
    table->url = &url;
    json = *table->json;
    json.parse = parse;
    json.object = object;
    json.array = array;
    json.copy = copy;
    json.set = set;
    json.set_string = set_string;
    json.set_secret = set_secret;
    json.set_integer = set_integer;
    json.set_boolean = set_boolean;
    json.append = append;
    json.append_string = append_string;
    json.serialise = serialise;
    table->json = &json;
}
