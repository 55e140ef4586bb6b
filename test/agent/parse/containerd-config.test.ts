// Tests of reading and merging containerd's configuration.
import fc from 'fast-check'
import t from 'tap'
import {
  grpcAddress,
  imagesPlugin,
  mergeContainerd,
  parseContainerdConfig,
  runtimePlugin,
  sharesPlugin,
} from '../../../agent/parse/containerd-config.ts'
import { type TomlTable, tableAt, textAt } from '../../../agent/parse/toml-table.ts'
import { fixtureCommand } from '../../fixture-host.ts'

const read = (text: string) => {
  const parsed = parseContainerdConfig(text)
  if (parsed.state !== 'config') throw new Error(`line ${parsed.line}`)
  return parsed
}
const cri = (table: TomlTable, ...path: readonly string[]) => tableAt(table, 'plugins', runtimePlugin, ...path)

t.test('what `containerd config dump` printed on a recorded machine', async t => {
  const dump = fixtureCommand('debian12-vm', 'containerd-cfg').replace(/^[\s\S]*?(?=^disabled_plugins)/m, '')
  const { version, imports, table } = read(dump)
  t.equal(version, 2)
  t.strictSame(imports, ['/etc/containerd/config.toml'])
  t.equal(grpcAddress(table, 'unix'), '/run/containerd/containerd.sock')
  t.equal(grpcAddress(table, 'tcp'), '')
  t.equal(textAt(cri(table, 'containerd'), 'default_runtime_name', ''), 'runc')
  t.equal(textAt(cri(table, 'containerd', 'runtimes', 'runc'), 'runtime_type', ''), 'io.containerd.runc.v2')
  t.strictSame(tableAt(table, 'plugins', imagesPlugin, 'registry')['config_path'], '')
})

t.test('one shape whatever the version', async t => {
  const expected = { runtimes: { runsc: { runtime_type: 'io.containerd.runsc.v1' } } }
  for (const [version, text] of [
    [
      1,
      '[plugins.cri.containerd.runtimes.runsc]\nruntime_type = "io.containerd.runsc.v1"\n[plugins.cri.registry]\nconfig_path = "/c"',
    ],
    [
      2,
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\nruntime_type = "io.containerd.runsc.v1"\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/c"',
    ],
    [
      3,
      "version = 3\n[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runsc]\nruntime_type = 'io.containerd.runsc.v1'\n[plugins.'io.containerd.cri.v1.images'.registry]\nconfig_path = '/c'\n[plugins.'io.containerd.grpc.v1.cri']\nstream_server_address = '0.0.0.0'",
    ],
  ] as const) {
    const file = read(text)
    t.equal(file.version, version)
    t.strictSame(cri(file.table, 'containerd'), expected, `version ${version}`)
    t.equal(tableAt(file.table, 'plugins', imagesPlugin, 'registry')['config_path'], '/c')
  }
})

t.test('version 4 keeps addresses among the plugins', async t => {
  const { table } = read(
    "version = 4\n[plugins.'io.containerd.server.v1.grpc']\naddress = '/x.sock'\n[plugins.'io.containerd.server.v1.grpc-tcp']\naddress = '0.0.0.0:9000'",
  )
  t.equal(grpcAddress(table, 'unix'), '/x.sock')
  t.equal(grpcAddress(table, 'tcp'), '0.0.0.0:9000')
})

t.test('containerd 1 replaces a section that an import gives, containerd 2 merges it', async t => {
  const section = '[plugins."io.containerd.grpc.v1.cri"'
  const base = read(
    `version = 2\n${section}]\nenable_selinux = true\n${section}.registry]\nconfig_path = "/c"\n[plugins.other]\nx = 1\n`,
  ).table
  const over = read(`version = 2\n${section}.containerd]\ndefault_runtime_name = "runsc"\n`).table
  t.equal(sharesPlugin(base, over), true)
  const replaced = mergeContainerd(base, over, 'replace')
  t.strictSame(cri(replaced), { containerd: { default_runtime_name: 'runsc' } })
  t.strictSame(tableAt(replaced, 'plugins', imagesPlugin), { registry: {} }, 'the registry stood in the same section')
  t.strictSame(tableAt(replaced, 'plugins', 'other'), { x: 1 }, 'other plugins stay')
  const merged = mergeContainerd(base, over, 'merge')
  t.equal(cri(merged)['enable_selinux'], true)
  t.equal(textAt(cri(merged, 'containerd'), 'default_runtime_name', ''), 'runsc')
  t.equal(tableAt(merged, 'plugins', imagesPlugin, 'registry')['config_path'], '/c')
})

t.test('outside plugins lists add up and what is zero or empty says nothing', async t => {
  const base = read(
    'version = 2\ndisabled_plugins = ["cri"]\nroot = "/a"\noom_score = 3\n[grpc]\naddress = "/a.sock"\nuid = 5',
  ).table
  const over = read(
    'version = 2\ndisabled_plugins = ["x.y", "cri"]\nroot = ""\noom_score = 0\n[grpc]\naddress = ""\ntcp_address = "1.2.3.4:5"',
  ).table
  const merged = mergeContainerd(base, over, 'merge')
  t.strictSame(merged['disabled_plugins'], ['cri', 'x.y'])
  t.equal(merged['root'], '/a')
  t.equal(merged['oom_score'], 3)
  t.strictSame(merged['grpc'], { address: '/a.sock', uid: 5, tcp_address: '1.2.3.4:5' })
  t.equal(sharesPlugin(base, over), false)
})

t.test('a mistake is told by its line', async t => {
  t.strictSame(parseContainerdConfig('version = 2\n[plugins\n'), { state: 'malformed', line: 2 })
  t.equal(read('').version, 1)
  t.equal(read('version = "2"').version, 1, 'a version that is no number counts as none')
})

t.test('every prefix of a file is read or malformed, and merging never throws', async t => {
  const text =
    'version = 2\nimports = ["a.toml"]\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\nSystemdCgroup = true\n[grpc]\naddress = "/x"\n'
  const whole = read(text).table
  for (let end = 0; end <= text.length; end += 1) {
    const parsed = parseContainerdConfig(text.slice(0, end))
    if (parsed.state === 'config') t.ok(mergeContainerd(whole, parsed.table, end % 2 ? 'merge' : 'replace'))
    else t.ok(parsed.line <= 7)
  }
})

t.test('merging anything with anything keeps every key of both', async t => {
  const leaf = fc.oneof(fc.string(), fc.boolean(), fc.integer())
  const key = fc.constantFrom('a', 'b', '__proto__', 'plugins', 'imports')
  const table = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)))))
  fc.assert(
    fc.property(table, table, fc.constantFrom('merge' as const, 'replace' as const), (base, over, rule) => {
      const merged = mergeContainerd(base as TomlTable, over as TomlTable, rule)
      return Object.keys(base).every(name => Object.hasOwn(merged, name))
    }),
  )
  t.pass('random tables')
})
