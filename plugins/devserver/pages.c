/* SPDX-License-Identifier: Apache-2.0 */
#include "pages.h"

#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "html.h"

static void begin(struct html *html, const char *title)
{
    html_begin(html);
    html_write(html,
               "<!DOCTYPE html>\n"
               "<html lang=\"en\">\n"
               "<head>\n"
               "<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
               "<meta name=\"color-scheme\" content=\"light dark\">\n"
               "<title>%s – plexsphere development server</title>\n",
               title);
    /* The style is ours and holds no %s; an escaped one would not match its hash. */
    if (html->out)
        (void)fprintf(html->out, "<style>%s</style>\n", pages_style());
    html_write(html,
               "</head>\n"
               "<body>\n"
               "<header><p class=\"banner\">For development and tests – not for production</p></header>\n"
               "<main>\n"
               "<div class=\"card\">\n"
               "<p class=\"brand\">plexsphere</p>\n"
               "<h1>%s</h1>\n",
               title);
}

static char *end(struct html *html)
{
    html_write(html, "</div>\n</main>\n</body>\n</html>\n");
    return html_end(html);
}

static void write_alert(struct html *html, const char *fault)
{
    if (fault)
        html_write(html, "<p class=\"alert\" role=\"alert\" id=\"fault\">%s</p>\n", fault);
}

static void write_hidden(struct html *html, const char *name, const char *value)
{
    if (value)
        html_write(html, "<input type=\"hidden\" name=\"%s\" value=\"%s\">\n", name, value);
}

static void write_who(struct html *html, const char *email, const char *csrf, const char *user_code)
{
    html_write(html,
               "<form class=\"who\" method=\"post\" action=\"" PAGE_PATH_SIGN_OUT "\">\n"
               "<p class=\"soft\">Signed in as <strong>%s</strong></p>\n",
               email);
    write_hidden(html, "csrf", csrf);
    write_hidden(html, "user_code", user_code);
    html_write(html, "<button type=\"submit\">Use another identity</button>\n</form>\n");
}

char *page_sign_in(const struct page_sign_in *view)
{
    struct html html;

    begin(&html, "Sign in");
    write_alert(&html, view->fault);
    html_write(&html, "<p>A program asks to be logged in. Sign in first; you decide on the next page.</p>\n"
                      "<form method=\"post\" action=\"" PAGE_PATH_SIGN_IN "\">\n");
    write_hidden(&html, "csrf", view->csrf);
    write_hidden(&html, "user_code", view->user_code);
    html_write(&html, "<fieldset>\n<legend>Test identity</legend>\n");
    for (size_t i = 0; i < IDENTITIES_COUNT; i++)
        html_write(&html,
                   "<label class=\"choice\"><input type=\"radio\" name=\"identity\" value=\"%s\" required%s>\n"
                   "<span><strong>%s</strong> <span class=\"soft\">%s</span></span></label>\n",
                   identities[i].email, i == 0 ? " checked" : "", identities[i].email, identities[i].effect);
    html_write(&html, "</fieldset>\n<button type=\"submit\">Sign in</button>\n</form>\n");
    return end(&html);
}

char *page_code_entry(const struct page_code_entry *view)
{
    struct html html;

    begin(&html, "Enter the code");
    write_alert(&html, view->fault);
    html_write(&html,
               "<p>Type the code that your terminal shows.</p>\n"
               "<form method=\"get\" action=\"" PAGE_PATH_DEVICE "\">\n"
               "<label class=\"field\" for=\"user_code\">Code</label>\n"
               "<p class=\"soft\" id=\"format\">Eight letters and digits, such as ABCD-EFGH</p>\n"
               "<input class=\"field\" id=\"user_code\" name=\"user_code\" type=\"text\" value=\"%s\" required"
               " maxlength=\"20\" autocomplete=\"off\" autocapitalize=\"characters\" autocorrect=\"off\""
               " spellcheck=\"false\" aria-describedby=\"format%s\">\n"
               "<button type=\"submit\">Continue</button>\n"
               "</form>\n",
               view->user_code ? view->user_code : "", view->fault ? " fault" : "");
    write_who(&html, view->email, view->csrf, NULL);
    return end(&html);
}

static void write_when(char *ret_text, size_t size, int64_t unix_s)
{
    time_t when = (time_t)unix_s;
    struct tm parts;

    if (!gmtime_r(&when, &parts) || strftime(ret_text, size, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
        (void)snprintf(ret_text, size, "unknown");
}

static void write_facts(struct html *html, const struct page_approval *view)
{
    char asked[64];
    char minutes[32];

    write_when(asked, sizeof asked, view->grant->asked_unix_s);
    (void)snprintf(minutes, sizeof minutes, "%lld", (long long)((view->expires_in_s + 59) / 60));
    html_write(html,
               "<dl>\n"
               "<dt>It would act as</dt><dd><strong>%s</strong></dd>\n"
               "<dt>Program</dt><dd><bdi>%s</bdi> <span class=\"soft\">(as it calls itself)</span></dd>\n"
               "<dt>Asked from</dt><dd>%s</dd>\n"
               "<dt>Asked at</dt><dd>%s</dd>\n"
               "<dt>Valid for</dt><dd>%s more %s</dd>\n"
               "<dt>Domain</dt><dd class=\"id\">%s</dd>\n"
               "<dt>Sign-in via</dt><dd>%s <span class=\"id\">%s</span></dd>\n"
               "</dl>\n",
               view->email, view->grant->client, view->grant->peer, asked, minutes,
               view->expires_in_s > 60 ? "minutes" : "minute", view->domain_id, view->binding_label, view->binding_id);
}

char *page_approval(const struct page_approval *view)
{
    struct html html;

    begin(&html, "Approve this login?");
    html_write(&html,
               "<p>Compare this code with the one in your terminal.</p>\n"
               "<strong class=\"code\">%s</strong>\n",
               view->grant->user_code);
    write_facts(&html, view);
    html_write(&html,
               "<p><strong>Approve only if you started this login yourself</strong> and both codes are the same. "
               "Nobody who helps you needs you to approve one of theirs.</p>\n"
               "<form class=\"actions\" method=\"post\" action=\"" PAGE_PATH_DECISION "\">\n");
    write_hidden(&html, "csrf", view->csrf);
    write_hidden(&html, "user_code", view->grant->user_code);
    html_write(&html, "<button type=\"submit\" name=\"decision\" value=\"approve\">Approve</button>\n"
                      "<button class=\"second\" type=\"submit\" name=\"decision\" value=\"deny\">Deny</button>\n"
                      "</form>\n");
    write_who(&html, view->email, view->csrf, view->grant->user_code);
    return end(&html);
}

char *page_result(const struct page_result *view)
{
    static const char *const classes[] = {[PAGE_GOOD] = "good", [PAGE_PLAIN] = "plain", [PAGE_BAD] = "bad"};
    struct html html;

    begin(&html, view->title);
    html_write(&html, "<p class=\"result %s\" role=\"%s\">%s</p>\n<p>%s</p>\n", classes[view->mood],
               view->mood == PAGE_BAD ? "alert" : "status", view->text, view->next);
    return end(&html);
}
