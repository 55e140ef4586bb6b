// Tells a managed or packaged Kubernetes by its version, and which of kube-bench's benchmarks is meant for it.

type Since = readonly (readonly [minor: number, benchmark: string])[]

interface Platform {
  /** of a version, behind its three numbers */
  readonly suffix: RegExp
  /** begins the names of its benchmarks */
  readonly prefix: string
  /** `minor version:benchmark` from that version on, the newest first */
  readonly since: string
}

const platforms: readonly Platform[] = [
  { suffix: /^-eks-/, prefix: 'eks-', since: '32:1.8.0 29:1.7.0 20:1.5.0 15:1.0.1' },
  { suffix: /^-gke\./, prefix: 'gke-', since: '32:1.8.0 29:1.6.0 20:1.2.0 15:1.0' },
  { suffix: /^\+k3s/, prefix: 'k3s-cis-', since: '27:1.9 26:1.8 25:1.7 24:1.24 22:1.23' },
  { suffix: /^\+rke2/, prefix: 'rke2-cis-', since: '26:1.8 25:1.7 24:1.24 22:1.23' },
  { suffix: /^-aliyun\./, prefix: 'ack-', since: '0:1.0' },
  { suffix: /^\+vmware\./, prefix: 'tkgi-', since: '0:1.2.53' },
]

/**
 * Benchmarks for a version such as `v1.30.4-eks-a737599`, the best first; none for plain Kubernetes.
 * @param available names of the benchmarks that there are
 */
export function platformBenchmarks(version: string, available: readonly string[]): readonly string[] {
  const [, minor = '', rest = ''] = /^v?1\.(\d{1,4})\.\d{1,4}(.*)$/.exec(version) ?? []
  const platform = platforms.find(({ suffix }) => suffix.test(rest))
  if (!platform) return []
  const { prefix } = platform
  const meant = sinceOf(platform)
    .filter(([from]) => Number(minor) >= from)
    .map(([, benchmark]) => benchmark)
  const others = available.filter(name => name.startsWith(prefix) && /^\d/.test(name.slice(prefix.length)))
  return [...new Set([...meant.filter(name => available.includes(name)), ...others.sort().reverse()])]
}

const sinceOf = ({ since, prefix }: Platform): Since =>
  since.split(' ').map(entry => {
    const [from = '', benchmark = ''] = entry.split(':')
    return [Number(from), `${prefix}${benchmark}`]
  })
