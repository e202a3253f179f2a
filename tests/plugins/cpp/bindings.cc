// SPDX-License-Identifier: Apache-2.0
//
// plexctl bindings - a plugin in C++: lists the identity providers that a domain can be logged in to with.
//
// The ABI is that of C, and no exception may cross it: `run` is the one door, it is noexcept, and whatever is thrown
// behind it ends there as a status. Built with -std=c++20 for the designators; the header itself asks for C++11.
#include <plexctl/plugin.h>

#include <exception>
#include <new>
#include <string>
#include <vector>

namespace {

// A service failed with that status, and the host knows why.
struct failure {
    plexctl_status status;
};

void check(plexctl_status status)
{
    if (status != PLEXCTL_OK)
        throw failure{status};
}

// Lives until run returns.
plexctl_json *fetch(const plexctl_host *host, const std::string &path)
{
    plexctl_http_request request{};
    const plexctl_http_reply *reply = nullptr;
    plexctl_json *body = nullptr;

    request.size = sizeof request;
    request.method = "GET";
    request.path = path.c_str();
    check(host->http->send(host, &request, &reply));
    if (reply->status != 200)
        throw failure{host->http->problem(host, reply)};
    plexctl_status status = host->json->parse(host, reply->body, reply->body_size, &body);
    if (status == PLEXCTL_OK && host->json->type(body) != PLEXCTL_JSON_ARRAY)
        status = host->error->fail(host, PLEXCTL_FAILED, "the body must be a JSON array");
    if (status != PLEXCTL_OK)
        throw failure{host->http->malformed(host, reply, "list of bindings")};
    return body;
}

void list_bindings(const plexctl_host *host)
{
    const std::string domain = host->values->string(host, "domain-id");
    const plexctl_json *body = fetch(host, "/v1/auth/idp-bindings?domain_id=" + domain);
    std::vector<const plexctl_json *> rows;
    plexctl_json *result = host->json->array(host);

    for (uint64_t i = 0; i < host->json->length(body); i++)
        rows.push_back(host->json->at(body, i));
    if (host->values->given(host, "row")) // at() throws where there is no such row
        rows = {rows.at(static_cast<size_t>(host->values->integer(host, "row")))};
    for (const plexctl_json *row : rows)
        host->json->append(result, host->json->copy(host, row));
    check(host->output->emit(host, result));
}

extern "C" plexctl_status run(const plexctl_host *host) noexcept
{
    try {
        list_bindings(host);
        return PLEXCTL_OK;
    } catch (const failure &failed) {
        return failed.status;
    } catch (const std::bad_alloc &) {
        return host->error->fail(host, PLEXCTL_NO_MEMORY, "out of memory");
    } catch (const std::exception &thrown) {
        return host->error->fail(host, PLEXCTL_FAILED, thrown.what());
    } catch (...) {
        return host->error->fail(host, PLEXCTL_FAILED, "an unknown exception was thrown");
    }
}

constexpr plexctl_flag flags[] = {
    {.name = "domain-id", .help = "The domain", .type = PLEXCTL_UUID, .attributes = PLEXCTL_REQUIRED},
    {.name = "row", .help = "Show that row only, counted from 0", .maximum = 1000, .type = PLEXCTL_INT},
};
constexpr plexctl_column columns[] = {{"alias", "ALIAS"}, {"label", "LABEL"}, {"issuer_host", "ISSUER"}, {"id", "ID"}};

const plexctl_command command = {
    .size = sizeof command,
    .needs = PLEXCTL_NEEDS_SERVER,
    .inert = PLEXCTL_INERT_TOKEN_FILE | PLEXCTL_INERT_YES | PLEXCTL_INERT_REVEAL_SECRETS,
    .name = "bindings",
    .summary = "List the identity providers of a domain",
    .flags = PLEXCTL_ROWS(flags),
    .columns = PLEXCTL_ROWS(columns),
    .run = run,
};

} // namespace

PLEXCTL_PLUGIN("bindings", "1.0.0", "List the identity providers of a domain", &command)
