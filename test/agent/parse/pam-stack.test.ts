// Tests of the PAM service file parser.
import fc from 'fast-check'
import t from 'tap'
import { isBinding, parsePamConf, parsePamStack } from '../../../agent/parse/pam-stack.ts'

const debianAuth = `#
# /etc/pam.d/common-auth - authentication settings common to all services
#
# here are the per-package modules (the "Primary" block)
auth	[success=1 default=ignore]	pam_unix.so nullok
# here's the fallback if no module succeeds
auth	requisite			pam_deny.so
auth	required			pam_permit.so
# end of pam-auth-update config
`
const debianSu = `auth       sufficient pam_rootok.so
# auth       required   pam_wheel.so
session       required   pam_env.so readenv=1 envfile=/etc/default/locale
@include common-auth
@include common-account
`
const redHat = `auth        required                                     pam_faillock.so preauth silent
-auth        sufficient                                   pam_sss.so forward_pass
auth        [default=1 ignore=ignore success=ok]         pam_localuser.so
password    requisite                                    pam_pwquality.so local_users_only
session     [success=1 default=ignore]                   pam_succeed_if.so service in crond quiet use_uid
auth       substack     password-auth
account    include      password-auth
`

const module = (type: string, control: string, name: string, ...args: string[]) => ({
  ...{ kind: 'module', type, control, module: name, args },
})

t.test('common-auth of Debian has three modules', async t => {
  const expected = {
    lines: [
      module('auth', '[success=1 default=ignore]', 'pam_unix', 'nullok'),
      module('auth', 'requisite', 'pam_deny'),
      module('auth', 'required', 'pam_permit'),
    ],
    malformed: [],
  }
  t.strictSame(parsePamStack(debianAuth), expected)
  t.strictSame(parsePamStack(debianAuth.replaceAll('\n', '\r\n')), expected, 'also with carriage returns')
})

t.test('other files are included of all types, and of one', async t => {
  const su = parsePamStack(debianSu)
  t.strictSame(su.lines.slice(2), [
    { kind: 'include', type: 'all', substack: false, target: 'common-auth' },
    { kind: 'include', type: 'all', substack: false, target: 'common-account' },
  ])
  t.strictSame(parsePamStack(redHat), {
    lines: [
      module('auth', 'required', 'pam_faillock', 'preauth', 'silent'),
      module('auth', 'sufficient', 'pam_sss', 'forward_pass'),
      module('auth', '[default=1 ignore=ignore success=ok]', 'pam_localuser'),
      module('password', 'requisite', 'pam_pwquality', 'local_users_only'),
      module('session', '[success=1 default=ignore]', 'pam_succeed_if', ...'service in crond quiet use_uid'.split(' ')),
      { kind: 'include', type: 'auth', substack: true, target: 'password-auth' },
      { kind: 'include', type: 'account', substack: false, target: 'password-auth' },
    ],
    malformed: [],
  })
})

t.test('words are read as PAM reads them', async t => {
  const [line] = parsePamStack('AUTH Required /usr/lib/security/pam_unix.so [a b\\]c] d # nullok\n').lines
  t.strictSame(line, module('auth', 'required', 'pam_unix', 'a b]c', 'd'))
  t.strictSame(
    parsePamStack('auth required \\\n\n# between\n  pam_unix.so \\\n  nullok\nauth required pam_deny.so\n').lines,
    [module('auth', 'required', 'pam_unix', 'nullok'), module('auth', 'required', 'pam_deny')],
    'a line goes on over empty ones and comments',
  )
  t.strictSame(parsePamStack('auth [ Success = OK  default=bad ] pam_x.so').lines, [
    module('auth', '[success=ok default=bad]', 'pam_x'),
  ])
  t.strictSame(parsePamStack('auth required pam_unix.so nullok \\').lines, [
    module('auth', 'required', 'pam_unix', 'nullok'),
  ])
})

t.test('what PAM takes for an error is malformed, by the number of its first line', async t => {
  const wrong = [
    ...['auth', 'auth required', 'login auth required pam_unix.so', 'auth needed pam_unix.so'],
    ...[
      'auth [success pam_unix.so',
      'auth [success=maybe] pam_unix.so',
      'auth [success=0] pam_unix.so',
      'auth [] p.so',
    ],
    ...[
      'auth include',
      '@include',
      '@include a$b',
      'auth required pam_x.so/',
      'auth required pam;x',
      'auth [a=ok=b] p',
    ],
    `auth required pam_x.so ${'a '.repeat(3000)}`,
  ]
  for (const line of wrong) {
    t.strictSame(parsePamStack(`\n${line}\nauth required pam_deny.so\n`), {
      lines: [module('auth', 'required', 'pam_deny')],
      malformed: [2],
    })
  }
})

t.test('pam.conf names the service before each line', async t => {
  const files = parsePamConf(
    '# one for all\nLogin auth required pam_unix.so\nother auth required pam_deny.so\nother x\n',
  )
  t.strictSame(
    [...files],
    [
      ['login', { lines: [module('auth', 'required', 'pam_unix')], malformed: [] }],
      ['other', { lines: [module('auth', 'required', 'pam_deny')], malformed: [4] }],
    ],
  )
})

t.test('only some controls make the refusal of a module final', async t => {
  for (const control of ['required', 'requisite', '[default=die]', '[success=ok default=bad]']) t.ok(isBinding(control))
  for (const control of ['sufficient', 'optional', '[default=ignore]', '[success=die]', '']) t.notOk(isBinding(control))
})

t.test('every prefix of a file has at most its last line malformed, and no other lines before it', async t => {
  const whole = `${debianAuth}${debianSu}${redHat}`
  const { lines } = parsePamStack(whole)
  for (let length = 0; length <= whole.length; length += 1) {
    const cut = parsePamStack(whole.slice(0, length))
    const full = Math.max(0, cut.lines.length - 1)
    if (cut.malformed.length > 1) t.fail(`malformed: ${cut.malformed.join(' ')}`)
    if (JSON.stringify(cut.lines.slice(0, full)) !== JSON.stringify(lines.slice(0, full))) t.fail(`at ${length}`)
  }
  t.equal(parsePamStack(whole).malformed.length, 0)
})

t.test('any text is lines of known words, and numbers of lines that are there', async t => {
  const words = fc.constantFrom(
    'auth',
    '-password',
    '@include',
    'include',
    'required',
    '[a=ok',
    ']',
    '\\',
    '#',
    '\n',
    ' ',
  )
  const text = fc.array(fc.oneof(words, fc.string({ unit: 'binary' })), { maxLength: 60 }).map(parts => parts.join(' '))
  fc.assert(
    fc.property(text, value => {
      const { lines, malformed } = parsePamStack(value)
      const count = value.split('\n').length
      return (
        malformed.every(line => line >= 1 && line <= count) &&
        lines.every(line => line.kind === 'include' || /^[A-Za-z0-9_+.-]{1,64}$/.test(line.module)) &&
        [...parsePamConf(value).values()].every(file => file.lines.length + file.malformed.length > 0)
      )
    }),
    { numRuns: 500 },
  )
  t.pass('for 500 texts')
})
