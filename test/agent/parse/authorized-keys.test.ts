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
