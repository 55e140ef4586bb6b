// The reference of what a collector tells Prometheus, made from the metrics themselves.
import { createMetrics, type MetricSources, type MetricWords } from '../../collector/metrics.ts'
import type { GeneratedFile } from './index.ts'
import { madeHeader, markdown, table } from './markdown.ts'

const intro = `# Metrics of a collector

What \`GET /metrics\` tells Prometheus, with a token that may read \`metrics\`, or without one at \`--metrics-address\`.
Labels take values from closed lists: severities, states, routes as the API names them, facets that this version knows,
receivers and clusters of the configuration. No host is a label: how one stands is in the API and in the metrics of
[its agent](../quick-start.md). \`process_\` and \`nodejs_\` metrics of the process, with the delay of its event loop, stand beside these.`

/** Nobody asks: only names are read. */
const nothing = new Proxy({}, { get: () => () => undefined }) as MetricSources

export function metricsPage(): readonly GeneratedFile[] {
  const told = createMetrics(nothing).describe()
  const own = told.filter(({ name }) => name.startsWith('gabion_'))
  const rows = own.map(({ name, kind, labels, help }) => [`\`${name}\``, kind, labelText(labels), markdown(help)])
  const lines = [intro, '', ...table(['Metric', 'Kind', 'Labels', 'What it is'], rows), '']
  return [{ path: 'docs/reference/metrics.md', content: madeHeader + lines.join('\n') }]
}

const labelText = (labels: MetricWords['labels']) => labels.map(label => `\`${label}\``).join(', ')
