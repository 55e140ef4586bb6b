// GET /: the fleet on one page, for a person who just looks.
import { htmlText } from '../html.ts'
import { overviewPage } from '../overview/overview-page.ts'
import { overviewStyle } from '../overview/overview-style.ts'
import { readOverview } from '../overview/read-overview.ts'
import { defineRoute } from '../route.ts'

export const getOverview = defineRoute({
  path: '/',
  summary: 'Overview of the fleet for people',
  answer: { status: 200, description: 'a page', contentType: 'text/html; charset=utf-8' },
  handle: async (_, context) => htmlText(overviewPage(await readOverview(context))),
})

export const getOverviewStyle = defineRoute({
  path: '/overview.css',
  summary: 'Style of the overview',
  answer: { status: 200, description: 'a style sheet', contentType: 'text/css; charset=utf-8' },
  handle: async () => overviewStyle,
})
