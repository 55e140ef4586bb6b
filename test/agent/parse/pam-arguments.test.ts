// Tests of what is told of arguments of PAM modules.
import fc from 'fast-check'
import t from 'tap'
import { splitArgument, toldArguments } from '../../../agent/parse/pam-arguments.ts'

t.test('known flags, numbers and groups are told', async t => {
  t.strictSame(toldArguments('pam_unix', ['nullok', 'sha512', 'rounds=65536', 'remember=5']), [
    ...['nullok', 'sha512', 'rounds=65536', 'remember=5'],
  ])
  t.strictSame(toldArguments('pam_pwquality', ['retry=3', 'dcredit=-1', 'enforce_for_root', 'retry=3']), [
    ...['retry=3', 'dcredit=-1', 'enforce_for_root'],
  ])
  t.strictSame(toldArguments('pam_faillock', ['authfail', 'unlock_time=never', 'deny=5']), [
    ...['authfail', 'unlock_time=never', 'deny=5'],
  ])
  t.strictSame(toldArguments('pam_wheel', ['use_uid', 'group=sugroup']), ['use_uid', 'group=sugroup'])
})

t.test('all else stays on the host', async t => {
  t.strictSame(toldArguments('pam_mysql', ['passwd=secret', 'nullok']), [], 'of modules that are not known')
  t.strictSame(toldArguments('pam_unix', ['secret', 'nullok=yes', 'remember=', 'remember=x', 'remember=1e9']), [])
  t.strictSame(toldArguments('pam_wheel', ['group=a b', 'group=', `group=${'a'.repeat(33)}`, 'group=$(id)']), [])
  t.strictSame(toldArguments('pam_faillock', ['deny=never', 'dir=/secret']), [])
  t.strictSame(toldArguments('pam_unix', ['constructor', 'toString=1', '__proto__=1']), [])
  t.strictSame(toldArguments('constructor', ['name']), [])
})

t.test('no text of an argument gets through', async t => {
  const modules = fc.constantFrom('pam_unix', 'pam_pwquality', 'pam_wheel', 'pam_faillock', 'pam_pwhistory', 'pam_x')
  const known = /^(?:[a-z][a-z_0-9]*|[a-z_]+=(?:-?\d{1,9}|never)|group=[\w.-]{1,32})$/
  fc.assert(
    fc.property(modules, fc.array(fc.string({ unit: 'binary' })), (module, args) =>
      toldArguments(module, [...args, ...args.map(arg => `group=${arg}`), ...args.map(arg => `deny=${arg}`)]).every(
        arg => known.test(arg),
      ),
    ),
  )
  t.strictSame(splitArgument('a=b=c'), ['a', 'b=c'])
})
