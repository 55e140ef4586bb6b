// Tests of the authorized_keys counter.
import fc from 'fast-check'
import t from 'tap'
import { parseAuthorizedKeys } from '../../../agent/parse/authorized-keys.ts'

const ed = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIcanarykeybody alice@laptop'
const rsa = 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABcanarykeybody== old key'
const counts = (text: string) => Object.fromEntries(parseAuthorizedKeys(text))

t.test('keys are counted by type, with options, comments and carriage returns', async t => {
  const text = `# keys of canary\n${ed}\n\n  ${rsa}\r\n${rsa}\nno-pty ${ed}\nsk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1l x\n`
  t.strictSame(counts(text), { 'ssh-ed25519': 2, 'ssh-rsa': 2, 'sk-ssh-ed25519@openssh.com': 1 })
})

t.test('options may hold quoted blanks, commas, quotes and words that look like types', async t => {
  t.strictSame(counts(`command="echo \\"ssh-rsa AAAAB3Nz\\" , x",from="10.0.0.0/8,!10.1.1.1",no-pty ${ed}`), {
    'ssh-ed25519': 1,
  })
  t.strictSame(counts(`cert-authority,principals="a b"\t${rsa}`), { 'ssh-rsa': 1 })
})

t.test('every type of key and certificate', async t => {
  const types = [
    'ssh-ed25519',
    'ssh-rsa',
    'ssh-dss',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
  ]
  const tokens = ['sk-ssh-ed25519', 'sk-ecdsa-sha2-nistp256']
  for (const type of [
    ...types,
    ...[...types, ...tokens].map(type => `${type}-cert-v01@openssh.com`),
    ...[...tokens, 'ssh-xmss'].map(type => `${type}@openssh.com`),
  ])
    t.strictSame(counts(`${type} AAAAB3NzaC1`), { [type]: 1 })
})

t.test('a key begins its line or follows its options, and is base64 alone', async t => {
  t.strictSame(counts(`# ${ed}\n#${rsa}\n  \t# ${rsa}\n`), {}, 'commented out')
  t.strictSame(counts(` \t ${ed}\n`), { 'ssh-ed25519': 1 })
  t.strictSame(counts(`no-pty  \t ${ed}\n`), { 'ssh-ed25519': 1 }, 'any number of blanks')
  t.strictSame(counts('ssh-rsa \t AAAAB3Nz\n'), { 'ssh-rsa': 1 })
  t.strictSame(counts('ssh-rsa AAAAB3N\n'), {}, 'too short for a key')
  t.strictSame(counts('ssh-rsa -AAAAB3NzaC1\nssh-rsa AAAAB3NzaC1-\n'), {}, 'other characters')
  t.strictSame(counts(`environment="A=\\x" ${ed}`), { 'ssh-ed25519': 1 }, 'a backslash before another character')
  t.strictSame(counts(`no-pty x ${ed}`), {}, 'two words are no options')
  t.strictSame(counts(`${ed}#\n`), { 'ssh-ed25519': 1 })
})

t.test('what sshd would skip is not counted and not echoed', async t => {
  const text =
    'secret-token AAAAcanary\nssh-ed25519\nssh-rsa not/base64!\n1024 35 1234567 v1\n"unclosed ssh-rsa AAAAAAAA\n'
  t.strictSame(counts(text), {})
  t.strictSame(counts(''), {})
})

t.test('no word of a line comes out but a known type', async t => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('"', '\\', ' ', ',', '\n', 'ssh-rsa', 'AAAAB3NzaC1', '#', 'x=')), pieces =>
      Object.keys(counts(pieces.join(''))).every(type => type === 'ssh-rsa'),
    ),
  )
  t.strictSame(counts(`${'"\\"'.repeat(300_000)}`), {}, 'an over-long line is answered')
})

t.test('every prefix is answered', async t => {
  for (let length = 0; length <= ed.length; length++) t.ok(parseAuthorizedKeys(ed.slice(0, length)).size <= 1)
})
