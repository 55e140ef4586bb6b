// Holds the paths of controls files to what kubectl's JSONPath prints.
import t from 'tap'
import { evaluatePath, PathError } from '../../../policy/controls/json-path.ts'

const config = {
  readOnlyPort: 15000,
  authentication: { anonymous: { enabled: false }, 'x.y': 'dotted' },
  tlsCipherSuites: ['A', 'B'],
  featureGates: {},
  list: [{ name: 'a', value: 1 }, { name: 'b' }],
  empty: null,
}

const rows: readonly (readonly [string, string])[] = [
  ['{.readOnlyPort}', '15000'],
  ['{.authentication.anonymous.enabled}', 'false'],
  ['{.authentication.missing.enabled}', ''],
  ["{.authentication['x.y']}", 'dotted'],
  ['{.authentication.x\\.y}', 'dotted'],
  ['{.tlsCipherSuites}', '["A","B"]'],
  ['{.tlsCipherSuites[*]}', 'A B'],
  ['{.tlsCipherSuites[0]}', 'A'],
  ['{.tlsCipherSuites[-1]}', 'B'],
  ['{.tlsCipherSuites[7]}', ''],
  ["{range .tlsCipherSuites[:]}{}{','}{end}", 'A,B,'],
  ['{range .list[*]}{.name}={.value};{end}', 'a=1;b=;'],
  ['{.featureGates}', '{}'],
  ['{..name}', 'a b'],
  ['{.empty}', ''],
  ['{$.readOnlyPort}', '15000'],
  ['.readOnlyPort', '.readOnlyPort'],
  ['port {.readOnlyPort}!', 'port 15000!'],
  ['{.readOnlyPort.deeper}', ''],
  ['{.constructor}', ''],
  ['', ''],
]

for (const [path, text] of rows) {
  t.test(`${path || 'an empty path'} comes to '${text}'`, t => {
    t.equal(evaluatePath(path, config), text)
    t.end()
  })
}

t.test('what is no path, or not supported, is said', t => {
  for (const path of ['{.a', '{range .a}', '{end}', '{.a[?(@.b==1)]}', '{.a[0,1]}', '{(}']) {
    t.throws(() => evaluatePath(path, config), PathError, path)
  }
  t.end()
})
