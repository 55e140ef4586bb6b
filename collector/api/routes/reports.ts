// GET /api/v1/reports/{format}: how hosts stand, in the forms that other tools read.
import * as z from 'zod'
import { fleetReport, reportFormats } from '../fleet-report.ts'
import { hostSelection } from '../host-selection.ts'
import { idParameter } from '../parameters.ts'
import { defineRoute } from '../route.ts'

export const getReport = defineRoute({
  path: '/api/v1/reports/{format}',
  summary: 'Results of the selected hosts as SARIF, JUnit, CSV, OCSF, Markdown, JSON or HTML',
  access: { resource: 'reports', verb: 'get' },
  params: z.strictObject({ format: z.enum(Object.keys(reportFormats) as [keyof typeof reportFormats]) }),
  query: z.strictObject({ ...hostSelection, host: idParameter.optional().describe('id of one host') }),
  answer: {
    status: 200,
    description: 'the report; CSV and OCSF for any number of hosts, the others for 500 at most',
    contentType: [...new Set(Object.values(reportFormats).map(({ contentType }) => contentType))],
  },
  problems: [404, 409],
  handle: ({ params, query }, context) => fleetReport(params.format, query, context),
})
