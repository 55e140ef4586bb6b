// GET / with its style and icon: the fleet on one page, for a person who just looks.
import { htmlText } from '../html.ts'
import { overviewPage } from '../overview/overview-page.ts'
import { overviewStyle } from '../overview/overview-style.ts'
import { readOverview } from '../overview/read-overview.ts'
import { defineRoute } from '../route.ts'

export const getOverview = defineRoute({
  path: '/',
  summary: 'Overview of the fleet for people',
  isPage: true,
  access: { resource: 'summary', verb: 'get' },
  answer: { status: 200, description: 'a page', contentType: 'text/html; charset=utf-8' },
  handle: async (_, context) => htmlText(overviewPage(await readOverview(context))),
})

export const getOverviewStyle = defineRoute({
  path: '/overview.css',
  summary: 'Style of the overview',
  access: 'anyone',
  answer: { status: 200, description: 'a style sheet', contentType: 'text/css; charset=utf-8' },
  handle: async () => overviewStyle,
})

export const getIcon = defineRoute({
  path: '/icon.svg',
  summary: 'Icon of the overview',
  access: 'anyone',
  answer: { status: 200, description: 'a picture', contentType: 'image/svg+xml' },
  handle: async () => icon,
})

/** A cage of wire, filled with stones. */
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<g fill="#8a949e"><circle cx="9" cy="22" r="5"/><circle cx="20" cy="23" r="6"/><circle cx="12" cy="12" r="5"/>
<circle cx="22" cy="12" r="5"/></g>
<path d="M3 5h26v23H3zM3 12.7h26M3 20.3h26M11.7 5v23M20.3 5v23" fill="none" stroke="#1c2733" stroke-width="1.6"/>
</svg>
`
