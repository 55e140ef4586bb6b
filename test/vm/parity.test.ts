// Boots real Debian machines and holds what the bundled agent reads inside them against the tools of those machines.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { decodeHostBytes } from '../../agent/host/decode.ts'
import type { Result } from '../../policy/check.ts'
import type { FacetState, Gap } from '../../proto/facet.ts'
import { compareWithTools } from '../parity/compare-with-tools.ts'
import { compareWalk } from '../parity/files.ts'
import { recordingOf } from '../parity/recording.ts'
import { type MachineName, machines } from './machines.ts'
import { runMachine, skipMachines } from './run-machine.ts'

/** What careless configuration must not pass; of a careful one nothing may fail. */
const failing: Readonly<Record<MachineName, readonly string[]>> = {
  hardened: [],
  weak: [
    ...['docker-api-not-on-plain-tcp', 'no-empty-passwords', 'only-root-has-uid-0', 'ssh-root-password-login-disabled'],
    ...[
      'blacklisted-modules-not-loaded',
      'ufw-not-off-with-rules',
      'sudo-asks-for-password',
      'no-plaintext-legacy-services',
    ],
    ...['apparmor-no-profile-complains', 'set-id-files-of-packages', 'file-capabilities-not-root-equivalent'],
    ...[
      'no-world-writable-files',
      'no-unowned-files',
      'container-sockets-closed-to-others',
      'replaced-code-not-running',
    ],
  ],
}

const skip = skipMachines()
for (const name of Object.keys(machines) as MachineName[]) {
  t.test(`the agent on a real ${name} machine reads what its tools print`, { skip, timeout: 45 * 60_000 }, async t => {
    const folder = await runMachine(name, machines[name])
    const statesOf = (file: string) =>
      Object.values(JSON.parse(readFileSync(join(folder, 'agent', `${file}.json`), 'utf8')).facets) as FacetState[]
    const output = (command: string) => {
      const path = join(folder, 'cmd', `${command}.out`)
      return existsSync(path) ? decodeHostBytes(readFileSync(path)) : undefined
    }
    const states = statesOf('facts')
    const recording = recordingOf(states, output)
    for (const { title, found, printed } of compareWithTools(recording)) t.strictSame(found, printed, title)
    const walked = statesOf('files')
    for (const { title, found, printed } of compareWalk(recordingOf(walked, output)))
      t.strictSame(found, printed, title)

    const gaps = [...states.filter(({ facet }) => facet !== 'files'), ...walked].flatMap(state =>
      state.state === 'present' ? (state.facts['gaps'] as unknown as readonly Gap[]) : [],
    )
    t.strictSame(
      gaps.filter(({ detail }) => detail !== 'auditctl is not installed'),
      [],
      'root on the machine itself leaves nothing else unread',
    )
    const resultsOf = (file: string): readonly Result[] =>
      JSON.parse(readFileSync(join(folder, 'agent', `${file}.json`), 'utf8')).results
    const results = [...resultsOf('scan'), ...resultsOf('files-scan')]
    const found = new Map<string, string>(results.map(({ check, state }) => [check, state]))
    t.strictSame(
      failing[name].map(check => `${check} ${found.get(check)}`),
      failing[name].map(check => `${check} fail`),
    )
    const inState = (wanted: string) => [...found].flatMap(([check, state]) => (state === wanted ? [check] : []))
    t.strictSame(inState('error'), [], 'every check could be judged')
    if (name === 'hardened') t.strictSame(inState('fail'), [])
  })
}
