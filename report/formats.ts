// The forms a report may take, by name; each is loaded when it is asked for.
import type { ScanReport } from './scan-report.ts'
import type { TableOptions } from './table.ts'

export interface RenderOptions {
  readonly table: TableOptions
}

/** Renders the reports of one or more hosts. */
export type Renderer = (reports: readonly ScanReport[], options: RenderOptions) => string

interface Format {
  readonly name: string
  readonly description: string
  readonly load: () => Promise<Renderer>
}

export const formats = [
  {
    name: 'table',
    description: 'for a person at a terminal',
    load: async () => {
      const { renderTable } = await import('./table.ts')
      return (reports, { table }) => reports.map(report => renderTable(report, table)).join('\n')
    },
  },
  {
    name: 'json',
    description: 'everything, for programs; see docs/reference/scan-report.schema.json',
    load: async () => (await import('./json.ts')).renderJsonReports,
  },
  {
    name: 'sarif',
    description: 'SARIF 2.1.0, for code scanning',
    load: async () => (await import('./sarif.ts')).renderSarif,
  },
  {
    name: 'junit',
    description: 'XML for the test views of CI systems',
    load: async () => (await import('./junit.ts')).renderJunit,
  },
  {
    name: 'csv',
    description: 'one row per result, for spreadsheets',
    load: async () => (await import('./csv.ts')).renderCsv,
  },
  {
    name: 'markdown',
    description: 'for pull requests, job summaries and wikis',
    load: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  {
    name: 'html',
    description: 'one page for people, to keep, send or print',
    load: async () => (await import('./html/page.ts')).renderHtml,
  },
  {
    name: 'ocsf',
    description: 'OCSF Compliance Finding events, one JSON object per line',
    load: async () => (await import('./ocsf.ts')).renderOcsf,
  },
  {
    name: 'kube-bench',
    description: 'results of the CIS Kubernetes Benchmark in the shape of kube-bench’s JSON',
    load: async () => (await import('./kube-bench.ts')).renderKubeBench,
  },
  {
    name: 'openmetrics',
    description: 'metrics, for node_exporter’s textfile directory',
    load: async () => (await import('./openmetrics.ts')).renderOpenMetrics,
  },
] as const satisfies readonly Format[]

export type FormatName = (typeof formats)[number]['name']

export const formatNames: readonly FormatName[] = formats.map(format => format.name)

/** @throws Error for a name that is none */
export function loadRenderer(name: FormatName): Promise<Renderer> {
  const format = formats.find(item => item.name === name)
  if (!format) throw new Error(`unknown format ${name}`)
  return format.load()
}
