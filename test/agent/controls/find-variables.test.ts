// Holds what the variables of controls files stand for: programs that run, files that are there, defaults.
import t from 'tap'
import { findVariables, isRunning } from '../../../agent/controls/find-variables.ts'
import type { AuditProcess } from '../../../agent/controls/processes.ts'
import { defaultSettings } from '../../../policy/controls/default-settings.ts'
import { componentsOf, mergeSettings, parseSettings } from '../../../policy/controls/settings.ts'
import { hostFrom } from '../../host-from.ts'

/** Processes by their command lines. */
const processes = (...commands: readonly string[]): readonly AuditProcess[] =>
  commands.map((command, index) => {
    const [executable = '', ...args] = command.split(' ')
    const name = executable.slice(executable.lastIndexOf('/') + 1)
    return { pid: index + 2, parentPid: 1, uid: 0, name: name.slice(0, 15), executable, args, command }
  })

t.test('a program runs when its command line begins with the candidate, behind any path', t => {
  const rows: readonly (readonly [string, readonly string[], boolean])[] = [
    ['weaver', ['weaver'], true],
    ['weaver', [], false],
    ['hyper weaver', ['hyper weaver'], true],
    ['hyper weaver', [], false],
    ['weaver', ['weaver --a --b'], true],
    ['weaver --a', ['weaver --a --b'], true],
    ['weaver --a', ['weaver'], false],
    ['weaver', ['weaver x', 'weaver y'], true],
    ['weaver y', ['weaver x', 'weaver y'], true],
    ['weaver', ['/usr/bin/weaver'], true],
    ['weaver', ['old-weaver'], false],
    ['weaver', ['/usr/bin/old-weaver'], false],
    ['a-weaver-with-a-long-name', ['/opt/a-weaver-with-a-long-name --x'], true],
  ]
  for (const [candidate, running, is] of rows) {
    t.equal(isRunning(candidate, processes(...running)), is, `${candidate} among ${running.join(' and ')}`)
  }
  t.end()
})

async function found(yaml: string, running: readonly string[] | undefined, files: readonly string[] = []) {
  const host = await hostFrom(t, { files: Object.fromEntries(files.map(path => [path, ''])) })
  const components = componentsOf('master', parseSettings(yaml, 'config.yaml'))
  const known = running && processes(...running)
  const { variables, missing } = await findVariables(host, components, known, 'strict')
  const { bin, conf, svc } = variables
  return { bin: Object.fromEntries(bin), conf: Object.fromEntries(conf), svc: Object.fromEntries(svc), missing }
}

const loom = 'loom: { bins: [loom, kube-loom] }'

t.test('of the programs of each listed component the first that runs counts', async t => {
  const rows: readonly (readonly [string, string, readonly string[], unknown, readonly string[]])[] = [
    ['the first that runs', 'components: [loom], loom: { bins: [one, two, three] }', ['two'], { loom: 'two' }, []],
    [
      'with words behind it',
      'components: [loom], loom: { bins: [one, two, three] }',
      ['two three'],
      { loom: 'two' },
      [],
    ],
    ['of two words', 'components: [loom], loom: { bins: [a one, a two] }', ['a two is up'], { loom: 'a two' }, []],
    ['none', 'components: [loom], loom: { bins: [one, two] }', ['other'], { loom: 'loom' }, ['loom']],
    ['half of it', 'components: [loom], loom: { bins: [a one, a two] }', ['two'], { loom: 'loom' }, ['loom']],
    ['a longer name', `components: [loom], ${loom}`, ['kube-loom'], { loom: 'kube-loom' }, []],
    [
      'one that is not listed',
      `components: [loom], ${loom}, dye: { bins: [dye] }`,
      ['kube-loom', 'dye'],
      { loom: 'kube-loom' },
      [],
    ],
    ['one of which nothing is said', `components: [loom, hue], ${loom}`, ['kube-loom'], { loom: 'kube-loom' }, []],
    [
      'two',
      `components: [loom, dye], ${loom}, dye: { bins: [vat, dye] }`,
      ['kube-loom', 'dye'],
      { loom: 'kube-loom', dye: 'dye' },
      [],
    ],
    [
      'an optional one',
      `components: [loom, dye], ${loom}, dye: { bins: [vat], optional: true }`,
      ['kube-loom'],
      { loom: 'kube-loom', dye: 'dye' },
      [],
    ],
    [
      'one that must run',
      `components: [loom, dye], ${loom}, dye: { bins: [dye] }`,
      ['dye x'],
      { loom: 'loom', dye: 'dye' },
      ['loom'],
    ],
  ]
  for (const [what, yaml, running, bin, missing] of rows) {
    t.match(await found(`master: { ${yaml} }`, running), { bin, missing }, what)
    t.same((await found(`master: { ${yaml} }`, running)).bin, bin, what)
  }
})

t.test('of files the first that is there counts, else the default, else the name', async t => {
  const confs = 'loom: { confs: [/etc/a, /etc/b], svc: [/lib/a, /lib/b] }'
  const rows: readonly (readonly [string, readonly string[], unknown, unknown])[] = [
    [`components: [loom], ${confs}`, ['/etc/b', '/lib/b'], { loom: '/etc/b' }, { loom: '/lib/b' }],
    [`components: [loom], ${confs}`, ['/etc/a', '/etc/b'], { loom: '/etc/a' }, { loom: 'loom' }],
    [
      `components: [loom], ${confs}, dye: { confs: [/etc/d] }`,
      ['/etc/b', '/etc/d'],
      { loom: '/etc/b' },
      { loom: 'loom' },
    ],
    [
      `components: [loom, dye], ${confs}, dye: { confs: [/etc/d] }`,
      ['/etc/b', '/etc/d'],
      { loom: '/etc/b', dye: '/etc/d' },
      {},
    ],
    [
      `components: [loom, dye], ${confs}, dye: { confs: [/etc/d], defaultconf: /x/y }`,
      [],
      { loom: 'loom', dye: '/x/y' },
      {},
    ],
    [
      `components: [loom, dye], ${confs}, dye: { svc: [/lib/d], defaultsvc: /x/z }`,
      [],
      { loom: 'loom' },
      { dye: '/x/z' },
    ],
  ]
  for (const [yaml, files, conf, svc] of rows) {
    t.match(await found(`master: { ${yaml} }`, [], files), { conf, svc }, yaml)
  }
})

t.test('where nobody can tell what runs, the first program stands for all', async t => {
  t.match(await found(`master: { components: [loom], ${loom} }`, undefined), { bin: { loom: 'loom' }, missing: [] })
})

t.test('a list of components replaces the one below it', t => {
  const own = parseSettings('master: { components: [apiserver, loom], loom: { bins: [loom] } }', 'config.yaml')
  const names = componentsOf('master', mergeSettings(defaultSettings, own)).map(({ name }) => name)
  t.same(names, ['apiserver', 'loom'])
  t.ok(componentsOf('node', mergeSettings(defaultSettings, own)).some(({ name }) => name === 'kubelet'))
  t.end()
})
