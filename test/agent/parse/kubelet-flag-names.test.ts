// Tests of the kubelet's flags against what recorded kubelets were given, and told of themselves.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { booleanFlags, valueFlags } from '../../../agent/parse/kubelet-flag-names.ts'
import { recordedKubelets } from '../../recorded-kubelets.ts'

t.test('a flag takes a separate value or does not, and is the name of one', async t => {
  t.strictSame(
    [...booleanFlags].filter(flag => valueFlags.has(flag)),
    [],
  )
  for (const flag of [...booleanFlags, ...valueFlags]) t.match(flag, /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/)
})

t.test('every flag that a recorded kubelet was given is known', async t => {
  const given = recordedKubelets().flatMap(({ argv }) =>
    argv.slice(1).flatMap(arg => (arg.startsWith('--') ? [arg.slice(2).split('=', 1)[0] ?? ''] : [])),
  )
  t.ok(given.length > 30, `${given.length} flags`)
  t.strictSame(
    given.filter(flag => !booleanFlags.has(flag) && !valueFlags.has(flag)),
    [],
  )
})

t.test('every flag that a kubelet 1.36 tells of itself is known, and is boolean if its value is', async t => {
  const path = join(import.meta.dirname, '../../fixtures/kubelet/v1.36.2/g-noconfigfile-defaults/flagz.body')
  const rows = readFileSync(path, 'utf8')
    .split('\n')
    .flatMap(line => {
      const [, flag, value] = /^([a-z0-9-]+) (.*)$/.exec(line) ?? []
      return flag === undefined || flag === 'kubelet' ? [] : [{ flag, value }]
    })
  t.ok(rows.length > 120, `${rows.length} flags`)
  for (const { flag, value } of rows) {
    const known = value === 'true' || value === 'false' ? booleanFlags : valueFlags
    t.ok(known.has(flag), `${flag} ${value}`)
  }
})
