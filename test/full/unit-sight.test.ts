// With the rights that its unit leaves it, the agent reads what it reads with all rights.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { findTool, skipFull } from '../tools.ts'

const root = join(import.meta.dirname, '../..')
const skip = skipFull('unshare', 'setpriv', 'mount')
if (skip !== false) t.plan(0, skip)
else if (process.getuid?.() !== 0) t.plan(0, 'needs root')
else {
  t.setTimeout(300_000)
  const unit = readFileSync(join(root, 'deploy/systemd/gabion-agent.service'), 'utf8')
  const named = /^CapabilityBoundingSet=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []
  const bounding = named.map(name => `+${name.toLowerCase().replace('cap_', '')}`).join(',')
  const agent = [process.execPath, join(root, 'agent/bin/gabion-agent.js'), 'facts', '--all']
  const facetsOf = (text: string): Readonly<Record<string, Facet>> => JSON.parse(text).facets
  const run = (command: string, ...args: readonly string[]) =>
    execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'pipe'] })
  const readOnly =
    'mount -o remount,bind,ro / && mount --bind /home /home && mount -o remount,bind,ro /home && exec "$@"'

  t.test('no facet and no field of one is lost but the one that only CAP_SYS_ADMIN shows', async t => {
    t.ok(named.length > 0 && named.length <= 4)
    const [program = '', ...args] = agent
    const free = facetsOf(run(program, ...args))
    const setpriv = ['setpriv', '--no-new-privs', `--bounding-set=-all,${bounding}`, '--inh-caps=-all', ...agent]
    const bound = facetsOf(run(findTool('unshare') ?? '', '-m', 'sh', '-c', readOnly, 'sh', ...setpriv))
    t.same(Object.keys(bound), Object.keys(free))
    for (const [name, facet] of Object.entries(free)) {
      t.equal(bound[name]?.state, facet.state, name)
      const known = new Set(facet.facts?.gaps?.map(gap => `${gap.field} ${gap.source}`))
      const lost = (bound[name]?.facts?.gaps ?? []).filter(gap => !known.has(`${gap.field} ${gap.source}`))
      t.same(
        lost.map(gap => gap.source).filter(source => source !== '/proc/sys/net/core/bpf_jit_harden'),
        [],
        `gaps of ${name}`,
      )
    }
  })
}

interface Facet {
  readonly state: string
  readonly facts?: { readonly gaps?: readonly { readonly field: string; readonly source: string }[] }
}
