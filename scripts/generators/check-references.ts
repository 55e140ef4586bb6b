// Links from a check to the benchmarks and guides that ask for the same.
import type { Check, Reference } from '../../policy/check.ts'
import { markdown } from './markdown.ts'

const titles: Readonly<Record<string, string>> = {
  'cis-kubernetes': 'CIS Kubernetes Benchmark',
  'cis-docker': 'CIS Docker Benchmark',
  'cis-ubuntu-linux-24.04': 'CIS Ubuntu Linux 24.04 LTS Benchmark',
  'cis-red-hat-enterprise-linux-9': 'CIS Red Hat Enterprise Linux 9 Benchmark',
  'nist-800-190': 'NIST SP 800-190',
  'nsa-kubernetes-hardening': 'NSA and CISA Kubernetes Hardening Guide',
  'mitre-attack': 'MITRE ATT&CK',
}

/** A list of links under a heading; nothing for a check without references. */
export function referenceLinks(check: Check): readonly string[] {
  const places = new Map<string, string[]>()
  for (const reference of check.references) {
    const key = `${reference.source} ${reference.id}`
    places.set(key, [...(places.get(key) ?? []), reference.version].filter(Boolean))
  }
  const seen = new Set<string>()
  const lines = check.references.flatMap(reference => {
    const key = `${reference.source} ${reference.id}`
    if (seen.has(key)) return []
    seen.add(key)
    return [`- ${link(reference, places.get(key) ?? [])}`]
  })
  return lines.length === 0 ? [] : ['## See also', '', ...lines, '']
}

function link({ source, id }: Reference, versions: readonly string[]): string {
  const name = titles[source] ?? source
  const words = `${name}${versions.length === 0 ? '' : ` ${versions.join(', ')}`}: ${id}`
  if (source === 'mitre-attack') return `[${words}](https://attack.mitre.org/techniques/${id.replace('.', '/')}/)`
  return Object.hasOwn(titles, source) ? `[${markdown(words)}](../reference/coverage-${source}.md)` : markdown(words)
}
