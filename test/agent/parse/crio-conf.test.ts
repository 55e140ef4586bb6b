// Tests of reading and merging CRI-O's configuration.
import fc from 'fast-check'
import t from 'tap'
import { mergeCrio, parseCrioConf } from '../../../agent/parse/crio-conf.ts'
import type { TomlTable } from '../../../agent/parse/toml-table.ts'

const read = (text: string) => {
  const parsed = parseCrioConf(text)
  if (parsed.state !== 'config') throw new Error(`line ${parsed.line}`)
  return parsed.table
}

const main = `[crio]
root = "/var/lib/containers/storage"
[crio.api]
listen = "/var/run/crio/crio.sock"
[crio.runtime]
default_runtime = "crun"
seccomp_profile = ""
[crio.runtime.runtimes.crun]
runtime_path = "/usr/libexec/crio/crun"
allowed_annotations = ["io.containers.trace-syscall"]
[crio.image]
insecure_registries = ["a:5000"]
`

t.test('drop-ins change single settings, and replace handlers of the same name', async t => {
  const merged = mergeCrio(
    read(main),
    read(
      '[crio.runtime]\ndefault_runtime = "kata"\n[crio.runtime.runtimes.kata]\nruntime_type = "vm"\n[crio.runtime.runtimes.crun]\nruntime_path = "/x"\n',
    ),
  )
  t.strictSame(merged['runtime'], {
    default_runtime: 'kata',
    seccomp_profile: '',
    runtimes: { crun: { runtime_path: '/x' }, kata: { runtime_type: 'vm' } },
  })
  t.strictSame(merged['image'], { insecure_registries: ['a:5000'] })
  t.equal(merged['root'], '/var/lib/containers/storage')
})

t.test('a list of a later file replaces the earlier one', async t => {
  const merged = mergeCrio(read(main), read('[crio.image]\ninsecure_registries = ["b"]\n'))
  t.strictSame(merged['image'], { insecure_registries: ['b'] })
})

t.test('other tables than crio are passed over, mistakes are told by line', async t => {
  t.strictSame(read('[other]\nx = 1\n'), {})
  t.strictSame(parseCrioConf('[crio]\nx = \n'), { state: 'malformed', line: 2 })
})

t.test('every prefix is read or malformed', async t => {
  for (let end = 0; end <= main.length; end += 1) {
    const parsed = parseCrioConf(main.slice(0, end))
    if (parsed.state === 'config') t.ok(mergeCrio(read(main), parsed.table))
    else t.ok(parsed.line >= 0)
  }
})

t.test('merging anything with anything keeps every key of both', async t => {
  const key = fc.constantFrom('runtime', 'runtimes', 'x', '__proto__')
  const leaf = fc.oneof(fc.string(), fc.boolean())
  const table = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf)))))
  fc.assert(
    fc.property(table, table, (base, over) => {
      const merged = mergeCrio(base as TomlTable, over as TomlTable)
      return [...Object.keys(base), ...Object.keys(over)].every(name => Object.hasOwn(merged, name))
    }),
  )
  t.pass('random tables')
})
