// Fixes in steps: values of a host get into words whole, or there is no fix.
import * as fc from 'fast-check'
import t from 'tap'
import { createCelEnvironment, ExpressionError } from '../../policy/cel-environment.ts'
import type { FixStep, FixTemplate } from '../../policy/check.ts'
import { parseFix } from '../../policy/fix.ts'

const defaults = { path: '/etc/x', paths: ['/etc/a'], mode: '0600', names: ['tipc'] }
const environment = createCelEnvironment([]).withParameters(defaults)

function render(step: FixTemplate, values: Partial<Record<keyof typeof defaults, unknown>> = {}) {
  const params = environment.parameters({ ...defaults, ...(values as object) })
  return parseFix([step], environment).render({ params })?.[0]
}

function refusal(step: object): string {
  try {
    parseFix([step as FixTemplate], environment)
    return 'compiles'
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return error.message
  }
}

t.test('a file is written whole, a line once for each value of a list', async t => {
  t.same(render({ file: '/etc/sysctl.d/60-x.conf', lines: ['a = 1', 'b = 2'] }), {
    ...{ file: '/etc/sysctl.d/60-x.conf', lines: ['a = 1', 'b = 2'], mode: '0644' },
  })
  const lines = ['install {{ params.names }} /bin/false']
  t.same(render({ file: '/etc/modprobe.d/x.conf', lines, mode: '0600' }, { names: ['tipc', 'rds'] }), {
    file: '/etc/modprobe.d/x.conf',
    lines: ['install tipc /bin/false', 'install rds /bin/false'],
    mode: '0600',
  })
})

t.test('what is no plain word never gets into a file', async t => {
  for (const name of ['a b', 'a\nb', 'a#b', '"a', '', 'a\\', '$(x)', 'a;b']) {
    t.equal(
      render({ file: '/x', lines: ['install {{ params.names }} /bin/false'] }, { names: [name] }),
      undefined,
      name,
    )
  }
})

t.test('rights are of absolute paths, with a mode that chmod takes', async t => {
  const step = { paths: '{{ params.paths }}', mode: '{{ params.mode }}', owner: 'root:root' }
  t.same(render(step, { paths: ['/a b', "/it's"] }), { paths: ['/a b', "/it's"], mode: '0600', owner: 'root:root' })
  t.same(render({ paths: '{{ params.path }}', mode: 'go-w' }), { paths: ['/etc/x'], mode: 'go-w', owner: '' })
  for (const path of ['x', '-rf', '/a/../b', '/a\nb', '/a\u001b', '/a\\x', '//x', '/', '/a\u202eb']) {
    t.equal(render(step, { paths: [path] }), undefined, JSON.stringify(path))
  }
  for (const mode of ['', '99', 'rm', '0600 /etc', '-R'])
    t.equal(render(step, { mode }), undefined, JSON.stringify(mode))
  t.equal(render(step, { paths: [] }), undefined, 'nothing to do is no step')
})

t.test('arguments are words; none is empty, an option, or has control characters', async t => {
  const step = { run: ['systemctl', 'disable', '--now', '{{ params.names }}'], undo: ['systemctl', 'enable', 'x'] }
  t.same(render(step, { names: ['a.service', 'b c'] }), {
    run: ['systemctl', 'disable', '--now', 'a.service', 'b c'],
    undo: ['systemctl', 'enable', 'x'],
  })
  for (const name of ['--all', '-f', '', 'a\nb', '\u0000'])
    t.equal(render(step, { names: [name] }), undefined, JSON.stringify(name))
  t.same(render({ run: ['x', '--name={{ params.path }}'] }, { path: '-y' }), { run: ['x', '--name=-y'], undo: [] })
})

t.test('one step that cannot be told leaves no fix at all', async t => {
  const good: FixTemplate = { run: ['true'] }
  const fix = parseFix([good, { paths: '{{ params.paths }}', mode: '0600' }, good], environment)
  t.equal(fix.render({ params: environment.parameters({ ...defaults, paths: ['/a\n'] }) }), undefined)
  t.equal(fix.render({}), undefined, 'nor what is unknown')
})

t.test('mistakes name the step', async t => {
  const cases: readonly (readonly [object, RegExp])[] = [
    [{ lines: ['x'] }, /^step 1 has either `file` and `lines`, or/],
    [{ file: '/x', lines: ['x'], run: ['y'] }, /has either/],
    [{ file: '/x' }, /lacks `lines`/],
    [{ file: 'x', lines: ['x'] }, /`file` is an absolute path/],
    [{ file: '/x/{{ params.path }}', lines: ['x'] }, /without values of the host/],
    [{ file: '/x', lines: ['x'], mode: 'rw' }, /`mode` is no mode/],
    [{ paths: '/x' }, /needs `mode` or `owner`/],
    [{ paths: '/x', owner: 'root' }, /`owner` is USER:GROUP/],
    [{ run: ['/bin/sh', '-c'] }, /bare name/],
    [{ run: ['{{ params.path }}'] }, /bare name/],
    [{ run: ['x', '{{ params.nope }}'] }, /nope/],
    [{ run: ['x', '{{ params.path }}{{ params.path }}'] }, /more than one value/],
    [{ run: ['x', 'a\nb'] }, /line break/],
  ]
  for (const [step, message] of cases) t.match(refusal(step), message)
})

t.test('whatever a host says, what comes out is safe', async t => {
  const step = { paths: '{{ params.paths }}', mode: '0600' }
  const holds = fc.property(fc.string({ unit: 'binary' }), text => {
    const found: FixStep | undefined = render(step, { paths: [`/${text}`] })
    if (!found) return true
    return 'paths' in found && found.paths.every(path => path === `/${text}` && !/[\u0000-\u001f\u007f\\]/.test(path))
  })
  t.equal(fc.check(holds).failed, false)
})
