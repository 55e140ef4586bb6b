import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import t from 'tap'
import { createCelEnvironment, ExpressionError } from '../../policy/cel-environment.ts'
import { parseRemediation, shellWord } from '../../policy/remediation.ts'

const defaults = { path: '/etc/x', paths: ['a'], count: 3, on: true }
const environment = createCelEnvironment([]).withParameters(defaults)

const render = (template: string, values: Partial<Record<keyof typeof defaults, unknown>> = {}) =>
  parseRemediation(template, environment).render({
    params: environment.parameters({ ...defaults, ...(values as object) }),
  })

function refusal(template: string): string {
  try {
    parseRemediation(template, environment)
    return 'compiles'
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return `${error.message} @ ${template.slice(error.offset, error.offset + 6)}`
  }
}

t.test('values stand in prose as they are and in commands quoted for a shell', async t => {
  t.equal(render('Remove {{ params.path }}: `rm {{ params.path }}`.'), 'Remove /etc/x: `rm /etc/x`.')
  t.equal(
    render('Remove {{ params.path }}: `rm {{ params.path }}`.', { path: "it's" }),
    "Remove it's: `rm 'it'\\''s'`.",
  )
  t.equal(render('`sysctl -w a={{ params.count }}`'), '`sysctl -w a=3`')
  t.equal(render('`x {{ params.on }} {{ params.path + "/y" }}`'), '`x true /etc/x/y`')
  t.equal(render('No values at all.'), 'No values at all.')
})

t.test('a list is words in a command and a series in prose', async t => {
  const paths = ['/a', '/b c', '']
  t.equal(
    render('{{ params.paths }}: `chmod 600 {{ params.paths }}`', { paths }),
    "/a, /b c, : `chmod 600 /a '/b c' ''`",
  )
})

t.test('a command that would act on nothing is left out', async t => {
  t.equal(
    render('Do: `rm {{ params.paths }}`.', { paths: [] }),
    'Do: (command left out: it has nothing to act on here).',
  )
  t.equal(render('Nothing of {{ params.paths }}.', { paths: [] }), 'Nothing of .')
})

t.test('a fenced block is a command of several lines', async t => {
  const block = 'Do:\n```sh\nchown root {{ params.path }}\nchmod 600 {{ params.path }}\n```\nThen wait.'
  t.equal(render(block, { path: '/a b' }), "Do:\n```sh\nchown root '/a b'\nchmod 600 '/a b'\n```\nThen wait.")
  t.equal(
    render(block, { path: '/a\nreboot' }),
    'Do:\n(command left out: a value of this host has control characters)\nThen wait.',
  )
})

t.test('a value with control characters never makes a command', async t => {
  for (const path of ['a\nb', 'a\u001b[2Jb', 'a\u202eb', 'a\u2028b', 'a`b', '\u0000']) {
    const text = render('Look at {{ params.path }} and run `cat {{ params.path }}` again.', { path })
    t.match(text, /and run \(command left out: [^)]*control characters\) again\.$/)
    t.notMatch(text, /[\u0000-\u001f\u202e\u2028]/)
  }
  t.match(render('Look at {{ params.path }}.', { path: 'a\nb' }), /a\\x0ab/)
})

t.test('a value that would be read as an option never makes a command', async t => {
  t.match(render('`rm {{ params.path }}`', { path: '-rf' }), /looks like an option/)
  t.match(render('`rm {{ params.paths }}`', { paths: ['a', '-r'] }), /looks like an option/)
  t.equal(render('`rm /x/{{ params.path }}`', { path: '-rf' }), '`rm /x/-rf`', 'inside a word it is none')
  t.equal(render('`x {{ params.count }}`', { count: -1 }), '`x -1`', 'a number is meant')
})

t.test('a value that cannot be told leaves its command out', async t => {
  const missing = parseRemediation('See {{ params.path }}: `rm {{ params.path }}`', environment)
  t.equal(missing.render({}), 'See (unknown): (command left out: a value of this host is unknown)')
})

t.test('templates are checked when they are read', async t => {
  t.match(refusal('Run `rm {{ params.pat }}`'), /No such key: pat, did you mean "path"\? @ pat }}/)
  t.match(refusal('{{ params }}'), /must be a string, int, bool or list of them/)
  t.match(refusal('{{ }}'), /Unexpected token/)
  t.match(refusal('Run `rm x'), /a backtick without its partner @ `rm x/)
  t.match(refusal('{{ params.path'), /stand in pairs/)
  t.match(refusal('a }} b'), /stand in pairs/)
  t.match(refusal(`\`echo "{{ params.path }}"\``), /inside "quotes"/)
  t.match(refusal("`echo '{{ params.path }}'`"), /inside 'quotes'/)
  t.match(refusal('`echo \\{{ params.path }}`'), /after a backslash/)
  t.match(refusal('```\ncat <<EOF\n{{ params.path }}\nEOF\n```'), /here-document/)
  t.equal(refusal(`\`echo "it's" '"' {{ params.path }} "x"\``), 'compiles')
})

t.test('a shell reads back every value that gets into a command', async t => {
  const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter(value => !value.includes('\u0000'))
  const values = fc.sample(
    fc.oneof(text, fc.string({ unit: fc.constantFrom(...`'"$\\;&|<>()*?~#! =`), maxLength: 8 })),
    40,
  )
  const script = `printf '%s\\0' ${values.map(shellWord).join(' ')}`
  const output = execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
  t.same(output.split('\u0000').slice(0, -1), values)
})
