// The reader of bench/fleet.ts: asks every page of the API in turn and counts how long each takes.

export interface Page {
  readonly name: string
  /** below the base */
  readonly path: string
}

export interface Timing {
  readonly page: Page
  /** milliseconds until the whole answer was there */
  readonly p50: number
  readonly p95: number
  readonly longest: number
  readonly bytes: number
  readonly failures: number
}

interface Listed {
  readonly items: readonly Readonly<Record<string, string>>[]
  readonly nextCursor?: string
}

/** Asks all pages one after another, again and again for that time. */
export async function askPages(base: string, forMs: number): Promise<readonly Timing[]> {
  const pages = await pagesOf(base)
  const taken = new Map(pages.map(page => [page, { times: [] as number[], bytes: 0, failures: 0 }]))
  const until = performance.now() + forMs
  while (performance.now() < until) {
    for (const [page, known] of taken) {
      const asked = performance.now()
      const response = await fetch(`${base}${page.path}`)
      known.bytes = (await response.arrayBuffer()).byteLength
      known.times.push(performance.now() - asked)
      if (!response.ok) known.failures++
    }
  }
  return [...taken].map(([page, { times, bytes, failures }]) => {
    const sorted = times.sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0
    return { page, p50: at(0.5), p95: at(0.95), longest: at(1), bytes, failures }
  })
}

/** Two cohorts: all hosts of a role, and the hosts of a team, each with pins. */
const cohorts = [
  { id: 'web', hosts: { matchLabels: { role: 'web' } }, pins: ['ports', 'sysctl', 'kernel-modules'] },
  { id: 'team-7', hosts: { matchLabels: { team: 'team-7' } }, pins: ['accounts'] },
]

/** Makes what the pages show beside hosts; what is there already stays. */
export async function prepare(base: string): Promise<void> {
  const send = (method: string, path: string, body: unknown) =>
    fetch(`${base}/api/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  for (const { id, hosts, pins } of cohorts) {
    const made = await send('POST', 'cohorts', { id, hosts })
    if (!made.ok && made.status !== 409) throw new Error(`cohort ${id}: ${await made.text()}`)
    for (const facet of pins) {
      const pinned = await send('PUT', `cohorts/${id}/pins/${facet}`, { majority: true })
      if (!pinned.ok) throw new Error(`pin of ${facet}: ${await pinned.text()}`)
    }
  }
}

async function pagesOf(base: string): Promise<readonly Page[]> {
  const get = async (path: string) => (await (await fetch(`${base}/api/v1/${path}`)).json()) as Listed
  const { items, nextCursor: secondHosts } = await get('hosts?limit=100')
  const host = items[50]?.['id'] ?? ''
  const { items: failing, nextCursor: secondFindings } = await get('findings?limit=100')
  const check = failing[0]?.['check'] ?? ''
  const { items: changes } = await get(`hosts/${host}/facets/ports/history`)
  const at = changes.at(-1)?.['from'] ?? new Date().toISOString()
  const paths = [
    'hosts',
    `hosts?limit=100&cursor=${secondHosts ?? ''}`,
    'hosts?limit=500',
    'hosts?sort=score',
    'hosts?state=connected',
    'hosts?state=disconnected',
    'hosts?severity=critical',
    'hosts?label=role%3Dweb',
    'hosts?label=team%3Dteam-7&label=role%3Ddb',
    'hosts?q=node-0777',
    `hosts/${host}`,
    `hosts/${host}/health`,
    `hosts/${host}/facets`,
    `hosts/${host}/facets/ports`,
    `hosts/${host}/facets/ports?at=${encodeURIComponent(at)}`,
    `hosts/${host}/facets/ports/history`,
    `hosts/${host}/gaps`,
    `hosts/${host}/results`,
    `hosts/${host}/results?state=fail`,
    `hosts/${host}/results/${check}/history`,
    'results',
    'results?state=fail',
    'results?state=error',
    'results?state=manual&severity=low',
    'results?severity=critical',
    'results?waived=true',
    `results?check=${check}&state=fail`,
    `results?check=${check}&state=pass`,
    'findings',
    'findings?severity=high',
    `findings?limit=100&cursor=${secondFindings ?? ''}`,
    'checks',
    `checks/${check}`,
    'profiles',
    'drift',
    'drift?limit=500',
    'drift?kind=result',
    'drift?subject=ports',
    'drift?subject=kernel-modules',
    `drift?host=${host}`,
    `drift?since=${encodeURIComponent(new Date(Date.now() - 30_000).toISOString())}`,
    'summary',
    'waivers',
    'audit',
    'enrollments',
    'enrollment-tokens',
    'api-tokens',
    'receivers',
    'trends',
    'trends?step=hour',
    `checks/${check}/trend`,
    'time-to-fix',
    'time-to-fix?by=check',
    'findings?sort=oldest',
    'findings?sort=newest',
    `hosts/${host}/results?at=${encodeURIComponent(at)}`,
    'cohorts',
    'cohorts/web',
    'cohorts/team-7',
    'cohorts/web/pins',
    'cohorts/web/deviations',
    'cohorts/web/deviations?facet=ports',
    'cohorts/team-7/deviations',
    'cohorts/web/outliers?facet=ports',
    'cohorts/web/outliers?facet=sysctl',
    'cohorts/team-7/outliers?facet=accounts',
    'outliers?facet=sysctl',
    'outliers?facet=ports',
    'outliers?facet=accounts&label=role%3Dweb',
    'outliers?facet=containers&label=team%3Dteam-7',
  ].map(path => ({
    name: path.replaceAll(host, 'ID').replaceAll(/cursor=[^&]+/g, 'cursor=…'),
    path: `/api/v1/${path}`,
  }))
  return [...paths, { name: '/', path: '/' }, { name: '/metrics', path: '/metrics' }]
}
