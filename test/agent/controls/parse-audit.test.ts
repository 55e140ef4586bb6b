// Holds the parser of audit scripts: what it reads, what it refuses, and that it never throws.
import * as fc from 'fast-check'
import t from 'tap'
import { parseAudit } from '../../../agent/controls/parse-audit.ts'

const unsupported = (text: string) => {
  const parsed = parseAudit(text)
  return 'unsupported' in parsed ? parsed.unsupported : ''
}

t.test('reads pipelines, chains, quotes and variables', t => {
  t.match(parseAudit(`ps -ef | grep 'a b' && ! cat "$F" 2>/dev/null`), {
    script: [
      {
        first: {
          commands: [
            { words: [[{ text: 'ps' }], [{ text: '-ef' }]] },
            { words: [[{ text: 'grep' }], [{ text: 'a b', quoted: true }]] },
          ],
        },
        rest: [
          {
            operator: '&&',
            pipeline: { negated: true, commands: [{ redirections: [{ kind: 'dropErrors' }] }] },
          },
        ],
      },
    ],
  })
  t.match(
    parseAudit('if test -e /x; then echo a; elif false; then :; else echo b; fi; for f in a b; do echo $f; done'),
    {
      script: [{ first: { commands: [{ kind: 'if' }] } }, { first: { commands: [{ kind: 'for', name: 'f' }] } }],
    },
  )
  t.match(parseAudit('A=$(cat /x | head -1) # why\n\n{ echo a; }\n'), {
    script: [{ first: { commands: [{ assignments: [{ name: 'A' }] }] } }, { first: { commands: [{ kind: 'group' }] } }],
  })
  t.end()
})

t.test('what it does not know it names', t => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['cat <<EOF\n', /<</],
    ['echo a > /tmp/x', /> into a file/],
    ['echo a >> /dev/null x; sleep 1 &', /&/],
    ['while read l; do echo $l; done', /while/],
    ['echo $((1+1))', /\$\(\(/],
    [['echo $', '{A:=b}'].join(''), /\$\{/],
    ['echo $?', /\$\?/],
    ['echo "a', /not closed/],
    ["echo 'a", /not closed/],
    ['echo $(cat /x', /not closed/],
    ['(cat /x)', /\( \)/],
    ['cat ~/x', /~/],
    ['A=1 cat /x', /a variable for one command/],
    ['if true; then echo a', /without fi/],
    ['if true; then fi', /empty/],
    ['cat /x |', /ends early/],
    ['| cat', /\| at this place/],
    ['f() (echo a)', /a function without/],
    ['f() { }', /empty/],
    ['case x in x) echo;; esac', /case/],
    [`echo ${'$('.repeat(40)}${')'.repeat(40)}`, /nested|not closed|early|empty/],
    ['x'.repeat(30_000), /too long/],
  ]
  for (const [text, reason] of rows) t.match(unsupported(text), reason, text.slice(0, 40))
  t.end()
})

t.test('it answers every text, and every beginning of a script', t => {
  const script = `A=$(ps -ef | grep "k" | awk -F '=' '{print $2}')\nif test -z $A; then A=/x; fi; find /a -name '*.k' | xargs stat -c %a 2>&1`
  for (let end = 0; end <= script.length; end++) t.type(parseAudit(script.slice(0, end)), 'object')
  const pieces = fc.constantFrom(
    ...'aif;|&<>(){}$`\'"\\\n #=!*[]',
    'if ',
    'then ',
    'fi',
    'for ',
    'in ',
    'do ',
    '$(',
    '2>&1',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), parts => {
      const parsed = parseAudit(parts.join(''))
      return 'script' in parsed || parsed.unsupported !== ''
    }),
    { numRuns: 2000 },
  )
  t.end()
})

t.test('plain words are taken apart as they were written', t => {
  const word = fc.stringMatching(/^[a-z0-9/.:=%-]{1,8}$/).filter(text => !/^(if|fi|in|do|for|\w+=.*)$/.test(text))
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), words => {
      const parsed = parseAudit(`echo ${words.join('  ')}`)
      if ('unsupported' in parsed) return false
      const [command] = parsed.script[0]?.first.commands ?? []
      const read =
        command?.kind === 'simple'
          ? command.words.map(parts => parts.map(part => (part.kind === 'text' ? part.text : '?')).join(''))
          : []
      return read.join(' ') === ['echo', ...words].join(' ')
    }),
  )
  t.end()
})
