// The frame of every page for people: head, style and icon. No script.
import { type Html, html } from './html.ts'

export interface PageOptions {
  readonly title: string
  /** path of its style sheet */
  readonly style: string
  /** after which it is loaded again; never when left out */
  readonly refreshSeconds?: number
}

/** @param body what stands between the body's tags */
export function page({ title, style, refreshSeconds }: PageOptions, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${refreshSeconds === undefined ? html`` : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="${style}">
</head>
<body>
${body}
</body>
</html>
`
}
