// The dashboard and the alerts: over metrics that are there, with labels that they have.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'
import { createMetrics } from '../../collector/metrics.ts'
import { renderPrometheus } from '../../report/prometheus.ts'
import { findTool } from '../tools.ts'

const deploy = join(import.meta.dirname, '../../deploy')
const read = (path: string) => readFileSync(join(deploy, path), 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}
/** Of promtool's tests. */
interface RuleTest {
  readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[]
}
interface Panel {
  readonly id: number
  readonly title: string
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[]
}

const rules = parse(read('prometheus/gabion.rules.yaml')) as {
  readonly groups: readonly { readonly rules: readonly Rule[] }[]
}
const alerts = rules.groups.flatMap(group => group.rules)
const dashboard = JSON.parse(read('grafana/gabion.json')) as { readonly uid: string; readonly panels: readonly Panel[] }

/** Everything that both tell, each label name of a metric by its name. */
async function toldMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const sources = {
    fleet: async () => ({ hosts: 1, results: { high: { pass: 1, fail: 1, manual: 0, not_applicable: 0, error: 0 } } }),
    size: async () => ({ bytes: 1, freeBytes: 1, logBytes: 1 }),
    clusters: () => [{ cluster: 'local', nodes: 1, isCurrent: true, failures: 0, reports: { written: 1 } }],
    posture: async () => ({
      ...{ score: 1, coverage: 1, waived: 0, sessions: 0, findings: { high: 1 }, hosts: { online: 1 } },
      unread: [{ facet: 'ports', state: 'error', hosts: 1 }],
    }),
    queues: async () => [{ name: 'ops', messages: 1 }],
    agents: () => ({
      ...{ versions: new Map([['1', 1]]), limited: new Map([['memory', 1]]) },
      ...{ failing: new Map([['ports', 1]]), notReloaded: 0 },
    }),
  }
  // Whatever else is asked is a number.
  const all = new Proxy(sources, { get: (known, name) => Reflect.get(known, name) ?? (() => 0) })
  const collector = createMetrics(all as unknown as Parameters<typeof createMetrics>[0])
  collector.message('offer')
  collector.decision('known')
  collector.change('applied')
  collector.shed('disk')
  collector.refusal('identity')
  collector.commit(1, 1)
  collector.judged(1)
  collector.request('/healthz', 200, 1)
  collector.delivery('ops', 'failed')
  collector.dropped('ops', 1)
  const agent = renderPrometheus({
    ...{ version: '1', probes: [{ probe: 'ports', state: 'present', durationMs: 1 }] },
    judgement: {
      ...{ atMs: 0, checks: [{ id: 'a', severity: 'high' }] },
      score: { score: 1, coverage: 1, waived: 0 } as never,
      results: [{ check: 'a', state: 'fail' } as never],
    },
  })
  const found = new Map<string, Set<string>>()
  for (const line of `${(await collector.expose()).text}\n${agent}`.split('\n')) {
    const [, name, labels = ''] = /^([a-z][a-z0-9_]*)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (name === undefined) continue
    const known = found.get(name) ?? new Set(['job', 'instance'])
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    found.set(name, known)
  }
  return found
}

const words = new Set([
  'sum',
  'max',
  'by',
  'rate',
  'increase',
  'absent',
  'time',
  'histogram_quantile',
  'le',
  'and',
  'or',
])

t.test('every expression reads metrics that are told, by labels that they have', async t => {
  const told = await toldMetrics()
  t.ok(told.size > 40, `${told.size} metrics`)
  const targets = dashboard.panels.flatMap(panel => panel.targets ?? [])
  t.ok(targets.length >= 20)
  for (const expr of [...alerts.map(rule => rule.expr), ...targets.map(target => target.expr)]) {
    const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/,\s*/))
    const bare = expr
      .replace(/\bby \([^)]*\)/g, '')
      .replace(/\[[^\]]*\]/g, '')
      .replace(/\{[^}]*\}/g, '')
    const metrics = [...bare.matchAll(/\b[a-z_][a-z0-9_]*\b/g)].map(([name]) => name).filter(name => !words.has(name))
    t.ok(metrics.length > 0, expr)
    for (const name of metrics) t.ok(told.has(name), `${name} in ${expr}`)
    const known = new Set(metrics.flatMap(name => [...(told.get(name) ?? [])]))
    for (const name of grouped) t.ok(known.has(name), `by (${name}) in ${expr}`)
    for (const [, name = '', selector = ''] of expr.matchAll(/\b([a-z_][a-z0-9_]*)\{([^}]*)\}/g)) {
      for (const [, label = ''] of selector.matchAll(/(\w+)(?:=~?|!=|!~)"/g)) {
        t.ok(told.get(name)?.has(label), `${label} of ${name}`)
      }
    }
  }
})

t.test('what an alert or a legend names is a label that is left', async t => {
  const left = (expr: string) => {
    const [, by] = /^(?:sum|max) by \(([^)]*)\)/.exec(expr) ?? []
    return by === undefined ? undefined : by.split(/,\s*/)
  }
  for (const { alert, expr, annotations, labels } of alerts) {
    t.match(labels['severity'], /^(warning|critical)$/, alert)
    const named = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label ?? '')
    const kept = left(expr)
    if (kept)
      t.strictSame(
        named.filter(label => !kept.includes(label)),
        [],
        alert,
      )
    for (const key of ['summary', 'description']) t.match(annotations[key], /^[^.]+\w/, `${alert} has a ${key}`)
  }
  t.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
})

t.test('panels have a place of their own', async t => {
  const { panels } = dashboard
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  const overlap = (a: Panel['gridPos'], b: Panel['gridPos']) =>
    a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
  for (const [index, one] of panels.entries()) {
    t.ok(one.gridPos.x + one.gridPos.w <= 24, one.title)
    t.notOk(
      panels.slice(index + 1).some(other => overlap(one.gridPos, other.gridPos)),
      one.title,
    )
  }
})

t.test('the Prometheus operator gets the same alerts', async t => {
  const { spec } = parse(read('kubernetes/components/monitoring/prometheus-rule.yaml')) as { readonly spec: unknown }
  t.strictSame(spec, rules)
})

const promtool = findTool('promtool')
t.test(
  'promtool finds nothing wrong, and alerts fire when they should',
  { skip: promtool === undefined && 'needs promtool' },
  async t => {
    const run = (...args: readonly string[]) =>
      execFileSync(promtool ?? '', args, {
        cwd: join(deploy, 'prometheus'),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    t.match(run('check', 'rules', 'gabion.rules.yaml'), `${alerts.length} rules found`)
    t.doesNotThrow(() => run('test', 'rules', 'gabion.rules.test.yaml'))
    const { tests } = parse(read('prometheus/gabion.rules.test.yaml')) as { readonly tests: readonly RuleTest[] }
    const asked = tests.flatMap(test => test.alert_rule_test)
    const firing = new Set(asked.filter(({ exp_alerts }) => exp_alerts.length > 0).map(({ alertname }) => alertname))
    for (const { alert } of alerts) t.ok(firing.has(alert), `${alert} fires in a test`)
  },
)
