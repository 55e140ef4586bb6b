// Tests of command lines and environments of systemd units.
import fc from 'fast-check'
import t from 'tap'
import {
  parseEnvironmentDirective,
  parseEnvironmentFile,
  splitExecStart,
  splitWords,
} from '../../../agent/parse/systemd-exec.ts'

const none = new Map<string, string>()

t.test('words are split at white space, with quotes and escapes', async t => {
  t.strictSame(splitWords(`a  "b c"\t'd "e"' f\\ g h\\x41\\tz`), ['a', 'b c', 'd "e"', 'f g', 'hA\tz'])
  t.strictSame(splitWords('--labels=a"b"c'), ['--labels=a"b"c'], 'a quote inside a word is itself')
  t.strictSame(splitWords('""'), [''])
  t.strictSame(splitWords('first ; second'), ['first'], 'a lone semicolon ends the first command')
  t.strictSame(splitWords('open "quote'), ['open', 'quote'])
})

t.test('a variable alone becomes words, in braces it stays in place', async t => {
  const braced = '$' + '{ONE}'
  const environment = new Map([
    ['ARGS', '--a=1 --b "c d"'],
    ['ONE', 'x y'],
  ])
  t.strictSame(splitExecStart(`/usr/bin/kubelet $ARGS --c=${braced} ${braced} $NONE $$X a$ONE`, environment), [
    '/usr/bin/kubelet',
    '--a=1',
    '--b',
    'c d',
    '--c=x y',
    'x y',
    '$X',
    'a$ONE',
  ])
})

t.test('prefixes of the program are taken off', async t => {
  t.strictSame(splitExecStart('-/bin/k --a', none), ['/bin/k', '--a'])
  t.strictSame(splitExecStart('@/bin/k argv0 --a', none), ['/bin/k', '--a'])
  t.strictSame(splitExecStart(':/bin/k $ARGS', new Map([['ARGS', 'x']])), ['/bin/k', '$ARGS'])
  t.strictSame(splitExecStart('', none), [])
})

t.test('Environment= holds several assignments', async t => {
  const environment = parseEnvironmentDirective('"A=b c" D=e=f nonsense 1X=y \'E=$F\'')
  t.strictSame(
    [...environment],
    [
      ['A', 'b c'],
      ['D', 'e=f'],
      ['E', '$F'],
    ],
  )
})

t.test('environment files are read with their quotes', async t => {
  const text = `# made by kubeadm
KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///run/containerd/containerd.sock --pod-infra-container-image=pause:3.9"
; also a comment

EXTRA='--a="b" \\n'
PLAIN=--port=1 --x
CONTINUED=a\\
b
MIXED=a" b"'c'\\d
export NO=1
`
  t.strictSame(
    [...parseEnvironmentFile(text)],
    [
      [
        'KUBELET_KUBEADM_ARGS',
        '--container-runtime-endpoint=unix:///run/containerd/containerd.sock --pod-infra-container-image=pause:3.9',
      ],
      ['EXTRA', '--a="b" \\n'],
      ['PLAIN', '--port=1 --x'],
      ['CONTINUED', 'ab'],
      ['MIXED', 'a bcd'],
    ],
  )
  t.strictSame(
    [...parseEnvironmentFile('A=1\r\nB=2\r\n')],
    [
      ['A', '1'],
      ['B', '2'],
    ],
  )
})

t.test('no text makes them throw or grow without bound', async t => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (line, value) => {
      splitExecStart(line, new Map([['A', value]]))
      parseEnvironmentFile(line)
      return splitWords(line).join('').length <= line.length
    }),
  )
  t.equal(splitExecStart('/k $A', new Map([['A', 'x '.repeat(100_000)]])).length, 4096)
})
