// Tests of what counts as an install command that loads nothing.
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'
import { isDisablingCommand } from '../../../agent/parse/install-command.ts'

t.test('programs that only end or print disable', async t => {
  for (const command of [
    '/bin/false',
    '/bin/true',
    '/usr/bin/false',
    '/usr/bin/true',
    '/sbin/false',
    '/usr/sbin/true',
    '/usr/local/bin/true',
    'true',
    'false',
    ':',
    'exit 0',
    'exit 1',
    '/bin/true # CIS 1.1.1.1',
    '/bin/true\r',
    '  ',
    '/dev/null',
    '/bin/sh -c exit 0',
    '/bin/sh -c "exit 0"',
    "sh -c 'exit 1'",
    '/bin/bash -c "/bin/false"',
    '/bin/busybox true',
    '/bin/echo "sctp is forbidden"; /bin/false',
    'logger blocked && false',
    '/bin/true > /dev/null 2>&1',
    '"/bin/false"',
  ]) {
    t.ok(isDisablingCommand(command), command)
  }
})

t.test('whatever may load the module does not disable', async t => {
  for (const command of [
    '/sbin/modprobe --ignore-install sctp',
    '/bin/true; /sbin/modprobe --ignore-install sctp',
    '/bin/false || insmod /x.ko',
    '/bin/true & modprobe x',
    'true | sh /x',
    '/bin/true `modprobe x`',
    '/bin/true $(modprobe x)',
    '/bin/false; { modprobe -i x; }',
    'sh -c "modprobe -i x"',
    'sh /etc/load.sh',
    'sh',
    '/opt/bin/false',
    '/bin/falsehood',
    './true',
    'truex',
    '"unbalanced',
    '/bin/true \\; modprobe x',
    'env true',
    '/bin/true < /x',
    'busybox modprobe x',
    `/bin/true ${'x'.repeat(5000)}`,
  ]) {
    t.notOk(isDisablingCommand(command), command)
  }
})

t.test('a shell is judged by its script, as deep as four', async t => {
  for (const shell of ['sh', 'bash', 'dash', 'ash', 'busybox sh']) {
    t.ok(isDisablingCommand(`${shell} -c true`), shell)
    t.notOk(isDisablingCommand(`${shell} -c insmod`), shell)
    t.notOk(isDisablingCommand(`${shell} -x true`), 'another option')
    t.notOk(isDisablingCommand(`${shell} -c`), 'no script')
    t.notOk(isDisablingCommand(shell), 'what stands on its input is not known')
  }
  t.notOk(isDisablingCommand('zsh -c true'))
  t.ok(isDisablingCommand(`${'busybox '.repeat(4)}true`))
  t.notOk(isDisablingCommand(`${'busybox '.repeat(5)}true`))
})

t.test('redirections among descriptors, comments and carriage returns change nothing', async t => {
  t.ok(isDisablingCommand('printf x'))
  t.ok(isDisablingCommand('/bin/true 2>&1'))
  t.ok(isDisablingCommand('/bin/true >&2'))
  t.ok(isDisablingCommand('true;>&2 false'), 'before a command')
  t.ok(isDisablingCommand('# modprobe x'))
  t.notOk(isDisablingCommand('tr\rue'), 'a carriage return elsewhere')
  t.notOk(isDisablingCommand('modprobe#'), 'a sign inside a word begins no comment')
  t.notOk(isDisablingCommand('insmod#; true'))
  t.ok(isDisablingCommand('true; # modprobe'))
  t.notOk(isDisablingCommand("'"), 'a quote that is not closed')
  t.notOk(isDisablingCommand("true '"))
  t.ok(isDisablingCommand(`true ${'x'.repeat(4091)}`), 'as long as is looked at')
  t.notOk(isDisablingCommand(`true ${'x'.repeat(4092)}`))
})

t.test('a command that is called disabling never starts another program', async t => {
  const word = fc.constantFrom(
    'true',
    'false',
    ':',
    'exit',
    '0',
    'echo',
    'PROBE',
    ';',
    '&&',
    '||',
    '|',
    '&',
    '"',
    "'",
    '#',
    '$(',
    ')',
    'sh',
    '-c',
    '2>&1',
    '\\',
  )
  const commands = new Set<string>()
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 7 }), words => {
      const command = words.join(' ')
      if (isDisablingCommand(command) && command.includes('PROBE')) commands.add(command)
    }),
    { numRuns: 3000 },
  )
  t.ok(commands.size > 20, `${commands.size} commands mention the program and are called disabling`)
  for (const command of [...commands].slice(0, 300)) {
    const script = command.replaceAll('PROBE', '/usr/bin/touch')
    // The program of that name cannot do harm without an argument, but says so on stderr when it starts.
    const { stderr } = spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' })
    t.notMatch(stderr, /missing file operand/, script)
  }
})

t.test('hostile commands are judged at once', async t => {
  for (const piece of ['"', "'", ';', '# ', 'sh -c ', 'true;', '&', 'sh -c "']) {
    t.type(isDisablingCommand(piece.repeat(4000 / piece.length)), 'boolean')
    t.equal(isDisablingCommand(`true ${piece.repeat(1 << 18)}`), false)
  }
})
