// Holds the whole way of a controls file, from its text to its states, to the cases that its format distinguishes.
import t from 'tap'
import { judgeControls } from '../../../agent/controls/judge-controls.ts'
import type { Host } from '../../../agent/host/host.ts'
import type { Reading } from '../../../policy/controls/controls.ts'
import { parseControls } from '../../../policy/controls/parse-controls.ts'
import { noSettings } from '../../../policy/controls/settings.ts'
import { hostFrom } from '../../host-from.ts'

interface Case {
  readonly is: string
  /** YAML of the check, without its id and text */
  readonly check: readonly string[]
  readonly state: string
  /** where the strict reading answers otherwise */
  readonly strict?: string
}

const flow = (fields: Readonly<Record<string, unknown>>) => JSON.stringify(fields)
const tests = (...items: readonly Readonly<Record<string, unknown>>[]) => `tests: ${flow({ test_items: items })}`
const joined = (bin_op: string, ...items: readonly Readonly<Record<string, unknown>>[]) =>
  `tests: ${flow({ bin_op, test_items: items })}`
const prints = (text: string) => `audit: ${flow(`echo '${text}'` as never)}`
const config = (text: string) => `audit_config: ${flow(`echo '${text}'` as never)}`
const env = (text: string) => `audit_env: ${flow(`echo '${text}'` as never)}`
const wants = (op: string, value: unknown) => ({ compare: { op, value }, set: true })
const scored = 'scored: true'

/** What a line of ps shows: a time, a path, flags. */
const daemon = (flags: string) => prints(`12:01 /usr/local/bin/weaverd ${flags}`)

const flags: readonly Case[] = [
  {
    is: 'a flag is there',
    check: [daemon('--loom=4 --thread=9,8'), tests({ flag: '--loom', set: true })],
    state: 'PASS',
  },
  { is: 'a flag is not', check: [daemon('--loom=4'), tests({ flag: '--dye', set: false })], state: 'PASS' },
  {
    is: 'a zero equals 0',
    check: [daemon('--port=0 --loud'), tests({ flag: '--port', ...wants('eq', 0) })],
    state: 'PASS',
  },
  {
    is: 'a number is large',
    check: [daemon('--x=0 --age=40 --y'), tests({ flag: '--age', ...wants('gte', 30) })],
    state: 'PASS',
  },
  {
    is: 'a number is small',
    check: [daemon('--q=20 --x=0'), tests({ flag: '--q', ...wants('lt', 30) })],
    state: 'PASS',
  },
  {
    is: 'a list lacks a word, with three dashes behind it',
    check: [daemon('--y --mode=Hook,Role ---age=4'), tests({ flag: '--mode', ...wants('nothave', 'Open') })],
    state: 'PASS',
  },
  {
    is: 'two flags are there in another order',
    check: [daemon('--key=a --cert=b'), joined('and', { flag: '--cert', set: true }, { flag: '--key', set: true })],
    state: 'PASS',
  },
  {
    is: 'one of two holds',
    check: [daemon('--port=0'), joined('or', { flag: '--port', ...wants('eq', 0) }, { flag: '--port', set: false })],
    state: 'PASS',
  },
  {
    is: 'a word has a value',
    check: [prints('rights=Some'), tests({ flag: 'rights', ...wants('eq', 'Some') })],
    state: 'PASS',
  },
  ...['640', '600', '444'].map(mode => ({
    is: `${mode} is within 644`,
    check: [prints(`rights=${mode}`), tests({ flag: 'rights', ...wants('bitmask', '644') })],
    state: 'PASS',
  })),
  ...['Hook', 'Mid', 'Role'].map(word => ({
    is: `a list has ${word}`,
    check: [daemon('--mode=Hook,Mid,Role --z'), tests({ flag: '--mode', ...wants('has', word) })],
    state: 'PASS',
  })),
  {
    is: 'a list has one word',
    check: [daemon('--mode=Role'), tests({ flag: '--mode', ...wants('has', 'Role') })],
    state: 'PASS',
  },
  ...['hue: teal', 'hue:teal', 'hue=teal'].map(text => ({
    is: `${text} is a value`,
    check: [prints(`weaverd ${text} --mode=x`), tests({ flag: 'hue', ...wants('eq', 'teal') })],
    state: 'PASS',
  })),
  ...['--auth', '--a=true --auth --b=false', '--a --auth --b', '--auth=true', '--a --auth=true --b'].map(text => ({
    is: `${text} is true`,
    check: [prints(text), tests({ flag: '--auth', ...wants('eq', true) })],
    state: 'PASS',
  })),
  {
    is: 'a flag is false',
    check: [prints('--a --auth=false --b'), tests({ flag: '--auth', ...wants('eq', false) })],
    state: 'PASS',
  },
]

const paths: readonly Case[] = [
  {
    is: 'a number of JSON in three comparisons',
    check: [
      config('{"port": 15000}'),
      tests(...['eq', 'gte', 'lte'].map(op => ({ path: '{.port}', ...wants(op, 15000) }))),
    ],
    state: 'PASS',
  },
  {
    is: 'a text of JSON, in its own case',
    check: [
      config('{"mode": "Hook,Role"}'),
      tests(
        { path: '{.mode}', ...wants('noteq', 'None') },
        { path: '{.mode}', ...wants('noteq', 'hook,Role') },
        { path: '{.mode}', ...wants('eq', 'Hook,Role') },
      ),
    ],
    state: 'PASS',
  },
  {
    is: 'a truth of JSON',
    check: [
      config('{"on": true}'),
      tests(
        { path: '{.on}', ...wants('noteq', 'other') },
        { path: '{.on}', ...wants('noteq', false) },
        { path: '{.on}', ...wants('eq', true) },
      ),
    ],
    state: 'PASS',
  },
  {
    is: 'a field of JSON is not there',
    check: [config('{"a": 1}'), tests({ path: '{.b}', set: false })],
    state: 'PASS',
  },
  {
    is: 'a field within fields of JSON',
    check: [config('{"a": {"b": {"on": false}}}'), tests({ path: '{.a.b.on}', ...wants('eq', 'false') })],
    state: 'PASS',
  },
  {
    is: 'a number of YAML',
    check: [config('port: 15000'), tests({ path: '{.port}', ...wants('gt', 14999) })],
    state: 'PASS',
  },
  { is: 'a field of YAML is not there', check: [config('a: 1'), tests({ path: '{.b}', set: false })], state: 'PASS' },
  {
    is: 'a field within fields of YAML',
    check: [
      'audit_config: "printf \'a:\\\\n  b:\\\\n    lit: false\'"',
      tests({ path: '{.a.b.lit}', ...wants('eq', 'false') }),
    ],
    state: 'PASS',
  },
  {
    is: 'a version matches',
    check: [config('v: 1.12.7'), tests({ path: '{.v}', ...wants('regex', '^1\\.12.*$') })],
    state: 'PASS',
  },
  {
    is: 'a version does not',
    check: [config('v: 1.11'), tests({ path: '{.v}', ...wants('regex', '^1\\.12.*$') })],
    state: 'WARN',
  },
  {
    is: 'a version is empty',
    check: [config('v: '), tests({ path: '{.v}', ...wants('regex', '^1\\.12.*$') })],
    state: 'WARN',
  },
  {
    is: 'a sentence is no data',
    check: [config('not {} data at all'), tests({ path: '{.a.b}', ...wants('eq', 'false') })],
    state: 'WARN',
  },
  {
    is: 'a field that is wanted is not there',
    check: [config('{"a": "b"}'), tests({ path: '{.c}', set: true })],
    state: 'WARN',
  },
  {
    is: 'broken YAML',
    check: ['audit_config: "printf \'a } b\\\\nc: true\'"', tests({ path: '{.c}', ...wants('eq', 'true') })],
    state: 'WARN',
  },
]

const envs: readonly Case[] = [
  {
    is: 'a variable stands for a flag',
    check: [
      daemon('--loom=4'),
      'audit_env: "printf \'OTHER=true\\\\nDYE=false\'"',
      tests({ flag: '--dye', env: 'DYE', set: true }),
    ],
    state: 'PASS',
  },
  {
    is: 'neither flag nor variable',
    check: [daemon('--loom=4'), tests({ flag: '--dye', env: 'DYE', set: false })],
    state: 'PASS',
  },
  ...(
    [
      ['PORT=0', 'eq', 0],
      ['PORT=40', 'gte', 30],
      ['PORT=20', 'lt', 30],
    ] as const
  ).map(([text, op, value]) => ({
    is: `${text} is ${op} ${value}`,
    check: [daemon('--loom=4'), env(text), tests({ flag: '--port', env: 'PORT', ...wants(op, value) })],
    state: 'PASS',
  })),
  { is: 'a variable alone', check: [env('Q=20'), tests({ env: 'Q', ...wants('lt', 30) })], state: 'PASS' },
]

const good = { flag: 'dye', path: '{.dye}', env: 'dye', ...wants('eq', 'good') }
const only = ({ path: _, env: __, ...item }: typeof good) => item
const port = { flag: '--port', path: '{.port}' }
const closed = [
  { ...port, ...wants('eq', 0) },
  { ...port, set: false },
] as const

/** Where a value comes from: flag, then configuration, then environment; each check is scored. */
const sources: readonly Case[] = [
  { is: 'the flag is good', check: [prints('dye=good'), tests(only(good))], state: 'PASS' },
  { is: 'the flag is bad', check: [prints('dye=bad'), tests(only(good))], state: 'FAIL' },
  { is: 'there is no flag', check: [prints('hue=good'), tests(only(good))], state: 'FAIL' },
  { is: 'no flag, a good file', check: [prints('hue=good'), config('dye: good'), tests(good)], state: 'PASS' },
  { is: 'no flag, a bad file', check: [prints('hue=good'), config('dye: bad'), tests(good)], state: 'FAIL' },
  { is: 'a good flag, a bad file', check: [prints('dye=good'), config('dye: bad'), tests(good)], state: 'PASS' },
  { is: 'a bad flag, a bad file', check: [prints('dye=bad'), config('dye: bad'), tests(good)], state: 'FAIL' },
  { is: 'a bad flag, a good file', check: [prints('dye=bad'), config('dye: good'), tests(good)], state: 'FAIL' },
  { is: 'only a good file', check: [config('dye: good'), tests(good)], state: 'PASS' },
  { is: 'only a bad file', check: [config('dye: bad'), tests(good)], state: 'FAIL' },
  {
    is: 'a bad port and a good file, both wanted',
    check: [prints('--port=1'), config('port: 0'), joined('and', ...closed)],
    state: 'FAIL',
  },
  { is: 'a bad port in the file', check: [prints(''), config('port: 1'), joined('or', ...closed)], state: 'FAIL' },
  { is: 'no port at all', check: [prints(''), config(''), joined('or', ...closed)], state: 'PASS' },
  { is: 'a bad port and no file', check: [prints('--port=1'), config(''), joined('or', ...closed)], state: 'FAIL' },
  { is: 'no flag, a good variable', check: [prints('in=bad'), env('dye=good'), tests(good)], state: 'PASS' },
  { is: 'no flag, a bad variable', check: [prints('in=bad'), env('dye=bad'), tests(good)], state: 'FAIL' },
  { is: 'a good flag, a bad variable', check: [prints('dye=good'), env('dye=bad'), tests(good)], state: 'PASS' },
  {
    is: 'no flag, no file, a good variable',
    check: [prints('in=x'), config('in: x'), env('dye=good'), tests(good)],
    state: 'PASS',
  },
  {
    is: 'no flag, no file, a bad variable',
    check: [prints('in=x'), config('in: x'), env('dye=bad'), tests(good)],
    state: 'FAIL',
  },
  {
    is: 'a bad flag, a bad file, a good variable',
    check: [prints('dye=bad'), config('dye: bad'), env('dye=good'), tests(good)],
    state: 'FAIL',
  },
  ...(
    [
      ['600\\\\nrights=400', 'PASS'],
      ['600\\\\nrights=644', 'FAIL'],
      ['600\\\\n\\\\nrights=600', 'FAIL'],
    ] as const
  ).map(([rows, state]) => ({
    is: `rows rights=${rows}`,
    check: [
      `audit: "printf 'rights=${rows}'"`,
      'use_multiple_values: true',
      tests({ flag: 'rights', ...wants('bitmask', '600') }),
    ],
    state,
  })),
].map(one => ({ ...one, check: [...one.check, scored] }))

const hello = prints('hello')

const decisions: readonly Case[] = [
  { is: 'a manual check', check: ['type: manual'], state: 'WARN' },
  { is: 'a skipped check', check: ['type: skip'], state: 'INFO' },
  { is: 'no tests, not scored', check: ['scored: false'], state: 'WARN' },
  { is: 'no tests, scored', check: [scored], state: 'WARN' },
  { is: 'empty tests, scored', check: ['tests: {}', scored], state: 'FAIL' },
  { is: 'not scored, and passed', check: [hello, tests({ flag: 'hello', set: true })], state: 'PASS' },
  { is: 'scored, and not passed', check: [hello, tests({ flag: 'hello', set: false }), scored], state: 'FAIL' },
  { is: 'scored, and passed', check: [hello, tests({ flag: 'hello', set: true }), scored], state: 'PASS' },
  {
    is: 'a script of several lines with a function',
    check: [
      'audit: |',
      '    greet() {',
      '      echo "hello there"',
      '    }',
      '',
      '    greet',
      tests({ flag: 'hello there' }),
      scored,
    ],
    state: 'PASS',
  },
  { is: 'a program that there is not', check: ['audit: weavectl get', tests({ flag: 'x' }), scored], state: 'WARN' },
]

async function judge(host: Host, { check }: Case, reading: Reading) {
  const text = `type: node\ngroups:\n- id: 1\n  checks:\n  - id: 1.1\n${check.map(line => `    ${line}\n`).join('')}`
  const request = { controls: parseControls(text, 'node.yaml'), settings: noSettings, insist: true }
  const [judged] = await judgeControls(host, [request], reading, undefined)
  return judged?.groups[0]?.results[0]
}

for (const [what, cases] of Object.entries({ flags, paths, envs, sources, decisions })) {
  t.test(`${what} are judged as the format says`, async t => {
    const host = await hostFrom(t, { files: {} })
    for (const one of cases) {
      const result = await judge(host, one, 'right')
      t.equal(result?.state, one.state, `${one.is}: ${result?.reason}`)
      t.equal((await judge(host, one, 'strict'))?.state, one.strict ?? one.state, `${one.is}, as kube-bench`)
    }
  })
}

t.test('groups and checks that are skipped are only told, those that are wanted are judged', async t => {
  const host = await hostFrom(t, { files: { '/etc/loom': 'dye=true\n' } })
  const text = (group: string) => `type: node
groups:
- id: G1
${group}  checks: [{ id: G1/C1 }, { id: G1/C2 }]
- id: G2
  checks:
  - id: G2/C1
    text: the loom dyes
    audit: grep -B1 dye=true /etc/loom
    tests: { test_items: [{ flag: dye=true, compare: { op: has, value: true }, set: true }] }
    remediation: |
      Set dye
      to true.
    scored: true
`
  const run = async (group: string, wanted?: readonly string[]) => {
    const request = { controls: parseControls(text(group), 'node.yaml'), settings: noSettings, insist: true }
    const [judged] = await judgeControls(host, [request], 'strict', wanted)
    return judged?.groups.map(({ group: { id }, results }) => [id, ...results.map(({ state }) => state)])
  }
  t.same(await run('  skip: true\n'), [
    ['G1', 'INFO', 'INFO'],
    ['G2', 'PASS'],
  ])
  t.same(await run('  type: skip\n', ['G1']), [['G1', 'INFO', 'INFO']])
  t.same(await run('', ['G1/C2', 'G2']), [
    ['G1', 'WARN'],
    ['G2', 'PASS'],
  ])
})
