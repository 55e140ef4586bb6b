// Both packages on a real Debian with systemd: installed, enrolled under their hardened units, upgraded, removed and purged.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { manifest } from '../../scripts/packaging/target.ts'
import { packaged } from './machines.ts'
import { runMachine, skipMachines } from './run-machine.ts'

const root = join(import.meta.dirname, '../..')

interface Items<T> {
  readonly items: readonly T[]
}

const skip = skipMachines()
t.test('from dpkg -i to dpkg -P under systemd', { skip, timeout: 60 * 60_000 }, async t => {
  const out = mkdtempSync(join(tmpdir(), 'gabion-vm-packages-'))
  t.teardown(() => rmSync(out, { recursive: true, force: true }))
  execFileSync(process.execPath, [join(root, 'scripts/package.ts'), '--arch', 'amd64', '--only', 'deb', '--out', out])
  const folder = await runMachine('packaged', packaged, input => {
    for (const name of ['gabion-agent', 'gabion-collector'])
      cpSync(join(out, `${name}_${manifest.version}_amd64.deb`), join(input, `${name}.deb`))
    cpSync(join(import.meta.dirname, 'guest/use-packages.sh'), join(input, 'job.sh'))
  })
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  const seen = Object.fromEntries(
    read('seen')
      .trimEnd()
      .split('\n')
      .map(line => line.split(/: ?(.*)/s).slice(0, 2)),
  ) as Readonly<Record<string, string>>
  t.comment(read('seen'))

  t.equal(seen['installed gabion-collector'], 'enabled active', 'the collector runs at once')
  t.equal(seen['installed gabion-agent'], 'enabled inactive', 'the agent waits to be enrolled')
  t.equal(seen['enrolled gabion-agent'], 'enabled active')
  for (const name of ['gabion-agent', 'gabion-collector'])
    t.equal(seen[`upgraded ${name}`], 'enabled active', `${name} was started anew`)
  t.equal(seen['version of the agent'], manifest.version)
  const [before, after] = ['before', 'after'].map(
    time => (JSON.parse(read(`hosts-${time}.json`)) as Items<{ readonly id: string }>).items[0],
  )
  t.equal(after?.id, before?.id, 'the same host after the upgrade')
  t.equal(read('credential-after'), read('credential-before'))
  t.equal(seen['end of the agent'], 'success')
  for (const name of ['gabion-agent', 'gabion-collector']) t.match(seen[`removed ${name}`], /inactive$/)
  t.equal(seen['state after removal'], '2', 'a removal keeps credential and database')
  t.equal(seen['left after purge'], '', 'a purge leaves nothing')
  t.equal(seen['failed units'], '')

  t.test('each has the rights of its unit and no others', async t => {
    const bits = (...numbers: readonly bigint[]) =>
      numbers
        .reduce((sum, bit) => sum | (1n << bit), 0n)
        .toString(16)
        .padStart(16, '0')
    const masks = { 'gabion-agent': bits(2n, 12n, 19n, 30n), 'gabion-collector': bits() }
    for (const [name, mask] of Object.entries(masks)) {
      const status = read(`${name}.status`)
      t.match(status, new RegExp(`^CapBnd:\\s+${mask}$`, 'm'), `${name} has the capabilities of its unit`)
      t.match(status, /^NoNewPrivs:\s+1$/m)
      t.match(status, /^Seccomp:\s+2$/m)
      t.match(read(`${name}.show`), /^(?:root|gabion-collector)\n0$/m, 'was not started again by itself')
      t.comment(read(`${name}.exposure`))
    }
    t.match(read('gabion-collector.status'), /^Uid:\s+(?!0\b)\d+/m)
    t.equal(read('directories'), '700 root\n700 gabion-collector\n')
  })

  t.test('under its unit the agent reads what there is', async t => {
    interface Told {
      readonly facet: string
      readonly state: string
    }
    const facets = (JSON.parse(read('facets.json')) as Items<Told>).items
    t.ok(facets.length >= 15, `${facets.length} facets`)
    t.same(
      facets.filter(({ state }) => state === 'error' || state === 'unreadable'),
      [],
    )
    const { facts } = JSON.parse(read('sysctl.json')) as { readonly facts: { readonly gaps: readonly object[] } }
    const allowed = { source: '/proc/sys/net/core/bpf_jit_harden', detail: 'EPERM, CAP_SYS_ADMIN would help' }
    t.match(facts.gaps, [allowed], 'one parameter is told to CAP_SYS_ADMIN only, as docs/systemd.md says')
  })
})
