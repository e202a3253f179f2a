/* SPDX-License-Identifier: Apache-2.0 */
#include "qr_code.h"

#ifdef HAVE_QRENCODE

#include <errno.h>
#include <qrencode.h>

/* The lowest of the levels of error correction: a screen has no stains, and the smaller code fits more terminals. */
plexctl_status qr_code_show(const struct plexctl_host *host, const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_L, QR_MODE_8, 1);

    if (!code && errno == ENOMEM)
        return host->error->fail(host, PLEXCTL_NO_MEMORY, "out of memory");
    if (!code)
        return host->error->fail(host, PLEXCTL_FAILED, "the link is too long for a QR code");
    const uint32_t width = (uint32_t)code->width;
    for (uint32_t i = 0; i < width * width; i++)
        code->data[i] &= 1; /* the other bits say what a module is part of */
    plexctl_status status = host->output->draw_modules(host, code->data, width);
    QRcode_free(code);
    return status;
}

#else

plexctl_status qr_code_show(const struct plexctl_host *host, const char *text)
{
    (void)text;
    return host->error->fail(host, PLEXCTL_FAILED, "this plexctl was built without libqrencode");
}

#endif
