/* SPDX-License-Identifier: Apache-2.0
 *
 * The style sheet of all pages. Colours keep a contrast of 4.5:1 and more on their grounds, controls 3:1, in both
 * schemes (WCAG 2.2 1.4.3, 1.4.11); targets are 44 px high (2.5.5).
 */
#include "pages.h"

static const char style[] =
    ":root{color-scheme:light dark;--ground:#f3f4f8;--card:#fff;--text:#1b1f2a;--soft:#525a6b;--line:#8a92a3;"
    "--hair:#d9dde6;--main:#3a3fbf;--main-text:#fff;--main-over:#2c309b;--code:#eceefb;--good:#116530;--bad:#a31621;"
    "--good-ground:#e7f5ec;--bad-ground:#fdecee;--note:#6b4500;--note-ground:#fff4d9}"
    "@media(prefers-color-scheme:dark){:root{--ground:#12141b;--card:#1c1f29;--text:#edeff5;--soft:#b1b8c8;"
    "--line:#7f889b;--hair:#343948;--main:#a9adff;--main-text:#14163a;--main-over:#c6c9ff;--code:#282c47;"
    "--good:#7bdc9f;--bad:#ffa3ab;--good-ground:#14301f;--bad-ground:#3b171c;--note:#ffd98a;--note-ground:#33280f}}"
    "*,*::before,*::after{box-sizing:border-box}"
    "body{margin:0;min-height:100vh;background:var(--ground);color:var(--text);"
    "font:1rem/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere}"
    ".banner{margin:0;padding:.5rem 1rem;background:var(--note-ground);color:var(--note);text-align:center;"
    "font-size:.875rem}"
    "main{width:100%;max-width:34rem;margin:0 auto;padding:1.5rem 1rem 3rem}"
    ".card{background:var(--card);border:1px solid var(--hair);border-radius:.75rem;padding:1.5rem}"
    ".brand{margin:0 0 1rem;font-weight:600;color:var(--soft)}"
    "h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}"
    "h2{margin:1.5rem 0 .5rem;font-size:1rem}"
    "p{margin:0 0 1rem}"
    ".soft{color:var(--soft);font-size:.9375rem}"
    ".code{display:block;margin:.5rem 0 1rem;padding:.75rem;background:var(--code);border-radius:.5rem;"
    "text-align:center;font:600 1.75rem/1.2 ui-monospace,'SFMono-Regular',Menlo,Consolas,'DejaVu Sans Mono',monospace;"
    "letter-spacing:.08em;white-space:nowrap}"
    "dl{margin:0 0 1.25rem;display:grid;grid-template-columns:max-content 1fr;gap:.375rem 1rem}"
    "dt{color:var(--soft)}dd{margin:0}"
    ".id{display:block;font:.875rem/1.6 ui-monospace,'SFMono-Regular',Menlo,Consolas,'DejaVu Sans Mono',monospace}"
    "@media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.625rem}.card{padding:1.25rem}"
    ".code{font-size:1.5rem}}"
    "fieldset{margin:0 0 1.25rem;padding:0;border:0}legend{padding:0;margin-bottom:.5rem;font-weight:600}"
    ".choice{display:flex;gap:.75rem;align-items:flex-start;min-height:2.75rem;padding:.625rem .75rem;"
    "margin-bottom:.5rem;border:1px solid var(--line);border-radius:.5rem;cursor:pointer}"
    ".choice:has(:checked){border-color:var(--main);box-shadow:inset 0 0 0 1px var(--main)}"
    ".choice input{flex:none;width:1.25rem;height:1.25rem;margin:.125rem 0 0;accent-color:var(--main)}"
    ".choice span{display:block}"
    "label.field{display:block;margin-bottom:.25rem;font-weight:600}"
    "input.field{width:100%;min-height:3rem;margin-bottom:1.25rem;padding:.5rem .75rem;border:1px solid var(--line);"
    "border-radius:.5rem;background:var(--card);color:var(--text);letter-spacing:.08em;"
    "font:1.25rem ui-monospace,'SFMono-Regular',Menlo,Consolas,'DejaVu Sans Mono',monospace}"
    "button{width:100%;min-height:2.75rem;padding:.625rem 1rem;border:2px solid var(--main);border-radius:.5rem;"
    "background:var(--main);color:var(--main-text);font:inherit;font-weight:600;cursor:pointer}"
    "button:hover{background:var(--main-over);border-color:var(--main-over)}"
    "button.second{background:transparent;border-color:var(--line);color:var(--text)}"
    "button.second:hover{background:var(--code)}"
    ".actions{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}"
    "@media(max-width:22rem){.actions{grid-template-columns:1fr}}"
    ".who{display:flex;flex-wrap:wrap;gap:.25rem .75rem;align-items:center;justify-content:space-between;"
    "margin-top:1.5rem;padding-top:1rem;border-top:1px solid var(--hair)}.who p{margin:0}"
    ".who button{width:auto;border:0;padding:.5rem "
    "0;background:none;font-weight:400;font-size:.9375rem;color:var(--main);text-decoration:underline}"
    ".who button:hover{color:var(--main-over)}"
    ".alert,.result{padding:.75rem 1rem;border-left:4px solid;border-radius:.25rem}"
    ".alert,.result.bad{color:var(--bad);background:var(--bad-ground)}"
    ".result.plain{background:var(--code)}"
    ".result.good{color:var(--good);background:var(--good-ground)}"
    ":focus-visible{outline:3px solid var(--main);outline-offset:2px}"
    "@media(forced-colors:active){.choice:has(:checked){outline:2px solid Highlight}}";

const char *pages_style(void)
{
    return style;
}
