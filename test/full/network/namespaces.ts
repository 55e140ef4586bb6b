// Two network namespaces with one cable between them: nothing of this machine's own network is touched.
import { execFileSync } from 'node:child_process'
import type { Test } from 'tap'

/** Addresses of the two ends. */
export const ends = { agent: '10.99.7.1', collector: '10.99.7.2' } as const

export interface Network {
  /** argv that runs a program at one end */
  at(end: keyof typeof ends, ...command: readonly string[]): readonly [string, ...string[]]
  /** rules of nftables for the agent's end, in the place of those before; none takes them away */
  rules(...lines: readonly string[]): void
  cable(state: 'up' | 'down'): void
  /** a slow way; undefined makes it fast again. @returns how it is made slow */
  slow(isSlow: boolean): string
  /** how long the agent's end remembers a connection without packets */
  forgetAfter(seconds: number): void
}

const run = (command: string, ...args: readonly string[]) =>
  execFileSync(command, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })

/** The namespaces go when the test ends. @returns a reason when this machine does not let us */
export function createNetwork(t: Pick<Test, 'teardown'>): Network | string {
  const names = { agent: `gabion-${process.pid}-a`, collector: `gabion-${process.pid}-c` }
  t.teardown(() => {
    for (const name of Object.values(names)) attempt(() => run('ip', 'netns', 'del', name))
  })
  const link = { agent: 'agent0', collector: 'collector0' }
  const reason = attempt(() => {
    for (const name of Object.values(names)) run('ip', 'netns', 'add', name)
    run(
      'ip',
      'link',
      'add',
      link.agent,
      'netns',
      names.agent,
      'type',
      'veth',
      'peer',
      'name',
      link.collector,
      'netns',
      names.collector,
    )
    for (const end of ['agent', 'collector'] as const) {
      run('ip', '-n', names[end], 'address', 'add', `${ends[end]}/24`, 'dev', link[end])
      for (const device of ['lo', link[end]]) run('ip', '-n', names[end], 'link', 'set', device, 'up')
    }
    run('ip', 'netns', 'exec', names.agent, 'nft', 'add', 'table', 'inet', 'faults')
  })
  if (reason) return reason
  const at: Network['at'] = (end, ...command) => ['ip', 'netns', 'exec', names[end], ...command]
  const nft = (text: string) =>
    execFileSync('ip', ['netns', 'exec', names.agent, 'nft', '-f', '-'], {
      input: text,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
  const tc = (...args: readonly string[]) => run('tc', '-n', names.agent, 'qdisc', ...args, 'dev', link.agent, 'root')
  return {
    at,
    rules: (...lines) => void nft(['flush ruleset', 'table inet faults {', ...lines, '}', ''].join('\n')),
    cable: state => void run('ip', '-n', names.agent, 'link', 'set', link.agent, state),
    slow(isSlow) {
      if (!isSlow) {
        tc('del')
        return ''
      }
      const delayed = ['netem', 'delay', '120ms', '40ms']
      if (
        attempt(() => run('tc', '-n', names.agent, 'qdisc', 'add', 'dev', link.agent, 'root', ...delayed)) === undefined
      ) {
        return delayed.join(' ')
      }
      // Kernels without netem: packets wait for their turn instead.
      const limited = ['tbf', 'rate', '96kbit', 'burst', '2k', 'latency', '800ms']
      run('tc', '-n', names.agent, 'qdisc', 'add', 'dev', link.agent, 'root', ...limited)
      return limited.join(' ')
    },
    forgetAfter(seconds) {
      const set = (name: string, value: number) =>
        run(...at('agent', 'sh', '-c', `echo ${value} >/proc/sys/net/netfilter/nf_conntrack_tcp_${name}`))
      set('loose', 0)
      set('timeout_established', seconds)
      set('timeout_unacknowledged', seconds)
    },
  }
}

function attempt(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string | Buffer }
    return String(stderr ?? error)
      .trim()
      .split('\n')[0]
  }
}
