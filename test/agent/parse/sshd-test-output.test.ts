// Tests of what is read from the output of `sshd -T`.
import t from 'tap'
import { judgedKeywords } from '../../../agent/parse/sshd-keywords.ts'
import { parseSshdTestOutput } from '../../../agent/parse/sshd-test-output.ts'
import { fixtureCommand } from '../../fixture-host.ts'

const recorded = fixtureCommand('debian12-vm', 'sshd-T')

t.test('every judged keyword that is set stands in a recorded output', async t => {
  const found = parseSshdTestOutput(recorded)
  const missing = [...judgedKeywords.keys()].filter(name => !found.has(name))
  t.strictSame(missing, ['allowgroups', 'allowusers', 'denygroups', 'denyusers'])
  t.strictSame(found.get('permitrootlogin'), ['prohibit-password'])
  t.strictSame(found.get('maxstartups'), ['50:30:100'])
  t.equal(found.get('ciphers')?.length, 6)
  t.strictSame(found.get('authorizedkeysfile'), ['.ssh/authorized_keys', '.ssh/authorized_keys2'])
  t.equal(found.get('hostkey')?.length, 3)
})

t.test('values without quotes, lines that add up, names that nobody judges', async t => {
  const found = parseSshdTestOutput(
    'allowusers a b\nallowusers c\nbanner /etc/my banner\nsubsystem sftp x\nport\nusepam maybe\nskeyauthentication yes\n',
  )
  t.strictSame(
    [...found],
    [
      ['allowusers', ['a b', 'c']],
      ['banner', ['/etc/my banner']],
    ],
  )
})

t.test('every prefix is answered', async t => {
  for (let length = 0; length <= recorded.length; length += 7) {
    t.ok(parseSshdTestOutput(recorded.slice(0, length)).size <= judgedKeywords.size)
  }
})
