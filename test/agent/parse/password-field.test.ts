// Tests of the reduction of a password field.
import fc from 'fast-check'
import t from 'tap'
import { readPasswordField } from '../../../agent/parse/password-field.ts'

const rows: readonly (readonly [field: string, state: string, hash: string])[] = [
  ['', 'empty', ''],
  ['!', 'locked', ''],
  ['!*', 'locked', ''],
  ['!!', 'disabled', ''],
  ['*', 'disabled', ''],
  ['*LK*', 'disabled', ''],
  ['NP', 'disabled', ''],
  ['x', 'disabled', ''],
  ['$y$j9T$Iw0e48mYUDgkWfUu93p6N0$Ygwwj8x9Yg2TJyLy4UR96Rixrjl5BCx5JE8rn2', 'hash', 'yescrypt'],
  ['!$y$j9T$oToXicdeC5aw5Dv3zw58f1$gqHHN6EQotm0tBNJXc2zQPeBQrcskmO', 'locked', 'yescrypt'],
  ['!!$6$salt$body', 'locked', 'sha512'],
  ['$gy$j9T$s$b', 'hash', 'gost-yescrypt'],
  ['$7$CU..../....s$b', 'hash', 'scrypt'],
  ['$2b$12$aaaaaaaaaaaaaaaaaaaaaa', 'hash', 'bcrypt'],
  ['$2y$12$aaaaaaaaaaaaaaaaaaaaaa', 'hash', 'bcrypt'],
  ['$2a$12$aaaaaaaaaaaaaaaaaaaaaa', 'hash', 'bcrypt'],
  ['$2x$12$aaaaaaaaaaaaaaaaaaaaaa', 'hash', 'bcrypt'],
  ['$6$rounds=5000$s$b', 'hash', 'sha512'],
  ['$5$s$b', 'hash', 'sha256'],
  ['$md5$s$b', 'hash', 'sunmd5'],
  ['$md5,rounds=904$s$b', 'hash', 'sunmd5'],
  ['$1$s$b', 'hash', 'md5'],
  ['$3$$8846f7eaee8fb117ad06bdd830b7586c', 'hash', 'nt'],
  ['$sha1$1$s$b', 'hash', 'unknown'],
  ['abJnggxhB/yWI', 'hash', 'des'],
  ['_J9..K0AyUubpkqPXx1g', 'hash', 'des'],
  ['abJnggxhB/yWIabJnggxhB/y', 'hash', 'des'],
  ['!abJnggxhB/yWI', 'locked', 'des'],
]

for (const [field, state, hash] of rows) {
  t.strictSame(readPasswordField(field), { state, hash }, `${JSON.stringify(field)} is ${state} ${hash}`)
}

t.test('no part of a field comes out', async t => {
  fc.assert(
    fc.property(fc.string({ minLength: 12 }), secret => {
      const text = JSON.stringify(readPasswordField(`$6$${secret}`))
      return text === '{"state":"hash","hash":"sha512"}'
    }),
  )
  t.match(readPasswordField('a'.repeat(1_000_000)), { state: 'disabled' }, 'a huge field is answered, too')
})
